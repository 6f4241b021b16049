"""What Word and WPS leave in a template that must not be repeated in every row of a document."""

from __future__ import annotations

from lxml import etree

from pipeline.ooxml.elements import having, remove, remove_all
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
    remove_all(root.iter(*_ELEMENTS))
    for start in list(having(root, "bookmarkStart", "name", "_GoBack")):
        _remove_bookmark(root, start)
    for element in root.iter():
        _remove_identities(element)


def _remove_identities(element: etree._Element) -> None:
    for name in filter(_is_identity, list(element.attrib)):
        del element.attrib[name]


def _is_identity(attribute: str | bytes) -> bool:
    """Whether an attribute tells a paragraph, or a session of editing, from others."""
    return attribute in _ATTRIBUTES or str(attribute).startswith(_RSID)


def _remove_bookmark(root: etree._Element, start: etree._Element) -> None:
    """Remove both ends of a bookmark."""
    remove_all(having(root, "bookmarkEnd", "id", start.get(w("id"))))
    remove(start)
