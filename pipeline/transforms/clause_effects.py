"""What the clauses of 附件3 do to the findings that cite them. Pure pandas."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.tables.terms import STANDARDS, Algorithm
from pipeline.typography import number

NOTHING = Decimal(0)

# What a citation can do to the points, and the word for it.
_MULTIPLIERS = {
    "doubles": Algorithm.DOUBLE,
    "halves": Algorithm.HALF,
    "exempts": Algorithm.EXEMPT,
}

# What a blank cell cites.
_NO_CLAUSE = pd.DataFrame(
    {"amount": [NOTHING], "cap": [None], "gives": [False], "words": [""]}
    | {flag: [False] for flag in ("doubles", "second", "heavy", "by_hand", "exempts", "halves")},
    index=[""],
)


def clause_effects(rules: pd.DataFrame) -> pd.DataFrame:
    """By 条款号, what each clause does to a finding that cites it; a blank number does nothing.

    Columns: amount and cap (Decimal, the cap None where there is none), words (str, such as
    每项扣5分), and the flags gives, doubles, second (a standard that deducts), heavy (one of its
    own weight: 每次扣分, or decided by the office), by_hand, exempts and halves.
    """
    flags = rules["methods"].str.get_dummies("、").astype(bool)
    flags = flags.reindex(columns=list(Algorithm), fill_value=False)
    takes = flags[Algorithm.PER_ITEM] | flags[Algorithm.PER_TIME]
    amount = amounts(rules["amount"])
    units = [_unit(methods.split("、")) for methods in rules["methods"]]
    table = pd.DataFrame(
        {
            "amount": amount,
            "cap": rules["cap"],
            "gives": flags[Algorithm.BONUS],
            "words": [f"{unit}{number(each)}分" for unit, each in zip(units, amount, strict=True)],
            "doubles": flags[Algorithm.DOUBLE],
            "second": takes & ~flags[Algorithm.DOUBLE],
            "heavy": flags[Algorithm.PER_TIME] | _is_by_hand(flags),
            "by_hand": _is_by_hand(flags),
            "exempts": flags[Algorithm.EXEMPT],
            "halves": flags[Algorithm.HALF] & ~flags[Algorithm.EXEMPT],
        }
    ).set_axis(rules["id"])
    return pd.concat([table, _NO_CLAUSE])


def _is_by_hand(flags: pd.DataFrame) -> pd.Series[Any]:
    """Which clauses leave the figure to the office."""
    others = [Algorithm.PER_ITEM, Algorithm.PER_TIME, Algorithm.DOUBLE]
    return flags[Algorithm.NOTE] & ~flags[others].any(axis=1)


def _unit(methods: Sequence[str]) -> str:
    """How the clause's figure is introduced, such as 每项扣; blank where it has no standard."""
    standards = [standard for standard in STANDARDS if standard in methods]
    return standards[0].removesuffix("分") if standards else ""


def first_with(rules: pd.DataFrame, algorithm: Algorithm) -> str:
    """The number of the first clause that has the algorithm, "" where none has."""
    for id_, methods in zip(rules["id"], rules["methods"], strict=True):
        if algorithm in methods.split("、"):
            return str(id_)
    return ""


def cited_effects(cells: pd.Series[Any], clauses: pd.DataFrame) -> pd.DataFrame:
    """What the clauses cited in each cell do together; equal cells are worked out once.

    For doubles and halves how many clauses do so, for second the figures, for by_hand and exempts
    whether any does, each with its words.
    """
    different = pd.Series(cells.unique(), dtype=object)
    each = different.str.split("、").explode()
    cited = clauses.loc[list(each)].set_axis(each.index).assign(id=each)
    figures = cited["amount"].where(cited["second"], NOTHING).groupby(level=0)
    effects: dict[str, pd.Series[Any]] = {"highest": figures.max(), "sum": figures.sum()}
    for flag in ("doubles", "halves", "by_hand", "exempts"):
        effects[flag] = cited[flag].groupby(level=0).sum()
    for flag, algorithm in _MULTIPLIERS.items():
        effects[f"{flag}_words"] = _joined("；" + cited["id"] + f" {algorithm}", cited[flag])
    effects["second_words"] = _joined("；" + cited["id"] + " " + cited["words"], cited["second"])
    for flag in ("by_hand", "exempts"):
        effects[f"{flag}_ids"] = _joined("、" + cited["id"], cited[flag]).str[1:]
    table = pd.DataFrame(effects).set_axis(different)
    return table.loc[list(cells)].reset_index(drop=True)


def _joined(texts: pd.Series[Any], chosen: pd.Series[Any]) -> pd.Series[Any]:
    """The chosen texts of each cell in one."""
    return texts.where(chosen, "").groupby(level=0).agg("".join).astype(object)


def amounts(column: pd.Series[Any]) -> pd.Series[Any]:
    """Decimals with nothing where a cell is blank."""
    return column.where(column.notna(), NOTHING)
