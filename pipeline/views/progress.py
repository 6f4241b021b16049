"""What the digest shows of each period: which group returned what, when, and what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline.tables.terms import Status
from pipeline.transforms.answers import CERTAIN, TO_CHECK
from pipeline.transforms.lateness import has_passed

if TYPE_CHECKING:  # the processes that print unpickle the records and need no pandas
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
    troubled: bool  # a problem is read
    unmeasured: bool  # these five: `transforms.progress.reports` defines them
    overdue: bool
    seems_unmeasured: bool
    seems_undated: bool
    seems_overdue: bool
    changes: tuple[str, ...]

    @property
    def to_check(self) -> bool:
        """Whether anything is only read from its texts, and to be asked about."""
        return self.seems_unmeasured or self.seems_undated or self.seems_overdue

    @property
    def is_long(self) -> bool:
        """Whether its row may have to be split between two pages."""
        return max(map(len, (self.progress, self.problems, self.measures))) > _LONG


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """One group in one period: its form, its reports, and what it did not report on."""

    name: str
    returned: bool
    reporter: str
    day: date | None
    owing: bool  # due, and not returned
    late: int  # days, where they are counted
    reports: tuple[ReportView, ...]
    missing: tuple[str, ...]  # 编号
    empty: tuple[str, ...]  # of these, those with a blank row in the table
    unchanged: int  # reports that are the same as in the period before
    statuses: tuple[tuple[str, int], ...]  # with 未填报 last

    @property
    def expected(self) -> int:
        """How many indicators it was to report on."""
        return len(self.reports) + len(self.missing)

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
        return tuple(group for group in self.groups if group.late or group.owing)

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


def period_views(
    reports: pd.DataFrame, returns: pd.DataFrame, declared: Sequence[Period], on: date | None
) -> tuple[PeriodView, ...]:
    """Every period, from `transforms.progress`; the last one that began is the current one.

    A period began when anything came back, or when it is due before the day `on`.
    """
    views, before = [], ""
    for period in declared:
        own = reports[reports["period"].eq(period.name)]
        forms = returns[returns["period"].eq(period.name)]
        views.append(_period(period, own, forms, before, on))
        before = period.name
    return _with_current(views)


def _period(
    period: Period, reports: pd.DataFrame, returns: pd.DataFrame, before: str, on: date | None
) -> PeriodView:
    """A period with its own rows of `transforms.progress`; `before` names the one before it."""
    came_back = bool(reports["reported"].any() or returns["returned"].any())
    return PeriodView(
        name=period.name,
        due=period.due,
        began=came_back or has_passed(period.due, on),
        current=False,
        groups=tuple(_groups(reports, returns)),
        changes=tuple(_changes(reports)),
        before=before,
    )


def _with_current(views: Sequence[PeriodView]) -> tuple[PeriodView, ...]:
    """The periods, the last one that began marked as current."""
    current = max((index for index, view in enumerate(views) if view.began), default=None)
    return tuple(replace(view, current=index == current) for index, view in enumerate(views))


def current_period(periods: Iterable[PeriodView]) -> PeriodView | None:
    """The last period that began, None where none did."""
    return next((period for period in periods if period.current), None)


def _groups(reports: pd.DataFrame, returns: pd.DataFrame) -> Iterator[GroupView]:
    """The groups of one period, in the order of `returns`."""
    by_group = dict(tuple(reports.groupby("group", sort=False)))
    nothing = reports.iloc[:0]  # of a group that has no indicator and returned a form all the same
    columns = ["group", "returned", "reporter", "day", "owing", "late"]
    for name, returned, reporter, day, owing, late in returns[columns].itertuples(index=False):
        yield _group(
            by_group.get(name, nothing),
            name=name,
            returned=bool(returned),
            reporter=reporter,
            day=day,
            owing=bool(owing),
            late=int(late),
        )


def _group(
    reports: pd.DataFrame,
    *,
    name: str,
    returned: bool,
    reporter: str,
    day: date | None,
    owing: bool,
    late: int,
) -> GroupView:
    """One group; where it reported, its form counts as returned though none was recorded."""
    reported = reports[reports["reported"]]
    missing = tuple(reports["indicator"][~reports["reported"]])
    views = tuple(_reports(reported))
    counts = Counter(view.status or REPORTED for view in views)
    return GroupView(
        name=name,
        returned=returned or bool(views),
        reporter=reporter,
        day=day,
        owing=owing and not views,
        late=late if returned or not views else 0,
        reports=views,
        missing=missing,
        empty=tuple(reports["indicator"][reports["empty"]]),
        unchanged=_unchanged(views),
        statuses=in_order(counts + Counter({UNREPORTED: len(missing)})),
    )


def _unchanged(reports: Sequence[ReportView]) -> int:
    """How many reports are the same as in the period before."""
    from pipeline.transforms.progress import UNCHANGED

    return sum(UNCHANGED in report.changes for report in reports)


def _reports(reported: pd.DataFrame) -> Iterator[ReportView]:
    """The view of each row."""
    objects = ("progress", "problems", "measures", "status", "self_score", "deadline", "changes")
    flags = ("troubled", *CERTAIN, *TO_CHECK)
    for row in reported[["indicator", *objects, *flags]].to_dict("records"):
        values: dict[str, Any] = {name: row[name] for name in objects}
        values |= {name: bool(row[name]) for name in flags}
        yield ReportView(id=row["indicator"], **values)


def _changes(reports: pd.DataFrame) -> Iterator[ChangeView]:
    """Each kind of change that occurs, with the groups and indicators that it concerns."""
    from pipeline.transforms.progress import CHANGES

    for kind in CHANGES:
        changed = reports[[kind in changes for changes in reports["changes"]]]
        if changed.empty:
            continue
        by_group = changed.groupby("group", sort=False)["indicator"].agg(tuple)
        groups = tuple((str(group), ids) for group, ids in by_group.items())
        yield ChangeView(kind=kind, count=len(changed), groups=groups)


def in_order(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    """The statuses that occur, with how often, 未填报 last."""
    order = (*STATUSES, REPORTED, UNREPORTED)
    return tuple((status, counts[status]) for status in order if counts[status])
