"""The deadline that a group wrote into its measures, where it wrote one that can be read."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

# 2024年9月30日前, 9月30日, 12 月底前, 10月中旬, 年底前; 9月 alone is the end of that month.
_DAY = re.compile(
    r"(?:(20\d\d)\s*年\s*)?(?<!\d)(1[0-2]|0?[1-9])\s*月\s*(?:份\s*)?"
    r"(?:(3[01]|[12]\d|0?[1-9])\s*[日号]|(底|末|上旬|中旬|下旬))?"
)
_YEAR_END = re.compile(r"(?:(20\d\d)\s*年|(?<!\d年)年)\s*[底末]")
_PARTS = {"上旬": 10, "中旬": 20}  # the last day of each; 下旬, 底 and 末 end with the month

# A month without a year is at most so long before the report that names it, else in the next year.
_BACK = timedelta(days=180)


def deadline(text: str, reported: date) -> date | None:
    """The last day that a text names, None where it names none.

    `reported` is the day on which the text was due. It gives the year where the text has none,
    the one that puts the day nearest after half a year before it.
    """
    days = [day for match in _DAY.finditer(text) if (day := _day(match, reported))]
    days += [date(int(match[1] or reported.year), 12, 31) for match in _YEAR_END.finditer(text)]
    return max(days, default=None)


def _day(match: re.Match[str], reported: date) -> date | None:
    year, month, day, part = match.groups()
    if year is not None:
        return _date(int(year), int(month), day, part)
    found = _date(reported.year, int(month), day, part)
    if found is not None and found < reported - _BACK:
        return _date(reported.year + 1, int(month), day, part)
    return found


def _date(year: int, month: int, day: str | None, part: str | None) -> date | None:
    last = monthrange(year, month)[1]
    number = int(day) if day else _PARTS.get(part or "", last)
    return date(year, month, number) if number <= last else None
