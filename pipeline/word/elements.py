"""Small steps on Word's XML that several modules take."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree


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
