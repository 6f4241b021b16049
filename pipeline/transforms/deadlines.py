"""The deadline that a group wrote into its measures: named, not named, or not to be told.

A text is searched for expressions of time, one kind after another; what one kind has read is
blotted out for the next. A time that lies in the past tense, such as 已于8月底办结, is none.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_ONES = "一二两三四五六七八九"
_NUMERALS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
}
_WEEKDAYS = {name: day for day, name in enumerate("一二三四五六日")} | {"天": 6, "末": 6}
_YEAR_OFFSETS = {"今": 0, "本": 0, "当": 0, "明": 1, "次": 1, "去": -1}
_PARTS = {"初": 10, "上旬": 10, "中旬": 20}  # 下旬, 底 and 末 end with the month

# A time without a year that lies so long before the text may be meant for the year after: it has
# no day then; half a year before, it must be.
_MAY_BE_NEXT_YEAR = timedelta(days=60)
_IS_NEXT_YEAR = timedelta(days=180)
_A_DAY = timedelta(days=1)
_LAST_LUNAR_YEAR = 2099  # that lunardate knows

_YEAR = r"(?<![\d.])(?:(?P<year>20\d\d)\s*[年./-]\s*|(?P<word>[今本明次去])年\s*(?:的)?)?"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_PART = r"(?P<part>底|末|初|上旬|中旬|下旬)"
_TO = r"\s*(?:-+|[—–~～]+|至|到)\s*"

_BEFORE = re.compile(r"\s*(?:[之以]?前|[之以]?内|止|截止|为限)")
_CLAUSE = re.compile(r"[^。;,!?\n、()]*")
_PAST_BEFORE = re.compile(r"已经?(?:于|在|分别于)?\s*$")
_PAST_AFTER = re.compile(r"已|了(?!解)|曾")
_BEGINNING = re.compile(r"\s*份?(?:起|开始|启动)")

# What may stand for a time that was not read, or for work that has no end: no deadline, perhaps.
_TIME = re.compile(
    r"\d\s*(?:年|月|日|号|天|周|季)|[年月周旬季]|星期|节前|节后|期限|时限|限期|限时|到期|按期|如期|"
    r"按时|准时|届时|期间|阶段|待.*?后|之前|以前|前完成|每|长期|持续|常态|经常|定期|日常|随时|始终|坚持|"
    r"立即|立行|马上|即日|当天|今天|明天|已|完毕|同上|同前|见附|另行"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a text says of a deadline: `named` is True, False, or None where it cannot be told.

    `day` is the last day of a named one, None where the text gives none that can be counted.
    """

    named: bool | None
    day: date | None = None


def deadline(text: str, due: date, written: date | None = None) -> Deadline:
    """What a text says of its deadline; of several the last one counts.

    `due` is the day on which the text was due, `written` the day on which it was, where that is
    known: 下周五前 and the like have a day only then. A time without a year lies in the year of
    the text, or a year later where it would be more than half a year before the text; where it
    would be more than two months before, it may be either, and has no day.
    """
    text = _normal(text)
    times = [*_times(text, due, written)]
    deadlines = [time for time in times if time.named]
    if deadlines:
        days = [time.day for time in deadlines]
        return Deadline(True, None if None in days else max(filter(None, days)))
    unclear = any(time.named is None for time in times) or _TIME.search(_blotted(text, times))
    return Deadline(None if unclear else False)


@dataclass(frozen=True, slots=True)
class _Time:
    """An expression of time at a place in a text, and whether it is a deadline."""

    start: int
    end: int
    named: bool | None
    day: date | None


def _times(text: str, due: date, written: date | None) -> Iterator[_Time]:
    """The expressions of time in a text, kind by kind."""
    today = written or due
    rest = text
    for pattern, ends, is_relative in _KINDS:
        for match in [*pattern.finditer(rest)]:
            day = ends(match, today)
            rest = rest[: match.start()] + "\0" * len(match[0]) + rest[match.end() :]
            named = _is_deadline(text, match, day, today)
            known = None if is_relative and written is None else day
            yield _Time(match.start(), match.end(), named, known)


def _is_deadline(text: str, match: re.Match[str], day: date | None, today: date) -> bool | None:
    """Whether a time is a deadline: False in the past tense, None where it may be past or not."""
    before = re.split(r"[。;,!?\n、()]", text[: match.start()])[-1]
    after = _CLAUSE.match(text, match.end())
    behind = after[0] if after else ""
    is_ahead = day is None or day >= today
    if _PAST_BEFORE.search(before):
        return False
    if _PAST_AFTER.search(behind):
        return None if is_ahead else False
    if _BEGINNING.match(behind):
        return None
    is_bounded = bool(_BEFORE.match(behind)) or not behind.strip() or match[0].endswith("内")
    return True if is_bounded or is_ahead else None


