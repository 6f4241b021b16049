"""Workbooks as Excel saves them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_workbook(path: Path) -> None:
    """Replace a CSV by a workbook with the same cells, as Excel would save it."""
    book = openpyxl.Workbook()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            book.active.append([float(cell) if cell.isdecimal() else cell or None for cell in row])
    path.with_suffix(".xlsx").write_bytes(saved(book))
    path.unlink()
