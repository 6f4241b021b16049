"""The recipe of `jixiao fmt`: each table of an edition as it should be typed, all or none.

Mended: encoding, separators, line ends, blanks, full-width forms, padded names, numbers and dates,
labels that merged cells left blank, and the order of the tables whose order is printed nowhere.
Every other word, row and column stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from pipeline.checks.load import readable
from pipeline.delivery.files import as_output_error, write_files
from pipeline.recipes.change import Change
from pipeline.tables.cells import unguard
from pipeline.tables.csv_file import decoded_csv
from pipeline.tables.edition import Edition
from pipeline.tables.folder import BOOK
from pipeline.tables.indicators import titles
from pipeline.tables.sheet import Sheet
from pipeline.tables.tidy import tidy
from pipeline.tables.writer import csv_bytes


def changes(folder: Path) -> list[Change]:
    """What there is to mend in an edition's CSVs; workbooks are left alone.

    Raises InputError where it is not clear which cell of a file is which.
    """
    edition = readable(folder)
    sheets = [sheet for sheet in edition.sheets.values() if sheet.source != BOOK]
    found = [_change(folder / Path(sheet.file).name, sheet, edition) for sheet in sheets]
    return [change for change in found if change is not None]


def write(changes: Iterable[Change]) -> None:
    """Write all the files of an edition, or none; raises OutputError."""
    contents = {change.path: change.after for change in changes}
    for folder in {path.parent for path in contents}:
        with as_output_error(folder):
            write_files(folder, {path.name: data for path, data in contents.items()})


def _change(path: Path, sheet: Sheet, edition: Edition) -> Change | None:
    """What there is to mend in one file, None where it is tidy."""
    data = path.read_bytes()
    after = csv_bytes(_rows(sheet, edition))
    if after == data:
        return None
    before = decoded_csv(data, sheet.table)
    known = titles(edition["indicators"]) if "indicators" in edition.sheets else {}
    return Change(path=path, before=before, after=after, table=sheet.table, titles=known)


def _rows(sheet: Sheet, edition: Edition) -> list[Sequence[str]]:
    """The head and the records of a table, tidy and in order."""
    headers, declared = sheet.raw.headers, _declared(edition)
    named = _named(headers)
    columns = [_tidy_column(sheet, index, declared) for index in named]
    records = list(zip(*columns, strict=True))
    head = [headers[index] for index in named]
    return [head, *(records[index] for index in _order(sheet, edition))]


def _named(headers: Sequence[str]) -> list[int]:
    """The columns that have a header."""
    return [index for index, header in enumerate(headers) if header]


def _tidy_column(sheet: Sheet, column_index: int, declared: Collection[str]) -> list[str]:
    """The cells of a column of the file; one that the contract does not have stays as it is."""
    texts = sheet.raw.columns[column_index]
    for field, index in sheet.column_index.items():
        if index == column_index:
            column = sheet.table.column(field)
            return [tidy(text, column, declared) for text in texts]
    return list(map(unguard, texts))


def _declared(edition: Edition) -> set[str]:
    """What edition.toml spells out and the tables repeat."""
    chosen = edition.settings.indicators
    return {*_periods(edition), *chosen.phrases, *chosen.totals, *chosen.repeat_labels_at}


def _periods(edition: Edition) -> list[str]:
    """The names of the periods, in order."""
    return [period.name for period in edition.settings.periods]


def _order(sheet: Sheet, edition: Edition) -> Sequence[int]:
    """The records by period, group and number, for the tables that are printed in no order."""
    if sheet.table.ordered:
        return range(len(sheet))
    ranks = {
        "period": _ranks(_periods(edition)),
        "group": _ranks_of(edition, "sections", "lead"),
        "indicator": _ranks_of(edition, "indicators", "id"),
        "id": {},
    }
    fields = [field for field in ranks if field in sheet.column_index]
    keys = [_sort_keys(sheet, field, ranks[field]) for field in fields]
    in_order = sorted(zip(*keys, range(len(sheet)), strict=True))
    return [record for *_, record in in_order]


def _sort_keys(
    sheet: Sheet, field: str, ranks: Mapping[str, int]
) -> list[tuple[int, list[tuple[int, str]]]]:
    """What each record is sorted by in this field: its rank, and then as a number."""
    values = [value or "" for value in sheet[field]]
    return [(ranks.get(value, len(sheet)), _natural(value)) for value in values]


def _ranks(values: Iterable[str]) -> dict[str, int]:
    """Value → where it comes first."""
    return {value: rank for rank, value in enumerate(dict.fromkeys(values))}


def _ranks_of(edition: Edition, table: str, field: str) -> dict[str, int]:
    """The ranks of a column's values; none where the table could not be read."""
    return _ranks(edition[table][field]) if table in edition.sheets else {}


def _natural(code: str) -> list[tuple[int, str]]:
    """D2 before D10: digits compare as numbers."""
    parts = re.split(r"(\d+)", code)
    return list(map(_sort_key, parts))


def _sort_key(part: str) -> tuple[int, str]:
    """Digits as their number; any other text behind none."""
    return (int(part), "") if part.isdecimal() else (-1, part)
