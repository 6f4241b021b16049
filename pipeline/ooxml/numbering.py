"""List numbers as text: Word counts them while it shows a document, the file does not hold them.

Source: ECMA-376, part 1, 17.9 (numbering) and 17.18.59 (formats of numbers).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from lxml import etree

from pipeline.ooxml.elements import value
from pipeline.ooxml.ns import w
from pipeline.ooxml.revisions import become_text

_DEEPEST = 9  # levels of a list
_LONGEST = 255  # characters of a number's text
_LARGEST = 9_999  # what is written in letters or Roman numbers grows with the number

_LEVEL = re.compile(r"%([1-9])")
_DIGITS = "〇一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str  # with %1 for the number of the outermost level
    gap: str  # what stands between the number and the paragraph


Levels: TypeAlias = Mapping[int, _Level]


@dataclass(frozen=True, slots=True)
class _List:
    """A list: its levels, and the name of the counter that it shares with others like it."""

    levels: Levels
    counter: str


_NO_LIST = _List(levels={}, counter="")


def write_numbers(
    body: etree._Element, numbering: etree._Element | None, styles: etree._Element | None
) -> None:
    """Put the number that each list paragraph shows before its text, as a run of its own."""
    if numbering is None or (next(body.iter(w("numPr")), None) is None and styles is None):
        return
    lists, by_style = _lists(numbering), _numbers_by_style(styles)
    counters: dict[str, list[int | None]] = {}
    for paragraph in body.iter(w("p")):
        number, level = _number_of(paragraph, by_style)
        of_list = lists.get(number, _NO_LIST)
        if level in of_list.levels and level < _DEEPEST and _has_text(paragraph):
            counts = counters.setdefault(of_list.counter, [None] * _DEEPEST)
            _count(counts, of_list.levels[level].start, level)
            _put(paragraph, _label(counts, of_list.levels, level))


def _has_text(paragraph: etree._Element) -> bool:
    return any(paragraph.itertext(w("t"), with_tail=False))


def _put(paragraph: etree._Element, label: str) -> None:
    """Put a label before a paragraph's text, as a run of its own."""
    run = etree.Element(w("r"))
    become_text(etree.SubElement(run, w("t")), label)
    properties = paragraph.find(w("pPr"))
    if properties is None:
        paragraph.insert(0, run)
    else:
        properties.addnext(run)


def _number_of(paragraph: etree._Element, by_style: dict[str, tuple[str, int]]) -> tuple[str, int]:
    """The number of the list that a paragraph belongs to and its level, its own or its style's."""
    properties = paragraph.find(w("pPr"))
    if properties is None:
        return "0", 0
    number, level = by_style.get(value(properties, "pStyle"), ("0", 0))
    own = properties.find(w("numPr"))
    if own is None:
        return number, level
    return value(own, "numId") or number, _number(own, "ilvl", level)


def _numbers_by_style(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    """Id of a style → the number of the list and the level that it gives to its paragraphs."""
    found: dict[str, tuple[str, int]] = {}
    elements = () if styles is None else styles.iter(w("style"))
    for style in elements:
        own = style.find(f"{w('pPr')}/{w('numPr')}")
        if own is not None:
            found[style.get(w("styleId"), "")] = (value(own, "numId"), _number(own, "ilvl"))
    return found


def _lists(numbering: etree._Element) -> dict[str, _List]:
    """Number of a list → the list."""
    kinds = _kinds(numbering)
    return {num.get(w("numId"), ""): _list(num, kinds) for num in numbering.iter(w("num"))}


def _kinds(numbering: etree._Element) -> dict[str, Levels]:
    """Number of a kind of list → its levels."""
    kinds = numbering.iter(w("abstractNum"))
    return {kind.get(w("abstractNumId"), ""): dict(_levels(kind)) for kind in kinds}


def _list(num: etree._Element, kinds: Mapping[str, Levels]) -> _List:
    """A list of some kind; one that begins anew has a counter of its own."""
    kind = value(num, "abstractNumId")
    levels = kinds.get(kind, {})
    changed = dict(_changed_levels(num, levels))
    return _List(
        levels={**levels, **changed} if changed else levels,  # not copied for thousands of lists
        counter=f"num {num.get(w('numId'), '')}" if _restarts(num) else kind,
    )


def _restarts(num: etree._Element) -> bool:
    return next(num.iter(w("startOverride")), None) is not None


def _levels(container: etree._Element) -> Iterator[tuple[int, _Level]]:
    """The levels that a kind of list, or a change of one, declares."""
    for element in container.iter(w("lvl")):
        level = int(element.get(w("ilvl"), "0"))
        if 0 <= level < _DEEPEST:
            yield level, _level(element)


def _level(element: etree._Element) -> _Level:
    """A level as it is declared (w:lvl)."""
    return _Level(
        start=_number(element, "start"),
        format=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText")[:_LONGEST],
        gap=_gap(element),
    )


def _gap(level: etree._Element) -> str:
    return "" if value(level, "suff") == "nothing" else " "


def _changed_levels(num: etree._Element, levels: Levels) -> Iterator[tuple[int, _Level]]:
    """The levels of a list that differ from those of its kind."""
    for change in num.iter(w("lvlOverride")):
        level = int(change.get(w("ilvl"), "0"))
        start = value(change, "startOverride")
        if level in levels and start:
            yield level, replace(levels[level], start=int(start))
        yield from _levels(change)


def _number(element: etree._Element, name: str, default: int = 0) -> int:
    return int(value(element, name) or default)


def _count(counts: list[int | None], start: int, level: int) -> None:
    """Count one more paragraph on a level; the levels inside begin anew."""
    before = counts[level]
    counts[level] = start if before is None else before + 1
    counts[level + 1 :] = [None] * (_DEEPEST - 1 - level)


def _label(counts: Sequence[int | None], levels: Levels, level: int) -> str:
    """What Word shows before a paragraph on a level: 第一章, 1.2, a bullet."""
    if levels[level].format == "bullet":
        return f"•{levels[level].gap}"

    def number_at(match: re.Match[str]) -> str:
        return _number_text(counts, levels, int(match[1]) - 1)

    return _LEVEL.sub(number_at, levels[level].text) + levels[level].gap


def _number_text(counts: Sequence[int | None], levels: Levels, level: int) -> str:
    """The number of a level in the level's format."""
    if level not in levels:
        return ""
    count = counts[level]
    number = levels[level].start if count is None else count
    if not 0 <= number <= _LARGEST:
        return str(number)
    return _FORMATS.get(levels[level].format, str)(number)


def _chinese(number: int) -> str:
    """一, 十一, 二十; from a hundred on digit by digit."""
    if number < 10:
        return _DIGITS[number]
    if number < 100:
        return _chinese_tens(number)
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _chinese_tens(number: int) -> str:
    """A number of two digits: 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _letters(number: int) -> str:
    """From a to z, then aa to zz."""
    turns, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * (turns + 1)


def _roman(number: int) -> str:
    """XIV; nothing for 0."""
    text = ""
    for unit, sign in _ROMAN:
        times, number = divmod(number, unit)
        text += sign * times
    return text


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "decimalEnclosedCircle": _one_of(_CIRCLED),
    "decimalEnclosedCircleChinese": _one_of(_CIRCLED),
    "ideographTraditional": _one_of(_STEMS),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperRoman": _roman,
    "decimalZero": lambda number: f"{number:02}",
}
