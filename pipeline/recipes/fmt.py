"""The recipe of `jixiao fmt`: each table of an edition as it should be typed, all or none.

Mended: encoding, separators, line ends, blanks, full-width forms, padded names, numbers and dates,
labels that merged cells left blank, and the order of the tables whose order is printed nowhere.
Every other word, row and column stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from pipeline.delivery.files import as_output_error, write_files
from pipeline.errors import InputError
from pipeline.tables.cells import unguard
from pipeline.tables.csv_file import decoded_csv
from pipeline.tables.decode import OWN, Decoded
from pipeline.tables.edition import Edition, read_edition
from pipeline.tables.folder import BOOK
from pipeline.tables.raw import SHAPE
from pipeline.tables.sheet import Sheet
from pipeline.tables.tidy import tidy
from pipeline.tables.writer import csv_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file that is to be written anew, and what it was."""

    path: Path
    before: Decoded
    after: bytes

    @property
    def lines(self) -> list[str]:
        """The change line by line, as `diff -U0` shows it, without its two heading lines."""
        before = self.before.text.removeprefix("\ufeff").splitlines()
        after = self.after.decode("utf-8-sig").splitlines()
        return list(unified_diff(before, after, n=0, lineterm=""))[2:]

    @property
    def encoding(self) -> str | None:
        """The encoding that the file had, when that changes."""
        return None if self.before.encoding == OWN else self.before.encoding


def changes(folder: Path) -> list[Change]:
    """What there is to mend in an edition's CSVs; workbooks are left alone.

    Raises InputError where the cells of a file cannot be told apart.
    """
    edition, problems = read_edition(folder)
    if edition is None:
        raise InputError(problem for problem in problems if problem.severity == "error")
    read = {sheet.file for sheet in edition.sheets.values()}
    shapeless = [
        problem
        for problem in problems
        if problem.severity == "error" and (problem.file not in read or problem.rule in SHAPE)
    ]
    if shapeless:
        raise InputError(shapeless)
    sheets = [sheet for sheet in edition.sheets.values() if sheet.source != BOOK]
    found = (_change(folder / Path(sheet.file).name, sheet, edition) for sheet in sheets)
    return [change for change in found if change is not None]


def write(changes: Iterable[Change]) -> None:
    """Write all the files of an edition, or none; raises OutputError."""
    contents = {change.path: change.after for change in changes}
    for folder in {path.parent for path in contents}:
        with as_output_error(folder):
            write_files(folder, {path.name: data for path, data in contents.items()})


def _change(path: Path, sheet: Sheet, edition: Edition) -> Change | None:
    data = path.read_bytes()
    after = csv_bytes(_rows(sheet, edition))
    if after == data:
        return None
    return Change(path=path, before=decoded_csv(data, sheet.table), after=after)


def _rows(sheet: Sheet, edition: Edition) -> list[Sequence[str]]:
    """The head and the records of a table, tidy and in order."""
    raw, declared = sheet.raw, _declared(edition)
    fields = {place: sheet.table.column(field) for field, place in raw.column_index.items()}
    named = [place for place, header in enumerate(raw.headers) if header]
    columns = [
        [tidy(text, fields[place], declared) for text in raw.columns[place]]
        if place in fields
        else list(map(unguard, raw.columns[place]))
        for place in named
    ]
    records = list(zip(*columns, strict=True))
    return [
        [raw.headers[place] for place in named],
        *(records[index] for index in _order(sheet, edition)),
    ]


def _declared(edition: Edition) -> set[str]:
    """What edition.toml spells out and the tables repeat."""
    chosen = edition.settings.indicators
    periods = (period.name for period in edition.settings.periods)
    return {*periods, *chosen.phrases, *chosen.totals, *chosen.repeat_labels_at}


def _order(sheet: Sheet, edition: Edition) -> Sequence[int]:
    """The records by period, group and number, for the tables that are printed in no order."""
    if sheet.table.ordered:
        return range(len(sheet))
    order = {
        "period": _ranks(period.name for period in edition.settings.periods),
        "group": _ranks(edition["sections"]["lead"]) if "sections" in edition.sheets else {},
        "indicator": _ranks(edition["indicators"]["id"]) if "indicators" in edition.sheets else {},
    }
    fields = [
        field for field in ("period", "group", "indicator", "id") if field in sheet.column_index
    ]

    def key(index: int) -> list[tuple[int, list[tuple[int, str]]]]:
        values = ((field, sheet[field][index] or "") for field in fields)
        return [(order.get(field, {}).get(v, len(sheet)), _natural(v)) for field, v in values]

    return sorted(range(len(sheet)), key=key)


def _ranks(values: Iterable[str]) -> dict[str, int]:
    return {value: rank for rank, value in enumerate(dict.fromkeys(values))}


def _natural(code: str) -> list[tuple[int, str]]:
    """D2 before D10: digits compare as numbers."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", code)
    ]
