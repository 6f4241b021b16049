"""What every group was to report in every period, what it did report, and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from pipeline.tables.terms import Status
from pipeline.transforms.changes import CHANGES, UNCHANGED
from pipeline.transforms.measure_deadlines import deadline

_NONE = {"", "无", "没有", "暂无", "无。", "暂无。", "没有。", "—", "——", "/"}
_TEXTS = ("progress", "problems", "measures", "status")


def expected(indicators: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """One row for each group and each indicator that it reports on, in the indicators' order.

    `groups` maps a wording of 责任科室 to its groups, as `tables.groups` gives it. Columns: group,
    indicator.
    """
    each = pd.DataFrame(
        {
            "group": [groups.get(section, []) for section in indicators["section"]],
            "indicator": indicators["id"].to_numpy(),
        },
        dtype=object,  # of no groups too
    )
    return each.explode("group").dropna().reset_index(drop=True)


def reports(
    progress: pd.DataFrame, expected: pd.DataFrame, due: Mapping[str, date], on: date | None
) -> pd.DataFrame:
    """One row for each period, group and indicator, reported or not, in this order.

    `progress` is the table, `due` maps each period's name to the day its forms are due, in order;
    `on` is the day on which it is asked what is overdue, None: nothing is. Columns beside the
    table's: reported (bool, anything was written), deadline (date or None), troubled (bool, a
    problem is told), unmeasured (bool, and no measure against it), undated (bool, a measure
    without a deadline), overdue (bool, not done up to now and the deadline has passed), empty
    (bool, a row stands in the table and says nothing), changes (tuple of CHANGES against the
    period before).
    """
    periods = pd.DataFrame({"period": list(due)}, dtype=object)
    grid = periods.merge(expected, how="cross")
    keys = ["period", "group", "indicator"]
    table = progress.astype(dict.fromkeys(keys, object)).assign(stands=True)
    joined = grid.merge(table, how="left", on=keys)
    for text in _TEXTS:
        joined[text] = joined[text].astype(object).where(joined[text].notna(), "")
    scores = joined["self_score"].astype(object)
    joined["self_score"] = scores.where(scores.notna(), None)
    written = [joined[text].ne("") for text in _TEXTS]
    joined["reported"] = pd.concat([*written, joined["self_score"].notna()], axis=1).any(axis=1)
    joined["deadline"] = pd.Series(
        [
            deadline(text, due[period])
            for text, period in zip(joined["measures"], joined["period"], strict=True)
        ],
        dtype=object,
        index=joined.index,
    )
    joined["empty"] = joined["stands"].eq(True) & ~joined["reported"]
    joined["troubled"] = ~joined["problems"].isin(_NONE)
    unsolved = joined["troubled"] & joined["status"].ne(Status.DONE)
    measured = ~joined["measures"].isin(_NONE)
    joined["unmeasured"] = unsolved & ~measured
    joined["undated"] = unsolved & measured & joined["deadline"].isna()
    past = [day is not None and on is not None and day < on for day in joined["deadline"]]
    done = _done_by_now(joined)
    joined["overdue"] = ~done & pd.Series(past, index=joined.index, dtype=bool)
    return joined.assign(changes=_changes(joined))


def _done_by_now(reports: pd.DataFrame) -> pd.Series[Any]:
    """Whether the same group reported the work done, in this period or in a later one."""
    last_first = reports["status"].eq(Status.DONE)[::-1]
    keys = [reports[name][::-1] for name in ("group", "indicator")]
    return last_first.groupby(keys, sort=False).cummax()[::-1]


def _changes(reports: pd.DataFrame) -> pd.Series[Any]:
    """For each report, what changed since the same group's report in the period before."""
    columns = [*_TEXTS, "troubled", "self_score", "reported"]
    before = reports.groupby(["group", "indicator"], sort=False)[columns].shift()
    both = reports["reported"] & before["reported"].eq(True)
    scored = reports["self_score"].notna() & before["self_score"].notna()
    same = pd.concat([reports[text].eq(before[text]) for text in _TEXTS], axis=1).all(axis=1)
    same &= ~scored | reports["self_score"].eq(before["self_score"])
    found = {
        "新完成": reports["status"].eq(Status.DONE) & before["status"].ne(Status.DONE),
        "新出现困难": reports["status"].eq(Status.STUCK) & before["status"].ne(Status.STUCK),
        "新增问题": reports["troubled"] & before["troubled"].eq(False),
        "问题已解决": ~reports["troubled"] & before["troubled"].eq(True),
        "自评分有变": scored & reports["self_score"].ne(before["self_score"]),
        UNCHANGED: same & reports["progress"].ne("") & reports["status"].ne(Status.DONE),
    }
    flags = pd.DataFrame({name: flag & both for name, flag in found.items()})[list(CHANGES)]
    return pd.Series(
        [
            tuple(name for name, flag in zip(CHANGES, row, strict=True) if flag)
            for row in flags.itertuples(index=False)
        ],
        dtype=object,
        index=reports.index,
    )


def returns(
    submissions: pd.DataFrame, groups: Sequence[str], due: Mapping[str, date], on: date | None
) -> pd.DataFrame:
    """One row for each period and group: whether and when its form came back.

    Columns: period, group, reporter, day (date or None), returned (bool), late (int days after
    the due day; for a form that has not come back, counted to `on`; 0 when in time or unknown).
    """
    periods = pd.DataFrame({"period": list(due)}, dtype=object)
    grid = periods.merge(pd.DataFrame({"group": list(groups)}, dtype=object), how="cross")
    keys = ["period", "group"]
    table = submissions.astype(dict.fromkeys(keys, object)).assign(returned=True)
    joined = grid.merge(table, how="left", on=keys)
    joined["returned"] = joined["returned"].eq(True)
    joined["reporter"] = joined["reporter"].astype(object).where(joined["returned"], "")
    joined["day"] = joined["day"].astype(object).where(joined["day"].notna(), None)
    joined["late"] = [
        _days_late(day if returned else on, due[period])
        for day, returned, period in zip(
            joined["day"], joined["returned"], joined["period"], strict=True
        )
    ]
    return joined


def _days_late(day: date | None, due: date) -> int:
    return 0 if day is None else max((day - due).days, 0)
