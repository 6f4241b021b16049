"""Where a flaw is: file, row, column and cell, as Excel names them."""

from __future__ import annotations

from pipeline.errors import Problem
from pipeline.tables.cells import Flaw


def cell_name(place: int, row: int) -> str:
    """Excel's name of a cell: column 3 (from 0), row 17 (from 1) → D17."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def placed(
    flaw: Flaw,
    file: str,
    *,
    row: int | None = None,
    line: int | None = None,
    place: int | None = None,
    header: str | None = None,
    value: str | None = None,
) -> Problem:
    """The flaw as a problem; `place` is the column from 0, where it is known."""
    return Problem(
        file=file,
        row=row,
        line=line,
        column=header,
        cell=None if place is None or row is None else cell_name(place, row),
        rule=flaw.rule,
        message=flaw.message,
        value=value,
        hint=flaw.hint,
        severity=flaw.severity,
    )
