"""Tables to tidy frames: running labels, their totals and merge spans. Pure pandas."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd


def frame(columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Columns of Python values as a frame of objects, so that decimals and dates stay exact."""
    return pd.DataFrame({name: pd.Series(list(values), dtype=object) for name, values in columns.items()})


def with_label_runs(
    indicators: pd.DataFrame, levels: int, repeat_at: Collection[str] = ()
) -> pd.DataFrame:
    """The indicators with, for each label level n, three more columns.

    label{n}_first: bool, the row begins a merged cell; label{n}_span: int, the rows that this
    cell covers; label{n}_total: Decimal, the sum of score1 under the label, None where the label
    is blank or covers a single indicator.

    A run ends where the label, or one further out, changes. At an 编号 in `repeat_at` the merged
    cell begins again although the run goes on; the total is the whole run's both times.
    """
    shaped = indicators.copy()
    changed = pd.Series(False, index=shaped.index)
    again = shaped["id"].isin(list(repeat_at))
    for level in range(1, levels + 1):
        name = f"label{level}"
        changed |= shaped[name].ne(shaped[name].shift())
        run, cell = changed.cumsum(), (changed | again).cumsum()
        shaped[f"{name}_first"] = changed | again
        shaped[f"{name}_span"] = cell.map(cell.value_counts())
        shaped[f"{name}_total"] = _totals(shaped, run, name)
    return shaped


def _totals(indicators: pd.DataFrame, run: pd.Series[int], name: str) -> pd.Series[Any]:
    sums = indicators["score1"].groupby(run).sum()
    alone = run.map(run.value_counts()).eq(1)
    return run.map(sums).astype(object).mask(alone | indicators[name].eq(""), None)


def column_totals(indicators: pd.DataFrame, scores: int) -> list[Any]:
    """The sum of each score column; blanks count as nothing."""
    return [indicators[f"score{place}"].dropna().sum() for place in range(1, scores + 1)]


def by_role(roster: pd.DataFrame, roles: Sequence[str]) -> pd.DataFrame:
    """The leading group: its members by role, in the table's order within one; no one else."""
    members = roster[roster["role"].isin(roles)]
    return members.sort_values("role", key=lambda role: role.map(roles.index), kind="stable")
