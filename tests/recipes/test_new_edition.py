"""A new year's edition, made of the one before."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from pipeline.checks.load import checked
from pipeline.errors import InputError, OutputError
from pipeline.recipes.new_edition import renewed
from tests.conftest import EDITIONS, change

Jixiao = Callable[..., Result]


def test_the_new_year_has_the_old_ones_people_and_indicators(edition: Path, jixiao: Jixiao) -> None:
    done = jixiao("new", "2024")

    assert done.exit_code == 0, done.output
    made, warnings = checked(edition.parent / "2024")
    assert made.settings.year == 2024
    assert [str(period.due) for period in made.settings.periods] == ["2024-09-30", "2024-12-31"]
    for name in ("roster.csv", "sections.csv", "indicators.csv", "rules.csv"):
        assert (edition.parent / "2024" / name).read_bytes() == (edition / name).read_bytes()
    assert "year" in {problem.rule for problem in warnings}, "根据2023年区委工作要点…"
    assert "换年度时是不是漏改了" in done.stderr


def test_what_happened_is_left_out(tmp_path: Path) -> None:
    files = renewed(EDITIONS["demo"], 2025)

    for name in ("findings.csv", "progress.csv", "submissions.csv"):
        head, *rest = (EDITIONS["demo"] / name).read_bytes().split(b"\r\n")
        assert rest != [b""]
        assert files[name] == head + b"\r\n"


def test_of_the_settings_only_the_year_and_the_days_change() -> None:
    before = (EDITIONS["demo"] / "edition.toml").read_text(encoding="utf-8").splitlines()
    after = renewed(EDITIONS["demo"], 2025)["edition.toml"].decode("utf-8-sig").splitlines()

    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 5
    assert all(re.match("year|due|last_day", old) for old, _ in changed)
    assert next(new for _, new in changed if new.startswith("last_day")).startswith(
        "last_day = 2026-01-10"
    )


ASK = 'ask = ["状态", "自评分"]'


@pytest.mark.parametrize("line", [None, "", "ask = []"])
def test_forms_of_the_new_year_ask_for_status_and_score(line: str | None, edition: Path) -> None:
    """By the line behind a # in the old settings, or by a new one; unless they say otherwise."""
    if line is not None:
        path = edition / "edition.toml"
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        path.write_text("\n".join(line if ASK in each else each for each in lines))

    (edition.parent / "2024").mkdir()
    for name, data in renewed(edition, 2024).items():
        (edition.parent / "2024" / name).write_bytes(data)

    made, _ = checked(edition.parent / "2024")
    assert made.settings.form.ask == (() if line == "ask = []" else ("状态", "自评分"))
    assert made.settings.form.blank_rows == 5


def test_a_leap_day_becomes_the_last_of_february(edition: Path) -> None:
    change(edition / "edition.toml", "year = 2023", "year = 2024")
    change(edition / "edition.toml", "due = 2023-09-30", "due = 2024-02-29")
    change(edition / "edition.toml", "due = 2023-12-31", "due = 2024-12-31")

    assert b"due = 2025-02-28" in renewed(edition, 2025)["edition.toml"]


def test_a_year_that_is_there_is_not_overwritten(edition: Path, jixiao: Jixiao) -> None:
    before = {path.name: path.read_bytes() for path in edition.iterdir()}

    with pytest.raises(OutputError, match="已经有"):
        jixiao("new", "2023")

    assert {path.name: path.read_bytes() for path in edition.iterdir()} == before


def test_an_edition_with_errors_is_mended_first(edition: Path) -> None:
    change(edition / "roster.csv", "黄薇,成员", "黄薇,队员")

    with pytest.raises(InputError):
        renewed(edition, 2024)


def test_it_can_be_made_of_any_year(edition: Path, jixiao: Jixiao) -> None:
    assert jixiao("new", "2024").exit_code == 0
    assert jixiao("new", "2026", "--from", "2023").exit_code == 0

    assert checked(edition.parent / "2026")[0].settings.periods[0].due.year == 2026
