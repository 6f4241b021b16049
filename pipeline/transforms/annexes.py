"""The frames behind 附件1–4: running labels, their totals and merge spans."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.tables.sheet import Sheet


def frame(sheet: Sheet) -> pd.DataFrame:
    """A sheet as a frame of Python objects, so that decimals and dates stay exact."""
    columns = {name: pd.Series(list(sheet[name]), dtype=object) for name in sheet.columns}
    return pd.DataFrame(columns)


def leading_group(roster: Sheet, roles: Sequence[str]) -> pd.DataFrame:
    """The members who have one of `roles`, by role and then in the table's order."""
    people = frame(roster)
    chosen = people[people["role"].isin(roles)]
    return chosen.sort_values("role", key=lambda role: role.map(roles.index), kind="stable")


def numbered_clauses(rules: Sheet) -> pd.DataFrame:
    """The scoring method's clauses, 一.10 parted into chapter_number 一 and number 10."""
    clauses = frame(rules)
    numbers = clauses["id"].str.partition(".")
    return clauses.assign(chapter_number=numbers[0], number=numbers[2])


def merged_indicators(sheet: Sheet, levels: int) -> pd.DataFrame:
    """The indicators with, for each label level n, three more columns.

    label{n}_first: bool, the row begins a merged cell; label{n}_span: int, the rows that this
    cell covers; label{n}_total: Decimal, the sum of score1 under the label, None where the label
    is blank or covers a single indicator.

    A merged cell ends where the label, or one further out, changes.
    """
    merged = frame(sheet)
    changed: pd.Series[Any] = pd.Series(False, index=merged.index)
    for level in range(1, levels + 1):
        name = f"label{level}"
        changed |= merged[name].ne(merged[name].shift())
        cell = changed.cumsum()
        merged[f"{name}_first"] = changed
        merged[f"{name}_span"] = cell.map(cell.value_counts())
        merged[f"{name}_total"] = _totals(merged, cell, name)
    return merged


def _totals(indicators: pd.DataFrame, run: pd.Series[Any], name: str) -> pd.Series[Any]:
    """For each row the points of its run, None where the run is one row or has no label."""
    sums = indicators["score1"].groupby(run).sum()
    alone = run.map(run.value_counts()).eq(1)
    return run.map(sums).astype(object).mask(alone | indicators[name].eq(""), None)


def score_totals(indicators: pd.DataFrame, scores: int) -> list[Decimal]:
    """The sum of each score column; blanks count as nothing."""
    columns = (indicators[f"score{number}"].dropna() for number in range(1, scores + 1))
    return [sum(column, Decimal(0)) for column in columns]