def _blotted(text: str, times: list[_Time]) -> str:
    """The text without the times that were read."""
    for time in times:
        text = text[: time.start] + "\0" * (time.end - time.start) + text[time.end :]
    return text


def _normal(text: str) -> str:
    """The text with digits for the numerals that count time, and with plain punctuation."""
    text = unicodedata.normalize("NFKC", text).replace("号", "日")
    text = re.sub(
        r"[〇零一二三四五六七八九]{4}(?=年)",
        lambda match: "".join(str(_NUMERALS[numeral]) for numeral in match[0]),
        text,
    )
    units = r"(?=\s*(?:个?月|个?季度|个?星期|个?礼拜|周|天|日|个?工作日|年内))"
    numeral = rf"(?<![周期每拜{_ONES}十])(?:[{_ONES}]?十[{_ONES}]?|[{_ONES}]){units}"
    return re.sub(numeral, lambda match: str(_number(match[0])), text)


def _number(numerals: str) -> int:
    """The number below 100 that Chinese numerals write."""
    tens, is_ten, ones = numerals.rpartition("十")
    whole = 10 * (_NUMERALS[tens] if tens else 1) if is_ten else 0
    return whole + (_NUMERALS[ones] if ones else 0)


# What the kinds of expressions end with: from a match and the day of the text to the last day.


def _month_end(match: re.Match[str], today: date) -> date | None:
    return _in_year(match, today, lambda year: _day_of(year, int(match["month"]), _last(match)))


def _last(match: re.Match[str]) -> int | None:
    """The day of the month on which a part of it or a day ends, None: its last."""
    groups = match.groupdict()
    if groups.get("day"):
        return int(groups["day"])
    return _PARTS.get(groups.get("part") or "")


def _range_end(match: re.Match[str], today: date) -> date | None:
    """The end of a range of days, whose month may stand only at its beginning."""
    if match["month"]:
        return _month_end(match, today)
    month = re.match(r"\d+", match[0])
    assert month  # the pattern begins with one
    number = int(month[0])
    if not 1 <= number <= 12:
        return None
    return _in_year(match, today, lambda year: _day_of(year, number, int(match["day"])))


def _quarter_end(match: re.Match[str], today: date) -> date | None:
    return _in_year(match, today, lambda year: _day_of(year, 3 * int(match["quarter"]), None))


def _half_end(match: re.Match[str], today: date) -> date | None:
    month = 6 if match["half"] == "上" else 12
    return _in_year(match, today, lambda year: _day_of(year, month, None))


def _year_end(match: re.Match[str], today: date) -> date | None:
    digits, word = match["year"], match["word"]
    return date(int(digits) if digits else today.year + _YEAR_OFFSETS.get(word or "", 0), 12, 31)


def _eve(match: re.Match[str], today: date) -> date | None:
    """The day before a festival, this year's or, where that is long past, the next one's."""
    first = _FESTIVALS[match["festival"]]
    days = [first(year) for year in (today.year, today.year + 1)]
    ahead = [day for day in days if day and day - _A_DAY >= today - _MAY_BE_NEXT_YEAR]
    return ahead[0] - _A_DAY if ahead else None


def _this_or_next_month(match: re.Match[str], today: date) -> date | None:
    months = today.month - 1 + (match["which"] in ("下", "次"))
    return _day_of(today.year + months // 12, months % 12 + 1, _last(match))


def _weekday(match: re.Match[str], today: date) -> date | None:
    weeks = len(match["which"]) if match["which"].startswith("下") else 0
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=weeks, days=_WEEKDAYS[match["weekday"] or "日"])


def _after_days(match: re.Match[str], today: date) -> date | None:
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}[match["unit"]]
    return today + timedelta(days=days * int(match["count"]))


def _after_months(match: re.Match[str], today: date) -> date | None:
    months = {"月": 1, "季度": 3, "年": 12}[match["unit"] or match["years"]] * int(match["count"])
    return _months_later(today, months)


def _after_half(match: re.Match[str], today: date) -> date | None:
    return _months_later(today, 6) if match["unit"] == "年" else today + timedelta(days=15)


def _uncounted(match: re.Match[str], today: date) -> date | None:
    """Of working days: no calendar here knows which days are moved, so the day is not known."""
    return None


def _months_later(today: date, months: int) -> date:
    """The same day of the month, or its last day where the month is shorter."""
    years, month = divmod(today.month - 1 + months, 12)
    last = monthrange(today.year + years, month + 1)[1]
    return date(today.year + years, month + 1, min(today.day, last))


