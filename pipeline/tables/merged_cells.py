"""Merged cells: Excel saves the first one's text and leaves the others blank.

Only label columns are filled down. A workbook records which cells are merged; in a CSV, a row whose
outermost label is blank continues the row above. A row that names its outermost label stands for
itself, and its blank labels stay blank.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.tables.cells import Flaw
from pipeline.tables.grid import CellPosition, Grid


def unmerged(
    grid: Grid, labels: Collection[int]
) -> tuple[Sequence[list[str]], dict[CellPosition, Flaw]]:
    """A workbook's columns with merged labels filled down, and the cells that may not be merged."""
    if not grid.merged:
        return grid.columns, {}
    columns = [list(column) for column in grid.columns]
    flaws: dict[CellPosition, Flaw] = {}
    for (first, left), (last, _) in grid.merged:
        if left >= len(columns):
            continue  # beside the table
        # Of cells merged across columns, those on the right stay blank.
        below = range(max(first + 1, 0), min(last + 1, len(columns[left])))
        if left in labels and first >= 0:
            columns[left][below.start : below.stop] = [columns[left][first]] * len(below)
        else:
            message = f"和第{first + 2}行合并了；只有标签列可以合并"
            flaw = Flaw("merged", message, "取消合并，每一行都写上")
            flaws |= {(record, left): flaw for record in below}
    return columns, flaws


def filled_down(
    labels: Sequence[Sequence[str]],
) -> tuple[Sequence[Sequence[str]], list[tuple[int, int]]]:
    """The label columns, each row that continues the one above filled, and what was blank there.

    `labels` holds the columns from the outermost in; what was blank is given as (level, row).
    """
    if not labels or "" not in labels[0]:
        return labels, []
    filled = [list(column) for column in labels]
    blanks: list[tuple[int, int]] = []
    continuing = [row for row, label in enumerate(labels[0]) if row and not label]
    for row in continuing:
        for level in _continued_levels(filled, row):
            if filled[level][row - 1]:
                filled[level][row] = filled[level][row - 1]
                blanks.append((level, row))
    return filled, blanks


def _continued_levels(labels: Sequence[Sequence[str]], row: int) -> range:
    """The levels at which the row goes on with the row above: down to its first own label."""
    own = (level for level, column in enumerate(labels) if column[row])
    return range(next(own, len(labels)))
