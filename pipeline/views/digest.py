"""What the digest's templates see, beside the views of 附件1–4: who, how much, how far, how late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from pipeline.shape.progress import CHANGES, UNCHANGED
from pipeline.tables.settings import Period, Settings

STATUSES = ("已完成", "进行中", "未开始", "有困难")
_LONG = 400  # characters in a cell
REPORTED, UNREPORTED = "已填报", "未填报"  # for tables without a column 状态


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """A label's or an indicator's share of the points; `id` names an indicator."""

    name: str
    points: Decimal
    count: int
    id: str = ""
    parts: tuple[ShareView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierView:
    """What somebody carries; `shared` of the indicators others carry as well."""

    name: str
    points: Decimal
    count: int
    shared: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """An indicator that a unit has data for, under the unit's other name where it has one."""

    id: str
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitView:
    """A unit and the indicators that it has data for; `name` is empty where nobody is named."""

    name: str
    indicators: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One group's report on one indicator."""

    id: str
    reported: bool
    progress: str
    problems: str
    measures: str
    status: str
    self_score: Decimal | None
    deadline: date | None
    overdue: bool
    troubled: bool
    unmeasured: bool  # a problem without a measure
    undated: bool  # a problem with a measure, but without a deadline
    changes: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        """Whether its row may have to be parted between two pages."""
        return max(map(len, (self.progress, self.problems, self.measures))) > _LONG


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """One group in one period: its form, its reports, and what it left out."""

    name: str
    returned: bool
    reporter: str
    day: date | None
    late: int  # days
    reports: tuple[ReportView, ...]
    missing: tuple[str, ...]  # 编号
    empty: tuple[str, ...]  # of these, those with a row that says nothing
    statuses: tuple[tuple[str, int], ...]  # with 未填报 last

    @property
    def expected(self) -> int:
        """How many indicators it was to report on."""
        return len(self.reports) + len(self.missing)

    @property
    def unchanged(self) -> int:
        """How many reports say the same as in the period before."""
        return sum(UNCHANGED in report.changes for report in self.reports)

    def flagged(self, flag: str) -> tuple[str, ...]:
        """The 编号 of the reports for which `flag`, such as overdue, is set."""
        return tuple(report.id for report in self.reports if getattr(report, flag))

    @property
    def by_id(self) -> dict[str, ReportView]:
        """编号 → the report on it."""
        return {report.id: report for report in self.reports}

    @property
    def counts(self) -> dict[str, int]:
        """Status → how many reports have it."""
        return dict(self.statuses)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One kind of change since the period before, in `count` reports."""

    kind: str
    count: int
    groups: tuple[tuple[str, tuple[str, ...]], ...]  # each with the 编号 that it concerns


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodView:
    """One period over all groups; `began` when anything came back."""

    name: str
    due: date
    began: bool
    current: bool
    groups: tuple[GroupView, ...]
    changes: tuple[ChangeView, ...]
    before: str  # the period that the changes are counted from

    @property
    def expected(self) -> int:
        """How many reports were due."""
        return sum(group.expected for group in self.groups)

    @property
    def reported(self) -> int:
        """How many reports there are."""
        return sum(len(group.reports) for group in self.groups)

    @property
    def returned(self) -> int:
        """How many groups returned their form."""
        return sum(group.returned for group in self.groups)

    @property
    def late(self) -> tuple[GroupView, ...]:
        """The groups that returned late, or not at all when it was due."""
        return tuple(group for group in self.groups if group.late)

    @property
    def statuses(self) -> tuple[tuple[str, int], ...]:
        """How many reports have which status, 未填报 last."""
        counts: Counter[str] = Counter()
        for group in self.groups:
            counts.update(dict(group.statuses))
        return _in_order(counts)

    @property
    def status_names(self) -> tuple[str, ...]:
        """The statuses that occur."""
        return tuple(name for name, _ in self.statuses)

    def count_of(self, status: str) -> int:
        """How many reports have this status."""
        return dict(self.statuses).get(status, 0)

    def chosen(self, flag: str) -> tuple[tuple[GroupView, ReportView], ...]:
        """The reports for which `flag`, such as overdue, is set, with their groups."""
        return tuple(
            (group, report)
            for group in self.groups
            for report in group.reports
            if getattr(report, flag)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A supervision finding as recorded."""

    id: str
    day: date
    issue: str
    note: str
    clause: str
    level: str
    aggravating: str
    mitigating: str
    accountable: int | None
    section: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetsView:
    """What an indicator can be found by; `statuses` are those of the current period."""

    people: tuple[str, ...]
    sections: tuple[str, ...]  # the wording and the groups behind it
    units: tuple[str, ...]
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """The digest of an edition; `on` is the day to which lateness is counted, None: not known."""

    title: str
    points_heading: str
    total: Decimal
    other_totals: tuple[tuple[str, Decimal], ...]  # headings and sums of the other score columns
    count: int
    on: date | None
    with_names: bool
    structure: tuple[ShareView, ...]
    leaders: tuple[CarrierView, ...]
    sections: tuple[CarrierView, ...]
    groups: tuple[CarrierView, ...]
    persons: tuple[CarrierView, ...]  # none where names are left out
    phrases: tuple[str, ...]  # of the names above, those that are not people
    units: tuple[UnitView, ...]
    periods: tuple[PeriodView, ...]
    findings: tuple[FindingView, ...]
    names: Mapping[str, str]  # 编号 → the indicator's short name
    facets: Mapping[str, FacetsView]  # by 编号
    score: None = None

    @property
    def current(self) -> PeriodView | None:
        """The last period from which anything came back."""
        return next((period for period in self.periods if period.current), None)


