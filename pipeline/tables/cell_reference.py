"""Where a flaw is: file, row, column and cell, as Excel names them."""

from __future__ import annotations

from pipeline.errors import Problem
from pipeline.tables.cells import Flaw


def cell_name(column_index: int, row: int) -> str:
    """Excel's name of a cell: column 3 (from 0), row 17 (from 1) → D17."""
    letters = ""
    column_index += 1
    while column_index:
        column_index, rest = divmod(column_index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _cell_in(column_index: int | None, row: int | None) -> str | None:
    """The name of a cell; None where no single cell is meant."""
    if column_index is None or row is None:
        return None
    return cell_name(column_index, row)


def problem_at(
    flaw: Flaw,
    file: str,
    *,
    row: int | None = None,
    line: int | None = None,
    column_index: int | None = None,
    header: str | None = None,
    value: str | None = None,
) -> Problem:
    """The flaw as a problem; `column_index` counts from 0, None where no column is meant."""
    return Problem(
        file=file,
        row=row,
        line=line,
        column=header,
        cell=_cell_in(column_index, row),
        rule=flaw.rule,
        message=flaw.message,
        value=value,
        hint=flaw.hint,
        severity=flaw.severity,
    )
