"""Where Word and WPS break a line of Chinese, and how wide a text is.

Between any two full-width characters a line may end, but for 避头尾: a sign that closes something
does not begin a line, one that opens something does not end it. Numbers and Latin words stay whole.
Source of the signs: GB/T 15834-2011, 5.1; Word's defaults for Chinese are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache, lru_cache

from pipeline.typography import HAN

_NOT_FIRST = frozenset("，。、；：？！）】》〉」』〕”’％％‰℃·…—,.;:?!)]}%")
_NOT_LAST = frozenset("（【《〈「『〔“‘￥$([{")

# A number or a word with the signs that belong to it; any other character stands by itself.
_PIECES = re.compile(r"[0-9A-Za-zÀ-ɏ]+(?:[-.,/:'’+&@_%][0-9A-Za-zÀ-ɏ]+)*|\s+|.", re.DOTALL)
# Word, WPS and LibreOffice leave a gap, in em, between Chinese and Latin letters or figures
# (w:autoSpaceDE and w:autoSpaceDN, ECMA-376, 17.3.1.2 and 17.3.1.3, are on unless switched off).
_SEAM = 0.25
_SEAMS = re.compile(rf"(?<=[{HAN}])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[{HAN}])")

_KNOWN = 20_000  # texts whose width is kept: the bureaus of a city have most of theirs in common
_FITS = 1e-6  # of an em: sums of widths are not exact


@lru_cache(_KNOWN)
def width(text: str) -> float:
    """A text's width in em on one line, rather too wide than too narrow for Latin letters."""
    return _width(text)


def _width(text: str) -> float:
    """The same of a piece of a text, which is not worth keeping."""
    plain = sum(map(_character_width, text))
    return plain if len(text) == 1 else plain + _SEAM * len(_SEAMS.findall(text))


@cache
def _seam(before: str, after: str) -> float:
    """The gap between two characters, in em."""
    return _SEAM if _SEAMS.search(before + after) else 0.0


@cache
def _character_width(character: str) -> float:
    """One em for Chinese type, less for others.

    In 仿宋_GB2312 letters and figures are half an em; in what stands in for it capitals need more.
    """
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return 0.75 if character.isupper() else 0.6


def lines(text: str, room: float, whole: Collection[str] = ()) -> list[str]:
    """The lines of a text in a cell `room` em wide.

    `whole` are texts that are not broken where they fit on a line by themselves.
    """
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, room, whole)]


def count(text: str, room: float, whole: Collection[str] = ()) -> int:
    """How many lines a text takes."""
    if "\n" not in text and width(text) <= room + _FITS:
        return 1  # as for most cells
    return len(lines(text, room, whole)) if whole else _counted(text, room)


@lru_cache(_KNOWN)
def _counted(text: str, room: float) -> int:
    """How many lines a text takes; with the same data columns are as wide as before."""
    return len(lines(text, room))


@lru_cache(_KNOWN)
def unbroken(text: str) -> float:
    """The width in em of the widest piece of a text that is never broken."""
    return max((width(piece) for piece in _units(text, ())), default=0.0)


def _lines(text: str, room: float, whole: Collection[str]) -> Iterator[str]:
    """The lines of one paragraph; at least one, be it empty."""
    line, used, most = "", 0.0, room + _FITS
    for unit in _units(text, whole):
        seam = _seam(line[-1:], unit[:1])
        if not line or used + seam + _width(unit.rstrip()) <= most:
            line += unit
            used += seam + _width(unit)
        else:
            yield line.rstrip()
            line = unit.lstrip()
            used = _width(line)
        while used > most and _width(line.rstrip()) > most and len(line) > 1:  # longer than a line
            head = _head(line, room)
            yield head
            line = line[len(head) :]
            used = _width(line)
    yield line.rstrip()


def _head(text: str, room: float) -> str:
    """As many of a unit's characters as fit, at least one."""
    fitting = 1
    while fitting < len(text) and _width(text[: fitting + 1]) <= room + _FITS:
        fitting += 1
    return text[:fitting]


def _units(text: str, whole: Collection[str]) -> Iterator[str]:
    """The pieces of a paragraph between which a line may end."""
    if text in whole:
        yield text
        return
    unit = ""
    for piece in _PIECES.findall(text):
        if unit and _may_break(unit[-1], piece[0]):
            yield unit
            unit = ""
        unit += piece
    if unit:
        yield unit


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters."""
    return after not in _NOT_FIRST and before not in _NOT_LAST


def broken_between(members: Collection[str], mark: str, room: float) -> str:
    """A list as text in which lines end between its members only: each has `mark` behind it.

    A text that fits on one line stays one; a member wider than a line is broken all the same.
    """
    text = mark.join(members)
    if width(text) <= room + _FITS:
        return text
    found = [""]
    for number, member in enumerate(members, 1):
        piece = member + (mark if number < len(members) else "")
        if found[-1] and width(found[-1] + piece) > room + _FITS:
            found.append("")
        found[-1] += piece
    return "\n".join(found)
