"""What is to change in the tables, as a clerk reads it: row, column, before and now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # recipes are loaded when a command runs
    from pipeline.recipes.change import CellChange, Change, RowChange


def text(change: Change) -> Iterator[str]:
    """A line for each cell that changes, for each row that is new or goes."""
    for row in change.rows:
        yield from _row(row)
    if change.is_reordered:
        yield "  各行的先后有变"


def diff(change: Change) -> Iterator[str]:
    """The change as `diff -U0` shows it, for programs."""
    yield from change.lines


FORMATS: dict[str, Callable[[Change], Iterator[str]]] = {"text": text, "diff": diff}


def _row(row: RowChange) -> Iterator[str]:
    """The lines about one row."""
    if row.row is None:
        cells = "；".join(f"{cell.column}“{_one_line(cell.after)}”" for cell in row.cells)
        yield f"  新加一行 {row.name}" + (f"：{cells}" if cells else "")
    elif not row.cells:
        yield f"  删去第{row.row}行 {row.name}"
    else:
        yield from (f"  {_where(row, cell)}：{_change(cell)}" for cell in row.cells)


def _where(row: RowChange, cell: CellChange) -> str:
    """The row with its name, and the column: 第5行（前三季度、综合组、CY01）进展情况."""
    name = f"（{row.name}）" if row.name else ""
    return f"第{row.row}行{name}{cell.column}"


def _change(cell: CellChange) -> str:
    """What a cell says before and now."""
    before = f"原来“{_one_line(cell.before)}”" if cell.before else "原来空着"
    after = f"现在“{_one_line(cell.after)}”" if cell.after else "现在空着"
    return f"{before}，{after}"


def _one_line(content: str) -> str:
    """A cell's text on one line, its line breaks shown."""
    return content.replace("\n", "⏎")


option = click.option(
    "--format",
    "style",
    type=click.Choice([*FORMATS]),
    metavar="FORMAT",
    default="text",
    help="--dry-run 显示成什么样：text 行、列、原来、现在（默认），diff 给程序",
)
