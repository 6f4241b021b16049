"""Which indicator a name on a returned form means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from pipeline.tables.indicators import full_scores, one_line, short_names
from pipeline.tables.sheet import Sheet
from pipeline.tables.suggestions import Vocabulary, edits

_NUMBERED = re.compile(  # 2、2023年区委常委会…; 1.5 is no running number
    r"\s*(?:[(（]?\d{1,3}(?:[)）．、]|\.(?!\d))|[一二三四五六七八九十]{1,3}[、.．])\s*"
)
_MOST = 10_000  # names looked up: a form's rows have a limit of their own
_LONGEST = 500  # characters: what is longer is no name, and would take long to compare
_TELLING = 3  # letters: what is shorter stands in many names
_SCORE = re.compile(r"[(（]\s*(\d+(?:\.\d+)?)\s*分\s*[)）]\s*$")
_SIGNS = re.compile(r"[\W_]+")


class IndicatorIndex:
    """The names by which indicators are found: 简称, the full name, 编号.

    `names` maps each 编号 to the name that forms show, `most` to the full score.
    """

    def __init__(self, indicators: Sheet) -> None:
        """Prepare the names for comparing."""
        self.names = short_names(indicators)
        names = [*_names(indicators)]
        self.most = full_scores(indicators)
        self._exact = _unshared(names, _trimmed)
        self._plain = _unshared(names, plain)
        self._vocabulary = Vocabulary(self._plain, most=_MOST)

    def exact(self, text: str) -> str | None:
        """The indicator with this very name; line breaks and blanks at the ends don't count."""
        return self._exact.get(_trimmed(text)) if len(text) < _LONGEST else None

    def normalised(self, text: str) -> str | None:
        """The one with the same name but for blanks, signs, width and a running number."""
        if len(text) >= _LONGEST:
            return None
        return self._plain.get(plain(text)) or self._plain.get(_plain_unnumbered(text))

    def is_slip(self, text: str, code: str) -> bool:
        """Whether a text is an indicator's name but for one letter, or has it whole within more."""
        if len(text) >= _LONGEST:
            return False
        word = _plain_unnumbered(text)
        own = (name for name, other in self._plain.items() if other == code)
        return any(_is_slip(word, name) for name in own)

    def named_in(self, text: str) -> list[str]:
        """The indicators that a text names in full, in its order; not by a name within another."""
        if len(text) >= _LONGEST:
            return []
        word = plain(text)
        names = [name for name in self._plain if len(name) >= _TELLING and name in word]
        whole = [name for name in names if not any(_is_within(name, each) for each in names)]
        whole.sort(key=word.index)
        return list(dict.fromkeys(self._plain[name] for name in whole))

    def has_other_score(self, text: str, code: str) -> bool:
        """Whether a name has another score behind it than the indicator's, which it may have."""
        found = _SCORE.search(text)
        return found is not None and Decimal(found[1]) != self.most.get(code)

    def near(self, text: str) -> str | None:
        """The one to be proposed: with the nearest name, or the only one with the text in it."""
        if len(text) >= _LONGEST:
            return None
        word = _plain_unnumbered(text)
        nearest = self._vocabulary.nearest(word) if word else None
        if nearest is not None:
            return self._plain[nearest]
        return self._only_one_with(word) if len(word) >= _TELLING else None

    def _only_one_with(self, word: str) -> str | None:
        """The only indicator with a word in its names, None where there are several."""
        codes = {code for name, code in self._plain.items() if word in name}
        return codes.pop() if len(codes) == 1 else None


def _names(indicators: Sheet) -> Iterator[tuple[str, str]]:
    """Each name of an indicator, the 编号 among them, with its 编号."""
    columns = (indicators[field] for field in ("id", "name", "short_name"))
    for code, *others in zip(*columns, strict=True):
        for name in (code, *others):
            if name:
                yield name, code


def _is_within(name: str, other: str) -> bool:
    return name != other and name in other


def _is_slip(word: str, name: str) -> bool:
    """Whether a word has a name in it, or is one edit away from it."""
    return (len(name) >= _TELLING and name in word) or edits(name, word) == 1


def _unnumbered(text: str) -> str:
    found = _NUMBERED.match(text)
    return text[found.end() :] if found else text


def _plain_unnumbered(text: str) -> str:
    return plain(_unnumbered(text))


def plain(name: str) -> str:
    """A name as letters and digits only, for comparing, never for printing."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", _SCORE.sub("", name))).casefold()


def _trimmed(text: str) -> str:
    return one_line(text).strip()


def _unshared(names: Iterable[tuple[str, str]], compared: Callable[[str], str]) -> dict[str, str]:
    """Name → 编号, the names as they are `compared`, without those that two indicators share."""
    codes: dict[str, str] = {}
    dropped = {""}
    for name, code in names:
        own = compared(name)
        if codes.setdefault(own, code) != code:
            dropped.add(own)
    return {name: code for name, code in codes.items() if name not in dropped}
