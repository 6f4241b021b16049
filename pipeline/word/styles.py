"""Bringing the styles of one document into another without changing the look of either.

Templates share a base, so most styles are equal and stay one. A style that somebody changed in
one template only, or that builds on such a one, comes in under a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy

from lxml import etree

from pipeline.ooxml.elements import having, value
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
    _swap(root.iter(*_REFERENCES), new_ids)
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
        building = {id_ for id_, style in styles.items() if value(style, "basedOn") in lacking}
        more = building - lacking
        lacking |= more
    return lacking


def _equal(style: etree._Element, other: etree._Element | None) -> bool:
    """Whether two styles are written alike."""
    return other is not None and _canonical(style) == _canonical(other)


def _canonical(style: etree._Element) -> bytes:
    """A style as canonical XML."""
    return etree.tostring(style, method="c14n", exclusive=True)


def _renamed(style: etree._Element, new_ids: Mapping[str, str], suffix: str) -> etree._Element:
    """A copy of a style that refers to others by their new ids, under its own new id and name."""
    twin = deepcopy(style)
    _swap(twin.iter(*_LINKS), new_ids)
    if _id(style) in new_ids:
        _rename(twin, new_ids[_id(style)], suffix)
    return twin


def _rename(style: etree._Element, new_id: str, suffix: str) -> None:
    """Give a style another id and name; it is none of Word's own any more."""
    style.set(w("styleId"), new_id)
    style.attrib.pop(w("default"), "")
    style.set(w("customStyle"), "1")
    name = style.find(w("name"))
    if name is not None:
        name.set(w("val"), f"{name.get(w('val'))}（{suffix}）")


def _swap(references: Iterable[etree._Element], new_ids: Mapping[str, str]) -> None:
    """Let references to styles use the new ids."""
    for reference in references:
        old = reference.get(w("val"), "")
        reference.set(w("val"), new_ids.get(old, old))


def _default(styles: etree._Element, kind: str) -> str:
    """The id of the default style of a kind, empty where there is none."""
    for style in having(styles, "style", "type", kind):
        if style.get(w("default")) in {"1", "true", "on"}:
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
