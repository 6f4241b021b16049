"""Bringing the styles of one document into another without changing the look of either.

Templates share a base, so most styles are equal and stay one. A style that somebody changed in
one template only, or that builds on such a one, comes in under a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy

from lxml import etree

from pipeline.ooxml.ns import w
from pipeline.word.elements import first_child

_REFERENCES = tuple(w(name) for name in ("pStyle", "rStyle", "tblStyle"))
_LINKS = (w("basedOn"), w("next"), w("link"), w("styleLink"), w("numStyleLink"))


def import_styles(target: etree._Element, source: etree._Element, suffix: str) -> dict[str, str]:
    """Add to `target` (w:styles) what it lacks of `source`; returns old id → new id."""
    present = _by_id(target)
    lacking = _lacking(present, source)
    new_ids = {old: f"{old}-{suffix}" for old in lacking if old in present}
    for style in source.iter(w("style")):
        if _id(style) in lacking:
            target.append(_renamed(style, new_ids, suffix))
    return new_ids


def rename_styles(
    root: etree._Element, new_ids: Mapping[str, str], defaults: etree._Element
) -> None:
    """Let everything below `root` use the new ids.

    `defaults` are the styles (w:styles) that `root` was written for: what names no style there
    has that document's default one, which must now be named.
    """
    for element in root.iter(*_REFERENCES):
        _swap(element, new_ids)
    for kind, holder, name in (("paragraph", w("p"), "p"), ("table", w("tbl"), "tbl")):
        default = _default(defaults, kind)
        if default in new_ids:
            _name_default(root.iter(holder), name, new_ids[default])


def _id(style: etree._Element) -> str:
    return style.get(w("styleId"), "")


def _by_id(styles: etree._Element) -> dict[str, etree._Element]:
    """Id → style."""
    return {_id(style): style for style in styles.iter(w("style"))}


def _lacking(present: Mapping[str, etree._Element], source: etree._Element) -> set[str]:
    """The ids of styles in `source` that are new, differ, or build on one that does."""
    styles = _by_id(source)
    lacking = {id_ for id_, style in styles.items() if not _equal(style, present.get(id_))}
    more = lacking
    while more:
        more = {id_ for id_, style in styles.items() if _base(style) in lacking} - lacking
        lacking |= more
    return lacking


def _equal(style: etree._Element, other: etree._Element | None) -> bool:
    """Whether two styles are written alike."""
    return other is not None and _canonical(style) == _canonical(other)


def _canonical(style: etree._Element) -> bytes:
    """A style as canonical XML."""
    return etree.tostring(style, method="c14n", exclusive=True)


def _base(style: etree._Element) -> str:
    base = style.find(w("basedOn"))
    return "" if base is None else base.get(w("val"), "")


def _renamed(style: etree._Element, new_ids: Mapping[str, str], suffix: str) -> etree._Element:
    """A copy of a style that refers to others by their new ids, under its own new id and name."""
    twin = deepcopy(style)
    for element in twin.iter(*_LINKS):
        _swap(element, new_ids)
    if _id(style) in new_ids:
        twin.set(w("styleId"), new_ids[_id(style)])
        twin.attrib.pop(w("default"), "")
        twin.set(w("customStyle"), "1")
        name = twin.find(w("name"))
        if name is not None:
            name.set(w("val"), f"{name.get(w('val'))}（{suffix}）")
    return twin


def _swap(element: etree._Element, new_ids: Mapping[str, str]) -> None:
    old = element.get(w("val"), "")
    element.set(w("val"), new_ids.get(old, old))


def _default(styles: etree._Element, kind: str) -> str:
    """The id of the default style of a kind, empty where there is none."""
    for style in styles.iter(w("style")):
        if style.get(w("type")) == kind and style.get(w("default")) in {"1", "true", "on"}:
            return _id(style)
    return ""


def _name_default(holders: Iterable[etree._Element], name: str, style: str) -> None:
    """Let the paragraphs or tables that name no style name this one."""
    for holder in holders:
        properties = first_child(holder, w(f"{name}Pr"))
        if properties.find(w(f"{name}Style")) is None:
            reference = etree.Element(w(f"{name}Style"))
            reference.set(w("val"), style)
            properties.insert(0, reference)
