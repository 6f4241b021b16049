"""A document as its readers see it: changes accepted, placeholders and hidden text gone.

`accept` changes the tree, so that everything after it reads plain paragraphs and cells. What
Word shows without its being text in the file (list numbers, symbols, formulas) becomes text; what
cannot become text is told. Source: ECMA-376, part 1, 17.13.5 (revisions), 17.5.2.39 (placeholders),
17.3.2.41 (hidden text), 17.3.3.30 (symbols).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from pipeline.ooxml.body import texts
from pipeline.ooxml.ns import M_URI, w

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = f"{{{M_URI}}}"
_DELETED = (w("del"), w("moveFrom"))
_ADDED = (w("ins"), w("moveTo"))
_MARKS = (*_DELETED, *_ADDED)
# What may say something and is not read.
_UNREAD = (
    ((w("ddList"), w("checkBox")), "有旧式的下拉框或复选框，选了什么没有收"),
    ((w("altChunk"),), "里面嵌着另一个文件，没有收"),
)
# What Word shows in an empty control. The switch that says so stays on when other programs write
# into the control.
_PLACEHOLDER = re.compile("(?:单击|点击|轻触).{0,12}(?:输入|选择).{0,8}[。.]?|(?:Click|Tap) .*")
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_RAISED: dict[str, dict[int, int]] = {
    "superscript": _SUPERSCRIPTS,
    "subscript": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}

# The signs that forms are ticked with, of the fonts that Word offers for it.
_SYMBOLS = {
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0xA8): "☐",
    ("wingdings 2", 0x50): "✓",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0xA3): "☐",
}


def accept(root: etree._Element) -> list[str]:
    """Turn the tree into what its readers see; returns what is worth telling about it."""
    told = []
    if next(root.iter(*_MARKS, w("cellDel"), w("cellIns")), None) is not None:
        told.append("有修订，按全部接受以后的样子读")
        _accept_rows_and_cells(root)
        _join_paragraphs(root)
        _drop(each for each in root.iter(*_DELETED) if not _is_property(each))
    _choose(root)
    _drop_copies(root)
    _empty_placeholders(root)
    if hidden := _drop_hidden(root):
        told.append(f"有隐藏的文字，没有收：{hidden}")
    if any(map(is_on, root.iter(w("strike"), w("dstrike")))):
        told.append("有加了删除线的文字，照样收了")
    told += (text for tags, text in _UNREAD if next(root.iter(*tags), None) is not None)
    _spell_out(root)
    return told


def remove(element: etree._Element) -> None:
    """Take an element out of its parent, keeping nothing of it."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def say(element: etree._Element, text: str) -> None:
    """Make an element a run's text."""
    for child in list(element):
        element.remove(child)
    element.attrib.clear()
    element.tag, element.text = w("t"), text


def _drop(elements: Iterator[etree._Element]) -> None:
    for element in list(elements):
        remove(element)


def _choose(root: etree._Element) -> None:
    """Of what stands there in two versions, for new and for old programs, the new one."""
    for both in reversed(list(root.iter(f"{_MC}AlternateContent"))):
        chosen = both.find(f"{_MC}Choice")
        for child in () if chosen is None else list(chosen):
            both.addprevious(child)
        remove(both)


def _drop_copies(root: etree._Element) -> None:
    """LibreOffice 7.4 writes a control over a paragraph of pieces a, b as four: ab, aab, bab, ab.

    Nobody can make such neighbours by hand; the first one is what was there.
    """
    looked_at: set[etree._Element] = set()
    for first in list(root.iter(w("sdt"))):
        if first in looked_at:
            continue
        alike = [first, *_alike(first)]
        looked_at.update(alike)
        if len(alike) < 3:
            continue
        whole, *middle, last = ("".join(texts(control)) for control in alike)
        begins = "".join(text.removesuffix(whole) for text in middle)
        if whole and whole == last == begins and all(t.endswith(whole) for t in middle):
            for copy in alike[1:]:
                remove(copy)


def _alike(control: etree._Element) -> Iterator[etree._Element]:
    """The controls that follow at once and say the same of themselves."""
    for following in control.itersiblings():
        if following.tag != w("sdt") or _properties(following) != _properties(control):
            return
        yield following


