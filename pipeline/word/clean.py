"""What Word and WPS leave in a template that must not be repeated in every row of a document."""

from __future__ import annotations

from lxml import etree

from pipeline.ooxml.ns import W_URI, w

_WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_ELEMENTS = (w("proofErr"), w("lastRenderedPageBreak"))
_RSID = f"{{{W_URI}}}rsid"
_ATTRIBUTES = (f"{_WORD_2010}paraId", f"{_WORD_2010}textId")


def clean(root: etree._Element) -> None:
    """Drop spelling marks, page-break memories, editing identities and the cursor's bookmark.

    A paragraph identity or a bookmark may stand only once in a document; inside a loop it would
    stand in every turn. They carry nothing that anybody sees.
    """
    for element in list(root.iter(*_ELEMENTS)):
        _remove(element)
    for start in list(root.iter(w("bookmarkStart"))):
        if start.get(w("name")) == "_GoBack":
            _remove_bookmark(root, start)
    for element in root.iter():
        for name in filter(_is_identity, list(element.attrib)):
            del element.attrib[name]


def _is_identity(attribute: str | bytes) -> bool:
    """Whether an attribute tells a paragraph, or a session of editing, from others."""
    return attribute in _ATTRIBUTES or str(attribute).startswith(_RSID)


def _remove_bookmark(root: etree._Element, start: etree._Element) -> None:
    """Remove both ends of a bookmark."""
    number = start.get(w("id"))
    for end in list(root.iter(w("bookmarkEnd"))):
        if end.get(w("id")) == number:
            _remove(end)
    _remove(start)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
