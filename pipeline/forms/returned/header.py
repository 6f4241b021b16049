"""Who filled a form in, and when, by its header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.checks.dates import days_of_submissions
from pipeline.errors import Problem
from pipeline.forms.parsing.heads import filled
from pipeline.forms.parsing.lines import Form
from pipeline.forms.returned.days import written_day
from pipeline.tables.cells import CellError, Flaw
from pipeline.tables.contract import SUBMISSIONS
from pipeline.tables.parsing import parse
from pipeline.tables.settings import Settings

_FIELDS = ("reporter", "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What there is for submissions.csv, by field, and what is wrong with it.

    `of_another_year`: its day is no day of the edition's, so that the form may be last year's.
    """

    texts: Mapping[str, str]
    problems: tuple[Problem, ...]
    of_another_year: bool


def header_of(file: str, form: Form, settings: Settings, period: str) -> Header:
    """The header of a form about a period."""
    first, last = days_of_submissions(settings)
    typed = {field: form.header.get(field, "") for field in _FIELDS}
    day = written_day(typed["day"], first, last, _due(settings, period))
    texts, problems = _parsed(file, typed, {**typed, "day": day})
    of_another_year = _is_outside(texts.get("day"), first, last)
    if of_another_year:
        problems.append(_outside(file, settings.year, first, last, typed["day"]))
    blank = [SUBMISSIONS.column(field).header for field, text in texts.items() if text == ""]
    if blank:
        problems.append(_blank(file, blank))
    return Header(
        texts=filled(texts),
        problems=tuple(problems),
        of_another_year=of_another_year,
    )


def _due(settings: Settings, period: str) -> date:
    return next(each.due for each in settings.periods if each.name == period)


def _parsed(
    file: str, typed: Mapping[str, str], texts: Mapping[str, str]
) -> tuple[dict[str, str], list[Problem]]:
    """The texts as the table has them; those that it cannot have are problems, as typed."""
    parsed: dict[str, str] = {}
    problems = []
    for field, text in texts.items():
        column = SUBMISSIONS.column(field)
        try:
            parsed[field] = str(parse(text, column) or "")
        except CellError as error:
            problems.append(_unreadable(file, column.header, error.flaw, typed[field]))
    return parsed, problems


def _unreadable(file: str, heading: str, flaw: Flaw, value: str) -> Problem:
    message = f"表头的“{heading}”没有收：{flaw.message}"
    return Problem(file=file, rule=flaw.rule, message=message, value=value, hint=flaw.hint)


def _is_outside(day: str | None, first: date, last: date) -> bool:
    if not day:
        return False
    return not first <= date.fromisoformat(day) <= last


def _outside(file: str, year: int, first: date, last: date, value: str) -> Problem:
    """The problem of a day in another year: last year's form, or a slip of the pen."""
    message = f"填报时间不是 {year} 年度的（{first} 到 {last}），整张表都没有收"
    hint = "看看是不是用了去年的表；是写错了的，改好表头再收"
    return Problem(file=file, rule="day-outside", message=message, value=value, hint=hint)


def _blank(file: str, headings: Sequence[str]) -> Problem:
    """The warning about fields that nobody filled in."""
    hint = f"问清楚以后写进 {SUBMISSIONS.file}"
    message = f"表头没有写{'、'.join(headings)}"
    return Problem(file=file, rule="header", message=message, hint=hint, severity="warning")
