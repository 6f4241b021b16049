"""The contracts as other tools read them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from frictionless import Package, system

from pipeline.cli import cli
from pipeline.tables.writer import csv_bytes
from tests.conftest import EDITIONS, change

Jixiao = Callable[..., Result]


def described(folder: Path, edition: str) -> Path:
    """A copy of an edition with the Data Package descriptor beside its tables."""
    shutil.copytree(EDITIONS[edition], folder / "inputs" / edition)
    shown = CliRunner().invoke(
        cli, ["schema", edition, "--format", "frictionless", "--inputs", str(folder / "inputs")]
    )
    path = folder / "inputs" / edition / "datapackage.json"
    path.write_text(shown.stdout, encoding="utf-8")
    return path


def found(descriptor: Path) -> list[tuple[str, int | None, str]]:
    """What frictionless, which knows nothing of this program, finds: type, row and field."""
    with system.use_context(trusted=True):
        report = Package.from_descriptor(str(descriptor)).validate()
    return [
        (error.type, getattr(error, "row_number", None), getattr(error, "field_name", ""))
        for task in report.tasks
        for error in task.errors
    ]


@pytest.mark.filterwarnings("ignore")  # frictionless' own
@pytest.mark.parametrize("edition", EDITIONS)
def test_frictionless_accepts_the_editions(edition: str, tmp_path: Path) -> None:
    assert found(described(tmp_path, edition)) == []


@pytest.mark.filterwarnings("ignore")
def test_frictionless_finds_the_same_mistakes(tmp_path: Path) -> None:
    descriptor = described(tmp_path, "2023")
    folder = descriptor.parent
    change(folder / "indicators.csv", "禁毒工作,15", "禁毒工作,十五")
    change(folder / "indicators.csv", "CY02,", "CY01,")
    change(folder / "roster.csv", "黄薇,成员", "黄薇,成圆")
    change(folder / "sections.csv", "党支部,党支部,", "党总支,党支部,")

    assert {error[0] for error in found(descriptor)} == {
        "type-error",
        "unique-error",
        "constraint-error",
        "foreign-key",
    }


def test_the_descriptor_follows_the_editions_columns(tmp_path: Path) -> None:
    package = json.loads(described(tmp_path, "demo").read_text(encoding="utf-8"))

    table = next(each for each in package["resources"] if each["name"] == "indicators")
    assert [field["name"] for field in table["schema"]["fields"]][1:7] == [
        "类别",
        "项目",
        "一级指标",
        "二级指标",
        "年度分值",
        "加分",
    ]


def test_the_dictionary_is_that_of_the_newest_edition(edition: Path, jixiao: Jixiao) -> None:
    newer = Path(shutil.copytree(edition, edition.with_name("2024")))
    change(newer / "edition.toml", 'name = "二级指标"', 'name = "三级指标"')

    assert "| 三级指标 |" in jixiao("schema").stdout
    assert "| 二级指标 |" in jixiao("schema", "2023").stdout


def test_a_table_is_written_for_excel() -> None:
    assert csv_bytes([["列"], ["=1+1"], ["甲\n乙"]]) == (
        b"\xef\xbb\xbf" + '列\r\n\'=1+1\r\n"甲\n乙"\r\n'.encode()
    )
