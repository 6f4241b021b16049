"""What each finding costs or earns, by the clauses of 附件3 that it cites. Pure pandas.

No clause is known here by its number: rules.csv says what each does (算法). The numbers below are
those of 2023.

1. 适用条款 gives the standard: 每项扣分 and 每次扣分 take its 分值 (一.1, 二.2), 每人次加分 gives
   it for each person held to account (四.3).
2. 加重条款 with 双倍 (二.1, 四.1) doubles, several of them once. One with 每次扣分 (二.2) is a
   second standard; so is one with 说明 (二.3), whose figure the office writes under 核定扣分.
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
from typing import Any

import numpy as np
import pandas as pd

from pipeline.tables.contract import ALGORITHMS
from pipeline.tables.settings import ScoringSettings
from pipeline.typography import number

NOTHING, HALF, TWICE = Decimal(0), Decimal("0.5"), Decimal(2)
HIGHER, ONCE = "就高不就低", "同一问题不重复"

# What a blank cell cites.
_NO_CLAUSE = pd.DataFrame(
    {"amount": [NOTHING], "cap": [None], "gives": [False], "words": [""]}
    | {flag: [False] for flag in ("doubles", "second", "by_hand", "exempts", "halves")},
    index=[""],
)


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


def score(findings: pd.DataFrame, rules: pd.DataFrame, reading: ScoringSettings) -> Scored:
    """The points that `findings` cost and earn by `rules`, both as frames of their tables.

    Raises KeyError for a clause that is not in `rules`; the checks tell of it before.
    """
    rows, clauses = findings.reset_index(drop=True), _clauses(rules)
    binding = {method: _first_with(rules, method) for method in (HIGHER, ONCE)}
    own = clauses.loc[rows["clause"]].reset_index(drop=True)
    told = _score_each(rows, own, clauses, reading, binding[HIGHER])
    if binding[ONCE]:
        told = _highest_per_issue(rows.assign(gives=own["gives"]), told, binding[ONCE])
    told = _apply_caps(rows, told, clauses["cap"].dropna())
    entries = _entries(rows["id"], told, own["gives"])
    totals = {name: sum(entries[name], NOTHING) for name in ("deducted", "bonus")}
    return Scored(entries=entries, **totals)


def _entries(ids: pd.Series[Any], told: pd.DataFrame, gives: pd.Series[Any]) -> pd.DataFrame:
    """The rows of `Scored.entries`."""
    points, blank = told["points"], told["points"].map(bool).eq(False)
    figures = _mapped(points, number)
    taken = ("扣" + figures + "分").mask(blank, "不扣分")
    given = ("加" + figures + "分").mask(blank, "不加分")
    return pd.DataFrame(
        {
            "id": ids,
            "deducted": points.mask(gives, NOTHING),
            "bonus": points.where(gives, NOTHING),
            "basis": "依据：" + told["steps"] + " → " + taken.mask(gives, given),
        }
    )


def _clauses(rules: pd.DataFrame) -> pd.DataFrame:
    """By 条款号, what each clause does to a finding that cites it; a blank number does nothing."""
    does = rules["methods"].str.get_dummies("、").astype(bool)
    does = does.reindex(columns=list(ALGORITHMS), fill_value=False)
    takes = does["每项扣分"] | does["每次扣分"]
    counted = [
        next((method for method in ("每项扣分", "每次扣分", "每人次加分") if row[method]), "分")
        for row in does.to_dict("records")
    ]
    amount = _amounts(rules["amount"])
    table = pd.DataFrame(
        {
            "amount": amount,
            "cap": rules["cap"],
            "gives": does["每人次加分"],
            "words": [
                f"{method.removesuffix('分')}{number(each)}分"
                for method, each in zip(counted, amount, strict=True)
            ],
            "doubles": does["双倍"],
            "second": takes & ~does["双倍"],
            "by_hand": does["说明"] & ~takes & ~does["双倍"],
            "exempts": does["免予"],
            "halves": does["减半"] & ~does["免予"],
        }
    ).set_axis(rules["id"])
    return pd.concat([table, _NO_CLAUSE])


def _first_with(rules: pd.DataFrame, method: str) -> str:
    """The number of the first clause that has the algorithm, "" where none has."""
    pairs = zip(rules["id"], rules["methods"], strict=True)
    return next((id_ for id_, methods in pairs if method in methods.split("、")), "")


def _score_each(
    rows: pd.DataFrame,
    own: pd.DataFrame,
    clauses: pd.DataFrame,
    reading: ScoringSettings,
    higher: str,
) -> pd.DataFrame:
    """Each finding by itself: points, and the steps to them, such as 一.1 每项扣5分；二.1 双倍.

    `higher` is the number of the clause that lets the higher of two standards count, "" if none.
    """
    heavier, lighter = (_cited(rows[field], clauses) for field in ("aggravating", "mitigating"))
    decided = _amounts(rows["decided"])
    second, second_words = _second_standard(heavier, decided, higher)
    points, steps = own["amount"], rows["clause"] + " " + own["words"]
    factors = [
        (reading.double, _factor(heavier["doubles"], TWICE, reading), heavier["doubles_words"]),
        (reading.half, _factor(lighter["halves"], HALF, reading), lighter["halves_words"]),
    ]
    for when in ("clause", "higher"):
        for _, factor, words in (each for each in factors if each[0] == when):
            points, steps = points * factor, steps + words
        if when == "clause":
            points = _higher(points, second) if higher else points + second
            steps = steps + second_words
    points, steps = _exempted(points, steps, lighter, decided, reading)
    persons = rows["accountable"].where(rows["accountable"].notna(), 0)
    gained = rows["clause"] + " " + own["words"] + "×" + _mapped(persons, str) + "人次"
    return pd.DataFrame(
        {
            "points": points.mask(own["gives"], own["amount"] * persons),
            "steps": steps.mask(own["gives"], gained),
        }
    )


def _cited(cells: pd.Series[Any], clauses: pd.DataFrame) -> pd.DataFrame:
    """What the clauses named in each cell do together; a cell that stands often is read once.

    For doubles and halves how many clauses do so, for second the figures, for by_hand and exempts
    whether any does, each with its words.
    """
    different = pd.Series(cells.unique(), dtype=object)
    each = different.str.split("、").explode()
    named = clauses.loc[list(each)].set_axis(each.index).assign(id=each)
    amounts = named["amount"].where(named["second"], NOTHING).groupby(level=0)
    told: dict[str, pd.Series[Any]] = {"highest": amounts.max(), "sum": amounts.sum()}
    words = {"doubles": "双倍", "halves": "减半", "exempts": "免予"}
    for flag in ("doubles", "halves", "by_hand", "exempts"):
        told[flag] = named[flag].groupby(level=0).sum()
    for flag, text in words.items():
        told[f"{flag}_words"] = _joined("；" + named["id"] + f" {text}", named[flag])
    told["second_words"] = _joined("；" + named["id"] + " " + named["words"], named["second"])
    for flag in ("by_hand", "exempts"):
        told[f"{flag}_ids"] = _joined("、" + named["id"], named[flag]).str[1:]
    table = pd.DataFrame(told).set_axis(different)
    return table.loc[list(cells)].reset_index(drop=True)


def _joined(texts: pd.Series[Any], chosen: pd.Series[Any]) -> pd.Series[Any]:
    return texts.where(chosen, "").groupby(level=0).agg("".join).astype(object)


def _second_standard(
    heavier: pd.DataFrame, decided: pd.Series[Any], higher: str
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """The standard that an aggravating clause sets beside the finding's own, and its words."""
    by_hand = heavier["by_hand"].gt(0)
    figure = decided.where(by_hand, NOTHING)
    second = _higher(heavier["highest"], figure) if higher else heavier["sum"] + figure
    told = "；" + heavier["by_hand_ids"] + " 核定扣" + _mapped(decided, number) + "分"
    words = heavier["second_words"] + told.where(by_hand, "")
    if higher:
        words = words.mask(words.ne(""), words + f"；{higher} {HIGHER}")
    return second, words


