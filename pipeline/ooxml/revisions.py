"""A document as its readers see it: changes accepted, placeholders and hidden text gone.

`accept` changes the tree, so that everything after it reads plain paragraphs and cells. What
Word shows without its being text in the file (list numbers, symbols, formulas) becomes text; what
cannot become text is noted. Source: ECMA-376, part 1, 17.13.5 (revisions), 17.5.2.39
(placeholders), 17.3.2.41 (hidden text), 17.3.3.30 (symbols).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from pipeline.ooxml.body import texts
from pipeline.ooxml.elements import remove, remove_all
from pipeline.ooxml.ns import M_URI, w

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = f"{{{M_URI}}}"
_DELETED = (w("del"), w("moveFrom"))
_ADDED = (w("ins"), w("moveTo"))
_REVISIONS = (*_DELETED, *_ADDED, w("cellDel"), w("cellIns"))
# What may hold an answer and is not read.
_UNREADABLE = (
    ((w("ddList"), w("checkBox")), "有旧式的下拉框或复选框，选了什么没有收"),
    ((w("altChunk"),), "里面嵌着另一个文件，没有收"),
)
# What Word shows in an empty control. The switch that says so stays on when other programs write
# into the control.
_PLACEHOLDER = re.compile("(?:单击|点击|轻触).{0,12}(?:输入|选择).{0,8}[。.]?|(?:Click|Tap) .*")
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_SMALL_FIGURES: dict[str, dict[int, int]] = {
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
    """Turn the tree into what its readers see; returns notes on what they should know of it."""
    notes = []
    if _has(root, *_REVISIONS):
        notes.append("有修订，按全部接受以后的样子读")
        _accept_rows_and_cells(root)
        _join_paragraphs(root)
        _drop_deleted(root)
    _keep_new_versions(root)
    _drop_copies(root)
    _empty_placeholders(root)
    hidden = _drop_hidden(root)
    if hidden:
        notes.append(f"有隐藏的文字，没有收：{hidden}")
    notes += _notes(root)
    _spell_out(root)
    return notes


def become_text(element: etree._Element, text: str) -> None:
    """Make an element a run's text (w:t)."""
    for child in list(element):
        element.remove(child)
    element.attrib.clear()
    element.tag, element.text = w("t"), text


def _notes(root: etree._Element) -> Iterator[str]:
    """What a reader sees and the text cannot show."""
    if any(map(_is_on, root.iter(w("strike"), w("dstrike")))):
        yield "有加了删除线的文字，照样收了"
    for tags, note in _UNREADABLE:
        if _has(root, *tags):
            yield note


def _has(root: etree._Element, *tags: str) -> bool:
    return next(root.iter(*tags), None) is not None


def _drop_deleted(root: etree._Element) -> None:
    remove_all(each for each in root.iter(*_DELETED) if not _is_property(each))


def _keep_new_versions(root: etree._Element) -> None:
    """Keep the new version of what is stored twice, for new and for old programs."""
    for alternatives in reversed(list(root.iter(f"{_MC}AlternateContent"))):
        for child in _children_of(alternatives.find(f"{_MC}Choice")):
            alternatives.addprevious(child)
        remove(alternatives)


def _children_of(element: etree._Element | None) -> list[etree._Element]:
    return [] if element is None else list(element)


def _drop_copies(root: etree._Element) -> None:
    """LibreOffice 7.4 writes a control over a paragraph of pieces a, b as four: ab, aab, bab, ab.

    Nobody can make such neighbours by hand; the first one is what was there.
    """
    compared: set[etree._Element] = set()
    for first in list(root.iter(w("sdt"))):
        if first not in compared:
            alike = [first, *_alike(first)]
            compared.update(alike)
            if _are_copies(alike):
                remove_all(alike[1:])


def _are_copies(controls: Sequence[etree._Element]) -> bool:
    """Whether neighbours read ab, aab, bab, ab, for any number of pieces."""
    if len(controls) < 3:
        return False
    whole, *middle, last = ("".join(texts(control)) for control in controls)
    pieces = "".join(text.removesuffix(whole) for text in middle)
    if not whole or not whole == last == pieces:
        return False
    return all(text.endswith(whole) for text in middle)


def _alike(control: etree._Element) -> Iterator[etree._Element]:
    """The controls that follow at once and have the same properties."""
    for following in control.itersiblings():
        if following.tag != w("sdt") or _properties(following) != _properties(control):
            return
        yield following


def _properties(control: etree._Element) -> bytes:
    properties = control.find(w("sdtPr"))
    return b"" if properties is None else etree.tostring(properties, with_tail=False)


def _is_property(revision: etree._Element) -> bool:
    """Whether it is of a paragraph's end, a row or a cell, and holds no content itself."""
    parent = revision.getparent()
    return parent is not None and parent.tag in (w("rPr"), w("trPr"), w("tcPr"))


