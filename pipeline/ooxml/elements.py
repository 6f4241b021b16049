"""Small steps on a part's XML that several modules take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from pipeline.ooxml.ns import path, w


def value(element: etree._Element, names: str, attribute: str = "val") -> str:
    """An attribute of what is at a path such as rPr/sz; empty where there is none."""
    found = element.find(path(names))
    return "" if found is None else found.get(w(attribute), "")


def having(
    root: etree._Element, name: str, attribute: str, wanted: str | None
) -> Iterator[etree._Element]:
    """The elements with a name that have the wanted value in an attribute."""
    for element in root.iter(w(name)):
        if element.get(w(attribute)) == wanted:
            yield element


def remove(element: etree._Element) -> None:
    """Take an element out of its parent, keeping nothing of it."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def remove_all(elements: Iterable[etree._Element]) -> None:
    """Take elements out of their parents; all are found before the first is taken."""
    for element in list(elements):
        remove(element)


def body_of(document: etree._Element) -> etree._Element:
    """The body of a document part."""
    body = document.find(w("body"))
    assert body is not None, "a document part has a body (ECMA-376, 17.2.2)"
    return body


def is_external(relationship: etree._Element) -> bool:
    """Whether what a relationship leads to is no part of the package."""
    return relationship.get("TargetMode") == "External"
