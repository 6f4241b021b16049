"""What the score's tables show: findings with their points, and what groups gave themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline import typography as formats

if TYPE_CHECKING:  # the processes that print read records only, without what made them
    import pandas as pd

    from pipeline.tables.settings import Settings

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One line of the ledger; `basis` is the sentence that says how its points come about."""

    id: str
    day: date
    issue: str
    note: str
    level: str
    clause: str
    section: str
    person: str
    deducted: Decimal
    bonus: Decimal
    basis: str

    @property
    def date(self) -> str:
        """The day as documents print it."""
        return formats.full_date(self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """What a draft adds to the recorded findings or puts in their place, and what was before."""

    file: str
    added: tuple[str, ...]  # 编号
    replaced: tuple[str, ...]  # 编号
    deducted: Decimal  # without the draft
    bonus: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentView:
    """What the groups gave themselves under a label; `own` counts the assessed indicators only."""

    name: str
    points: Decimal
    count: int
    own: Decimal
    assessed: int  # indicators
    unassessed: Decimal  # points of the others
    parts: tuple[AssessmentView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreView:
    """The score of an edition: findings by day, self-assessment by label, and what they make.

    `expected` is what was assessed, less the deductions, with the bonus; None where nothing was
    assessed. What is not yet assessed stands apart in `assessment`, its indicators in `missing`.
    """

    edition: str
    title: str
    entries: tuple[EntryView, ...]
    deducted: Decimal
    bonus: Decimal
    assessment: AssessmentView
    label_headings: tuple[str, ...]
    missing: tuple[str, ...]  # 编号
    expected: Decimal | None
    points: Mapping[str, Decimal]  # by the finding's 编号; deductions are negative
    basis: Mapping[str, str]  # by the finding's 编号
    trial: TrialView | None = None  # None: the findings as recorded


def score(
    edition: str,
    settings: Settings,
    *,
    findings: pd.DataFrame,
    entries: pd.DataFrame,
    indicators: pd.DataFrame,
    trial: TrialView | None = None,
) -> ScoreView:
    """The score from the findings' frame, `scoring.Scored.entries` and the indicators' frame.

    `indicators` has, beside its table's columns, own from `shape.assessment`.
    """
    lines = tuple(_entries(findings, entries))
    deducted, bonus = (sum(entries[name], NOTHING) for name in ("deducted", "bonus"))
    labels = settings.indicators.labels
    whole = _assessed("", indicators, tuple(_labels(indicators, 1, len(labels))))
    return ScoreView(
        edition=edition,
        title=_title(settings, trial),
        entries=lines,
        deducted=deducted,
        bonus=bonus,
        assessment=whole,
        label_headings=labels,
        missing=tuple(indicators["id"][indicators["own"].isna()]),
        expected=whole.own - deducted + bonus if whole.assessed else None,
        points={line.id: line.bonus - line.deducted for line in lines},
        basis={line.id: line.basis for line in lines},
        trial=trial,
    )


def _title(settings: Settings, trial: TrialView | None) -> str:
    whose = f"{settings.year}年度{settings.district}{settings.bureau}"
    return f"{whose}督查扣分台账{'（试算）' if trial else ''}"


def _entries(findings: pd.DataFrame, entries: pd.DataFrame) -> Iterator[EntryView]:
    """By day, then by number, as the caps count."""
    table = findings.merge(entries, on="id").sort_values(["day", "id"])
    fields = list(EntryView.__dataclass_fields__)
    for row in table[fields].to_dict("records"):
        yield EntryView(**{str(key): value for key, value in row.items()})


def _labels(indicators: pd.DataFrame, level: int, levels: int) -> Iterator[AssessmentView]:
    if level > levels:
        return
    for name, under in indicators.groupby(f"label{level}", sort=False):
        yield _assessed(str(name), under, tuple(_labels(under, level + 1, levels)))


def _assessed(
    name: str, indicators: pd.DataFrame, parts: tuple[AssessmentView, ...]
) -> AssessmentView:
    told = indicators["own"].notna()
    return AssessmentView(
        name=name,
        points=sum(indicators["score1"], NOTHING),
        count=len(indicators),
        own=sum(indicators["own"][told], NOTHING),
        assessed=int(told.sum()),
        unassessed=sum(indicators["score1"][~told], NOTHING),
        parts=parts,
    )
