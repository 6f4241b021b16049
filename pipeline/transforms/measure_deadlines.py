"""The deadline that a group wrote into its measures, where it wrote one that can be read."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_YEAR = r"(?:(20\d\d)\s*[年./-]\s*|(今年|本年|明年|次年|去年)\s*)?"
# A day is a deadline when something says so, or when nothing more is said of it: 9月20日已开会 is
# a thing of the past.
_UNTIL = r"(?=\s*(?:[之以]?前|底|末|内|止|截止|完成|办结|解决|到位|$|[，。；、,;.）)]))"
_DAY = re.compile(
    rf"{_YEAR}(?<!\d)(1[0-2]|0?[1-9])\s*(?:月\s*份?\s*|[./-]\s*(?=\d))"
    rf"(?:(3[01]|[12]\d|0?[1-9])\s*[日号]?(?!\d){_UNTIL}|(底|末|上旬|中旬|下旬)|(?=完成|前|[之以]前))"
)
_YEAR_END = re.compile(r"(?:(20\d\d)\s*年|(今年|本年|明年|次年)|(?<!\d)(?=年))\s*年?\s*[底末]")
_PARTS = {"上旬": 10, "中旬": 20}  # the last day of each; 下旬, 底 and 末 end with the month
_YEARS = {"今年": 0, "本年": 0, "明年": 1, "次年": 1, "去年": -1}
_FULL_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)}

# A month without a year is at most so long before the report that names it, else in the next year.
_BACK = timedelta(days=180)


def deadline(text: str, reported: date) -> date | None:
    """The last day that a text names as its limit, None where it names none.

    `reported` is the day on which the text was due. It gives the year where the text has none,
    the one that puts the day nearest after half a year before it.
    """
    text = text.translate(_FULL_WIDTH)
    days = [day for match in _DAY.finditer(text) if (day := _day(match, reported))]
    years = (_year(match[1], match[2], reported) for match in _YEAR_END.finditer(text))
    days += [date(year, 12, 31) for year in years]
    return max(days, default=None)


def _day(match: re.Match[str], reported: date) -> date | None:
    figures, word, month, day, part = match.groups()
    found = _date(_year(figures, word, reported), int(month), day, part)
    if found is not None and not (figures or word) and found < reported - _BACK:
        return _date(reported.year + 1, int(month), day, part)
    return found


def _year(figures: str | None, word: str | None, reported: date) -> int:
    return int(figures) if figures else reported.year + _YEARS.get(word or "", 0)


def _date(year: int, month: int, day: str | None, part: str | None) -> date | None:
    last = monthrange(year, month)[1]
    number = int(day) if day else _PARTS.get(part or "", last)
    return date(year, month, number) if number <= last else None
