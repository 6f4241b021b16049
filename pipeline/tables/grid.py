"""The cells of a table's file as text, whether it is a CSV or a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from pipeline.tables.cells import Flaw

SEARCHED_ROWS = 10  # rows in which the head may hide under titles
# Of a table; the office of a city with hundreds of bureaus has 40,000 rows and 50 columns.
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200_000, 1_000, 10_000_000

_AT_ONCE = 1_000  # records that exist as such at a time: many live lists keep the collector busy

CellPosition = tuple[int, int]  # record (0 is the first below the head) and column, from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of a file as text, without blanks around them and with one kind of line break.

    `source` names the encoding, or is `folder.BOOK` for a workbook. `top` holds the first rows as
    they are, the head first; `columns` the cells below the head, as many columns as the head has
    cells; `overlong` the first cell too many of a record, as (column, text); `lines` the line of
    the text file on which each record begins, from 1 (empty for a workbook). `flaws` holds what a
    workbook's cells hide; `merged` its merged cells as (first, last); `hidden` the records that it
    does not show.
    """

    source: str
    top: Sequence[Sequence[str]]
    columns: Sequence[list[str]]
    overlong: Mapping[int, tuple[int, str]]
    lines: Sequence[int] = ()
    flaws: Mapping[CellPosition, Flaw] = field(default_factory=dict)
    merged: Sequence[tuple[CellPosition, CellPosition]] = ()
    hidden: Sequence[int] = ()


class GridError(ValueError):
    """A file cannot be read at all: why, and on which row (as Excel counts) and line."""

    def __init__(self, flaw: Flaw, row: int | None = None, line: int | None = None) -> None:
        super().__init__(flaw.message)
        self.flaw, self.row, self.line = flaw, row, line


def heading(text: str) -> str:
    """A header without the blanks and line breaks that people put in: 责任⏎领导 → 责任领导."""
    return re.sub(r"[\s\ufeff\u200b]+", "", text)


def gathered(numbered: Iterator[tuple[int, Sequence[str]]], source: str) -> Grid:
    """The grid of all records, the head first, each with the line on which it begins.

    Short records are filled up: Excel leaves out the last separators of rows that end blank.
    """
    first = list(islice(numbered, SEARCHED_ROWS))
    top = [record for _, record in first]
    width = len(top[0]) if top else 0
    _refuse_large(width, len(top), 1)
    columns: list[list[str]] = [[] for _ in range(width)]
    overlong: dict[int, tuple[int, str]] = {}
    lines: list[int] = []
    below = chain(first[1:], numbered)
    while chunk := list(islice(below, _AT_ONCE)):
        begins, records = zip(*chunk, strict=True)
        if {*map(len, records)} != {width}:
            overlong |= _first_extra_cells(records, width, len(lines))
            records = tuple(_of_width(record, width) for record in records)
        for column, texts in zip(columns, zip(*records, strict=True), strict=True):
            column.extend(map(str.strip, texts))
        lines.extend(begins)
        _refuse_large(width, len(lines), lines[-1])
    return Grid(source=source, top=top, columns=columns, overlong=overlong, lines=lines)


def _refuse_large(width: int, height: int, line: int) -> None:
    """Raise GridError for a table that would fill the memory, most of it blank."""
    if height > MOST_ROWS:
        flaw = Flaw("too-many-rows", f"超过 {MOST_ROWS} 行，不像是一张表", "删掉多余的行")
        raise GridError(flaw, row=height + 1, line=line)
    if width > MOST_COLUMNS or width * height > MOST_CELLS:
        flaw = Flaw("too-many-columns", f"表头有 {width} 列，不像是一张表", "删掉多余的列")
        raise GridError(flaw, row=1, line=1)


def _of_width(record: Sequence[str], width: int) -> Sequence[str]:
    """The record filled up or cut off."""
    return [*record, *[""] * (width - len(record))][:width]


def _first_extra_cells(
    records: Iterable[Sequence[str]], width: int, start: int
) -> Iterator[tuple[int, tuple[int, str]]]:
    """Record, counted from `start` → the first cell with text beyond the head's width."""
    for index, record in enumerate(records, start):
        extra = enumerate(record[width:], width)
        filled = [(column_index, text) for column_index, text in extra if text.strip()]
        if filled:
            yield index, filled[0]
