"""Merged cells: Excel saves the first one's text and leaves the others blank.

Only label columns are filled down. A workbook tells which cells are merged; in a CSV, a row whose
outermost label is blank continues the row above. A row that names its outermost label stands for
itself, and its blank labels stay blank.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pipeline.tables.cells import Flaw
from pipeline.tables.grid import Grid, Place, Records


def unmerged(grid: Grid, labels: Collection[int]) -> tuple[Records, dict[Place, Flaw]]:
    """A workbook's records with merged labels filled down, and the cells that may not be merged."""
    if not grid.merged:
        return grid.records, {}
    records = [list(record) for record in grid.records]
    flaws: dict[Place, Flaw] = {}
    for first, last in grid.merged:
        if first[0] == 0 or first[0] == last[0]:
            continue  # across columns only: what is blank is blank
        for row, place in _below(first, last):
            if place == first[1] and place in labels:
                records[row][place] = records[first[0]][place]
            elif place == first[1]:
                message = f"和第{first[0] + 1}行合并了；只有标签列可以合并"
                flaws[row, place] = Flaw("merged", message, "取消合并，每一行都写上")
    return records, flaws


def _below(first: Place, last: Place) -> Iterator[Place]:
    for row in range(first[0] + 1, last[0] + 1):
        for place in range(first[1], last[1] + 1):
            yield row, place


def continued(labels: Sequence[list[str]]) -> Iterator[tuple[int, int]]:
    """Fill each row that continues the one above; yields (level, row) of what stood blank.

    `labels` holds the label columns from the outermost in and is changed in place.
    """
    for row in range(1, len(labels[0]) if labels else 0):
        if labels[0][row]:
            continue
        for level, column in enumerate(labels):
            if column[row]:
                break  # a new label: what is below it is its own
            if column[row - 1]:
                column[row] = column[row - 1]
                yield level, row
