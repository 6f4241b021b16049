"""Where the pages of 附件2's table begin, so that each page carries its merged labels.

HTML can't repeat a merged cell on the next page, so the table is split into one table a page. How
high a row will be is estimated from its texts (Chinese type is an em wide); `printing` checks that
every page ended where it was planned to, and plans again with less room if not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, floor

from pipeline.views.annexes import IndicatorsView, IndicatorView

_MM = 72 / 25.4  # points


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedColumn:
    """A column of the printed table: its content, and its width in mm."""

    kind: str  # label, name, score, unit, leader, section, person or id
    heading: str
    width: float


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


def columns(view: IndicatorsView, width: float, *, for_digest: bool) -> tuple[PrintedColumn, ...]:
    """The table's columns, `width` mm in all: the official ones.

    `for_digest` puts 编号 before them, and behind them as many of the columns that the edition
    declares as there is room for.
    """
    kinds = [("id", "编号")] if for_digest else []
    kinds += [
        *(("label", heading) for heading in view.label_headings),
        ("name", f"{view.name_heading}名称"),
        *(("score", heading) for heading in view.score_headings),
        ("unit", "数据采集责任单位"),
        ("leader", "责任\n领导"),
        ("section", "责任科室"),
        ("person", "责任人"),
    ]
    if for_digest:
        room = max(width / _NARROWEST - _weight(kinds), 0)
        shown = view.extra_headings[: int(room // _WEIGHTS["extra"])]
        kinds += (("extra", heading) for heading in shown)
    whole = _weight(kinds)
    return tuple(
        PrintedColumn(kind=kind, heading=heading, width=round(_WEIGHTS[kind] * width / whole, 2))
        for kind, heading in kinds
    )


def _weight(kinds: Iterable[tuple[str, str]]) -> int:
    """The weights of some columns together."""
    return sum(_WEIGHTS[kind] for kind, _ in kinds)


def page_starts(
    view: IndicatorsView, columns: Sequence[PrintedColumn], page: PageMeasures, tightness: float = 1
) -> list[int]:
    """The rows with which pages begin, the first being 0; `tightness` below 1 leaves more room."""
    widths = {column.kind: column.width * _MM - page.side for column in columns}
    heights = [_height(row, widths, page) for row in view.rows]
    labels = [_label_heights(row, widths["label"], page) for row in view.rows]
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
    widths = {column.kind: column.width * _MM - page.side for column in columns}

    def height(row: IndicatorView) -> float:
        return max(_height(row, widths, page), *_label_heights(row, widths["label"], page))

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


def _height(row: IndicatorView, widths: dict[str, float], page: PageMeasures) -> float:
    """The height of a row's own cells, without its labels."""
    texts = (row.name, row.unit, row.leader, row.section, row.person)
    kinds = ("name", "unit", "leader", "section", "person")
    lines = [
        _lines(text, widths[kind] / page.size) for text, kind in zip(texts, kinds, strict=True)
    ]
    if "extra" in widths:
        lines += (_lines(text, widths["extra"] / page.size) for text in row.extra.values())
    return max(lines) * page.pitch + page.padding


def _label_heights(row: IndicatorView, width: float, page: PageMeasures) -> list[float]:
    """The height that each of a row's labels needs, were it to go on from the page before."""
    texts = (label.text + "（续）" for label in row.labels)
    return [_lines(text, width / page.size) * page.pitch + page.padding for text in texts]


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


def _lines(text: str, room: float) -> int:
    """How many lines a text takes in a cell `room` em wide."""
    full = max(floor(room), 1)  # Chinese characters
    widths = map(_width, text.split("\n"))
    return sum(1 if width <= room else ceil(width / full) for width in widths)


def _width(text: str) -> float:
    """A text's width in em, rather too wide than too narrow for Latin letters."""
    return sum(map(_character_width, text))


@cache
def _character_width(character: str) -> float:
    """One em for Chinese type, less for capitals, least for other letters and digits."""
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return 0.75 if character.isupper() else 0.6
