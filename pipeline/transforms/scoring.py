"""What each finding costs or earns, by the clauses of 附件3 that it cites. Pure pandas.

No clause is recognised by its number: rules.csv says what each does (算法). The numbers below are
those of 2023.

1. 适用条款 gives the standard: 每项扣分 and 每次扣分 take its 分值 (一.1, 二.2), 每人次加分 gives
   it for each person held to account (四.3), 说明 (二.3) takes what the office decided (核定扣分).
2. 加重条款 with 双倍 (二.1, 四.1) doubles, several of them once, but not a standard that is heavier
   by itself (二.2, 二.3). As 加重条款 such a one is a second standard.
3. Of two standards the higher counts where a clause says 就高不就低 (五.2); where none does,
   nothing keeps the second from being added.
4. 减免条款 with 减半 (四.2) halves, with 免予 (三.1) leaves nothing.
5. Of several deductions for one 问题编号 the highest counts, of equal ones the earliest, where a
   clause says 同一问题不重复 (五.2). Points gained are for persons, not problems: they all count.
6. A clause's 上限 (四.3) ends what the findings under it take or give, in the order of their days.

Where this can be read in another way, `ScoringSettings` says how and has a switch. What a finding
does not cite is not guessed: that a province found it doubles nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.tables.settings import ScoringSettings
from pipeline.tables.terms import Algorithm
from pipeline.transforms.clause_effects import (
    NOTHING,
    amounts,
    cited_effects,
    clause_effects,
    first_with,
)
from pipeline.typography import number

HALF, TWICE = Decimal("0.5"), Decimal(2)

# Points, and the steps that led to them.
PointsAndSteps = tuple["pd.Series[Any]", "pd.Series[Any]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The points of all findings.

    `entries` has one row for each finding, in the order of the findings: id; deducted and bonus
    (Decimal, not negative, as they count after the rules that look at several findings); basis
    (str, the clauses that led there and the result).
    """

    entries: pd.DataFrame
    deducted: Decimal
    bonus: Decimal


def score(findings: pd.DataFrame, rules: pd.DataFrame, interpretation: ScoringSettings) -> Scored:
    """The points that `findings` cost and earn by `rules`, both as frames of their tables.

    Raises KeyError for a clause that is not in `rules`; the checks report it before.
    """
    rows, clauses = findings.reset_index(drop=True), clause_effects(rules)
    own = clauses.loc[rows["clause"]].reset_index(drop=True)
    higher, once = (first_with(rules, each) for each in (Algorithm.HIGHER, Algorithm.ONCE))
    results = _score_each(rows, own, clauses, interpretation, higher)
    if once:
        results = _highest_per_issue(rows.assign(gives=own["gives"]), results, once)
    results = _apply_caps(rows, results, clauses["cap"].dropna())
    entries = _entries(rows["id"], results, own["gives"])
    return Scored(
        entries=entries,
        deducted=sum(entries["deducted"], NOTHING),
        bonus=sum(entries["bonus"], NOTHING),
    )


def _entries(ids: pd.Series[Any], results: pd.DataFrame, gives: pd.Series[Any]) -> pd.DataFrame:
    """The rows of `Scored.entries`."""
    points = results["points"]
    figures, is_nothing = _mapped(points, number), points.map(bool).eq(False)
    deduction = ("扣" + figures + "分").mask(is_nothing, "不扣分")
    bonus = ("加" + figures + "分").mask(is_nothing, "不加分")
    return pd.DataFrame(
        {
            "id": ids,
            "deducted": points.mask(gives, NOTHING),
            "bonus": points.where(gives, NOTHING),
            "basis": "依据：" + results["steps"] + " → " + deduction.mask(gives, bonus),
        }
    )


