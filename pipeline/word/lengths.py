"""Lengths in a template, in points: type sizes, line pitches, what a page has room for.

A paragraph's own properties come first, then those of its style and of the styles below it, then
the document's defaults (ECMA-376, 17.7.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.ooxml.elements import having, value
from pipeline.ooxml.ns import w

TWIPS = 20  # in a point
_DEFAULT_SIZE, _DEFAULT_SIDE = 10.0, 108.0  # pt, and twips of both sides of a cell together
_NATURAL = 1.45  # of the type's size: how high a line is by the fonts themselves, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How a paragraph is set: `size` of its type, from line to line, and what is around it."""

    size: float
    pitch: float
    around: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextArea:
    """What a page has room for between its margins."""

    width: float
    height: float


def line_of(paragraph: etree._Element | None, styles: etree._Element) -> Line:
    """How a paragraph is set; the document's default where there is none."""
    layers = [*_layers(paragraph, styles)]
    size = _first(layers, "sz", "val")
    points = float(size) / 2 if size else _DEFAULT_SIZE
    around = sum(float(_first(layers, "spacing", side) or 0) for side in ("before", "after"))
    return Line(size=points, pitch=_pitch(layers, points), around=around / TWIPS)


def said_of(paragraph: etree._Element, styles: etree._Element, name: str, attribute: str) -> str:
    """What holds of a paragraph's property, such as jc and val; empty where nothing says."""
    return _first([*_layers(paragraph, styles)], name, attribute)


def text_area(section: etree._Element) -> TextArea:
    """The text area of a section's pages."""

    def across(size: str, *margins: str) -> float:
        sides = sum(abs(float(value(section, "pgMar", each) or 0)) for each in margins)
        return (float(value(section, "pgSz", size) or 0) - sides) / TWIPS

    return TextArea(width=across("w", "left", "right"), height=across("h", "top", "bottom"))


def cell_margins(table: etree._Element, *sides: str) -> float:
    """What a table's cells keep free on these sides, together."""
    margins = table.find(f"{w('tblPr')}/{w('tblCellMar')}")
    if margins is None:
        return _DEFAULT_SIDE / TWIPS if "left" in sides else 0.0
    return sum(float(value(margins, name, "w") or 0) for name in sides) / TWIPS


def border(table: etree._Element) -> float:
    """The line between two rows of a table; its width is in eighths of a point (17.4.22)."""
    return float(value(table, "tblPr/tblBorders/insideH", "sz") or 4) / 8


def least_height(row: etree._Element) -> float:
    """How high a row is at least."""
    return float(value(row, "trPr/trHeight") or 0) / TWIPS


def _layers(paragraph: etree._Element | None, styles: etree._Element) -> Iterator[etree._Element]:
    """What can say how a paragraph is set, the nearest first."""
    style = ""
    if paragraph is not None:
        yield from paragraph.iter(w("rPr"))  # of its runs, and of its mark
        yield from paragraph.findall(w("pPr"))
        style = value(paragraph, "pPr/pStyle")
    if not style:
        style = next(_default_styles(styles), "")
    seen: set[str] = set()
    while style and style not in seen:
        seen.add(style)
        found = next(having(styles, "style", "styleId", style), None)
        if found is None:
            break
        yield from (*found.findall(w("rPr")), *found.findall(w("pPr")))
        style = value(found, "basedOn")
    for kind in ("rPr", "pPr"):
        yield from styles.iterfind(f"{w('docDefaults')}/{w(f'{kind}Default')}/{w(kind)}")


def _default_styles(styles: etree._Element) -> Iterator[str]:
    """The id of the style of paragraphs that name none."""
    for style in having(styles, "style", "type", "paragraph"):
        if style.get(w("default")) in {"1", "true", "on"}:
            yield style.get(w("styleId"), "")


def _first(layers: list[etree._Element], path: str, attribute: str) -> str:
    """What the nearest layer says of a property, empty where none says anything."""
    return next(filter(None, (value(layer, path, attribute) for layer in layers)), "")


def _pitch(layers: list[etree._Element], size: float) -> float:
    """From line to line; a line at least so high, or by its fonts, is reckoned at their highest."""
    line = float(_first(layers, "spacing", "line") or 240)
    match _first(layers, "spacing", "lineRule"):
        case "exact":
            return line / TWIPS
        case "atLeast":
            return max(line / TWIPS, size * _NATURAL)
        case _:
            return line / 240 * size * _NATURAL