def structure(shaped: pd.DataFrame, names: Mapping[str, str], levels: int) -> tuple[ShareView, ...]:
    """The points by label, from `shape.indicators`; a blank label stands for itself, unnamed."""
    return tuple(_shares(shaped, names, 1, levels))


def _shares(
    shaped: pd.DataFrame, names: Mapping[str, str], level: int, levels: int
) -> Iterator[ShareView]:
    if level > levels:
        for id_, points in zip(shaped["id"], shaped["score1"], strict=True):
            yield ShareView(name=names[id_], points=points, count=1, id=id_)
        return
    # A label stands once: the checks refuse one that comes back after another.
    for name, under in shaped.groupby(f"label{level}", sort=False):
        yield ShareView(
            name=str(name),
            points=under["score1"].sum(),
            count=len(under),
            parts=tuple(_shares(under, names, level + 1, levels)),
        )


def carriers(found: pd.DataFrame) -> tuple[CarrierView, ...]:
    """From `shape.carriers.carriers`."""
    columns = ("name", "points", "count", "shared", "ids")
    return tuple(
        CarrierView(name=name, points=points, count=int(count), shared=int(shared), ids=ids)
        for name, points, count, shared, ids in zip(*(found[c] for c in columns), strict=True)
    )


def units(found: pd.DataFrame) -> tuple[UnitView, ...]:
    """From `shape.carriers.units`: most indicators first, those that name nobody last."""
    grouped = [
        UnitView(
            name=str(name),
            indicators=tuple(
                SourceView(id=id_, alias=alias)
                for id_, alias in zip(under["id"], under["alias"], strict=True)
            ),
        )
        for name, under in found.groupby("unit", sort=False)
    ]
    return tuple(sorted(grouped, key=lambda unit: (not unit.name, -len(unit.indicators))))


def periods(
    reports: pd.DataFrame, returns: pd.DataFrame, declared: Sequence[Period]
) -> tuple[PeriodView, ...]:
    """Every period of the edition, from `shape.progress`; the last that began is the current one."""
    by_period = dict(tuple(reports.groupby("period", sort=False)))
    forms = dict(tuple(returns.groupby("period", sort=False)))
    began = [
        period.name
        for period in declared
        if by_period[period.name]["reported"].any() or forms[period.name]["returned"].any()
    ]
    befores = ["", *(period.name for period in declared)]
    return tuple(
        PeriodView(
            name=period.name,
            due=period.due,
            began=period.name in began,
            current=bool(began) and period.name == began[-1],
            groups=tuple(_groups(by_period[period.name], forms[period.name])),
            changes=tuple(_changes(by_period[period.name])),
            before=before,
        )
        for period, before in zip(declared, befores, strict=False)
    )


