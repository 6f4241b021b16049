"""Small steps on Word's XML that several modules take."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from pipeline.ooxml.ns import w


def first_child(element: etree._Element, tag: str) -> etree._Element:
    """The child with a tag; where there is none, a new one in front of the others."""
    child = element.find(tag)
    if child is None:
        child = etree.Element(tag)
        element.insert(0, child)
    return child


def parent_of(element: etree._Element) -> etree._Element:
    """The parent of an element that is no root."""
    parent = element.getparent()
    assert parent is not None, "only a root has no parent"
    return parent


def joined(pieces: Iterable[etree._Element]) -> str:
    """The texts of elements, one after the other."""
    return "".join(piece.text or "" for piece in pieces)


# Marks what the program puts into a template, so that places are counted as a clerk sees them.
# What has it is a tag's row or paragraph, which the template language takes away with the tag.
_ADDED = "added"


def is_added(element: etree._Element) -> bool:
    """Whether the program put a row or a paragraph into the template."""
    return element.get(_ADDED) is not None


def tag_paragraph(tag: str) -> etree._Element:
    """A paragraph for a tag, which goes away with it."""
    paragraph = etree.Element(w("p"), {_ADDED: ""})
    run = etree.SubElement(paragraph, w("r"))
    etree.SubElement(run, w("t")).text = tag
    return paragraph


def tag_row(tag: str) -> etree._Element:
    """A table's row for a tag, which goes away with it."""
    row = etree.Element(w("tr"), {_ADDED: ""})
    cell = etree.SubElement(row, w("tc"))
    cell.append(tag_paragraph(tag))
    return row


def thin_paragraph(*, new_page: bool = False) -> etree._Element:
    """A paragraph as good as invisible, 1 pt high, at the top of a new page where asked for."""
    paragraph = etree.Element(w("p"))
    properties = etree.SubElement(paragraph, w("pPr"))
    if new_page:
        etree.SubElement(properties, w("pageBreakBefore"))
    spacing = etree.SubElement(properties, w("spacing"))
    for name, length in (("before", "0"), ("after", "0"), ("line", "20"), ("lineRule", "exact")):
        spacing.set(w(name), length)
    return paragraph
