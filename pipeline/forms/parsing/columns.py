"""Which column a cell of a returned form belongs to, after people merged, split and dragged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

from lxml import etree

from pipeline.ooxml.body import WordRow
from pipeline.ooxml.ns import w

Span = tuple[int, int]  # from and to, in twips or in grid columns

_UNTOLD = 64  # columns of one width where the grid is not told
_COVERED = 0.6  # of a column that a cell must cover to count as merged over it


class Columns:
    """The columns that a head declares, by place and by where they lie in the table's grid."""

    def __init__(self, head: WordRow, fields: Mapping[int, str], edges: Sequence[int]) -> None:
        self._fields = fields
        self._count = len(head.cells)
        self._spans = spans(head, edges)
        self._in_order = [self._at(place) for place in range(self._count)]

    def of(self, row: WordRow, edges: Sequence[int]) -> tuple[list[tuple[str, ...]], bool]:
        """For each of the row's cells the fields that it covers, and whether that is certain.

        Cells as wide as the head's stand in its order, and so do as many in a row that is not as
        wide: its grid tells nothing for certain. Else where a cell lies decides.
        """
        own = spans(row, edges)
        if own == self._spans:
            return self._in_order, True
        ends = {(places[0][0], places[-1][1]) for places in (own, self._spans) if places}
        if len(own) == self._count and len(ends) > 1:
            return self._in_order, False
        return [self._covered(span) for span in own], len(ends) < 2

    def fits(self, row: WordRow) -> bool:
        """Whether a row has as many cells as the head."""
        return bool(self._fields) and len(row.cells) == self._count

    def _at(self, place: int) -> tuple[str, ...]:
        return (self._fields[place],) if place in self._fields else ()

    def _covered(self, span: Span) -> tuple[str, ...]:
        shares = [_overlap(span, own) / max(own[1] - own[0], 1) for own in self._spans]
        wide = [place for place, share in enumerate(shares) if share >= _COVERED]
        if not wide:
            most = max(self._spans, key=lambda own: _overlap(span, own), default=None)
            wide = [self._spans.index(most)] if most and _overlap(span, most) else []
        return tuple(field for place in wide for field in self._at(place))


def edges(table: etree._Element) -> list[int]:
    """Where the table's grid columns begin and end, from its left."""
    grid = table.findall(f"{w('tblGrid')}/{w('gridCol')}")
    widths = [_width(column) for column in grid]
    return [0, *accumulate(widths)] if widths else [*range(_UNTOLD)]


def _width(column: etree._Element) -> int:
    """In twips, or in points where the file says so (w:w="90.5pt", Strict)."""
    text = column.get(w("w"), "") or "1"
    figure = float(text.removesuffix("pt"))
    return max(int(figure * 20 if text.endswith("pt") else figure), 1)


def spans(row: WordRow, edges: Sequence[int]) -> list[Span]:
    """Where each cell of a row lies."""
    before = row.element.find(f"{w('trPr')}/{w('gridBefore')}")
    place = 0 if before is None else int(before.get(w("val"), "0"))
    places = [place, *accumulate((cell.span for cell in row.cells), initial=place)][1:]
    last = len(edges) - 1
    return [
        (edges[min(first, last)], edges[min(end, last)] if end <= last else edges[-1] + end - last)
        for first, end in pairwise(places)
    ]


def _overlap(one: Span, other: Span) -> int:
    return max(min(one[1], other[1]) - max(one[0], other[0]), 0)
