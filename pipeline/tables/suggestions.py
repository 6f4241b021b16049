"""The hint “你是不是想写……？”: the allowed word that a mistyped one is nearest to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_MOST = 200  # words looked up in one run: a column of wrong values must not cost a quadratic time


class Vocabulary:
    """The words that may stand somewhere, in order; beyond `most` words nothing is looked up."""

    def __init__(self, words: Iterable[str], most: int = _MOST) -> None:
        self._words, self._most = dict.fromkeys(words), most
        self._found: dict[str, str | None] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def hint(self, word: str) -> str | None:
        """The question that names the nearest word."""
        near = self.nearest(word)
        return f"你是不是想写“{near}”？" if near else None

    def nearest(self, word: str) -> str | None:
        """The word the fewest edits away (a letter added, dropped, changed, or two swapped).

        None when two letters in five would have to change. Case and blanks don't count.
        """
        if word not in self._found:
            if len(self._found) >= self._most:
                return None
            self._found[word] = self._look_up(word)
        return self._found[word]

    def may_mean(self, word: str) -> bool:
        """Whether one of the words is near to this one or has it inside: 林晨（组长）, 林晨."""
        return any(word in other for other in self._words) or self.nearest(word) is not None

    def slip(self, word: str) -> str | None:
        """The nearest word when it is so near that a slip of the pen is likely.

        One edit, in a word of three letters or more: 翁丽萍 → 翁莉萍. Two people's names of two
        letters often share one.
        """
        near = self.nearest(word)
        return near if near and _is_slip(near, word) else None

    def _look_up(self, word: str) -> str | None:
        """The nearest word, found without the memory of earlier ones."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        most = max(1, len(word) * 2 // 5)
        others = [other for other in self._words if other != word]
        found = extract(
            word, others, scorer=OSA.distance, processor=_plain, score_cutoff=most, limit=5
        )
        # 付组长 is as near to 组长 as to 副组长; a letter is changed more often than left out.
        near = [(edits, abs(len(other) - len(word)), index) for other, edits, index in found]
        return others[min(near)[2]] if near else None


def _is_slip(near: str, word: str) -> bool:
    """Whether one edit parts the words, and they are long enough for it to count."""
    return len(near) > 2 and edits(near, word) == 1


def edits(one: str, other: str) -> int:
    """How many edits lead from one word to the other."""
    from rapidfuzz.distance import OSA

    return OSA.distance(_plain(one), _plain(other))


def _plain(word: str) -> str:
    return "".join(word.split()).casefold()