def _accept_rows_and_cells(root: etree._Element) -> None:
    """Take out the rows and cells that were deleted."""
    for revision in list(root.iter(w("del"), w("cellDel"))):
        properties = revision.getparent()
        if properties is not None and properties.tag in (w("trPr"), w("tcPr")):
            _remove_parent(properties)


def _remove_parent(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        remove(parent)


def _join_paragraphs(root: etree._Element) -> None:
    """A paragraph whose end was deleted goes on in the next one."""
    for paragraph in list(root.iter(w("p"))):
        if paragraph.getparent() is not None:
            _join_following(paragraph)


def _join_following(paragraph: etree._Element) -> None:
    """Take in the next paragraphs, up to and with the first whose end is still there."""
    properties = paragraph.find(w("pPr"))
    while _end_is_deleted(properties):
        following = paragraph.getnext()
        if following is None or following.tag != w("p"):
            _remove_blank(paragraph, following)
            return
        properties = following.find(w("pPr"))
        paragraph.extend(child for child in following if child.tag != w("pPr"))
        remove(following)


def _remove_blank(paragraph: etree._Element, following: etree._Element | None) -> None:
    """Remove a paragraph without text, unless it is the last one, which a cell must have."""
    if following is not None and not "".join(map(str, paragraph.itertext())):
        remove(paragraph)


def _end_is_deleted(properties: etree._Element | None) -> bool:
    """Whether a paragraph's properties say that its end was deleted."""
    if properties is None:
        return False
    return any(properties.find(f"{w('rPr')}/{tag}") is not None for tag in _DELETED)


def _empty_placeholders(root: etree._Element) -> None:
    """What Word shows in an empty control (单击或点击此处输入文字。) is nobody's answer."""
    for control in filter(_shows_placeholder, root.iter(w("sdt"))):
        remove_all(control.iter(w("t")))


def _shows_placeholder(control: etree._Element) -> bool:
    """Whether a control is empty, though there is text in it."""
    if not _has_placeholder_switch(control):
        return False
    words = "".join(map(str, control.itertext(w("t"), with_tail=False)))
    return _PLACEHOLDER.fullmatch(words.strip()) is not None


def _has_placeholder_switch(control: etree._Element) -> bool:
    switch = control.find(f"{w('sdtPr')}/{w('showingPlcHdr')}")
    return switch is not None and _is_on(switch)


def _is_on(switch: etree._Element) -> bool:
    """Whether a switch is on: it is unless it says otherwise (17.17.4)."""
    return switch.get(w("val"), "1").lower() not in {"0", "false", "off"}


def _drop_hidden(root: etree._Element) -> str:
    """Take out what is hidden; returns it. What was hidden once, before a change, is not."""
    found: list[str] = []
    for switch in list(root.iter(w("vanish"))):
        run = _run_of(switch)
        if run is not None and _is_on(switch):
            found += texts(run)
            remove(run)
    return "".join(found)


def _run_of(switch: etree._Element) -> etree._Element | None:
    """The run that a switch among its properties is of."""
    properties = switch.getparent()
    run = None if properties is None else properties.getparent()
    return run if run is not None and run.tag == w("r") else None


def _spell_out(root: etree._Element) -> None:
    """Symbols and formulas as text: 45/50, x²; of their layout no more is kept."""
    _spell_symbols(root)
    if _has(root, w("vertAlign")):
        _spell_small_figures(root)
    _spell_powers(root)
    _spell_fractions(root)
    _spell_formulas(root)


def _spell_powers(root: etree._Element) -> None:
    for raised in root.iter(f"{_MATH}sup"):
        _translate(raised.iter(f"{_MATH}t"), _SUPERSCRIPTS)


def _spell_fractions(root: etree._Element) -> None:
    """Fractions with a bar before the denominator."""
    for denominator in list(root.iter(f"{_MATH}den")):
        bar = etree.Element(w("t"))
        bar.text = "/"
        denominator.addprevious(bar)


def _spell_formulas(root: etree._Element) -> None:
    """Formulas as their words one after the other."""
    for words in list(root.iter(f"{_MATH}t")):
        become_text(words, words.text or "")


def _spell_symbols(root: etree._Element) -> None:
    for symbol in list(root.iter(w("sym"))):
        become_text(symbol, _sign(symbol))


def _sign(symbol: etree._Element) -> str:
    """The character for a symbol of a font."""
    code = int(symbol.get(w("char"), "20"), 16)
    font = symbol.get(w("font"), "").lower()
    return _SYMBOLS.get((font, code & 0xFF), chr(code))


def _spell_small_figures(root: etree._Element) -> None:
    """Raised and lowered figures as characters of their own: 10⁴."""
    for run in root.iter(w("r")):
        position = run.find(f"{w('rPr')}/{w('vertAlign')}")
        if position is not None:
            _translate(run.findall(w("t")), _SMALL_FIGURES.get(position.get(w("val"), ""), {}))


def _translate(elements: Iterable[etree._Element], characters: dict[int, int]) -> None:
    for words in elements:
        words.text = (words.text or "").translate(characters)
