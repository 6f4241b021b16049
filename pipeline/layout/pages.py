"""With which rows pages begin, and the rows of each page with their labels printed again.

Among all ways to end pages the one is taken that tears no small group apart, leaves no last page
with hardly a row, needs the fewest pages and, of these, ends them at the most natural places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from pipeline.views.annexes import IndicatorView, LabelView

# Rows: a group of so many is not torn apart; a last page has as many where that can be helped.
_SMALL_GROUP, _LAST_PAGE = 3, 3
# What the ways are compared by. A page left half empty weighs as much as four torn groups.
_TORN_SMALL, _SHORT_END, _PAGE, _TORN, _EMPTY = 1e6, 1e6, 1.0, 6e-5, 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class RowHeight:
    """How high a row is, in pt: its own cells, and what each label would need, outermost first."""

    own: float
    labels: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What pages have for rows, in pt: the first one, those after it, and what follows the last."""

    first: float
    later: float
    end: float = 0.0


def page_starts(
    rows: Sequence[IndicatorView], heights: Sequence[RowHeight], room: Room
) -> list[int]:
    """The rows with which pages begin, the first being 0.

    A row that is higher than a page has one for itself.
    """
    begins, torn = _label_starts(rows), _torn(rows)
    total = len(rows)
    best: list[tuple[float, int]] = [(0.0, 0)] + [(inf, 0)] * total  # cost, where the page begins
    for first in range(total):
        have = room.later if first else room.first
        for end, height in _pages_from(first, heights, begins):
            if height > have and end > first + 1:
                break
            if end < total:
                cost = torn[end] + _EMPTY * max(1 - height / have, 0) ** 2
            elif height + room.end > have and end > first + 1:
                continue  # the last rows have room, what follows them has not
            else:
                cost = _SHORT_END if first and end - first < _LAST_PAGE else 0
            cost += best[first][0] + _PAGE
            if cost < best[end][0]:
                best[end] = cost, first
    return _followed_back(best)


def _followed_back(best: Sequence[tuple[float, int]]) -> list[int]:
    """The beginnings of the pages that led to the end."""
    starts: list[int] = []
    end = len(best) - 1
    while end > 0:
        end = best[end][1]
        starts.append(end)
    return starts[::-1] or [0]


def _pages_from(
    first: int, heights: Sequence[RowHeight], begins: Sequence[Sequence[bool]]
) -> Iterator[tuple[int, float]]:
    """The end of each page that begins with a row, and its height, one row more each time.

    A label that is higher than its rows stretches the last of them.
    """
    levels = range(len(begins[first]))
    labels, rows = [*heights[first].labels], [0.0 for _ in levels]
    height = 0.0
    for index in range(first, len(heights)):
        if index > first:
            for level in reversed(levels):
                if begins[index][level]:
                    missing = max(labels[level] - rows[level], 0)
                    height += missing
                    for outer in range(level):
                        rows[outer] += missing
                    labels[level], rows[level] = heights[index].labels[level], 0.0
        own = heights[index].own
        height += own
        for level in levels:
            rows[level] += own
        yield index + 1, height + _missing(labels, rows)


def _missing(labels: Sequence[float], rows: Sequence[float]) -> float:
    """By how much the labels that stand at a page's end, together, stretch its last row."""
    more = 0.0
    for label, own in zip(reversed(labels), reversed(rows), strict=True):
        more += max(label - own - more, 0)
    return more


def _torn(rows: Sequence[IndicatorView]) -> list[float]:
    """What it costs to begin a page with each row: nothing where no label goes on."""
    costs = [0.0] * (len(rows) + 1)
    for level in range(len(rows[0].labels) if rows else 0):
        for first, end in _groups(rows, level):
            if rows[first].labels[level].text:
                cost = _TORN_SMALL if end - first <= _SMALL_GROUP else _TORN
                for index in range(first + 1, end):
                    costs[index] = max(costs[index], cost)
    return costs


def _groups(rows: Sequence[IndicatorView], level: int) -> Iterator[tuple[int, int]]:
    """The first row of each label of a level, and the row after its last."""
    firsts = [index for index, row in enumerate(rows) if index == 0 or row.labels[level].first]
    yield from zip(firsts, [*firsts[1:], len(rows)], strict=True)


def _label_starts(rows: Iterable[IndicatorView]) -> list[tuple[bool, ...]]:
    """For each row and level, whether a label begins: it, or one further out, has changed."""
    return [tuple(label.first for label in row.labels) for row in rows]


def pages(
    rows: Sequence[IndicatorView], starts: Sequence[int], continued: str = ""
) -> tuple[tuple[IndicatorView, ...], ...]:
    """The rows of each page; a label that goes on from the page before stands there again.

    `continued` is put after such a label.
    """
    ends = [*starts[1:], len(rows)]
    return tuple(
        tuple(_page(rows[first:end], continued)) for first, end in zip(starts, ends, strict=True)
    )


def _page(rows: Sequence[IndicatorView], continued: str) -> Iterator[IndicatorView]:
    """The rows of one page: no label covers more of them than there are."""
    levels = range(len(rows[0].labels))
    columns = (_labels_on_page(rows, level, continued) for level in levels)
    for row, labels in zip(rows, zip(*columns, strict=True), strict=True):
        yield row if labels == row.labels else replace(row, labels=labels)


def _labels_on_page(
    rows: Sequence[IndicatorView], level: int, continued: str
) -> Iterator[LabelView]:
    """The labels of a level as a page shows them."""
    firsts = [index for index, row in enumerate(rows) if index == 0 or row.labels[level].first]
    for first, end in zip(firsts, [*firsts[1:], len(rows)], strict=True):
        label = rows[first].labels[level]
        text = label.text + continued if label.text and not label.first else label.text
        for index in range(first, end):
            yield LabelView(text=text, first=index == first, span=end - first)