def _in_year(match: re.Match[str], today: date, day: Callable[[int], date | None]) -> date | None:
    """The day in the year that the match names, or that follows from the day of the text."""
    groups = match.groupdict()
    if groups.get("year"):
        return day(int(groups["year"]))
    if groups.get("word"):
        return day(today.year + _YEAR_OFFSETS[groups["word"]])
    found = day(today.year)
    if found is None or found >= today - _MAY_BE_NEXT_YEAR:
        return found
    return day(today.year + 1) if found < today - _IS_NEXT_YEAR else None


def _day_of(year: int, month: int, day: int | None) -> date | None:
    """A day of a month, None: its last; None where the month has no such day."""
    last = monthrange(year, month)[1]
    return date(year, month, day or last) if (day or last) <= last else None


def _lunar(month: int, day: int) -> Callable[[int], date | None]:
    """The day of the solar calendar on which a day of the lunar one falls in a year to 2099."""

    def in_year(year: int) -> date | None:
        from lunardate import LunarDate

        if year > _LAST_LUNAR_YEAR:
            return None
        solar: date = LunarDate(year, month, day).to_solar_date()
        return solar

    return in_year


_FESTIVALS: dict[str, Callable[[int], date | None]] = {
    "元旦": lambda year: date(year, 1, 1),
    "春节": _lunar(1, 1),
    "元宵": _lunar(1, 15),
    "清明": lambda year: date(year, 4, 4),  # or the 5th
    "五一": lambda year: date(year, 5, 1),
    "劳动": lambda year: date(year, 5, 1),
    "端午": _lunar(5, 5),
    "七一": lambda year: date(year, 7, 1),
    "中秋": _lunar(8, 15),
    "国庆": lambda year: date(year, 10, 1),
}

# Pattern, last day, whether it counts from the day of the text. The longer ones come first.
_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None], bool], ...] = (
    (
        re.compile(
            rf"\d{{1,2}}\s*(?:月|[./])\s*\d{{1,2}}\s*日?{_TO}"
            rf"(?:{_YEAR}{_MONTH}\s*(?:月|[./])\s*)?{_DAY}\s*日?(?![\d.%])"
        ),
        _range_end,
        False,
    ),
    (
        re.compile(rf"\d{{1,2}}\s*月?份?{_TO}{_YEAR}{_MONTH}\s*月份?\s*{_PART}?(?!\d)"),
        _month_end,
        False,
    ),
    (re.compile(rf"{_YEAR}{_MONTH}\s*月\s*{_DAY}\s*日?(?![\d.%个])"), _month_end, False),
    (
        re.compile(
            rf"{_YEAR}{_MONTH}\s*[./-]\s*{_DAY}(?![\d.%])"
            rf"(?=\s*日?\s*(?:[之以]?前|止|截止|完成|办结|$|[,。;)]))"
        ),
        _month_end,
        False,
    ),
    (
        re.compile(rf"(?P<which>本|这个?|当|下|次)个?月\s*(?:{_PART}|{_DAY}\s*日|[之以]?内)?"),
        _this_or_next_month,
        True,
    ),
    # 1月内 may be within a month or in January.
    (re.compile(rf"{_YEAR}{_MONTH}\s*月份?(?![之以]?内)\s*{_PART}?(?!\d)"), _month_end, False),
    (
        re.compile(r"(?<!\d)(?<!\d\s)(?P<which>)月(?P<part>底|末|中旬|下旬)"),
        _this_or_next_month,
        True,
    ),
    (
        re.compile(
            r"(?P<which>本|这个?|下下?)个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])?内?"
        ),
        _weekday,
        True,
    ),
    (
        re.compile(r"(?P<count>\d{1,3})\s*个?(?P<unit>天|日|周|星期|礼拜)(?:之内|以内|内)"),
        _after_days,
        True,
    ),
    (re.compile(r"(?P<count>\d{1,2})\s*个?工作日(?:之内|以内|内)?"), _uncounted, True),
    (
        re.compile(r"(?P<count>\d{1,2})\s*(?:个(?P<unit>月|季度)|(?P<years>年))(?:之内|以内|内)"),
        _after_months,
        True,
    ),
    (re.compile(r"半个?(?P<unit>月|年)(?:之内|以内|内)"), _after_half, True),
    (re.compile(rf"{_YEAR}第?(?P<quarter>[1-4])季度?(?:末|底)?"), _quarter_end, False),
    (re.compile(rf"{_YEAR}(?P<half>上|下)半年(?:末|底)?"), _half_end, False),
    (
        re.compile(
            r"(?P<festival>元旦|春节|元宵|清明|五一|劳动|端午|七一|中秋|国庆)节?(?=\s*[之以]?前)"
        ),
        _eve,
        False,
    ),
    (
        re.compile(
            r"(?:(?P<year>20\d\d)\s*年?|(?P<word>[今本当明次])年?)?(?:年度?|(?<=年)度?)(?:底|末|终|内)"
        ),
        _year_end,
        False,
    ),
)
