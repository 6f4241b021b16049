"""The edition's layout switches over a template's look.

The figures are those of GB/T 9704-2012: margins 37/26/35/28 mm on portrait pages (5.2), the same
sides turned on landscape ones (8), the page number 7 mm under the type area (7.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from lxml import etree

from pipeline.ooxml.elements import value
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import Parts, parse, serialize
from pipeline.word.columns import fit_table

if TYPE_CHECKING:
    from pipeline.tables.annexes import Orientation
    from pipeline.tables.settings import Layout

TITLE_STYLE = "附件标题"

# Where each side of a turned page comes from: a landscape page is a portrait page turned
# anticlockwise, so that its top is at the binding.
_TURNED = {
    "landscape": {"top": "left", "right": "top", "bottom": "right", "left": "bottom"},
    "portrait": {"top": "right", "right": "bottom", "bottom": "left", "left": "top"},
}
# From the page's edge to the footer, twips: 23 mm leaves 7 mm under the type area.
_FOOTER = {"portrait": "1307", "landscape": "737"}
_STANDARD_NUMBER = {"portrait": "upright", "landscape": "turned"}
_FONT_ATTRIBUTES = tuple(w(name) for name in ("ascii", "hAnsi", "eastAsia", "cs"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What an edition may choose for one annex; the defaults leave the template as it is."""

    orientation: Orientation | None = None
    page_number: Literal["standard", "plain"] = "standard"
    title_size: Decimal | None = None  # pt
    fonts: tuple[tuple[str, str], ...] = ()  # template's font, house font


def switches_of(layout: Layout, orientation: Orientation | None = None) -> Switches:
    """What an edition's layout chooses for a template whose pages it turns so."""
    return Switches(
        orientation=orientation,
        page_number=layout.page_number,
        title_size=layout.title_size,
        fonts=tuple(sorted(layout.fonts.items())),
    )


def turn(root: etree._Element, orientation: Orientation | None) -> None:
    """Turn every page that is not so already, and fit the tables to the new width."""
    for section in root.iter(w("sectPr")):
        if orientation is None or _orientation(section) == orientation:
            continue
        before = _text_width(section)
        _turn_section(section, orientation)
        _fit_tables(root, _text_width(section) / before)


def _fit_tables(root: etree._Element, factor: float) -> None:
    for table in root.iter(w("tbl")):
        fit_table(table, factor)


def page_number(root: etree._Element, style: Literal["standard", "plain"]) -> str:
    """How the page number stands: plain, upright on portrait pages, turned on landscape ones."""
    if style == "plain":
        return "plain"
    last = list(root.iter(w("sectPr")))[-1]
    return _STANDARD_NUMBER[_orientation(last)]


def with_title_size(parts: Parts, size: Decimal | None) -> Parts:
    """The parts with the title style in another size (pt)."""
    if size is None:
        return parts
    root = parse(parts["word/styles.xml"])
    for style in root.iter(w("style")):
        if value(style, "name") == TITLE_STYLE:
            _set_size(style, size)
    return {**parts, "word/styles.xml": serialize(root)}


def _set_size(style: etree._Element, size: Decimal) -> None:
    for element in style.iter(w("sz"), w("szCs")):
        element.set(w("val"), str(round(size * 2)))


def with_fonts(parts: Parts, fonts: Mapping[str, str]) -> Parts:
    """The parts with fonts replaced wherever they are named."""
    if not fonts:
        return parts
    replaced = dict(parts)
    for name, data in parts.items():
        if _is_of_document(name):
            replaced[name] = _with_fonts(data, fonts)
    return replaced


def _is_of_document(name: str) -> bool:
    """Whether a part, by its name, is XML that can name a font."""
    return name.startswith("word/") and name.endswith(".xml")


def _with_fonts(data: bytes, fonts: Mapping[str, str]) -> bytes:
    """A part of the document with its fonts replaced."""
    root = parse(data)
    for element in root.iter(w("rFonts")):
        for attribute in _FONT_ATTRIBUTES:
            _replace(element, attribute, fonts)
    for element in root.iter(w("font")):
        _replace(element, w("name"), fonts)
    return serialize(root)


def _replace(element: etree._Element, attribute: str, fonts: Mapping[str, str]) -> None:
    """Put another font's name into an attribute where `fonts` has one for it."""
    font = element.get(attribute, "")
    if font in fonts:
        element.set(attribute, fonts[font])


def _orientation(section: etree._Element) -> Orientation:
    size = _child(section, "pgSz")
    wide = int(size.get(w("w"), "0")) > int(size.get(w("h"), "0"))
    return "landscape" if wide else "portrait"


def _text_width(section: etree._Element) -> float:
    size, margins = _child(section, "pgSz"), _child(section, "pgMar")
    sides = (margins.get(w("left"), "0"), margins.get(w("right"), "0"))
    return int(size.get(w("w"), "0")) - sum(map(int, sides))


def _turn_section(section: etree._Element, orientation: Orientation) -> None:
    """Turn a page with its margins."""
    size, margins = _child(section, "pgSz"), _child(section, "pgMar")
    width, height = size.get(w("w"), ""), size.get(w("h"), "")
    size.set(w("w"), height)
    size.set(w("h"), width)
    size.set(w("orient"), orientation)
    old = {side: margins.get(w(side), "0") for side in ("top", "right", "bottom", "left")}
    for side, source in _TURNED[orientation].items():
        margins.set(w(side), old[source])
    margins.set(w("footer"), _FOOTER[orientation])


def _child(section: etree._Element, name: str) -> etree._Element:
    child = section.find(w(name))
    return etree.SubElement(section, w(name)) if child is None else child
