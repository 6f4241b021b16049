"""What every group was to report in every period, what it did report, and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import compress
from typing import Any

import pandas as pd

from pipeline.tables.terms import Status
from pipeline.transforms.lateness import days_late, has_passed
from pipeline.transforms.measure_deadlines import deadline

UNCHANGED = "内容没有更新"

# What may have changed in a report since the period before, in the order in which it is shown.
CHANGES = ("新完成", "新出现困难", "新增问题", "问题已解决", "自评分有变", UNCHANGED)

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
    `on` is the day to which overdue measures are counted, None: nothing is overdue. Columns beside
    the table's: reported (bool, anything was written), deadline (date or None), troubled (bool, a
    problem is written), unmeasured (bool, and no measure against it), undated (bool, a measure
    without a deadline), overdue (bool, not done up to now and the deadline has passed), empty
    (bool, the table has a row, and it is blank), changes (tuple of CHANGES against the
    period before).
    """
    reports = _with_blanks(progress, expected, due)
    written = pd.concat([reports[text].ne("") for text in _TEXTS], axis=1).any(axis=1)
    reports["reported"] = written | reports["self_score"].notna()
    reports["empty"] = reports["in_table"].eq(True) & ~reports["reported"]
    reports["deadline"] = _deadlines(reports, due)
    reports["troubled"] = ~reports["problems"].isin(_NONE)
    unsolved = reports["troubled"] & reports["status"].ne(Status.DONE)
    measured = ~reports["measures"].isin(_NONE)
    reports["unmeasured"] = unsolved & ~measured
    reports["undated"] = unsolved & measured & reports["deadline"].isna()
    reports["overdue"] = _passed(reports["deadline"], on) & ~_done_by_now(reports)
    return reports.assign(changes=_changes(reports))


def _with_blanks(
    progress: pd.DataFrame, expected: pd.DataFrame, due: Mapping[str, date]
) -> pd.DataFrame:
    """The table with a row for every expected report, blank where none was made.

    in_table is True for the rows that the table has.
    """
    periods = pd.DataFrame({"period": list(due)}, dtype=object)
    keys = ["period", "group", "indicator"]
    table = progress.astype(dict.fromkeys(keys, object)).assign(in_table=True)
    joined = periods.merge(expected, how="cross").merge(table, how="left", on=keys)
    for text in _TEXTS:
        joined[text] = _filled(joined[text], "")
    joined["self_score"] = _filled(joined["self_score"], None)
    return joined


def _filled(column: pd.Series[Any], blank: str | None) -> pd.Series[Any]:
    """The column as objects, with `blank` where it has no value."""
    return column.astype(object).where(column.notna(), blank)


def _deadlines(reports: pd.DataFrame, due: Mapping[str, date]) -> pd.Series[Any]:
    """The day that each report's measures name as their deadline, None where they name none."""
    pairs = zip(reports["measures"], reports["period"], strict=True)
    days = [deadline(text, due[period]) for text, period in pairs]
    return pd.Series(days, dtype=object, index=reports.index)


def _passed(deadlines: pd.Series[Any], on: date | None) -> pd.Series[Any]:
    """Whether each deadline lies before the day `on`; none does where `on` is not known."""
    passed = [has_passed(day, on) for day in deadlines]
    return pd.Series(passed, index=deadlines.index, dtype=bool)


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
    changed = _change_flags(reports, before)
    flags = pd.DataFrame({name: changed[name] & both for name in CHANGES})
    changes = [tuple(compress(CHANGES, row)) for row in flags.itertuples(index=False)]
    return pd.Series(changes, dtype=object, index=reports.index)


def _change_flags(reports: pd.DataFrame, before: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """For each of CHANGES, which reports have it against the row of `before` beside them."""
    scored = reports["self_score"].notna() & before["self_score"].notna()
    rescored = scored & reports["self_score"].ne(before["self_score"])
    same = pd.concat([reports[text].eq(before[text]) for text in _TEXTS], axis=1).all(axis=1)
    unfinished = reports["progress"].ne("") & reports["status"].ne(Status.DONE)
    return {
        "新完成": reports["status"].eq(Status.DONE) & before["status"].ne(Status.DONE),
        "新出现困难": reports["status"].eq(Status.STUCK) & before["status"].ne(Status.STUCK),
        "新增问题": reports["troubled"] & before["troubled"].eq(False),
        "问题已解决": ~reports["troubled"] & before["troubled"].eq(True),
        "自评分有变": rescored,
        UNCHANGED: same & ~rescored & unfinished,
    }


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
    joined["day"] = _filled(joined["day"], None)
    counted_to = joined["day"].where(joined["returned"], on)
    joined["late"] = [
        days_late(due[period], day)
        for day, period in zip(counted_to, joined["period"], strict=True)
    ]
    return joined