def _score_each(
    rows: pd.DataFrame,
    own: pd.DataFrame,
    clauses: pd.DataFrame,
    interpretation: ScoringSettings,
    higher: str,
) -> pd.DataFrame:
    """Each finding by itself: points, and the steps to them, such as 一.1 每项扣5分；二.1 双倍.

    `own` holds the 适用条款 of each; `higher` is the number of the clause that lets the higher of
    two standards count, "" if none.
    """
    heavier = cited_effects(rows["aggravating"], clauses)
    lighter = cited_effects(rows["mitigating"], clauses)
    decided = amounts(rows["decided"])
    deduction, ordinary = _standard(rows, own, heavier, decided, interpretation)
    multiplied = _multiplied(deduction, heavier, lighter, interpretation, "clause")
    if interpretation.double == "clause":
        deduction = _left_as_it_is(deduction, heavier["doubles_words"])
    if interpretation.half == "clause":
        deduction = _left_as_it_is(deduction, lighter["halves_words"])
    deduction = _chosen(ordinary, multiplied, deduction)
    deduction = _with_second_standard(deduction, heavier, decided, higher)
    deduction = _multiplied(deduction, heavier, lighter, interpretation, "higher")
    points, steps = _exempted(deduction, lighter, decided, interpretation)
    bonus_points, bonus_steps = _bonus(rows, own)
    return pd.DataFrame(
        {
            "points": points.mask(own["gives"], bonus_points),
            "steps": steps.mask(own["gives"], bonus_steps),
        }
    )


def _standard(
    rows: pd.DataFrame,
    own: pd.DataFrame,
    heavier: pd.DataFrame,
    decided: pd.Series[Any],
    interpretation: ScoringSettings,
) -> tuple[PointsAndSteps, pd.Series[Any]]:
    """What each finding's own clause takes, and whether that is an ordinary figure to multiply."""
    by_hand = own["by_hand"]
    points = own["amount"].mask(by_hand, decided)
    words = own["words"].mask(by_hand, "核定扣" + _mapped(decided, number) + "分")
    ordinary = ~own["heavy"]
    if interpretation.base == "superior":
        superior = amounts(rows["superior"])
        replaced = ordinary & heavier["doubles"].gt(0) & superior.gt(NOTHING)
        points = points.mask(replaced, superior)
        words = words.mask(replaced, "上级扣" + _mapped(superior, number) + "分")
    return (points, rows["clause"] + " " + words), ordinary


def _chosen(
    condition: pd.Series[Any], one: PointsAndSteps, other: PointsAndSteps
) -> PointsAndSteps:
    """The one deduction where the condition holds, else the other."""
    points, steps = (a.where(condition, b) for a, b in zip(one, other, strict=True))
    return points, steps


def _left_as_it_is(deduction: PointsAndSteps, words: pd.Series[Any]) -> PointsAndSteps:
    """The deduction by a heavier standard; it says that 双倍 or 减半 was cited and did nothing."""
    points, steps = deduction
    return points, steps + words.mask(words.ne(""), words + "只乘一般条款")


def _multiplied(
    deduction: PointsAndSteps,
    heavier: pd.DataFrame,
    lighter: pd.DataFrame,
    interpretation: ScoringSettings,
    stage: Literal["clause", "higher"],
) -> PointsAndSteps:
    """The deduction doubled and halved, as far as that is done at this stage."""
    points, steps = deduction
    if interpretation.double == stage:
        points = points * _factor(heavier["doubles"], TWICE, interpretation)
        steps = steps + heavier["doubles_words"]
    if interpretation.half == stage:
        points = points * _factor(lighter["halves"], HALF, interpretation)
        steps = steps + lighter["halves_words"]
    return points, steps


def _factor(
    counts: pd.Series[Any], single: Decimal, interpretation: ScoringSettings
) -> pd.Series[Any]:
    """What several clauses that multiply make together."""
    if interpretation.compound:
        return _mapped(counts, lambda count: single ** int(count))
    return _mapped(counts, lambda count: single if count > 0 else Decimal(1))


def _bonus(rows: pd.DataFrame, own: pd.DataFrame) -> PointsAndSteps:
    """What each finding earns for the persons held to account, if its clause gives points."""
    persons = rows["accountable"].where(rows["accountable"].notna(), 0)
    steps = rows["clause"] + " " + own["words"] + "×" + _mapped(persons, str) + "人次"
    return own["amount"] * persons, steps


