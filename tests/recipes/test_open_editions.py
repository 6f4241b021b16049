"""Which editions are meant where none is named: those that are open on the day, else the newest."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import cli, forms, options
from pipeline.recipes.open_editions import open_editions
from tests.conftest import EDITIONS

Jixiao = Callable[..., Result]


@pytest.fixture
def years(tmp_path: Path) -> Path:
    """The editions of 2022, 2023 and 2024, each due at the end of September and of the year."""
    for year in (2022, 2023, 2024):
        folder = Path(shutil.copytree(EDITIONS["2023"], tmp_path / "inputs" / str(year)))
        settings = folder / "edition.toml"
        text = settings.read_text(encoding="utf-8").replace("2023", str(year))
        settings.write_text(text, encoding="utf-8")
    return tmp_path / "inputs"


@pytest.mark.parametrize(
    ("on", "meant"),
    [
        (date(2023, 10, 1), ["2023", "2024"]),
        (date(2024, 1, 30), ["2023", "2024"]),  # late forms are still chased
        (date(2024, 1, 31), ["2024"]),
        (date(2026, 1, 1), ["2024"]),  # none is open: the newest
    ],
)
def test_an_edition_is_open_until_some_days_after_its_last_due_day(
    on: date, meant: list[str], years: Path
) -> None:
    assert open_editions(["2022", "2023", "2024"], years, on) == meant


def test_an_edition_that_cannot_be_read_is_not_passed_over(years: Path) -> None:
    (years / "2022" / "edition.toml").write_text("year =", encoding="utf-8")

    assert open_editions(["2022", "2023", "2024"], years, date(2024, 5, 1)) == ["2022", "2024"]


def test_the_board_is_that_of_the_open_edition(years: Path, jixiao: Jixiao) -> None:
    by_day = json.loads(jixiao("status", "--on", "2024-06-01", "--format", "json").stdout)
    by_name = json.loads(jixiao("status", "2022", "--on", "2024-06-01", "--format", "json").stdout)

    assert [board["edition"] for board in by_day] == ["2024"]
    assert [board["edition"] for board in by_name] == ["2022"]


@pytest.fixture
def in_june(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 1 June 2024 where nobody names a day."""

    def june(on: datetime | None) -> date:
        return on.date() if on else date(2024, 6, 1)

    monkeypatch.setattr(options, "day", june)


@pytest.mark.usefixtures("in_june")
def test_forms_go_out_for_the_open_edition(years: Path, tmp_path: Path) -> None:
    command = ["forms", "--inputs", str(years), "--out", str(tmp_path / "build")]

    assert CliRunner().invoke(cli, command).exit_code == 0

    assert [path.name for path in (tmp_path / "build").iterdir()] == ["2024"]


@pytest.mark.usefixtures("in_june")
@pytest.mark.parametrize(
    ("named", "meant"),
    [([], "2024"), (["2022"], "2022")],  # what a form says of itself goes first
)
def test_forms_are_collected_into_the_open_edition(
    named: list[str], meant: str, years: Path
) -> None:
    assert forms._edition_of(None, named, years) == meant
