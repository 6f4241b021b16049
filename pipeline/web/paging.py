"""Where the pages of the digest's table of indicators begin, so that each carries its labels.

HTML can't repeat a merged cell on the next page, so the table is split into one table a page. How
high a row will be is estimated from its texts (Chinese type is an em wide); `printing` checks that
every page ended where it was planned to, and plans again with less room if not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.layout.breaking import count
from pipeline.layout.indicators import Content, column
from pipeline.layout.pages import Room, RowHeight, page_starts
from pipeline.layout.widths import solve
from pipeline.views.annexes import IndicatorsView, IndicatorView

_MM = 72 / 25.4  # points


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedColumn:
    """A column of the printed table: what it shows, and its width in mm."""

    content: Content
    heading: str
    width: float

    @property
    def kind(self) -> str:
        """What it shows, such as name or label."""
        return self.content.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMeasures:
    """The measures of the printed table, in pt where no other unit is named.

    The style sheet templates/html/pdf.css.j2 sets them.
    """

    width: float  # mm
    room: float  # mm for rows under the table's head
    heading: float  # mm above the table on its first page, with a title of one line
    title_line: float  # mm for each further line of the title
    size: float  # of the type
    pitch: float  # from line to line
    padding: float  # above and below a cell's text together, and its line
    side: float  # left and right of a cell's text together


# How much of the width each column of a kind gets, in proportion.
_WEIGHTS = {
    "id": 13,
    "label": 22,
    "name": 62,
    "score": 12,
    "unit": 36,
    "leader": 15,
    "section": 25,
    "person": 28,
    "extra": 24,
}
_NARROWEST = 0.8  # mm for each unit of weight; with less, columns of two characters break


def columns(view: IndicatorsView, page: PageMeasures) -> tuple[PrintedColumn, ...]:
    """The table's columns, as wide together as the page: 编号 and the official ones.

    Behind them stand as many of the columns that the edition declares as there is room for.
    """
    chosen = [
        (Content("id"), "编号"),
        *((Content("label", level), each) for level, each in enumerate(view.label_headings)),
        (Content("name"), f"{view.name_heading}名称"),
        *((Content("score", level), each) for level, each in enumerate(view.score_headings)),
        (Content("unit"), "数据采集责任单位"),
        (Content("leader"), "责任\n领导"),
        (Content("section"), "责任科室"),
        (Content("person"), "责任人"),
    ]
    room = max(page.width / _NARROWEST - _weight(chosen), 0)
    shown = view.extra_headings[: int(room // _WEIGHTS["extra"])]
    chosen += ((Content("extra", heading=heading), heading) for heading in shown)
    return tuple(
        PrintedColumn(content=content, heading=heading, width=round(at / _MM, 2))
        for (content, heading), at in zip(chosen, _solved(view, chosen, page), strict=True)
    )


def _solved(
    view: IndicatorsView, chosen: Sequence[tuple[Content, str]], page: PageMeasures
) -> list[float]:
    """The width of each column in pt: by weight, but for what must stay whole."""
    unit = page.width * _MM / _weight(chosen)
    return solve(
        [
            column(
                content,
                view,
                heading,
                at=_WEIGHTS[content.kind] * unit,
                size=page.size,
                side=page.side,
            )
            for content, heading in chosen
        ]
    )


def _weight(chosen: Iterable[tuple[Content, str]]) -> int:
    """The weights of some columns together."""
    return sum(_WEIGHTS[content.kind] for content, _ in chosen)


def starts(
    view: IndicatorsView, columns: Sequence[PrintedColumn], page: PageMeasures, tightness: float = 1
) -> list[int]:
    """The rows with which pages begin, the first being 0; `tightness` below 1 leaves more room."""
    title = page.heading + page.title_line * view.title.count("\n")
    end = page.pitch + page.padding if view.score_totals else 0.0
    room = page.room * _MM * tightness
    first = (page.room - title) * _MM * tightness
    heights = [_height(row, columns, page) for row in view.rows]
    return page_starts(view.rows, heights, Room(first=first, later=room, end=end))


def highest(view: IndicatorsView, columns: Sequence[PrintedColumn], page: PageMeasures) -> str:
    """The 编号 of the row that needs the most room."""

    def height(row: IndicatorView) -> float:
        needed = _height(row, columns, page)
        return max(needed.own, *needed.labels)

    return max(view.rows, key=height).id


def _height(row: IndicatorView, columns: Sequence[PrintedColumn], page: PageMeasures) -> RowHeight:
    """How high a row is; its labels as if they went on from the page before."""
    own, labels = 0.0, []
    for each in columns:
        text, is_label = each.content.of(row), each.kind == "label"
        lines = count(f"{text}（续）" if is_label else text, _room(each, page))
        height = lines * page.pitch + page.padding
        if is_label:
            labels.append(height)
        else:
            own = max(own, height)
    return RowHeight(own=own, labels=tuple(labels))


def _room(column: PrintedColumn, page: PageMeasures) -> float:
    """The em that a cell of a column has for its text."""
    return (column.width * _MM - page.side) / page.size
