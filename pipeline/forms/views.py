"""What 附件4's template sees when it goes out to a group, and when it comes back filled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import typography as formats
from pipeline.forms.control_tags import ControlTag
from pipeline.tables.settings import Settings
from pipeline.views.annexes import FormRowView, FormView, blank_form
from pipeline.views.progress import GroupView, PeriodView

_WORDS = {
    "group": "填报组队",
    "reporter": "填报人",
    "day": "填报时间",
    "progress": "进展情况",
    "problems": "存在的问题",
    "measures": "整改措施及完成时限",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkView:
    """A control's mark, and the words on its frame: SL001 进展情况."""

    tag: str
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderMarksView:
    """The marks of a form's header."""

    group: MarkView
    reporter: MarkView
    day: MarkView


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMarksView:
    """The marks of a row."""

    progress: MarkView
    problems: MarkView
    measures: MarkView


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRowView(FormRowView):
    """One row of a form that goes out."""

    marks: AnswerMarksView


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedFormView(FormView):
    """The form of one group for one period; `earlier` is what it reported in `before`."""

    rows: tuple[IssuedRowView, ...]
    marks: HeaderMarksView
    before: str
    earlier: tuple[FormRowView, ...]


def issued(
    edition: str,
    settings: Settings,
    period: str,
    group: str,
    indicators: Sequence[tuple[str, str]],
    earlier: PeriodView | None = None,
) -> IssuedFormView:
    """The form for a group; `indicators` are its 编号 and names, `earlier` the period before."""

    def mark(field: str, indicator: str = "") -> MarkView:
        tag = ControlTag(
            edition=edition, period=period, group=group, indicator=indicator, field=field
        )
        return MarkView(tag=str(tag), alias=f"{indicator} {_WORDS[field]}".strip())

    blank = [("", "")] * settings.form.blank_rows
    return IssuedFormView(
        **_common(settings, period),
        group=group,
        reporter="",
        date=formats.blank_date(),
        rows=tuple(
            IssuedRowView(
                number=str(number) if code else "",
                name=name,
                marks=AnswerMarksView(
                    progress=mark("progress", code),
                    problems=mark("problems", code),
                    measures=mark("measures", code),
                ),
            )
            for number, (code, name) in enumerate([*indicators, *blank], 1)
        ),
        marks=HeaderMarksView(group=mark("group"), reporter=mark("reporter"), day=mark("day")),
        before=earlier.name if earlier else "",
        earlier=_reported(earlier, group, dict(indicators)),
    )


def consolidated(
    settings: Settings, period: PeriodView, names: Mapping[str, str]
) -> tuple[FormView, ...]:
    """Every group's form as far as it is filled; `names` has the 编号 in the table's order."""
    return tuple(
        FormView(
            **_common(settings, period.name),
            group=group.name,
            reporter=group.reporter if group.returned else "（未报送）",
            date=formats.full_date(group.day) if group.day else "",
            rows=tuple(_rows(group, own, own)),
        )
        for group in period.groups
        for own in [_own(group, names)]
    )


def _own(group: GroupView, names: Mapping[str, str]) -> dict[str, str]:
    """The indicators that a group reports on, in the table's order."""
    codes = {*group.missing, *group.by_id}
    return {code: name for code, name in names.items() if code in codes}


def _rows(
    group: GroupView, names: Mapping[str, str], wanted: Collection[str]
) -> Iterator[FormRowView]:
    """The wanted rows, numbered as `names` has them."""
    reports = group.by_id
    for number, code in enumerate(names, 1):
        report = reports.get(code)
        if code in wanted:
            yield FormRowView(
                number=str(number),
                name=names[code],
                progress=report.progress if report else "",
                problems=report.problems if report else "",
                measures=report.measures if report else "",
            )


def _reported(
    period: PeriodView | None, name: str, names: Mapping[str, str]
) -> tuple[FormRowView, ...]:
    """What a group reported in a period, without what it left out."""
    groups = (group for group in period.groups if group.name == name) if period else ()
    return tuple(row for group in groups for row in _rows(group, names, group.by_id))


def _common(settings: Settings, period: str) -> dict[str, Any]:
    blank = blank_form(settings)
    return {
        "title": f"{blank.title}（{period}）",
        "periods": blank.periods,
        "due_dates": blank.due_dates,
        "return_to": blank.return_to,
    }