def _with_second_standard(
    deduction: PointsAndSteps, heavier: pd.DataFrame, decided: pd.Series[Any], higher: str
) -> PointsAndSteps:
    """The higher of the deduction and a second standard; both where no clause is 就高不就低."""
    points, steps = deduction
    second, words = _second_standard(heavier, decided, higher)
    points = _higher(points, second) if higher else points + second
    return points, steps + words


def _second_standard(heavier: pd.DataFrame, decided: pd.Series[Any], higher: str) -> PointsAndSteps:
    """The standard that an aggravating clause sets beside the finding's own, and its words."""
    by_hand = heavier["by_hand"].gt(0)
    figure = decided.where(by_hand, NOTHING)
    second = _higher(heavier["highest"], figure) if higher else heavier["sum"] + figure
    words = heavier["second_words"] + _decided_words(heavier["by_hand_ids"], decided, by_hand)
    if higher:
        words = words.mask(words.ne(""), words + f"；{higher} {Algorithm.HIGHER}")
    return second, words


def _decided_words(
    ids: pd.Series[Any], decided: pd.Series[Any], chosen: pd.Series[Any]
) -> pd.Series[Any]:
    """The step of a figure that the office decided, such as ；二.3 核定扣8分."""
    return ("；" + ids + " 核定扣" + _mapped(decided, number) + "分").where(chosen, "")


def _exempted(
    deduction: PointsAndSteps,
    lighter: pd.DataFrame,
    decided: pd.Series[Any],
    interpretation: ScoringSettings,
) -> PointsAndSteps:
    """The deduction after exemptions; what is decided by hand can lessen only."""
    points, steps = deduction
    exempt = lighter["exempts"].gt(0)
    if interpretation.exemption == "whole":
        return points.mask(exempt, NOTHING), steps + lighter["exempts_words"]
    words = _decided_words(lighter["exempts_ids"], decided, exempt)
    return points.mask(exempt & points.gt(decided), decided), steps + words


def _highest_per_issue(rows: pd.DataFrame, results: pd.DataFrame, clause: str) -> pd.DataFrame:
    """The highest deduction of each 问题编号 counts; the steps of the others name which one did."""
    is_deduction = ~rows["gives"] & results["points"].gt(NOTHING)
    deductions = rows.assign(points=results["points"])[is_deduction]
    repeated = deductions[deductions["issue"].duplicated(keep=False)].sort_values(
        ["issue", "points", "day", "id"], ascending=[True, False, True, True]
    )
    counted = repeated.groupby("issue")["id"].transform("first").astype(object)
    dropped = repeated["issue"].duplicated()
    reason = f"；{clause} {Algorithm.ONCE}，已按" + counted[dropped] + "计"
    return _changed(results, repeated.index[dropped], NOTHING, reason)


def _apply_caps(rows: pd.DataFrame, results: pd.DataFrame, caps: pd.Series[Any]) -> pd.DataFrame:
    """What the findings under a clause add up to ends at its cap, the earliest counted first."""
    for clause, cap in zip(caps.index, caps, strict=True):
        under = rows[rows["clause"].eq(str(clause))].sort_values(["day", "id"]).index
        points = results["points"].loc[under]
        beyond = pd.Series(np.add.accumulate(points.to_numpy()) - cap, index=under)
        over = under[beyond.gt(NOTHING)]
        counted = _higher(points - beyond, points * 0).loc[over]
        results = _changed(results, over, counted, f"；合计到上限{number(cap)}分")
    return results


def _changed(
    results: pd.DataFrame, index: pd.Index[Any], points: Any, reason: str | pd.Series[Any]
) -> pd.DataFrame:
    """A copy in which some findings have other points, for a reason."""
    results = results.copy()
    results.loc[index, "points"] = points
    results.loc[index, "steps"] = results.loc[index, "steps"] + reason
    return results


def _higher(one: pd.Series[Any], other: pd.Series[Any]) -> pd.Series[Any]:
    """The higher value of each pair."""
    return one.where(one.ge(other), other)


def _mapped(column: pd.Series[Any], function: Callable[[Any], Any]) -> pd.Series[Any]:
    """The function of each value as a column of objects, called once for equal values."""
    results = {value: function(value) for value in column.unique()}
    return pd.Series([results[value] for value in column], index=column.index, dtype=object)
