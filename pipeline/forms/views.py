"""What 附件4's template sees when it goes out to a group, and when it comes back filled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.forms.asked import CHOOSE, WRITE, full_score, score_limit, shared_score
from pipeline.forms.control_tags import ControlTag
from pipeline.forms.words import ABSENT, UNREPORTED
from pipeline.tables.settings import Settings
from pipeline.typography import blank_date, date_list, full_date
from pipeline.typography import number as figure
from pipeline.views.annexes import FormRowView, FormView, blank_form
from pipeline.views.progress import GroupView, PeriodView, ReportView

_WORDS = {
    "group": "填报组队",
    "reporter": "填报人",
    "day": "填报时间",
    "progress": "进展情况",
    "problems": "存在的问题",
    "measures": "整改措施及完成时限",
    "status": "状态",
    "self_score": "自评分",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlView:
    """A control's tag, the words on its frame (SL001 进展情况), and what it holds at first."""

    tag: str
    alias: str
    placeholder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderControlsView:
    """The controls of a form's header."""

    group: ControlView
    reporter: ControlView
    day: ControlView


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerControlsView:
    """The controls of a row; the last two stand on the form where the edition asks for them."""

    progress: ControlView
    problems: ControlView
    measures: ControlView
    status: ControlView
    self_score: ControlView


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledFormView(FormView):
    """The form of a group as it came back: `absent` says that it did not, and is printed instead.

    A form begins on a `new_page` where another one is before it.
    """

    absent: str
    new_page: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRowView(FormRowView):
    """One row of a form that goes out."""

    controls: AnswerControlsView


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedFormView(FormView):
    """The form of one group for one period; `earlier` is what it reported in `before`."""

    rows: tuple[IssuedRowView, ...]
    kept: int  # rows at the end that stay on one page with the remark
    controls: HeaderControlsView
    score_limit: str  # （满分20） or 满分见各行, under the heading 自评分
    before: str
    earlier: tuple[FormRowView, ...]


def issued(
    edition: str,
    settings: Settings,
    period: str,
    group: str,
    names: Mapping[str, str],
    most: Mapping[str, Decimal],
    earlier: PeriodView | None = None,
) -> IssuedFormView:
    """The form for a group; `names` are its indicators, by 编号, `earlier` the period before.

    `most` maps 编号 to the full score.
    """
    tag = ControlTag(edition=edition, period=period, group=group, indicator="", field="")
    rows = tuple(_issued_rows(tag, names, most, settings.form.blank_rows))
    form = IssuedFormView(
        **_common(settings, period),
        group=group,
        reporter="",
        date=blank_date(),
        rows=rows,
        kept=1,
        controls=HeaderControlsView(
            group=_control(tag, "group"),
            reporter=_control(tag, "reporter"),
            day=_control(tag, "day"),
        ),
        score_limit=score_limit(most, names),
        before="",
        earlier=(),
    )
    if earlier is None:
        return form
    return replace(form, before=earlier.name, earlier=_reported_rows(earlier, group, names))


def with_blank_rows(form: IssuedFormView, count: int, *, new_page: bool) -> IssuedFormView:
    """The form with so many of its blank rows, its last indicator on a `new_page` with them."""
    named = [row for row in form.rows if row.number]
    rows = (*named, *form.rows[len(named) :][:count])
    return replace(form, rows=rows, kept=count + 1 if new_page else 1)


def _issued_rows(
    form: ControlTag, names: Mapping[str, str], most: Mapping[str, Decimal], blank_rows: int
) -> Iterator[IssuedRowView]:
    """The rows of a form, one for each indicator and the blank ones; `form` begins their tags."""
    limits = _limits(names, most)
    blank = [("", "")] * blank_rows
    for number, (code, name) in enumerate([*names.items(), *blank], 1):
        yield _issued_row(number, name, replace(form, indicator=code), limits.get(code, WRITE))


