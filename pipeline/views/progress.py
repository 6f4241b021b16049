"""What the digest shows of each period: which group returned what, when, and what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.tables.terms import Status
from pipeline.transforms.changes import CHANGES, UNCHANGED

if TYPE_CHECKING:  # the processes that print read records only, without what made them
    import pandas as pd

    from pipeline.tables.settings import Period

STATUSES = (Status.DONE, Status.UNDERWAY, Status.NOT_STARTED, Status.STUCK)  # as printed
_LONG = 400  # characters in a cell
REPORTED, UNREPORTED = "已填报", "未填报"  # for tables without a column 状态


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One group's report on one indicator."""

    id: str
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
    """One period over all groups; `began` when anything came back or is late."""

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
        return in_order(counts)

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


def periods(
    reports: pd.DataFrame, returns: pd.DataFrame, declared: Sequence[Period], on: date | None
) -> tuple[PeriodView, ...]:
    """Every period, from `shape.progress`; the last one that began is the current one.

    A period began when anything came back, or when it is due before the day `on`.
    """
    by_period = {each.name: reports[reports["period"].eq(each.name)] for each in declared}
    forms = {each.name: returns[returns["period"].eq(each.name)] for each in declared}
    began = [
        period.name
        for period in declared
        if by_period[period.name]["reported"].any()
        or forms[period.name]["returned"].any()
        or (on is not None and period.due < on)
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
    nothing = reports.iloc[:0]  # of a group that has no indicator and returned a form all the same
    columns = ("group", "returned", "reporter", "day", "late")
    for name, returned, reporter, day, late in zip(*(returns[c] for c in columns), strict=True):
        mine = own.get(name, nothing)
        told = mine[mine["reported"]]
        missing = tuple(mine["indicator"][~mine["reported"]])
        counts = Counter(status or REPORTED for status in told["status"])
        yield GroupView(
            name=name,
            returned=bool(returned) or len(told) > 0,
            reporter=reporter,
            day=day,
            late=int(late) if returned or not len(told) else 0,
            reports=tuple(_reports(told)),
            missing=missing,
            empty=tuple(mine["indicator"][mine["empty"]]),
            statuses=in_order(counts + Counter({UNREPORTED: len(missing)})),
        )


def _reports(told: pd.DataFrame) -> Iterator[ReportView]:
    texts = ("indicator", "progress", "problems", "measures", "status", "self_score", "deadline")
    flags = ("overdue", "troubled", "unmeasured", "undated")
    for row in zip(*(told[column] for column in (*texts, *flags, "changes")), strict=True):
        id_, progress, problems, measures, status, score, deadline, *flagged, changes = row
        overdue, troubled, unmeasured, undated = map(bool, flagged)
        yield ReportView(
            id=id_,
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
            groups = tuple((str(group), ids) for group, ids in by_group.items())
            yield ChangeView(kind=kind, count=len(found), groups=groups)


def in_order(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    """The statuses that occur, with how often, 未填报 last."""
    order = (*STATUSES, REPORTED, UNREPORTED)
    return tuple((status, counts[status]) for status in order if counts[status])