def _properties(control: etree._Element) -> bytes:
    properties = control.find(w("sdtPr"))
    return b"" if properties is None else etree.tostring(properties, with_tail=False)


def _is_property(mark: etree._Element) -> bool:
    """Whether a mark says something of a paragraph's end, a row or a cell, and holds nothing."""
    parent = mark.getparent()
    return parent is not None and parent.tag in (w("rPr"), w("trPr"), w("tcPr"))


def _accept_rows_and_cells(root: etree._Element) -> None:
    for mark in list(root.iter(w("del"), w("cellDel"))):
        properties = mark.getparent()
        if properties is not None and properties.tag in (w("trPr"), w("tcPr")):
            holder = properties.getparent()
            if holder is not None:
                remove(holder)


def _join_paragraphs(root: etree._Element) -> None:
    """A paragraph whose end was deleted goes on in the next one."""
    for paragraph in list(root.iter(w("p"))):
        last: etree._Element | None = paragraph  # the end of what was joined so far
        while paragraph.getparent() is not None and _end_is_deleted(last):
            following = paragraph.getnext()
            if following is None or following.tag != w("p"):
                if following is not None and not "".join(map(str, paragraph.itertext())):
                    remove(paragraph)
                break
            last = deepcopy(following.find(w("pPr")))
            paragraph.extend(child for child in following if child.tag != w("pPr"))
            remove(following)


def _end_is_deleted(holder: etree._Element | None) -> bool:
    """Whether a paragraph, or its properties by themselves, say that its end was deleted."""
    if holder is None:
        return False
    properties = holder if holder.tag == w("pPr") else holder.find(w("pPr"))
    if properties is None:
        return False
    return any(properties.find(f"{w('rPr')}/{mark}") is not None for mark in _DELETED)


def _empty_placeholders(root: etree._Element) -> None:
    """What Word shows in an empty control (单击或点击此处输入文字。) is nobody's answer."""
    for control in root.iter(w("sdt")):
        mark = control.find(f"{w('sdtPr')}/{w('showingPlcHdr')}")
        if mark is not None and is_on(mark):
            words = "".join(t.text or "" for t in control.iter(w("t"))).strip()
            if _PLACEHOLDER.fullmatch(words):
                _drop(control.iter(w("t")))


def is_on(switch: etree._Element) -> bool:
    """Whether a switch is on: it is unless it says otherwise (17.17.4)."""
    return switch.get(w("val"), "1").lower() not in {"0", "false", "off"}


def _drop_hidden(root: etree._Element) -> str:
    """Take out what is hidden; returns it. What was hidden once, before a change, is not."""
    found: list[str] = []
    for mark in list(root.iter(w("vanish"))):
        properties = mark.getparent()
        run = None if properties is None else properties.getparent()
        if run is not None and run.tag == w("r") and is_on(mark):
            found += texts(run)
            remove(run)
    return "".join(found)


def _spell_out(root: etree._Element) -> None:
    """Symbols and formulas as text: 45/50, x²; of their layout no more is kept."""
    for symbol in list(root.iter(w("sym"))):
        code = int(symbol.get(w("char"), "20"), 16)
        font = symbol.get(w("font"), "").lower()
        say(symbol, _SYMBOLS.get((font, code & 0xFF), chr(code)))
    for raised in root.iter(f"{_MATH}sup"):
        for words in raised.iter(f"{_MATH}t"):
            words.text = (words.text or "").translate(_SUPERSCRIPTS)
    any_raised = next(root.iter(w("vertAlign")), None) is not None
    for run in root.iter(w("r")) if any_raised else ():
        mark = run.find(f"{w('rPr')}/{w('vertAlign')}")
        signs = {} if mark is None else _RAISED.get(mark.get(w("val"), ""), {})
        for words in run.findall(w("t")) if signs else ():
            words.text = (words.text or "").translate(signs)
    for below in list(root.iter(f"{_MATH}den")):
        bar = etree.Element(w("t"))
        bar.text = "/"
        below.addprevious(bar)
    for words in list(root.iter(f"{_MATH}t")):
        say(words, words.text or "")
