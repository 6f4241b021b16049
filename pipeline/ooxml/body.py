"""The content of a Word part as paragraphs, tables and sections, in reading order.

Walks the XML itself: python-docx skips content controls and tracked insertions, shifts the columns
of a row that has them, and needs seconds for tables that take milliseconds here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from pipeline.ooxml.ns import w

_BREAKS = {w("br"): "\n", w("cr"): "\n", w("tab"): "\t", w("ptab"): "\t", w("noBreakHyphen"): "-"}
MOST_COLUMNS = 63  # of a table in Word
_PARAGRAPH, _TABLE = w("p"), w("tbl")
_STYLE, _SECTION = f"{w('pPr')}/{w('pStyle')}", f"{w('pPr')}/{w('sectPr')}"
_MERGE, _SPAN = f"{w('tcPr')}/{w('vMerge')}", f"{w('tcPr')}/{w('gridSpan')}"
# Deleted text, field codes and the text of boxes do not belong to the paragraph around them.
_SKIPPED = {w("del"), w("moveFrom"), w("instrText"), w("delText"), w("txbxContent")}
# Wrappers that show nothing of their own: content controls, tracked insertions, smart tags.
_WRAPPERS = {w("sdt"), w("sdtContent"), w("ins"), w("moveTo"), w("smartTag"), w("customXml")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph: the id of its style and its text, breaks as line feeds, tabs as tabs."""

    style: str
    text: str
    element: etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class WordCell:
    """A cell: its paragraphs' texts, the columns it covers, how it is merged downwards."""

    paragraphs: tuple[str, ...]
    span: int
    merge: str  # "", "restart" or "continue"
    element: etree._Element

    @property
    def text(self) -> str:
        """The paragraphs as lines; nothing for a cell that continues the one above."""
        return "" if self.merge == "continue" else "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRow:
    """A table's row."""

    cells: tuple[WordCell, ...]
    header: bool
    element: etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTable:
    """A table."""

    rows: tuple[WordRow, ...]
    element: etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The end of a section: its properties hold for everything before it."""

    element: etree._Element


Block: TypeAlias = Paragraph | WordTable | Section


def blocks(container: etree._Element) -> Iterator[Block]:
    """What a body, header, footer or text box contains."""
    for child in unwrapped(container):
        if child.tag == w("p"):
            yield paragraph(child)
            section = child.find(_SECTION)
            if section is not None:
                yield Section(element=section)
        elif child.tag == w("tbl"):
            yield table(child)
        elif child.tag == w("sectPr"):
            yield Section(element=child)


def unwrapped(container: etree._Element) -> Iterator[etree._Element]:
    """The children, those inside wrappers in place of the wrappers."""
    for child in container:
        if child.tag in _WRAPPERS:
            yield from unwrapped(child)
        else:
            yield child


def paragraph(element: etree._Element) -> Paragraph:
    """A `w:p`."""
    style = element.find(_STYLE)
    return Paragraph(
        style="" if style is None else style.get(w("val"), ""),
        text="".join(texts(element)),
        element=element,
    )


def texts(element: etree._Element) -> Iterator[str]:
    """The visible pieces of text below an element, in order."""
    for child in element:
        if child.tag == w("t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _SKIPPED and child.tag != w("pPr"):
            yield from texts(child)


def _children(container: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The children with a tag, those inside wrappers too."""
    return (child for child in unwrapped(container) if child.tag == tag)


def table(element: etree._Element) -> WordTable:
    """A `w:tbl`."""
    return WordTable(rows=tuple(map(row, _children(element, w("tr")))), element=element)


def row(element: etree._Element) -> WordRow:
    """A `w:tr`."""
    return WordRow(
        cells=tuple(map(cell, _children(element, w("tc")))),
        header=element.find(f"{w('trPr')}/{w('tblHeader')}") is not None,
        element=element,
    )


def cell(element: etree._Element) -> WordCell:
    """A `w:tc`; tables inside it give their cells' texts as further lines."""
    merge = element.find(_MERGE)
    return WordCell(
        paragraphs=tuple(lines(element)),
        span=grid_span(element),
        merge="" if merge is None else merge.get(w("val"), "continue"),
        element=element,
    )


def grid_span(element: etree._Element) -> int:
    """The grid columns that a `w:tc` covers."""
    span = element.find(_SPAN)
    return 1 if span is None else min(max(int(span.get(w("val"), "1")), 1), MOST_COLUMNS)


def lines(container: etree._Element) -> Iterator[str]:
    """The texts of the paragraphs in a cell or box, and of the tables in it.

    No `Paragraph` is made of them: documents have thousands of cells.
    """
    for child in unwrapped(container):
        if child.tag == _PARAGRAPH:
            yield "".join(texts(child))
        elif child.tag == _TABLE:
            for inner_row in table(child).rows:
                for inner_cell in inner_row.cells:
                    yield from inner_cell.paragraphs
