"""Which column a cell of a returned form belongs to, after people merged, split and dragged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, chain, pairwise
from typing import TypeAlias

from lxml import etree

from pipeline.ooxml.body import WordRow
from pipeline.ooxml.ns import w

Span: TypeAlias = tuple[int, int]  # left and right edge, in twips (in columns without a grid)

_WITHOUT_GRID = 64  # edges of columns of one width, where the table has no grid
_COVERED = 0.6  # of a column that a cell must cover to count as merged over it


class Columns:
    """The columns that a head declares, in their order and with their position in the grid."""

    def __init__(self, head: WordRow, fields: Mapping[int, str], edges: Sequence[int]) -> None:
        self._fields = fields
        self._count = len(head.cells)
        self._spans = _spans(head, edges)
        self._in_order = [self._fields_at(index) for index in range(self._count)]

    def of(self, row: WordRow, edges: Sequence[int]) -> tuple[list[tuple[str, ...]], bool]:
        """For each of the row's cells the fields that it covers, and whether that is certain.

        Cells as wide as the head's have its order, and so have as many in a row with other ends,
        whose grid is not reliable. Else the position of a cell in the grid decides.
        """
        row_spans = _spans(row, edges)
        if row_spans == self._spans:
            return self._in_order, True
        aligned = _have_the_same_ends(row_spans, self._spans)
        if len(row_spans) == self._count and not aligned:
            return self._in_order, False
        return [self._fields_under(span) for span in row_spans], aligned

    def fits(self, row: WordRow) -> bool:
        """Whether a row has as many cells as the head."""
        return bool(self._fields) and len(row.cells) == self._count

    def _fields_at(self, index: int) -> tuple[str, ...]:
        return (self._fields[index],) if index in self._fields else ()

    def _fields_under(self, span: Span) -> tuple[str, ...]:
        """The fields of the columns that a cell covers, or of the one that it covers most of."""
        indexes = self._covered_by(span) or self._most_covered_by(span)
        return tuple(chain.from_iterable(map(self._fields_at, indexes)))

    def _covered_by(self, span: Span) -> list[int]:
        columns = enumerate(self._spans)
        return [index for index, column in columns if _share(span, column) >= _COVERED]

    def _most_covered_by(self, span: Span) -> list[int]:
        overlaps = [_overlap(span, column) for column in self._spans]
        most = max(overlaps, default=0)
        return [overlaps.index(most)] if most else []


def grid_edges(table: etree._Element) -> list[int]:
    """Where the table's grid columns begin and end, from its left."""
    grid = table.findall(f"{w('tblGrid')}/{w('gridCol')}")
    widths = [*map(_grid_width, grid)]
    return [0, *accumulate(widths)] if widths else [*range(_WITHOUT_GRID)]


def _grid_width(column: etree._Element) -> int:
    return max(_twips(column.get(w("w"), "") or "1"), 1)


def _twips(width: str) -> int:
    """A width in twips; a file may give it in points (90.5pt, Strict)."""
    number = float(width.removesuffix("pt"))
    return int(number * 20 if width.endswith("pt") else number)


def _spans(row: WordRow, edges: Sequence[int]) -> list[Span]:
    """The span of each cell of a row; a grid column beyond the last edge counts as one wide."""
    widths = (cell.span for cell in row.cells)
    bounds = accumulate(widths, initial=_skipped(row))  # in grid columns
    last = len(edges) - 1
    return [
        (edges[min(left, last)], edges[right] if right <= last else edges[last] + right - last)
        for left, right in pairwise(bounds)
    ]


def _skipped(row: WordRow) -> int:
    """The grid columns that a row leaves out before its first cell."""
    before = row.element.find(f"{w('trPr')}/{w('gridBefore')}")
    return 0 if before is None else int(before.get(w("val"), "0"))


def _have_the_same_ends(one: Sequence[Span], other: Sequence[Span]) -> bool:
    """Whether two rows begin and end at the same edges; a row without cells does with any."""
    if not one or not other:
        return True
    return _ends(one) == _ends(other)


def _ends(row: Sequence[Span]) -> Span:
    return row[0][0], row[-1][1]


def _overlap(one: Span, other: Span) -> int:
    return max(min(one[1], other[1]) - max(one[0], other[0]), 0)


def _share(span: Span, column: Span) -> float:
    """How much of a column a cell covers, from 0 to 1."""
    return _overlap(span, column) / max(column[1] - column[0], 1)
