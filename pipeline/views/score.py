"""What the score's tables show: findings with their points, and what groups gave themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.typography import full_date, number

if TYPE_CHECKING:  # the processes that print unpickle the records and need no pandas
    import pandas as pd

    from pipeline.tables.settings import Settings

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A supervision finding with its points; `basis` is the sentence that explains these."""

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
    deducted: Decimal
    bonus: Decimal
    basis: str

    @property
    def date(self) -> str:
        """The day as documents print it."""
        return full_date(self.day)

    @property
    def grounds(self) -> str:
        """The basis for a column that is headed 依据."""
        return self.basis.removeprefix("依据：")

    @property
    def deduction(self) -> str:
        """The figure under 扣分: 不扣分 where a deduction comes to nothing."""
        if self.deducted or not self.basis.endswith("不扣分"):
            return number(self.deducted) if self.deducted else ""
        return "不扣分"

    @property
    def points(self) -> Decimal:
        """What the finding adds to the score; deductions are negative."""
        return self.bonus - self.deducted


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtotalView:
    """What the findings of a section cost and earn."""

    section: str
    deducted: Decimal
    bonus: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """What a draft adds to the recorded findings or replaces, and the points without it."""

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

    @property
    def assessed_points(self) -> Decimal:
        """The points of the assessed indicators."""
        return self.points - self.unassessed


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreView:
    """The score of an edition: findings by day, self-assessment by label, and the expected total.

    `expected` is what was assessed, less the deductions, with the bonus; None where nothing was
    assessed. What is not yet assessed is counted apart in `assessment`, its indicators are in
    `missing`.
    """

    edition: str
    title: str
    entries: tuple[FindingView, ...]
    deducted: Decimal
    bonus: Decimal
    assessment: AssessmentView
    label_headings: tuple[str, ...]
    missing: tuple[str, ...]  # 编号
    names: Mapping[str, str]  # 编号 → the indicator's short name
    expected: Decimal | None
    trial: TrialView | None = None  # None: the findings as recorded

    @property
    def subtotals(self) -> tuple[SubtotalView, ...]:
        """The points by section, in the order of the findings; none where there is one section."""
        sections = dict.fromkeys(entry.section for entry in self.entries)
        if len(sections) < 2:
            return ()
        return tuple(self._subtotal(section) for section in sections)

    def _subtotal(self, section: str) -> SubtotalView:
        own = [entry for entry in self.entries if entry.section == section]
        return SubtotalView(
            section=section or "没有写科室",
            deducted=sum((entry.deducted for entry in own), NOTHING),
            bonus=sum((entry.bonus for entry in own), NOTHING),
        )


def score_view(
    edition: str,
    settings: Settings,
    *,
    findings: pd.DataFrame,
    entries: pd.DataFrame,
    indicators: pd.DataFrame,
    names: Mapping[str, str],
    trial: TrialView | None = None,
) -> ScoreView:
    """The score from the findings' frame, `scoring.Scored.entries` and the indicators' frame.

    `indicators` has, beside its table's columns, own from `transforms.assessment`; `names` maps
    编号 to short names.
    """
    deducted, bonus = (sum(entries[name], NOTHING) for name in ("deducted", "bonus"))
    labels = settings.indicators.labels
    whole = _assessed("", indicators, tuple(_labels(indicators, 1, len(labels))))
    return ScoreView(
        edition=edition,
        title=_title(settings, trial),
        entries=tuple(_findings(findings, entries)),
        deducted=deducted,
        bonus=bonus,
        assessment=whole,
        label_headings=labels,
        missing=tuple(indicators["id"][indicators["own"].isna()]),
        names=names,
        expected=whole.own - deducted + bonus if whole.assessed else None,
        trial=trial,
    )


def _title(settings: Settings, trial: TrialView | None) -> str:
    """Such as 2023年度翔安区统计局督查扣分台账."""
    bureau = f"{settings.year}年度{settings.district}{settings.bureau}"
    return f"{bureau}督查扣分台账{'（试算）' if trial else ''}"


def _findings(findings: pd.DataFrame, entries: pd.DataFrame) -> Iterator[FindingView]:
    """By day, then by number, as the caps count."""
    table = findings.merge(entries, on="id").sort_values(["day", "id"])
    fields = list(FindingView.__dataclass_fields__)
    for row in table[fields].to_dict("records"):
        yield FindingView(**{str(key): value for key, value in row.items()})


def _labels(indicators: pd.DataFrame, level: int, levels: int) -> Iterator[AssessmentView]:
    """The labels of a level with those below them, nothing below the last level."""
    if level > levels:
        return
    for name, under in indicators.groupby(f"label{level}", sort=False):
        yield _assessed(str(name), under, tuple(_labels(under, level + 1, levels)))


def _assessed(
    name: str, indicators: pd.DataFrame, parts: tuple[AssessmentView, ...]
) -> AssessmentView:
    """What the groups gave themselves for some indicators."""
    assessed = indicators["own"].notna()
    return AssessmentView(
        name=name,
        points=sum(indicators["score1"], NOTHING),
        count=len(indicators),
        own=sum(indicators["own"][assessed], NOTHING),
        assessed=int(assessed.sum()),
        unassessed=sum(indicators["score1"][~assessed], NOTHING),
        parts=parts,
    )
