"""List numbers as text: Word counts them while it shows a document, the file does not hold them.

Source: ECMA-376, part 1, 17.9 (numbering) and 17.18.59 (formats of numbers).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.ooxml.ns import w
from pipeline.ooxml.revisions import say

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


def write_numbers(
    body: etree._Element, numbering: etree._Element | None, styles: etree._Element | None
) -> None:
    """Put the number that each list paragraph shows before its text, as a run of its own."""
    if numbering is None or (next(body.iter(w("numPr")), None) is None and styles is None):
        return
    lists, by_style = _lists(numbering), _by_style(styles)
    counts: dict[str, list[int | None]] = {}
    for paragraph in body.iter(w("p")):
        number, level = _number_of(paragraph, by_style)
        levels, root = lists.get(number, ({}, ""))
        if level in levels and level < _DEEPEST and _says_anything(paragraph):
            label = _counted(counts.setdefault(root, [None] * _DEEPEST), levels, level)
            _put(paragraph, label)


def _says_anything(paragraph: etree._Element) -> bool:
    return any(words.text for words in paragraph.iter(w("t")))


def _put(paragraph: etree._Element, label: str) -> None:
    run = etree.Element(w("r"))
    say(etree.SubElement(run, w("t")), label)
    properties = paragraph.find(w("pPr"))
    if properties is None:
        paragraph.insert(0, run)
    else:
        properties.addnext(run)


def _number_of(paragraph: etree._Element, by_style: dict[str, tuple[str, int]]) -> tuple[str, int]:
    """The list that a paragraph belongs to and its level, from itself or from its style."""
    properties = paragraph.find(w("pPr"))
    if properties is None:
        return "0", 0
    style = _value(properties, "pStyle")
    number, level = by_style.get(style, ("0", 0))
    own = properties.find(w("numPr"))
    if own is None:
        return number, level
    return _value(own, "numId") or number, int(_value(own, "ilvl") or level)


def _by_style(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for style in () if styles is None else styles.iter(w("style")):
        own = style.find(f"{w('pPr')}/{w('numPr')}")
        if own is not None:
            level = int(_value(own, "ilvl") or 0)
            found[style.get(w("styleId"), "")] = (_value(own, "numId"), level)
    return found


def _lists(numbering: etree._Element) -> dict[str, tuple[dict[int, _Level], str]]:
    """Number of a list → its levels, and what it counts together with."""
    kinds = {
        each.get(w("abstractNumId"), ""): dict(_levels(each))
        for each in numbering.iter(w("abstractNum"))
    }
    lists = {}
    for each in numbering.iter(w("num")):
        kind, number = _value(each, "abstractNumId"), each.get(w("numId"), "")
        restarts = next(each.iter(w("startOverride")), None) is not None
        changed = dict(_overridden(each, kinds.get(kind, {})))
        own = {**kinds.get(kind, {}), **changed} if changed else kinds.get(kind, {})
        lists[number] = (own, f"num {number}" if restarts else kind)
    return lists


def _levels(kind: etree._Element) -> Iterator[tuple[int, _Level]]:
    for level in kind.iter(w("lvl")):
        place = int(level.get(w("ilvl"), "0"))
        if not 0 <= place < _DEEPEST:
            continue
        yield (
            place,
            _Level(
                start=int(_value(level, "start") or 0),
                format=_value(level, "numFmt") or "decimal",
                text=_value(level, "lvlText")[:_LONGEST],
                gap={"nothing": "", "space": " "}.get(_value(level, "suff"), " "),
            ),
        )


def _overridden(each: etree._Element, levels: dict[int, _Level]) -> Iterator[tuple[int, _Level]]:
    for change in each.iter(w("lvlOverride")):
        level = int(change.get(w("ilvl"), "0"))
        start = _value(change, "startOverride")
        if level in levels and start:
            old = levels[level]
            yield level, _Level(int(start), old.format, old.text, old.gap)
        yield from _levels(change)


def _value(element: etree._Element, name: str) -> str:
    child = element.find(w(name))
    return "" if child is None else child.get(w("val"), "")


def _counted(counts: list[int | None], levels: dict[int, _Level], level: int) -> str:
    """The number of the next paragraph on a level; the levels inside begin anew."""
    before = counts[level]
    counts[level] = levels[level].start if before is None else before + 1
    counts[level + 1 :] = [None] * (_DEEPEST - 1 - level)

    def shown(match: re.Match[str]) -> str:
        each = int(match[1]) - 1
        if each not in levels:
            return ""
        number = counts[each]
        return _written(levels[each].start if number is None else number, levels[each].format)

    if levels[level].format == "bullet":
        return f"•{levels[level].gap}"
    return _LEVEL.sub(shown, levels[level].text) + levels[level].gap


def _written(number: int, style: str) -> str:
    return _FORMATS.get(style, str)(number) if 0 <= number <= _LARGEST else str(number)


def _chinese(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _letters(number: int) -> str:
    turns, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (turns + 1)


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        text += sign * times
    return text


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "decimalEnclosedCircle": _of(_CIRCLED),
    "decimalEnclosedCircleChinese": _of(_CIRCLED),
    "ideographTraditional": _of(_STEMS),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperRoman": _roman,
    "decimalZero": lambda number: f"{number:02}",
}