def _limits(names: Collection[str], most: Mapping[str, Decimal]) -> dict[str, str]:
    """编号 → its full score in words, where the heading does not have it for all rows."""
    if shared_score(most, names) is not None:
        return {}
    return {code: full_score(most[code]) for code in names}


def _issued_row(number: int, name: str, tag: ControlTag, limit: str) -> IssuedRowView:
    """A row to be filled in; one without an indicator has no number."""
    return IssuedRowView(
        number=str(number) if tag.indicator else "",
        name=name,
        controls=AnswerControlsView(
            progress=_control(tag, "progress"),
            problems=_control(tag, "problems"),
            measures=_control(tag, "measures"),
            status=_control(tag, "status", CHOOSE),
            self_score=_control(tag, "self_score", limit),
        ),
    )


def _control(tag: ControlTag, field: str, placeholder: str = "") -> ControlView:
    tag = replace(tag, field=field)
    alias = f"{tag.indicator} {_WORDS[field]}".strip()
    return ControlView(tag=str(tag), alias=alias, placeholder=placeholder)


def consolidated(
    settings: Settings, period: PeriodView, names: Mapping[str, str]
) -> tuple[FilledFormView, ...]:
    """Every group's form as far as it is filled; `names` has the 编号 in the table's order."""
    forms: list[FilledFormView] = []
    for group in period.groups:
        form = _filled(settings, period, group, names)
        follows = any(not each.absent for each in forms)
        forms.append(replace(form, new_page=follows and not form.absent))
    return tuple(forms)


def _filled(
    settings: Settings, period: PeriodView, group: GroupView, names: Mapping[str, str]
) -> FilledFormView:
    """A group's form, with a row for each of its indicators."""
    own = _own_names(group, names)
    rows = tuple(_rows(group, own, own))
    return FilledFormView(
        **_common(settings, period.name),
        group=group.name,
        reporter=group.reporter,
        date=_filled_date(group.day),
        rows=tuple(row if _is_filled(row) else replace(row, progress=UNREPORTED) for row in rows),
        absent="" if group.returned else ABSENT.format(group=group.name, count=len(own)),
        new_page=False,
    )


def _is_filled(row: FormRowView) -> bool:
    """Whether anything was reported in a row."""
    return any((row.progress, row.problems, row.measures, row.status, row.self_score))


def _filled_date(day: date | None) -> str:
    return "" if day is None else full_date(day)


def _own_names(group: GroupView, names: Mapping[str, str]) -> dict[str, str]:
    """The indicators that a group reports on, in the table's order."""
    codes = {*group.missing, *group.by_id}
    return {code: name for code, name in names.items() if code in codes}


def _rows(
    group: GroupView, names: Mapping[str, str], wanted: Collection[str]
) -> Iterator[FormRowView]:
    """The wanted rows, numbered as `names` has them."""
    reports = group.by_id
    for number, (code, name) in enumerate(names.items(), 1):
        if code in wanted:
            yield _row(number, name, reports.get(code))


def _row(number: int, name: str, report: ReportView | None) -> FormRowView:
    """A row with what was reported; blank without a report."""
    row = FormRowView(number=str(number), name=name)
    if report is None:
        return row
    return replace(
        row,
        progress=report.progress,
        problems=report.problems,
        measures=report.measures,
        status=report.status,
        self_score="" if report.self_score is None else figure(report.self_score),
    )


def _reported_rows(
    period: PeriodView, name: str, names: Mapping[str, str]
) -> tuple[FormRowView, ...]:
    """What a group reported in a period, without what it left out."""
    groups = (group for group in period.groups if group.name == name)
    return tuple(row for group in groups for row in _rows(group, names, group.by_id))


def _common(settings: Settings, period: str) -> dict[str, Any]:
    """The fields that every group's form has alike."""
    blank = blank_form(settings)
    due = [each.due for each in settings.periods if each.name == period]
    return {
        "title": f"{blank.title}（{period}）",
        "periods": (period,),
        "due_dates": date_list(due),
        "return_to": blank.return_to,
    }
