"""Where the pages of 附件2's table begin, so that each page carries its merged labels.

HTML can't repeat a merged cell on the next page, so the table is split into one table a page. How
high a row will be is estimated from its texts (Chinese type is an em wide); `printing` checks that
every page ended where it was planned to, and plans again with less room if not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.layout.breaking import count
from pipeline.layout.indicators import Content, column
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

    The style sheets pdf.css.j2 and annexes.css.j2 in templates/html set them.
    """

    width: float  # mm
    room: float  # mm for rows under the table's head
    heading: float  # mm above the table on its first page, with a title of one line
    title_line: float  # mm for each further line of the title
    size: float  # of the type
    pitch: float  # from line to line
    padding: float  # above and below a cell's text together, and its line
    side: float  # left and right of a cell's text together


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCell:
    """A merged label on one page."""

    text: str
    span: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """A row of one page: the labels that begin in it (None: one from above goes on)."""

    labels: tuple[PrintedCell | None, ...]
    indicator: IndicatorView


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


def columns(
    view: IndicatorsView, page: PageMeasures, *, for_digest: bool
) -> tuple[PrintedColumn, ...]:
    """The table's columns, as wide together as the page: the official ones.

    `for_digest` puts 编号 before them, and behind them as many of the columns that the edition
    declares as there is room for.
    """
    chosen = [(Content("id"), "编号")] if for_digest else []
    chosen += [
        *((Content("label", level), each) for level, each in enumerate(view.label_headings)),
        (Content("name"), f"{view.name_heading}名称"),
        *((Content("score", level), each) for level, each in enumerate(view.score_headings)),
        (Content("unit"), "数据采集责任单位"),
        (Content("leader"), "责任\n领导"),
        (Content("section"), "责任科室"),
        (Content("person"), "责任人"),
    ]
    if for_digest:
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


def page_starts(
    view: IndicatorsView, columns: Sequence[PrintedColumn], page: PageMeasures, tightness: float = 1
) -> list[int]:
    """The rows with which pages begin, the first being 0; `tightness` below 1 leaves more room."""
    heights = [_height(row, columns, page) for row in view.rows]
    labels = [_label_heights(row, columns, page) for row in view.rows]
    begins = _label_starts(view.rows)
    title = page.heading + page.title_line * view.title.count("\n")
    starts, room = [0], (page.room - title) * _MM * tightness
    for index in range(1, len(view.rows)):
        on_page = slice(starts[-1], index + 1)
        if _page_height(heights[on_page], labels[on_page], begins[on_page]) > room:
            starts.append(index)
            room = page.room * _MM * tightness
    return starts


def highest(view: IndicatorsView, columns: Sequence[PrintedColumn], page: PageMeasures) -> str:
    """The 编号 of the row that needs the most room."""

    def height(row: IndicatorView) -> float:
        return max(_height(row, columns, page), *_label_heights(row, columns, page))

    return max(view.rows, key=height).id


def split_into_pages(
    rows: Sequence[IndicatorView], starts: Sequence[int], continued: str = ""
) -> tuple[tuple[PrintedRow, ...], ...]:
    """The rows of each page; `continued` is put after a label that goes on from the page before."""
    begins = _label_starts(rows)
    pages = zip(starts, [*starts[1:], len(rows)], strict=True)
    return tuple(tuple(_page(rows, begins, first, end, continued)) for first, end in pages)


def _page(
    rows: Sequence[IndicatorView],
    begins: Sequence[Sequence[bool]],
    first: int,
    end: int,
    continued: str,
) -> Iterator[PrintedRow]:
    """The rows from `first` on and before `end`, as one page shows them."""

    def label(index: int, level: int) -> PrintedCell | None:
        """The label cell that begins here on this page, None where one from above goes on."""
        text, is_start = rows[index].labels[level].text, begins[index][level]
        if not is_start and index != first:
            return None
        if text and not is_start:
            text += continued
        return PrintedCell(text=text, span=_label_span(begins, level, index, end))

    for index in range(first, end):
        row = rows[index]
        labels = tuple(label(index, level) for level in range(len(row.labels)))
        yield PrintedRow(labels=labels, indicator=row)


def _label_span(begins: Sequence[Sequence[bool]], level: int, index: int, end: int) -> int:
    """How many rows from `index` on, and before `end`, the label covers."""
    after = range(index + 1, end)
    return next((i for i in after if begins[i][level]), end) - index


def _label_starts(rows: Iterable[IndicatorView]) -> list[list[bool]]:
    """For each row and level, whether a label begins: it, or one further out, has changed."""
    starts: list[list[bool]] = []
    before: list[str] = []
    for row in rows:
        texts = [label.text for label in row.labels]
        ends = range(1, len(texts) + 1)
        starts.append([texts[:end] != before[:end] for end in ends])
        before = texts
    return starts


def _height(row: IndicatorView, columns: Sequence[PrintedColumn], page: PageMeasures) -> float:
    """The height of a row's own cells, without its labels."""
    own = (each for each in columns if each.kind != "label")
    lines = max(count(each.content.of(row), _room(each, page)) for each in own)
    return lines * page.pitch + page.padding


def _label_heights(
    row: IndicatorView, columns: Sequence[PrintedColumn], page: PageMeasures
) -> list[float]:
    """The height that each of a row's labels needs, were it to go on from the page before."""
    own = (each for each in columns if each.kind == "label")
    lines = (count(each.content.of(row) + "（续）", _room(each, page)) for each in own)
    return [each * page.pitch + page.padding for each in lines]


def _room(column: PrintedColumn, page: PageMeasures) -> float:
    """The em that a cell of a column has for its text."""
    return (column.width * _MM - page.side) / page.size


def _page_height(
    heights: Sequence[float], labels: Sequence[Sequence[float]], begins: Sequence[Sequence[bool]]
) -> float:
    """The height of rows on one page: a label that is higher than its rows stretches the last."""
    stretched = list(heights)
    for level in reversed(range(len(labels[0]))):
        first = 0
        for after in range(1, len(stretched) + 1):
            if after == len(stretched) or begins[after][level]:
                missing = labels[first][level] - sum(stretched[first:after])
                stretched[after - 1] += max(missing, 0)
                first = after
    return sum(stretched)
