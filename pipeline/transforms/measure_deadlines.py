"""The deadline that a group wrote into its measures, where it wrote one that can be read."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_YEAR = r"(?:(20\d\d)\s*[年./-]\s*|(今年|本年|明年|次年|去年)\s*)?"
# A day is a deadline when a word behind it makes it one, or when nothing follows: 9月20日已开会 is
# in the past.
_UNTIL = r"(?=\s*(?:[之以]?前|底|末|内|止|截止|完成|办结|解决|到位|$|[，。；、,;.）)]))"
_DAY = re.compile(
    rf"{_YEAR}(?<!\d)(1[0-2]|0?[1-9])\s*(?:月\s*份?\s*|[./-]\s*(?=\d))"
    rf"(?:(3[01]|[12]\d|0?[1-9])\s*[日号]?(?!\d){_UNTIL}|(底|末|上旬|中旬|下旬)|(?=完成|前|[之以]前))"
)
_YEAR_END = re.compile(r"(?:(20\d\d)\s*年|(今年|本年|明年|次年)|(?<!\d)(?=年))\s*年?\s*[底末]")
_LAST_DAYS = {"上旬": 10, "中旬": 20}  # 下旬, 底 and 末 end with the month
_YEAR_OFFSETS = {"今年": 0, "本年": 0, "明年": 1, "次年": 1, "去年": -1}
_FULL_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)}

# A month without a year is at most so long before the report that names it, else in the next year.
_LONGEST_PAST = timedelta(days=180)


def deadline(text: str, reported: date) -> date | None:
    """The last day that a text names as its deadline, None where it names none.

    `reported` is the day on which the text was due. A day without a year lies in that year, or in
    the next one where it would be more than half a year before `reported`.
    """
    text = text.translate(_FULL_WIDTH)
    days = [_day(match, reported) for match in _DAY.finditer(text)]
    years = [_year(match[1], match[2], reported) for match in _YEAR_END.finditer(text)]
    year_ends = [date(year, 12, 31) for year in years]
    return max([*filter(None, days), *year_ends], default=None)


def _day(match: re.Match[str], reported: date) -> date | None:
    """The day that a match of _DAY names, None where the month has no such day."""
    digits, word, month, day, part = match.groups()
    found = _date(_year(digits, word, reported), int(month), day, part)
    has_year = digits or word
    if found is None or has_year or found >= reported - _LONGEST_PAST:
        return found
    return _date(reported.year + 1, int(month), day, part)


def _year(digits: str | None, word: str | None, reported: date) -> int:
    """The year in digits, or as a word such as 明年; without either the year of the report."""
    return int(digits) if digits else reported.year + _YEAR_OFFSETS.get(word or "", 0)


def _date(year: int, month: int, day: str | None, part: str | None) -> date | None:
    """The day, or the last day of a part of the month; None where the month has no such day."""
    last = monthrange(year, month)[1]
    number = int(day) if day else _LAST_DAYS.get(part or "", last)
    return date(year, month, number) if number <= last else None
