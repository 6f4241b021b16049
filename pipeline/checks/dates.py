"""Dates inside the edition's year, and other years that were left standing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date

from pipeline.checks.check import check
from pipeline.errors import Problem
from pipeline.tables.cells import Flaw
from pipeline.tables.edition import Edition
from pipeline.tables.settings import PLACEHOLDERS, Period, Settings

# 2023年, 2023年度, 〔2023〕 and 2021—2025年; a year in a date of another kind is left alone.
_YEAR = re.compile(r"(?:(20\d\d)\s*年?\s*[-—–~～至到]+\s*)?(?<!\d)(20\d\d)(?=年|〕|\])")


@check()
def periods_in_order(edition: Edition) -> Iterator[Problem]:
    """Reporting periods have names of their own and fall due one after the other in the year."""
    first, last = _days(edition.settings)
    periods = edition.settings.periods
    for index, period in enumerate(periods):
        key, before = f"periods[{index + 1}]", periods[:index]
        if _has_name(before, period.name):
            flaw = Flaw("unique", "前面已经有同名的一期")
            yield edition.problem(f"{key}.name", flaw, period.name)
        if before and period.due <= before[-1].due:
            message = f"要在前一期的截止日期 {before[-1].due} 之后"
            flaw = Flaw("period-order", message, "各期按时间先后写")
            yield edition.problem(f"{key}.due", flaw, str(period.due))
        if not first <= period.due <= last:
            hint = "到第二年才截止的，写一行 last_day = 最后的日期（在 [[periods]] 前面）"
            flaw = Flaw("period-year", f"不在 {first} 到 {last} 之间", hint)
            yield edition.problem(f"{key}.due", flaw, str(period.due))


def _has_name(periods: Iterable[Period], name: str) -> bool:
    """Whether one of the periods has the name."""
    return name in {period.name for period in periods}


@check()
def last_day_of_the_work(edition: Edition) -> Iterator[Problem]:
    """The year's work may end in the next year, not before or long after."""
    settings = edition.settings
    last = settings.last_day
    if last is not None and last.year not in (settings.year, settings.year + 1):
        flaw = Flaw("period-year", f"只能在 {settings.year} 年或者第二年")
        yield edition.problem("last_day", flaw, str(last))


@check("findings")
def findings_in_the_year(edition: Edition) -> Iterator[Problem]:
    """A finding counts in the year in which it was made."""
    yield from _outside(edition, "findings", *_days(edition.settings))


@check("submissions")
def submissions_in_the_year(edition: Edition) -> Iterator[Problem]:
    """A form may come late, but not in the next year's round."""
    yield from _outside(edition, "submissions", *days_of_submissions(edition.settings))


def days_of_submissions(settings: Settings) -> tuple[date, date]:
    """The first and the last day on which a form of the edition can be filled in."""
    first, last = _days(settings)
    return first, date(last.year + 1, 6, 30)


def _outside(edition: Edition, table: str, first: date, last: date) -> Iterator[Problem]:
    """The dates of a table before the first or after the last day."""
    sheet = edition[table]
    for index, (day,) in sheet.filled("day"):
        if not first <= day <= last:
            message = f"不是这一期的日期（{first} 到 {last}）"
            yield sheet.problem(index, "day", "day-outside", message, hint="看看年份")


def _days(settings: Settings) -> tuple[date, date]:
    """The first and the last day of the edition's work."""
    return date(settings.year, 1, 1), settings.last_day or date(settings.year, 12, 31)


@check()
def years_in_titles(edition: Edition) -> Iterator[Problem]:
    """Another year in a title: not changed when last year's folder was copied."""
    year = edition.settings.year
    for view, title in asdict(edition.settings.titles).items():
        for match in _other_years(title, year):
            yield edition.problem(f"titles.{view}", _year_flaw(match, year), title)


@check()
def placeholders_in_titles(edition: Edition) -> Iterator[Problem]:
    """Braces in a title name something that the edition has."""
    allowed = "、".join(f"{{{word}}}" for word in PLACEHOLDERS)
    flaw = Flaw("placeholder", f"花括号里只能写 {allowed}，别的会原样印出来")
    for view, title in asdict(edition.settings.titles).items():
        for word in re.findall(r"\{([^{}]*)\}", title):
            if word not in PLACEHOLDERS:
                yield edition.problem(f"titles.{view}", flaw, f"{{{word}}}")


@check("indicators")
def years_in_indicators(edition: Edition) -> Iterator[Problem]:
    """Another year in a label or a name."""
    labels = [f"label{n}" for n, _ in enumerate(edition.settings.indicators.labels, 1)]
    yield from _years(edition, "indicators", [*labels, "name", "short_name"])


@check("rules")
def years_in_clauses(edition: Edition) -> Iterator[Problem]:
    """Another year in the scoring method."""
    yield from _years(edition, "rules", ["chapter", "title", "text"])


def _years(edition: Edition, table: str, fields: list[str]) -> Iterator[Problem]:
    """Other years in a table's texts, each with a few words around it."""
    sheet, year = edition[table], edition.settings.year
    for field in fields:
        column = sheet.table.column(field)
        if "20" not in "".join(filter(None, sheet[field])):
            continue  # one search of all texts instead of one for each
        for index, (text,) in sheet.filled(field):
            for match in _other_years(text, year):
                yield sheet.raw.problem(index, column, _year_flaw(match, year), _around(match))


def _around(match: re.Match[str]) -> str:
    """What was found, with a few words on both sides."""
    return match.string[max(0, match.start() - 6) : match.end() + 6]


def _other_years(text: str, year: int) -> Iterator[re.Match[str]]:
    """The years, and the spans of years, that are not or do not include this year."""
    return (match for match in _YEAR.finditer(text) if not _includes(match, year))


def _includes(match: re.Match[str], year: int) -> bool:
    """Whether a year is the one that was found, or in the span that was."""
    return int(match[1] or match[2]) <= year <= int(match[2])


def _year_flaw(match: re.Match[str], year: int) -> Flaw:
    message = f"写的是 {match[2]} 年，这一期是 {year} 年"
    return Flaw("year", message, "换年度时是不是漏改了", "warning")


CHECKS = (
    periods_in_order,
    last_day_of_the_work,
    findings_in_the_year,
    submissions_in_the_year,
    years_in_titles,
    placeholders_in_titles,
    years_in_indicators,
    years_in_clauses,
)
