"""Rows to the bytes of a CSV as this program keeps it: UTF-8 with BOM, CRLF, commas.

Excel opens it without asking. What Excel would run as a formula gets a ' before it, which the
reader takes off.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence

from pipeline.tables.cells import guard
from pipeline.tables.sheet import Sheet


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """The file that holds `rows`, the head first."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows(map(_guarded, rows))
    return codecs.BOM_UTF8 + buffer.getvalue().encode()


def _guarded(row: Sequence[str]) -> list[str]:
    """The cells of a row, none of which Excel runs."""
    return [guard(cell) for cell in row]


def declared_bytes(sheet: Sheet) -> bytes:
    """The columns of a table that the contract has, and those that the edition declared."""
    columns = (sheet.raw.columns[index] for index in _declared(sheet))
    return csv_bytes([declared_headers(sheet), *zip(*columns, strict=True)])


def declared_headers(sheet: Sheet) -> list[str]:
    """The headers of those columns."""
    return [sheet.raw.headers[index] for index in _declared(sheet)]


def undeclared_headers(sheet: Sheet) -> list[str]:
    """The headers of the other columns."""
    others = {*range(len(sheet.raw.headers))} - {*_declared(sheet)}
    return [header for index in sorted(others) if (header := sheet.raw.headers[index])]


def _declared(sheet: Sheet) -> list[int]:
    """The numbers of the columns that the contract has or the edition declared, in order."""
    return sorted(sheet.column_index.values())
