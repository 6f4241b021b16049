"""What a command would change in a table: as a clerk reads it, or as `diff` shows it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from pipeline.tables.comparison import RowDifference, differences

if TYPE_CHECKING:
    from pipeline.recipes.fmt import Change

_SEPARATORS = ",;\t"
_LONGEST = 60  # characters of a cell that are shown


def text(change: Change) -> Iterator[str]:
    """A line for each cell that differs: row, column, what it was, what it is."""
    after = _rows(change.after.decode("utf-8-sig"), ",")
    before_text = change.before.text.removeprefix("\ufeff")
    head = before_text.partition("\n")[0]
    before = _rows(before_text, max(_SEPARATORS, key=head.count))
    found = differences(before, after)
    for difference in found:
        yield from _lines(difference, after[0])
    if not found:
        yield "内容不变，只是写法（编码、空行、换行）"


def _rows(table: str, separator: str) -> list[list[str]]:
    rows = csv.reader(io.StringIO(table, newline=""), delimiter=separator)
    return [row for row in rows if any(row)]


def _lines(difference: RowDifference, head: Sequence[str]) -> Iterator[str]:
    """The lines of a row that differs."""
    row = f"第{difference.row}行"
    if not difference.before:
        yield f"{row}（新的一行）：{_filled(head, difference.after)}"
    elif not difference.after:
        yield f"原来的{row}（删去）：{_filled(head, difference.before)}"
    else:
        named = "、".join(cell for cell in difference.after[:3] if cell)
        for cell in difference.cells:
            yield f"{row}（{named}）{cell.header}：{_shown(cell.before)} → {_shown(cell.after)}"


def _filled(head: Sequence[str], cells: Sequence[str]) -> str:
    """The cells that hold anything, each with its header."""
    pairs = zip(head, cells, strict=True)
    return "，".join(f"{header} {_shown(cell)}" for header, cell in pairs if cell)


def _shown(cell: str) -> str:
    """A cell on one line, cut if long; its blanks stay, since they may be what differs."""
    line = cell.replace("\n", "⏎")
    return f"“{line[:_LONGEST]}{'…' if len(line) > _LONGEST else ''}”" if cell else "（空）"


def diff(change: Change) -> Iterator[str]:
    """The lines as `diff -U0` shows them."""
    yield from change.lines


FORMATS: dict[str, Callable[[Change], Iterator[str]]] = {"text": text, "diff": diff}

option = click.option(
    "--format",
    "style",
    type=click.Choice([*FORMATS]),
    metavar="FORMAT",
    default="text",
    help="看会改什么时：text 按行、列、原来、现在（默认），diff 给程序",
)
