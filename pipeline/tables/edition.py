"""An edition: a folder of CSVs and edition.toml, read as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError, Problem
from pipeline.tables import contract, settings
from pipeline.tables.contract import Table
from pipeline.tables.reader import read_sheet
from pipeline.tables.settings import IndicatorSettings, Settings
from pipeline.tables.sheet import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one edition's folder says; `sheets` is keyed by table name, such as "roster"."""

    name: str
    settings: Settings
    sheets: Mapping[str, Sheet]

    def __getitem__(self, table: str) -> Sheet:
        return self.sheets[table]


def tables(indicators: IndicatorSettings) -> tuple[Table, ...]:
    """The contracts of an edition's tables, in reading order."""
    return (
        contract.ROSTER,
        contract.SECTIONS,
        contract.indicators(indicators.labels, indicators.name, indicators.scores),
        contract.RULES,
        contract.FINDINGS,
        contract.PROGRESS,
        contract.SUBMISSIONS,
    )


def read_edition(folder: Path) -> tuple[Edition, list[Problem]]:
    """The edition in `folder` and the warnings about it.

    Raises InputError with every problem of every file when any of them is an error.
    """
    problems: list[Problem] = []
    chosen, wrong = _settings(folder)
    problems += wrong
    sheets: dict[str, Sheet] = {}
    for table in tables(chosen.indicators if chosen else IndicatorSettings()):
        if chosen is None and table.name == "indicators":
            continue  # its columns are unknown: complaints about them would be false alarms
        sheet, wrong = _sheet(folder, table)
        problems += wrong
        if sheet is not None:
            sheets[table.name] = sheet
    if chosen is None or any(problem.severity == "error" for problem in problems):
        raise InputError(problems)
    return Edition(name=folder.name, settings=chosen, sheets=sheets), problems


def _settings(folder: Path) -> tuple[Settings | None, list[Problem]]:
    path = folder / settings.FILE
    if not path.is_file():
        return None, [*_missing(path)]
    return settings.read_settings(path.read_bytes(), f"{folder.name}/{path.name}")


def _sheet(folder: Path, table: Table) -> tuple[Sheet | None, list[Problem]]:
    path = folder / table.file
    if not path.is_file():
        return None, [*_missing(path)]
    return read_sheet(path.read_bytes(), table, f"{folder.name}/{table.file}")


def _missing(path: Path) -> Iterator[Problem]:
    yield Problem(
        file=f"{path.parent.name}/{path.name}",
        rule="file",
        message="没有这个文件",
        hint="没有内容的表也要有文件，只写表头一行；可以从去年的文件夹里拷一份来改",
    )
