"""An edition's indicators fitted to a template's table: its widths, its lines, its pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.layout.breaking import broken_between, count, width
from pipeline.layout.indicators import LIST, column
from pipeline.layout.pages import Room, RowHeight, page_starts, pages
from pipeline.layout.widths import Column, solve
from pipeline.views.annexes import IndicatorsView, IndicatorView
from pipeline.word.lengths import TWIPS
from pipeline.word.measures import MeasuredColumn, Measures

_SPARE = 4.0  # pt of a page that are kept free


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The plan of 附件2: the widths of its columns in twips, and the rows of each page."""

    widths: list[int]
    pages: tuple[tuple[IndicatorView, ...], ...]


def fitted(
    measures: Measures, views: Mapping[str, Any], *, keep_widths: bool, by_hand: Collection[str]
) -> Fitted:
    """The plan for the rows of an edition; `views` is what its templates see.

    The template's widths stay where `keep_widths`. Pages begin at the 编号 in `by_hand` and
    nowhere else; where there are none, the program chooses.
    """
    view: IndicatorsView = views["indicators"]
    widths = _from_template(measures) if keep_widths else _solved(measures, views)
    rows = view.rows if keep_widths else _with_whole_names(measures, view, widths)
    if by_hand:
        starts = [number for number, row in enumerate(rows) if not number or row.id in by_hand]
    else:
        starts = page_starts(rows, _heights(measures, rows, widths), _room(measures, views, widths))
    return Fitted(widths=widths, pages=pages(rows, starts) if rows else ())


def _solved(measures: Measures, views: Mapping[str, Any]) -> list[int]:
    """The width of each column, for the rows of an edition."""
    columns = [_column(each, views) for each in measures.columns]
    total = round(sum(each.width for each in measures.columns) * TWIPS)
    return _rounded(solve(columns), total)


def _from_template(measures: Measures) -> list[int]:
    """The widths that the template has."""
    return [round(each.width * TWIPS) for each in measures.columns]


def _column(each: MeasuredColumn, views: Mapping[str, Any]) -> Column:
    """A column with what stands in it."""
    size = each.line.size
    if each.content is None:
        return Column(width=each.width, size=size, side=each.side, fixed=True)
    heading = each.head.printed(views)
    made = column(
        each.content, views["indicators"], heading, at=each.width, size=size, side=each.side
    )
    return replace(made, least=made.least * each.head.line.size / size)


def _rounded(widths: Sequence[float], total: int) -> list[int]:
    """The widths in whole twips that sum to `total`."""
    twips = [round(each * TWIPS) for each in widths]
    widest = twips.index(max(twips))
    twips[widest] += total - sum(twips)
    return twips


# --- lines -------------------------------------------------------------------------------------


def _with_whole_names(
    measures: Measures, view: IndicatorsView, widths: Sequence[int]
) -> tuple[IndicatorView, ...]:
    """The rows with lists of names broken between names, where one does not fit on a line."""
    rooms: dict[str, float] = {
        each.content.kind: room
        for each, room in zip(measures.columns, _rooms(measures, widths), strict=True)
        if each.content is not None and each.content.kind in ("leader", "person")
    }
    return tuple(_with_names(row, rooms, view.phrases) for row in view.rows)


def _with_names(
    row: IndicatorView, rooms: Mapping[str, float], phrases: Sequence[str]
) -> IndicatorView:
    changed: dict[str, Any] = {}
    for kind, room in rooms.items():
        text = getattr(row, kind)
        if text not in phrases and LIST in text and width(text) > room:
            changed[kind] = broken_between(text.split(LIST), LIST, room)
    return replace(row, **changed) if changed else row


def _rooms(measures: Measures, widths: Sequence[int]) -> list[float]:
    """The em that the cells of each column have for their text."""
    pairs = zip(measures.columns, widths, strict=True)
    return [max((at / TWIPS - each.side) / each.line.size, 1.0) for each, at in pairs]


# --- heights -----------------------------------------------------------------------------------


def _heights(
    measures: Measures, rows: Sequence[IndicatorView], widths: Sequence[int]
) -> list[RowHeight]:
    """How high each row is, and what its labels need, as if each were printed in it."""
    rooms = _rooms(measures, widths)
    columns = [
        (each.content, each.line, room)
        for each, room in zip(measures.columns, rooms, strict=True)
        if each.content is not None
    ]
    labels = sorted((each for each in columns if each[0].kind == "label"), key=lambda e: e[0].level)
    others = [each for each in columns if each[0].kind != "label"]

    def heights(row: IndicatorView, of: Sequence[Any]) -> Iterator[float]:
        for content, line, room in of:
            lines = count(content.of(row), room)
            yield lines * line.pitch + line.around + measures.around

    return [
        RowHeight(
            own=max(measures.row, *heights(row, others)),
            labels=_by_level(row, heights(row, labels)),
        )
        for row in rows
    ]


def _by_level(row: IndicatorView, heights: Iterator[float]) -> tuple[float, ...]:
    """The heights of a row's labels, nothing for a level that no column shows."""
    found = [*heights]
    return (*found, *(0.0 for _ in range(len(row.labels) - len(found))))


def _room(measures: Measures, views: Mapping[str, Any], widths: Sequence[int]) -> Room:
    """What pages have for rows."""
    later = measures.height - _head_height(measures, views, widths) - _SPARE
    above = sum(each.height(views, measures.width) for each in measures.above)
    below = sum(each.height(views, measures.width) for each in measures.below)
    totals = (
        sum(each + measures.around for each in measures.end)
        if views["indicators"].score_totals
        else 0.0
    )
    return Room(first=later - above % measures.height, later=later, end=below + totals)


def _head_height(measures: Measures, views: Mapping[str, Any], widths: Sequence[int]) -> float:
    """The height of the head row, which stands on each page."""
    heights = (
        each.head.height(views, at / TWIPS - each.side)
        for each, at in zip(measures.columns, widths, strict=True)
    )
    return max(measures.head, *heights) + measures.around
