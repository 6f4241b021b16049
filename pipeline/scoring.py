"""What each finding costs or earns, by the clauses of 附件3 that it cites. Pure pandas.

No clause is known here by its number: rules.csv says what each does (算法). The numbers below are
those of 2023.

1. 适用条款 gives the standard: 每项扣分 and 每次扣分 take its 分值 (一.1, 二.2), 每人次加分 gives it for
   each person held to account (四.3).
2. 加重条款 with 双倍 (二.1, 四.1) doubles, several of them once. One with 每次扣分 (二.2) is a second
   standard; so is one with 说明 (二.3), whose figure the office writes under 核定扣分.
3. Of two standards the higher counts where a clause says 就高不就低 (五.2); where none does, nothing
   keeps the second from being added.
4. 减免条款 with 减半 (四.2) halves, with 免予 (三.1) leaves nothing.
5. Of several deductions for one 问题编号 the highest counts, of equal ones the earliest, where a
   clause says 同一问题不重复 (五.2). Points gained are for persons, not problems: they all count.
6. A clause's 上限 (四.3) ends what the findings under it take or give, in the order of their days.

Where this can be read in another way, `ScoringSettings` says how and has a switch. What a finding
does not cite is not guessed: that a province found it doubles nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from pipeline.formats import number
from pipeline.tables.contract import ALGORITHMS
from pipeline.tables.settings import ScoringSettings

Column = pd.Series  # of Python objects, one for each finding

NOTHING, HALF = Decimal(0), Decimal("0.5")
HIGHER, ONCE = "就高不就低", "同一问题不重复"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The points of all findings.

    `entries` has one row for each finding, in the order of the findings: id; deducted and bonus
    (Decimal, not negative, after the rules that look at several findings); basis (str, the clauses
    that led to it and the result).
    """

    entries: pd.DataFrame
    deducted: Decimal
    bonus: Decimal


def score(findings: pd.DataFrame, rules: pd.DataFrame, reading: ScoringSettings) -> Scored:
    """The points that `findings` cost and earn by `rules`, both as their tables' frames.

    Raises KeyError for a clause that is not in `rules`; the checks tell of it before.
    """
    rows = findings.reset_index(drop=True)
    clauses, principles = _clauses(rules), _principles(rules)
    own = clauses.loc[rows["clause"]].reset_index(drop=True)
    points, steps = _standing_alone(rows, own, clauses, principles, reading)
    if ONCE in principles:
        points, steps = _once(rows, points, steps, own["gives"], principles[ONCE])
    points, steps = _capped(rows, points, steps, clauses)
    gives = own["gives"].to_numpy()
    entries = pd.DataFrame(
        {
            "id": rows["id"],
            "deducted": points.where(~gives, NOTHING),
            "bonus": points.where(gives, NOTHING),
            "basis": "依据：" + steps + " → " + _results(points, gives),
        }
    )
    return Scored(
        entries=entries,
        deducted=sum(entries["deducted"], NOTHING),
        bonus=sum(entries["bonus"], NOTHING),
    )


def _clauses(rules: pd.DataFrame) -> pd.DataFrame:
    """By 条款号, what each clause does where a finding cites it; the blank number does nothing."""
    does = rules["methods"].astype(object).str.get_dummies("、")
    does = does.reindex(columns=list(ALGORITHMS), fill_value=0).astype(bool)
    takes = does["每项扣分"] | does["每次扣分"]
    amounts = _filled(rules["amount"])
    figures = _mapped(amounts, number)
    method = pd.Series("每人次加分", index=rules.index, dtype=object)
    method = method.mask(takes, "每次扣分").mask(does["每项扣分"], "每项扣分")
    table = pd.DataFrame(
        {
            "id": rules["id"],
            "amount": amounts,
            "cap": rules["cap"],
            "gives": does["每人次加分"],
            "standard": rules["id"] + " " + method.str.removesuffix("分") + figures + "分",
            "doubles": does["双倍"],
            "second": takes & ~does["双倍"],
            "by_hand": does["说明"] & ~takes & ~does["双倍"],
            "halves": does["减半"] & ~does["免予"],
            "exempts": does["免予"],
        }
    ).set_index("id")
    table.loc[""] = [NOTHING, None, False, "", False, False, False, False, False]
    return table


def _principles(rules: pd.DataFrame) -> dict[str, str]:
    """Algorithm → the number of the first clause that has it, for those that bind all findings."""
    return {
        method: rules["id"][holding].iloc[0]
        for method in (HIGHER, ONCE)
        if (holding := rules["methods"].str.split("、").map(lambda told: method in told)).any()
    }


def _standing_alone(
    rows: pd.DataFrame,
    own: pd.DataFrame,
    clauses: pd.DataFrame,
    principles: Mapping[str, str],
    reading: ScoringSettings,
) -> tuple[Column, Column]:
    """Each finding's points by itself, and the steps to them: 一.1 每项扣5分；二.1 双倍."""
    heavier = _cited(rows["aggravating"], clauses, reading)
    lighter = _cited(rows["mitigating"], clauses, reading)
    decided = _filled(rows["decided"])
    second = _second(heavier, decided, higher=HIGHER in principles)
    named = heavier["second_words"] + _by_hand(heavier, decided)
    if HIGHER in principles:
        named = named.mask(named.ne(""), named + f"；{principles[HIGHER]} {HIGHER}")
    factors = {"clause": Decimal(1), "higher": Decimal(1)}
    words = {"clause": "", "higher": ""}
    for factor, told, when in (
        (heavier["times"], heavier["times_words"], reading.double),
        (lighter["times"], lighter["times_words"], reading.half),
    ):
        factors[when], words[when] = factors[when] * factor, words[when] + told
    standard = own["amount"] * factors["clause"]
    taken = np.maximum(standard, second) if HIGHER in principles else standard + second
    points, steps = taken * factors["higher"], own["standard"] + words["clause"] + named
    return points, steps + words["higher"]
