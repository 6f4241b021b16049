"""What a template's table of indicators measures, and the table made ready to be fitted to data.

The rows of an edition decide how wide its columns are and where its pages end. For that the widths
become tags, and the table stands in a loop over pages: one table a page, each with the head row.
Word, WPS and LibreOffice all obey a page break between two tables; LibreOffice none inside of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import jinja2
from lxml import etree

from pipeline.layout.breaking import count
from pipeline.layout.indicators import Content, Kind
from pipeline.ooxml.body import grid_span, texts
from pipeline.ooxml.elements import body_of
from pipeline.ooxml.ns import w
from pipeline.word.columns import cells_of, grid_widths, tag_widths
from pipeline.word.elements import tag_paragraph, tag_row, thin_paragraph
from pipeline.word.environment import environment
from pipeline.word.lengths import (
    TWIPS,
    Line,
    border,
    cell_margins,
    least_height,
    line_of,
    text_area,
)

_LOOP = re.compile(r"\{%tr\s+for\s+row\s+in\s+(indicators\.rows)\s*%\}")
_TAG_ROW = re.compile(r"\{%tr\s")

# What a cell's tag shows of a row; a column with anything else keeps its width.
_LEVEL = re.compile(r"row\.(label|score)s\[(\d+)\]")
_FIELD = re.compile(r"row\.(name|unit|leader|section|person|id)\b")
_EXTRA = re.compile(r"row\[[\"'](.+?)[\"']\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredText:
    """A paragraph outside of the table's rows: what it prints, and how it is set."""

    text: jinja2.Template
    line: Line

    def printed(self, context: Mapping[str, Any]) -> str:
        """The text; nothing where a tag fails, which rendering will tell of."""
        try:
            return self.text.render(context)
        except jinja2.TemplateError:
            return ""

    def height(self, context: Mapping[str, Any], across: float) -> float:
        """How high it is where there is so much room from side to side."""
        room = max(across / self.line.size, 1.0)
        return count(self.printed(context), room) * self.line.pitch + self.line.around


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredColumn:
    """A column of a template's table; lengths in pt, no `content` where the data do not decide."""

    width: float
    side: float
    head: MeasuredText
    line: Line
    content: Content | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """A template's table of indicators; lengths in pt.

    `around` is what a row takes beside its lines; `head` and `row` are the least heights of the
    head's and the body's rows, `end` those of the rows with the totals.
    """

    columns: tuple[MeasuredColumn, ...]
    around: float
    head: float
    row: float
    end: tuple[float, ...]
    above: tuple[MeasuredText, ...]
    below: tuple[MeasuredText, ...]
    width: float  # of the text area
    height: float


def measured(root: etree._Element, styles: etree._Element) -> Measures | None:
    """The table over all indicators, made ready; None where the document has none."""
    for table in root.iter(w("tbl")):
        rows = table.findall(w("tr"))
        for number, row in enumerate(rows[:-1]):
            if number and _LOOP.search("".join(texts(row))):
                measures = _measures(root, table, number, styles)
                tag_widths(table, "widths")
                _put_in_pages(table, row)
                return measures
    return None


def _measures(
    root: etree._Element, table: etree._Element, loop: int, styles: etree._Element
) -> Measures:
    """What there is to know of the table, whose loop over rows begins in row `loop`."""
    rows = table.findall(w("tr"))
    area = text_area(next(_sections_after(table), body_of(root)[-1]))
    return Measures(
        columns=tuple(_columns(table, rows[0], rows[loop + 1], styles)),
        around=cell_margins(table, "top", "bottom") + border(table),
        head=sum(least_height(row) for row in rows[:loop]),
        row=least_height(rows[loop + 1]),
        end=tuple(_ends(rows[loop + 2 :], styles)),
        above=tuple(_beside(table, styles, preceding=True)),
        below=tuple(_beside(table, styles, preceding=False)),
        width=area.width,
        height=area.height,
    )


def _sections_after(table: etree._Element) -> Iterator[etree._Element]:
    """The properties of the sections that end after a table; the first is its own."""
    for element in table.itersiblings():
        yield from element.iter(w("sectPr"))


