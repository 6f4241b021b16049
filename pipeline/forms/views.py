"""What 附件4's template sees when it goes out to a group, and when it comes back filled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pipeline.forms.control_tags import ControlTag
from pipeline.tables.settings import Settings
from pipeline.typography import blank_date, full_date
from pipeline.views.annexes import FormRowView, FormView, blank_form
from pipeline.views.progress import GroupView, PeriodView, ReportView

_WORDS = {
    "group": "填报组队",
    "reporter": "填报人",
    "day": "填报时间",
    "progress": "进展情况",
    "problems": "存在的问题",
    "measures": "整改措施及完成时限",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlView:
    """A control's tag, and the words on its frame: SL001 进展情况."""

    tag: str
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderControlsView:
    """The controls of a form's header."""

    group: ControlView
    reporter: ControlView
    day: ControlView


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerControlsView:
    """The controls of a row."""

    progress: ControlView
    problems: ControlView
    measures: ControlView


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRowView(FormRowView):
    """One row of a form that goes out."""

    controls: AnswerControlsView


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedFormView(FormView):
    """The form of one group for one period; `earlier` is what it reported in `before`."""

    rows: tuple[IssuedRowView, ...]
    controls: HeaderControlsView
    before: str
    earlier: tuple[FormRowView, ...]


def issued(
    edition: str,
    settings: Settings,
    period: str,
    group: str,
    names: Mapping[str, str],
    earlier: PeriodView | None = None,
) -> IssuedFormView:
    """The form for a group; `names` are its indicators, by 编号, `earlier` the period before."""
    tag = ControlTag(edition=edition, period=period, group=group, indicator="", field="")
    form = IssuedFormView(
        **_common(settings, period),
        group=group,
        reporter="",
        date=blank_date(),
        rows=tuple(_issued_rows(tag, names, settings.form.blank_rows)),
        controls=HeaderControlsView(
            group=_control(tag, "group"),
            reporter=_control(tag, "reporter"),
            day=_control(tag, "day"),
        ),
        before="",
        earlier=(),
    )
    if earlier is None:
        return form
    return replace(form, before=earlier.name, earlier=_reported_rows(earlier, group, names))


def _issued_rows(
    form: ControlTag, names: Mapping[str, str], blank_rows: int
) -> Iterator[IssuedRowView]:
    """The rows of a form, one for each indicator and the blank ones; `form` begins their tags."""
    blank = [("", "")] * blank_rows
    for number, (code, name) in enumerate([*names.items(), *blank], 1):
        yield _issued_row(number, name, replace(form, indicator=code))


def _issued_row(number: int, name: str, tag: ControlTag) -> IssuedRowView:
    """A row to be filled in; one without an indicator has no number."""
    return IssuedRowView(
        number=str(number) if tag.indicator else "",
        name=name,
        controls=AnswerControlsView(
            progress=_control(tag, "progress"),
            problems=_control(tag, "problems"),
            measures=_control(tag, "measures"),
        ),
    )


def _control(tag: ControlTag, field: str) -> ControlView:
    tag = replace(tag, field=field)
    return ControlView(tag=str(tag), alias=f"{tag.indicator} {_WORDS[field]}".strip())


def consolidated(
    settings: Settings, period: PeriodView, names: Mapping[str, str]
) -> tuple[FormView, ...]:
    """Every group's form as far as it is filled; `names` has the 编号 in the table's order."""
    return tuple(_filled(settings, period, group, names) for group in period.groups)


def _filled(
    settings: Settings, period: PeriodView, group: GroupView, names: Mapping[str, str]
) -> FormView:
    """A group's form, with a row for each of its indicators."""
    own = _own_names(group, names)
    return FormView(
        **_common(settings, period.name),
        group=group.name,
        reporter=group.reporter if group.returned else "（未报送）",
        date=_filled_date(group.day),
        rows=tuple(_rows(group, own, own)),
    )


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
        row, progress=report.progress, problems=report.problems, measures=report.measures
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
    return {
        "title": f"{blank.title}（{period}）",
        "periods": blank.periods,
        "due_dates": blank.due_dates,
        "return_to": blank.return_to,
    }