def _factor(counts: pd.Series[Any], single: Decimal, reading: ScoringSettings) -> pd.Series[Any]:
    """What several clauses that multiply make together."""
    return _mapped(counts, lambda count: single ** int(count if reading.compound else count > 0))


def _exempted(
    points: pd.Series[Any],
    steps: pd.Series[Any],
    lighter: pd.DataFrame,
    decided: pd.Series[Any],
    reading: ScoringSettings,
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Points and steps after exemptions; what is decided by hand can lessen only."""
    exempt = lighter["exempts"].gt(0)
    if reading.exemption == "whole":
        return points.mask(exempt, NOTHING), steps + lighter["exempts_words"]
    told = "；" + lighter["exempts_ids"] + " 核定扣" + _mapped(decided, number) + "分"
    return points.mask(exempt & points.gt(decided), decided), steps + told.where(exempt, "")


def _highest_per_issue(rows: pd.DataFrame, told: pd.DataFrame, clause: str) -> pd.DataFrame:
    """The highest deduction of each 问题编号 counts; the others say which one did."""
    taken = rows.assign(points=told["points"])[~rows["gives"] & told["points"].gt(NOTHING)]
    several = taken[taken["issue"].duplicated(keep=False)].sort_values(
        ["issue", "points", "day", "id"], ascending=[True, False, True, True]
    )
    counted = several.groupby("issue")["id"].transform("first").astype(object)
    lost = several["issue"].duplicated()
    reason = f"；{clause} {ONCE}，已按" + counted[lost] + "计"
    return _changed(told, several.index[lost], NOTHING, reason)


def _apply_caps(rows: pd.DataFrame, told: pd.DataFrame, caps: pd.Series[Any]) -> pd.DataFrame:
    """What the findings under a clause add up to ends at its cap, the earliest counted first."""
    for clause, cap in zip(caps.index, caps, strict=True):
        under = rows[rows["clause"].eq(str(clause))].sort_values(["day", "id"]).index
        points = told["points"].loc[under]
        beyond = pd.Series(np.add.accumulate(points.to_numpy()) - cap, index=under)
        over = under[beyond.gt(NOTHING)]
        counted = _higher(points - beyond, points * 0).loc[over]
        told = _changed(told, over, counted, f"；合计到上限{number(cap)}分")
    return told


def _changed(
    told: pd.DataFrame, index: pd.Index[Any], points: Any, reason: str | pd.Series[Any]
) -> pd.DataFrame:
    """A copy in which some findings have other points, for a reason."""
    told = told.copy()
    told.loc[index, "points"] = points
    told.loc[index, "steps"] = told.loc[index, "steps"] + reason
    return told


def _higher(one: pd.Series[Any], other: pd.Series[Any]) -> pd.Series[Any]:
    return one.where(one.ge(other), other)


def _amounts(column: pd.Series[Any]) -> pd.Series[Any]:
    """Decimals with nothing where a cell is blank."""
    return column.where(column.notna(), NOTHING)


def _mapped(column: pd.Series[Any], function: Callable[[Any], Any]) -> pd.Series[Any]:
    """The function of each value as a column of objects, called once for equal values."""
    known = {value: function(value) for value in column.unique()}
    return pd.Series([known[value] for value in column], index=column.index, dtype=object)
