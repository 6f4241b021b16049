"""Vertically merged cells: `{{ label|merge }}` in a template's cell.

docxtpl's own tag for this follows the innermost loop, so that a second label level splits the
first. Here the data says where a merged cell begins and how many rows it covers, and any number
of levels works. The filter is ordinary jinja2, so that other tools can still read the template.
"""

from __future__ import annotations

import re
from typing import Protocol

from lxml import etree
from markupsafe import Markup

from pipeline.ooxml.body import texts
from pipeline.ooxml.elements import remove_all
from pipeline.ooxml.ns import w
from pipeline.word.elements import first_child

# What may stand before vMerge in a cell's properties (ECMA-376, 17.4.70).
_BEFORE = {w("cnfStyle"), w("tcW"), w("gridSpan"), w("hMerge")}
_TAG = re.compile(r"\{\{((?:(?!\}\}).)*?)\|\s*merge\s*\}\}", re.DOTALL)


_ALONE, _RESTART, _CONTINUE = map(Markup, ("", '<w:vMerge w:val="restart"/>', "<w:vMerge/>"))


class Mergeable(Protocol):
    """A label cell's value; `first` of the `span` rows that the merged cell covers prints it."""

    text: str
    first: bool
    span: int


def merge(label: Mergeable) -> str:
    """The cell's text: printed where the merged cell begins, nothing where it goes on."""
    return label.text if label.first else ""


def merge_property(label: Mergeable) -> Markup:
    """The cell's vMerge: nothing for a cell of one row."""
    if label.span == 1:
        return _ALONE
    return _RESTART if label.first else _CONTINUE


FILTERS = (("merge", merge), ("merge_property", merge_property))


def expand_merges(root: etree._Element) -> None:
    """Give each cell with a merge filter the tag that writes its merge property."""
    for cell in root.iter(w("tc")):
        tag = _TAG.search("".join(texts(cell)))
        if tag is not None:
            _add_property(cell, f"{{{{{tag[1]}|merge_property }}}}")


def _add_property(cell: etree._Element, tag: str) -> None:
    """Put a tag among a cell's properties, where its vMerge would be."""
    properties = first_child(cell, w("tcPr"))
    remove_all(properties.findall(w("vMerge")))
    before = [child for child in properties if child.tag in _BEFORE]
    if before:
        before[-1].tail = tag
    else:
        properties.text = tag
