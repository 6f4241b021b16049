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
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + buffer.getvalue().encode()


def sheet_bytes(sheet: Sheet) -> bytes:
    """A table as read, as the CSV that holds it; columns without a header are left out."""
    columns = zip(sheet.raw.headers, sheet.raw.columns, strict=True)
    named = [(header, cells) for header, cells in columns if header]
    head = [header for header, _ in named]
    return csv_bytes([head, *zip(*(cells for _, cells in named), strict=True)])