def _ends(rows: Sequence[etree._Element], styles: etree._Element) -> Iterator[float]:
    """The heights of the rows behind the loop, none of them higher than a line."""
    for row in rows:
        if not _TAG_ROW.search("".join(texts(row))):
            line = max((line_of(each, styles).pitch for each in row.iter(w("p"))), default=0)
            yield max(least_height(row), line)


def _beside(
    table: etree._Element, styles: etree._Element, *, preceding: bool
) -> Iterator[MeasuredText]:
    """The paragraphs before or after a table, in its section."""
    for element in table.itersiblings(preceding=preceding):
        is_section_end = next(element.iter(w("sectPr")), None) is not None
        if is_section_end and (preceding or element.tag == w("sectPr")):
            return
        for paragraph in element.iter(w("p")):
            yield measured_text([paragraph], line_of(paragraph, styles))
        if is_section_end:
            return


def _columns(
    table: etree._Element, head: etree._Element, body: etree._Element, styles: etree._Element
) -> Iterator[MeasuredColumn]:
    """The columns as the head's and the body row's cells have them."""
    heads, bodies = _by_column(head), _by_column(body)
    side = cell_margins(table, "left", "right")
    for number, twips in enumerate(grid_widths(table)):
        heading, cell = heads.get(number), bodies.get(number)
        paragraphs = [] if heading is None else [*heading.iter(w("p"))]
        yield MeasuredColumn(
            width=twips / TWIPS,
            side=side,
            head=measured_text(paragraphs, _line(heading, styles)),
            line=_line(cell, styles),
            content=None if cell is None else _content("".join(texts(cell))),
        )


def measured_text(paragraphs: Sequence[etree._Element], line: Line) -> MeasuredText:
    """Some paragraphs as the text that they print; what cannot be told takes a line."""
    text = "\n".join(typed for each in paragraphs for typed in _lines(each))
    try:
        return MeasuredText(text=_TEXTS.from_string(text), line=line)
    except jinja2.TemplateSyntaxError:  # a tag that goes on elsewhere
        return MeasuredText(text=_TEXTS.from_string(""), line=line)


_TEXTS = environment([])


def _by_column(row: etree._Element) -> dict[int, etree._Element]:
    """Grid column → the cell that covers it alone."""
    return {column: cell for column, cell in cells_of(row) if grid_span(cell) == 1}


def _content(tag: str) -> Content | None:
    """What a cell's tag shows of a row; None for anything else."""
    if match := _LEVEL.search(tag):
        return Content(cast("Kind", match[1]), level=int(match[2]))
    if match := _FIELD.search(tag):
        return Content(cast("Kind", match[1]))
    if match := _EXTRA.search(tag):
        return Content("extra", heading=match[1])
    return None


def _lines(paragraph: etree._Element) -> Iterator[str]:
    """The lines of a paragraph as it is typed."""
    line = ""
    for element in paragraph.iter(w("t"), w("br")):
        if element.tag == w("br"):
            yield line
            line = ""
        else:
            line += element.text or ""
    yield line


def _line(cell: etree._Element | None, styles: etree._Element) -> Line:
    """How a cell's text is set."""
    return line_of(None if cell is None else next(cell.iter(w("p"))), styles)


def _put_in_pages(table: etree._Element, loop: etree._Element) -> None:
    """Let a table stand once a page, with that page's rows; what follows these, on the last."""
    for words in loop.iter(w("t")):
        words.text = _LOOP.sub("{%tr for row in page %}", words.text or "")
    end = next(row for row in loop.itersiblings() if "endfor" in "".join(texts(row)))
    if end.getnext() is not None:
        end.addnext(tag_row("{%tr if loop.last %}"))
        table.append(tag_row("{%tr endif %}"))
    for element in (
        tag_paragraph("{%p for page in pages %}"),
        tag_paragraph("{%p if not loop.first %}"),
        thin_paragraph(new_page=True),
        tag_paragraph("{%p endif %}"),
    ):
        table.addprevious(element)
    table.addnext(tag_paragraph("{%p endfor %}"))