def _groups(reports: pd.DataFrame, returns: pd.DataFrame) -> Iterator[GroupView]:
    own = dict(tuple(reports.groupby("group", sort=False)))
    columns = ("group", "returned", "reporter", "day", "late")
    for name, returned, reporter, day, late in zip(*(returns[c] for c in columns), strict=True):
        told = own[name][own[name]["reported"]]
        missing = tuple(own[name]["indicator"][~own[name]["reported"]])
        counts = Counter(status or REPORTED for status in told["status"])
        yield GroupView(
            name=name,
            returned=bool(returned) or len(told) > 0,
            reporter=reporter,
            day=day,
            late=int(late) if returned or not len(told) else 0,
            reports=tuple(_reports(told)),
            missing=missing,
            empty=tuple(own[name]["indicator"][own[name]["empty"]]),
            statuses=_in_order(counts + Counter({UNREPORTED: len(missing)})),
        )


def _reports(told: pd.DataFrame) -> Iterator[ReportView]:
    texts = ("indicator", "progress", "problems", "measures", "status", "self_score", "deadline")
    flags = ("overdue", "troubled", "unmeasured", "undated")
    for row in zip(*(told[column] for column in (*texts, *flags, "changes")), strict=True):
        id_, progress, problems, measures, status, score, deadline, *flagged, changes = row
        overdue, troubled, unmeasured, undated = map(bool, flagged)
        yield ReportView(
            id=id_,
            reported=True,
            progress=progress,
            problems=problems,
            measures=measures,
            status=status,
            self_score=score,
            deadline=deadline,
            overdue=overdue,
            troubled=troubled,
            unmeasured=unmeasured,
            undated=undated,
            changes=changes,
        )


def _changes(reports: pd.DataFrame) -> Iterator[ChangeView]:
    for kind in CHANGES:
        found = reports[[kind in changes for changes in reports["changes"]]]
        if len(found):
            by_group = found.groupby("group", sort=False)["indicator"].agg(tuple)
            yield ChangeView(kind=kind, count=len(found), groups=tuple(by_group.items()))


def facets(
    table: pd.DataFrame,
    people: Mapping[str, Sequence[Sequence[str]]],
    groups: Sequence[Sequence[str]],
    units: pd.DataFrame,
    periods: Iterable[PeriodView],
) -> dict[str, FacetsView]:
    """By 编号, what each indicator can be found by.

    `people` holds, for 责任领导 and 责任人, the names of each row, `groups` those who report on it.
    """
    statuses = _standing(next((period for period in periods if period.current), None))
    by_id = {id_: tuple(filter(None, under["unit"])) for id_, under in units.groupby("id")}
    rows = zip(table["id"], table["section"], *people.values(), groups, strict=True)
    return {
        id_: FacetsView(
            people=tuple(dict.fromkeys([*leaders, *persons])),
            sections=tuple(dict.fromkeys([section, *own])),
            units=by_id[id_],
            statuses=statuses.get(id_, ()),
        )
        for id_, section, leaders, persons, own in rows
    }


def _standing(current: PeriodView | None) -> dict[str, tuple[str, ...]]:
    """编号 → the statuses that its groups report in the current period, 未填报 last."""
    found: dict[str, Counter[str]] = {}
    for group in current.groups if current else ():
        for report in group.reports:
            found.setdefault(report.id, Counter())[report.status or REPORTED] += 1
        for id_ in group.missing:
            found.setdefault(id_, Counter())[UNREPORTED] += 1
    return {id_: tuple(status for status, _ in _in_order(counts)) for id_, counts in found.items()}


def _in_order(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    order = (*STATUSES, REPORTED, UNREPORTED)
    return tuple((status, counts[status]) for status in order if counts[status])


def findings(table: pd.DataFrame) -> tuple[FindingView, ...]:
    """The findings by day, from `shape.frame`."""
    fields = list(FindingView.__dataclass_fields__)
    rows = table.sort_values("day", kind="stable")[fields].to_dict("records")
    return tuple(FindingView(**{str(key): value for key, value in row.items()}) for row in rows)


def short_names(table: pd.DataFrame) -> dict[str, str]:
    """编号 → 简称, or the name on one line where there is none."""
    pairs = zip(table["id"], table["short_name"], table["name"], strict=True)
    return {id_: short or one_line(name) for id_, short, name in pairs}


def one_line(text: str) -> str:
    """A name without its line breaks."""
    return "".join(text.split("\n"))


def digest_title(settings: Settings) -> str:
    """Such as 翔安区统计局2023年度绩效管理摘要."""
    return f"{settings.district}{settings.bureau}{settings.year}年度绩效管理摘要"
