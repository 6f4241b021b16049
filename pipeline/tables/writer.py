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


def sheet_bytes(sheet: Sheet) -> bytes:
    """A table as read, as the CSV that holds it; columns without a header are left out."""
    head, columns = zip(*sheet.raw.named(), strict=True)
    return csv_bytes([head, *zip(*columns, strict=True)])
