"""What the cells and paragraphs of a form hold: text, boxes, pictures, controls with their tags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.forms import control_tags
from pipeline.forms.control_tags import HEADER, ControlTag
from pipeline.forms.parsing.heads import filled
from pipeline.ooxml.body import WordRow, lines, texts
from pipeline.ooxml.ns import w

_PICTURES = (w("drawing"), w("pict"), w("object"))
_SPECIAL = (*_PICTURES, w("txbxContent"), w("tbl"))
_TAG = f"{w('sdtPr')}/{w('tag')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContent:
    """A row with the texts of its cells, boxes included, and the control tags in each.

    `special`: it holds boxes, pictures or tables, which few rows do.
    """

    row: WordRow
    texts: tuple[str, ...]
    tags: tuple[tuple[ControlTag, ...], ...]
    special: bool


def row_content(row: WordRow) -> RowContent:
    """A row with what it holds; only the few that need it are searched cell by cell."""
    special = _has(row.element, *_SPECIAL)
    tagged = _has(row.element, w("tag"))
    return RowContent(
        row=row,
        texts=tuple(
            "\n".join([*cell.paragraphs, *(boxes(cell.element) if special else ())])
            for cell in row.cells
        ),
        tags=tuple(tuple(tags_of(cell.element)) if tagged else () for cell in row.cells),
        special=special,
    )


def _has(element: etree._Element, *tags: str) -> bool:
    return next(element.iter(*tags), None) is not None


def boxes(element: etree._Element) -> Iterator[str]:
    """The lines in the text boxes below an element."""
    for box in element.iter(w("txbxContent")):
        yield from lines(box)


def has_picture(element: etree._Element) -> bool:
    """Whether an element holds a picture or an object, beyond boxes with text."""
    return any(map(_is_picture, element.iter(*_PICTURES)))


def _is_picture(element: etree._Element) -> bool:
    return not _has(element, w("txbxContent"))


def has_table(element: etree._Element) -> bool:
    """Whether an element holds a table."""
    return element.find(f".//{w('tbl')}") is not None


def tags_of(element: etree._Element) -> list[ControlTag]:
    """The tags of the controls in an element, and of those that it stands in as a cell."""
    found = [*_tags_around(element), *element.iter(w("tag"))]
    return list(filter(None, map(_parsed, found)))


def _tags_around(element: etree._Element) -> Iterator[etree._Element]:
    """The tags of the controls around an element, no further than its row."""
    for around in element.iterancestors(w("sdt"), w("tr")):
        if around.tag == w("tr"):
            return
        tag = around.find(_TAG)
        if tag is not None:
            yield tag


def _parsed(tag: etree._Element) -> ControlTag | None:
    return control_tags.parse(tag.get(w("val"), ""))


def header_values(element: etree._Element) -> dict[str, str]:
    """Field of the header → the text in its control, whatever became of the label before it."""
    found: dict[str, str] = {}
    for control in element.iter(w("sdt")):
        field = _header_field(control)
        content = control.find(w("sdtContent"))
        if field and content is not None:
            found[field] = "".join(texts(content)).strip()
    return filled(found)


def _header_field(control: etree._Element) -> str | None:
    """The field of the header that a control is for."""
    tag = _tag_of(control)
    return tag.field if tag is not None and tag.field in HEADER else None


def _tag_of(control: etree._Element) -> ControlTag | None:
    element = control.find(_TAG)
    return None if element is None else _parsed(element)
