"""The day in a form's header, however people write it, as the tables have it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

_FIGURES = {sign: str(figure) for figure, sign in enumerate("零一二三四五六七八九")}
_FIGURES |= {"〇": "0", "○": "0"}
_TO_FIGURES = str.maketrans(_FIGURES)
_LONGEST = 60  # characters of a day
_CHINESE = "".join(_FIGURES)
_IN_WORDS = re.compile(
    f"(?<![{_CHINESE}十])(?:[{_CHINESE}]{{4}}|[一二三]?十[一二三四五六七八九]?|[{_CHINESE}])(?=[年月日号])"
)
_NOISE = re.compile(r"(?:星期|周)[一二三四五六日天]|[（(](?:盖章|签字|签章|公章)[）)]|[上下]午")
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)$")
_DAY = re.compile(r"(?:(\d{2}|\d{4})(?:[-/.]|年))?(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")


def written_day(text: str, first: date, last: date, due: date) -> str:
    """The text as a day (2023-09-28), or else the text as it is.

    二〇二三年九月二十八日, 23.9.28, 20230928 and 9月28日 are read too: where the year is left out
    it is the one that brings the day nearest to `due`, between `first` and `last`.
    """
    if len(text) > _LONGEST:
        return text
    words = _NOISE.sub("", "".join(text.split())).replace("元月", "1月")
    figures = _IN_WORDS.sub(lambda match: _figures(match[0]), words)
    found = _DAY.fullmatch(_COMPACT.sub(r"\1-\2-\3", figures))
    if found is None:
        return text
    year, month, day = found.groups()
    if year:
        days = _days([int(f"20{year}"[-4:])], int(month), int(day))
    else:
        days = _days(range(first.year, last.year + 1), int(month), int(day))
        days = [each for each in days if first <= each <= last]
    nearest = min(days, key=lambda each: abs(each - due), default=None)
    return text if nearest is None else nearest.isoformat()


def _figures(words: str) -> str:
    """二〇二三 → 2023, 二十八 → 28."""
    tens, ten, ones = words.partition("十")
    if not ten:
        return words.translate(_TO_FIGURES)
    return f"{_FIGURES.get(tens, '1')}{_FIGURES.get(ones, '0')}"


def _days(years: Iterable[int], month: int, day: int) -> list[date]:
    """The day in each of the years that have it."""
    days = []
    for year in years:
        with suppress(ValueError):
            days.append(date(year, month, day))
    return days
