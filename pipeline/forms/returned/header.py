"""Who filled a form in, and when, as its header says."""

from __future__ import annotations

from datetime import date

from pipeline.checks.dates import days_of_submissions
from pipeline.errors import Problem
from pipeline.forms.parsing.lines import Form
from pipeline.forms.returned.days import written_day
from pipeline.tables.cells import CellError
from pipeline.tables.contract import SUBMISSIONS
from pipeline.tables.parsing import parse
from pipeline.tables.settings import Settings

OUTSIDE = "day-outside"  # the rule of a day in another year: last year's form, or a slip of the pen
_FIELDS = ("reporter", "day")


def submission(
    file: str, form: Form, settings: Settings, period: str
) -> tuple[dict[str, str], list[Problem]]:
    """What there is for submissions.csv by field, and what is wrong with it."""
    first, last = days_of_submissions(settings)
    due = next(each.due for each in settings.periods if each.name == period)
    texts: dict[str, str] = {}
    wrong = []
    for field in _FIELDS:
        typed = form.header.get(field, "")
        written = written_day(typed, first, last, due) if field == "day" else typed
        column = SUBMISSIONS.column(field)
        try:
            texts[field] = str(parse(written, column) or "")
        except CellError as error:
            message = f"表头的“{column.header}”没有收：{error.flaw.message}"
            wrong.append(_problem(file, error.flaw.rule, message, typed, error.flaw.hint))
    day = texts.get("day")
    if day and not first <= date.fromisoformat(day) <= last:
        message = f"填报时间不是 {settings.year} 年度的（{first} 到 {last}），整张表都没有收"
        hint = "看看是不是用了去年的表；是写错了的，改好表头再收"
        wrong.append(_problem(file, OUTSIDE, message, form.header["day"], hint))
    if blank := [SUBMISSIONS.column(field).header for field in _FIELDS if texts.get(field) == ""]:
        message = f"表头没有写{'、'.join(blank)}"
        hint = f"问清楚以后写进 {SUBMISSIONS.file}"
        wrong.append(
            Problem(file=file, rule="header", message=message, hint=hint, severity="warning")
        )
    return {field: text for field, text in texts.items() if text}, wrong


def _problem(file: str, rule: str, message: str, value: str, hint: str | None) -> Problem:
    return Problem(file=file, rule=rule, message=message, value=value, hint=hint)
