"""What the digest's templates see, beside the views of 附件1–4: who, how far, how late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.views.progress import REPORTED, UNREPORTED, PeriodView, current_period, in_order

if TYPE_CHECKING:  # the processes that print unpickle the records and need no pandas
    import pandas as pd

    from pipeline.tables.settings import Settings
    from pipeline.views.score import FindingView, ScoreView


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
    """The indicators that a name is responsible for; `shared` of these others are as well."""

    name: str
    points: Decimal
    count: int
    shared: int


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
class FacetsView:
    """What an indicator can be found by; `statuses` are those of the current period."""

    people: tuple[str, ...]
    sections: tuple[str, ...]  # the wording and the groups behind it
    units: tuple[str, ...]
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """The digest of an edition as of the day `on`."""

    title: str
    total: Decimal
    other_totals: tuple[tuple[str, Decimal], ...]  # headings and sums of the other score columns
    count: int
    on: date
    with_names: bool
    structure: tuple[ShareView, ...]
    leaders: tuple[CarrierView, ...]
    sections: tuple[CarrierView, ...]
    groups: tuple[CarrierView, ...]
    persons: tuple[CarrierView, ...]  # none where names are left out
    phrases: tuple[str, ...]  # of the names above, those that are not people
    units: tuple[UnitView, ...]
    periods: tuple[PeriodView, ...]
    findings: tuple[FindingView, ...]  # by day, those of one day as in the table
    names: Mapping[str, str]  # 编号 → the indicator's short name
    facets: Mapping[str, FacetsView]  # by 编号
    score: ScoreView

    @property
    def current(self) -> PeriodView | None:
        """The last period that began."""
        return current_period(self.periods)


def share_views(
    indicators: pd.DataFrame, names: Mapping[str, str], levels: int
) -> tuple[ShareView, ...]:
    """The points by label, for `levels` levels; a blank label is a part of its own, unnamed."""
    return tuple(_shares(indicators, names, 1, levels))


def _shares(
    indicators: pd.DataFrame, names: Mapping[str, str], level: int, levels: int
) -> Iterator[ShareView]:
    """The parts from this level on: labels with their own parts, at last the indicators."""
    if level > levels:
        for id_, points in zip(indicators["id"], indicators["score1"], strict=True):
            yield ShareView(name=names[id_], points=points, count=1, id=id_)
        return
    # Each label comes once: the checks refuse one that comes back after another.
    for name, under in indicators.groupby(f"label{level}", sort=False):
        yield ShareView(
            name=str(name),
            points=sum(under["score1"], Decimal(0)),
            count=len(under),
            parts=tuple(_shares(under, names, level + 1, levels)),
        )


def carrier_views(carriers: pd.DataFrame) -> tuple[CarrierView, ...]:
    """From `transforms.carriers.carriers`."""
    columns = ["name", "points", "count", "shared"]
    return tuple(
        CarrierView(name=name, points=points, count=int(count), shared=int(shared))
        for name, points, count, shared in carriers[columns].itertuples(index=False)
    )


def unit_views(units: pd.DataFrame) -> tuple[UnitView, ...]:
    """From `transforms.carriers.units`: most indicators first, those that name nobody last."""
    views = [_unit(str(name), under) for name, under in units.groupby("unit", sort=False)]
    return tuple(sorted(views, key=lambda unit: (not unit.name, -len(unit.indicators))))


def _unit(name: str, under: pd.DataFrame) -> UnitView:
    """A unit with its rows of `transforms.carriers.units`."""
    pairs = zip(under["id"], under["alias"], strict=True)
    return UnitView(
        name=name, indicators=tuple(SourceView(id=id_, alias=alias) for id_, alias in pairs)
    )


def facets_by_id(
    ids: Iterable[str],
    responsible: Mapping[str, Sequence[Sequence[str]]],
    units: pd.DataFrame,
    periods: Iterable[PeriodView],
) -> dict[str, FacetsView]:
    """By 编号, what each of the indicators `ids` can be found by.

    `responsible` holds, for leaders, persons, sections and groups, the names of each indicator;
    `units` is from `transforms.carriers.units`.
    """
    statuses = _current_statuses(current_period(periods))
    units_by_id = {id_: tuple(filter(None, under["unit"])) for id_, under in units.groupby("id")}
    kinds = ("leaders", "persons", "sections", "groups")
    rows = zip(ids, *(responsible[kind] for kind in kinds), strict=True)
    return {
        id_: FacetsView(
            people=tuple(dict.fromkeys([*leaders, *persons])),
            sections=tuple(dict.fromkeys([*sections, *groups])),
            units=units_by_id[id_],
            statuses=statuses.get(id_, ()),
        )
        for id_, leaders, persons, sections, groups in rows
    }


def _current_statuses(current: PeriodView | None) -> dict[str, tuple[str, ...]]:
    """编号 → the statuses that its groups report in the current period, 未填报 last."""
    found: dict[str, Counter[str]] = {}
    for group in current.groups if current else ():
        for report in group.reports:
            found.setdefault(report.id, Counter())[report.status or REPORTED] += 1
        for id_ in group.missing:
            found.setdefault(id_, Counter())[UNREPORTED] += 1
    return {id_: tuple(status for status, _ in in_order(counts)) for id_, counts in found.items()}


def findings_by_day(
    table: pd.DataFrame, findings: Iterable[FindingView]
) -> tuple[FindingView, ...]:
    """The findings by day, those of one day in the order of their table."""
    by_id = {finding.id: finding for finding in findings}
    return tuple(by_id[id_] for id_ in table.sort_values("day", kind="stable")["id"])


def digest_title(settings: Settings) -> str:
    """Such as 翔安区统计局2023年度绩效管理摘要."""
    return f"{settings.district}{settings.bureau}{settings.year}年度绩效管理摘要"
