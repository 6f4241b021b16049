"""Merged cells: Excel saves the first one's text and leaves the others blank.

Only label columns are filled down. A workbook tells which cells are merged; in a CSV, a row whose
outermost label is blank continues the row above. A row that names its outermost label stands for
itself, and its blank labels stay blank.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pipeline.tables.cells import Flaw
from pipeline.tables.csv_file import CellPosition, Grid


def unmerge(grid: Grid, labels: Collection[int]) -> dict[CellPosition, Flaw]:
    """Fill a workbook's merged labels down, in place; the cells that may not be merged."""
    flaws: dict[CellPosition, Flaw] = {}
    for (first, left), (last, _) in grid.merged:
        if left >= len(grid.columns):
            continue  # beside the table
        column = grid.columns[left]  # across columns, what is blank is blank
        for record in range(max(first + 1, 0), min(last + 1, len(column))):
            if left in labels and first >= 0:
                column[record] = column[first]
            else:
                message = f"和第{first + 2}行合并了；只有标签列可以合并"
                flaws[record, left] = Flaw("merged", message, "取消合并，每一行都写上")
    return flaws


def continued(labels: Sequence[list[str]]) -> Iterator[tuple[int, int]]:
    """Fill each row that continues the one above; yields (level, row) of what stood blank.

    `labels` holds the label columns from the outermost in and is changed in place.
    """
    if not labels or "" not in labels[0]:
        return
    for row in range(1, len(labels[0])):
        if labels[0][row]:
            continue
        for level, column in enumerate(labels):
            if column[row]:
                break  # a new label: what is below it is its own
            if column[row - 1]:
                column[row] = column[row - 1]
                yield level, row
