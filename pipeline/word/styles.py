"""Bringing the styles of one document into another without changing the look of either.

Templates share a base, so most styles are equal and stay one. A style that somebody changed in
one template only, or that builds on such a one, comes in under a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy

from lxml import etree

from pipeline.ooxml.ns import w

_REFERENCES = tuple(w(name) for name in ("pStyle", "rStyle", "tblStyle"))
_LINKS = (w("basedOn"), w("next"), w("link"), w("styleLink"), w("numStyleLink"))


def import_styles(target: etree._Element, source: etree._Element, suffix: str) -> dict[str, str]:
    """Add to `target` (w:styles) what it lacks of `source`; returns old id → new id."""
    known = {_id(style): style for style in target.iter(w("style"))}
    changed = _changed(known, source)
    new_ids = {old: f"{old}-{suffix}" if old in known else old for old in changed}
    for style in source.iter(w("style")):
        if _id(style) in changed:
            target.append(_renamed(style, new_ids, suffix, taken=_id(style) in known))
    return {old: new for old, new in new_ids.items() if old != new}


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


def _changed(known: Mapping[str, etree._Element], source: etree._Element) -> set[str]:
    """The ids of styles that are new, differ, or build on one that does."""
    styles = {_id(style): style for style in source.iter(w("style"))}
    changed = {
        id_ for id_, style in styles.items() if id_ not in known or not _equal(style, known[id_])
    }
    while True:
        more = {id_ for id_, style in styles.items() if _base(style) in changed} - changed
        if not more:
            return changed
        changed |= more


def _equal(one: etree._Element, other: etree._Element) -> bool:
    first, second = (etree.tostring(s, method="c14n", exclusive=True) for s in (one, other))
    return first == second


def _base(style: etree._Element) -> str:
    base = style.find(w("basedOn"))
    return "" if base is None else base.get(w("val"), "")


def _renamed(
    style: etree._Element, new_ids: Mapping[str, str], suffix: str, *, taken: bool
) -> etree._Element:
    twin = deepcopy(style)
    for element in twin.iter(*_LINKS):
        _swap(element, new_ids)
    if taken:
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
    for style in styles.iter(w("style")):
        if style.get(w("type")) == kind and style.get(w("default")) in {"1", "true", "on"}:
            return _id(style)
    return ""


def _name_default(holders: Iterable[etree._Element], name: str, style: str) -> None:
    for holder in holders:
        properties = holder.find(w(f"{name}Pr"))
        if properties is None:
            properties = etree.Element(w(f"{name}Pr"))
            holder.insert(0, properties)
        if properties.find(w(f"{name}Style")) is None:
            reference = etree.Element(w(f"{name}Style"))
            reference.set(w("val"), style)
            properties.insert(0, reference)
