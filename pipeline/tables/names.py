"""People's names in a text, however they are spelled there.

A name counts where it is seen: with blanks, dashes, dots or brackets in it, in full width, with
radicals for characters, with something between that nothing shows. What stands before and after
does not count, since Chinese has no blanks between words; a name of Latin letters is whole words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from pipeline.lookalikes import folded

_SHORTEST = 2  # characters: 林 by itself stands in 园林 as well
# Signs that may stand inside a name. A comma or a full stop ends it.
_INSIDE = re.compile(r"[\s\-‐-―−_~·・•‧⋅∙．.*()（）\[\]【】〔〕〈〉《》「」『』“”‘’\"']")
_PAIRS = dict(zip("(（[【〔〈《「『", ")）]】〕〉》」』", strict=True))
_LATIN = re.compile(r"[a-z]+")
_LETTER = re.compile(r"[A-Za-zÀ-ɏＡ-Ｚａ-ｚ]")


class Spelling(NamedTuple):
    """Where a name stands in a text."""

    start: int
    end: int


class Names:
    """Some names, to be found in texts."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(dict.fromkeys(names))
        plain = {_plain(name) for name in self._names}
        # Of two names that begin alike the longer one wins.
        longest_first = sorted((each for each in plain if len(each) >= _SHORTEST), key=len)[::-1]
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def first(self, text: str) -> str | None:
        """The first name in the text, as it is spelled there; None where there is none."""
        return next((text[each.start : each.end] for each in self.spellings(text)), None)

    def without(self, text: str, stand_in: str) -> str:
        """The text with something else in the place of every name."""
        found = [*self.spellings(text)]
        for each in reversed(found):
            text = text[: each.start] + stand_in + text[each.end :]
        return text

    def spellings(self, text: str) -> Iterator[Spelling]:
        """Where the names stand, in order; none overlaps another."""
        if self._pattern.search(_plain(text)) is None:
            return  # as nearly always, and this much costs little
        plain, origin = _traced(text)
        for match in self._pattern.finditer(plain):
            found = _with_bracket(
                text, Spelling(origin[match.start()], origin[match.end() - 1] + 1)
            )
            if not (_LATIN.fullmatch(match[0]) and _is_part_of_word(text, found)):
                yield found


def _with_bracket(text: str, found: Spelling) -> Spelling:
    """What was found, with the bracket that closes one in it: 罗（堃）."""
    opened = [_PAIRS[each] for each in text[found.start : found.end] if each in _PAIRS]
    closes = found.end < len(text) and text[found.end] in opened
    return Spelling(found.start, found.end + 1) if closes else found


def _is_part_of_word(text: str, found: Spelling) -> bool:
    """Whether a letter stands right before or after what was found: Li in link."""
    beside = (text[max(found.start - 1, 0) : found.start], text[found.end : found.end + 1])
    return any(_LETTER.fullmatch(each) for each in beside)


def _plain(text: str) -> str:
    """The characters of a text that names are made of."""
    return text.translate({ord(each): _plain_character(each) for each in set(text)})


def _traced(text: str) -> tuple[str, list[int]]:
    """The same, and where in the text each of them comes from."""
    pieces = [_plain_character(each) for each in text]
    origin = [index for index, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), origin


@cache
def _plain_character(character: str) -> str:
    """One character without its accents, nothing for what may stand inside a name."""
    if _INSIDE.fullmatch(character):
        return ""
    parts = unicodedata.normalize("NFKD", folded(character))
    return "".join(part for part in parts if not _is_passed_over(part))


def _is_passed_over(character: str) -> bool:
    return unicodedata.category(character) == "Mn" or _INSIDE.fullmatch(character) is not None
