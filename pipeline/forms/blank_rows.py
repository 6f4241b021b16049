"""How many blank rows a form that goes out has: as many as remain on its last page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.layout.breaking import count
from pipeline.ooxml.body import texts
from pipeline.ooxml.elements import body_of
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, parse
from pipeline.word.columns import cells_of, grid_widths
from pipeline.word.elements import is_added
from pipeline.word.lengths import (
    TWIPS,
    Line,
    border,
    cell_margins,
    least_height,
    line_of,
    text_area,
)
from pipeline.word.measures import MeasuredText, measured_text
from pipeline.word.source import STYLES, TemplateSource

_SPARE = 4.0  # pt of a page that are kept free, as for 附件2
_LOOP, _NAME = "in form.rows", "{{ row.name }}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMeasures:
    """What a form's template measures, in pt; `above` and `remark` are paragraphs with tags."""

    width: float  # of the text area
    height: float
    above: tuple[tuple[MeasuredText, ...], ...]  # one beside the other, row by row
    head: tuple[tuple[MeasuredText, float], ...]  # each paragraph, and the width of its cell
    row: float  # the least height of a row
    name: Line  # how the names of indicators are set, and the em that they have room for
    name_room: float
    around: float
    remark: tuple[MeasuredText, ...]


def measured(source: TemplateSource) -> FormMeasures | None:
    """The measures of a form that goes out; None where its table is not found."""
    root, styles = parse(source.parts[DOCUMENT]), parse(source.parts[STYLES])
    for table in root.iter(w("tbl")):
        for row in table.findall(w("tr"))[1:]:
            if _LOOP in _text(row):
                return _measures(root, table, row, styles)
    return None


def _measures(
    root: etree._Element, table: etree._Element, loop: etree._Element, styles: etree._Element
) -> FormMeasures | None:
    head, body = table.find(w("tr")), loop.getnext()
    assert head is not None
    if body is None:
        return None
    cells = {column: cell for column, cell in cells_of(body) if _NAME in _text(cell)}
    if not cells:
        return None
    ((column, cell),) = [*cells.items()][:1]
    line, area = line_of(next(cell.iter(w("p"))), styles), text_area(body_of(root)[-1])
    around = cell_margins(table, "top", "bottom") + border(table)
    side = cell_margins(table, "left", "right")
    widths = [each / TWIPS - side for each in grid_widths(table)]
    return FormMeasures(
        width=area.width,
        height=area.height,
        above=tuple(_above(table, styles)),
        head=tuple(
            (paragraph, widths[first])
            for first, each in cells_of(head)
            for paragraph in _paragraphs(each, styles)
        ),
        row=least_height(body),
        name=line,
        name_room=widths[column] / line.size,
        around=around + line.around,
        remark=tuple(_remark(table, styles)),
    )


def _above(table: etree._Element, styles: etree._Element) -> Iterator[tuple[MeasuredText, ...]]:
    """What stands above the table: paragraphs, and the rows of other tables."""
    for element in table.itersiblings(preceding=True):
        if element.tag == w("p"):
            yield tuple(_paragraphs(element, styles))
        else:
            yield from (tuple(_paragraphs(row, styles)) for row in element.iter(w("tr")))


def _remark(table: etree._Element, styles: etree._Element) -> Iterator[MeasuredText]:
    """The paragraph behind the table."""
    for element in table.itersiblings(w("p")):
        if not is_added(element):
            yield from _paragraphs(element, styles)
            return


def _paragraphs(element: etree._Element, styles: etree._Element) -> list[MeasuredText]:
    """The paragraphs of an element, but for those of the program's own tags."""
    own = (each for each in element.iter(w("p")) if not is_added(each))
    return [measured_text([each], line_of(each, styles)) for each in own]


def _text(element: etree._Element) -> str:
    return "".join(text for each in element.iter(w("p")) for text in texts(each))


def fitting(
    measures: FormMeasures, names: Iterable[str], context: Mapping[str, Any], most: int
) -> tuple[int, bool]:
    """The number of blank rows behind those of the indicators: one at least, `most` at most.

    Also whether the last indicator has to go to a new page, for there is no room behind it for a
    blank row and the remark: they would stand there alone.
    """
    head = max(text.height(context, across) for text, across in measures.head) + measures.around
    later = measures.height - head - _SPARE
    left = later - sum(
        max(each.height(context, measures.width) for each in row) for row in measures.above if row
    )
    height = 0.0
    for name in names:
        lines = count(name, measures.name_room)
        height = max(measures.row, lines * measures.name.pitch + measures.around)
        left = left - height if height <= left else later - height
    remark = sum(each.height(context, measures.width) for each in measures.remark)
    row = max(measures.row, measures.name.pitch + measures.around)
    new_page = left - remark < row
    if new_page:
        left = later - height
    return min(max(int((left - remark) // row), 1), most), new_page
