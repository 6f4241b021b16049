"""What every group was to report in every period, what it did report, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import compress
from typing import Any

import pandas as pd

from pipeline.tables.terms import Status
from pipeline.transforms.answers import CERTAIN, TO_CHECK, has_measure, has_problem, is_done
from pipeline.transforms.deadlines import Deadline, deadline
from pipeline.transforms.lateness import has_passed, lateness

UNCHANGED, MISSED = "内容没有更新", "上一期填了、这一期没有填"

# What may have changed in a report since the period before, in the order in which it is shown.
CHANGES = (
    *("新完成", "由已完成退回", "新出现困难", "新写了问题", "不再写问题", "自评分有变"),
    *(MISSED, UNCHANGED),
)

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
    progress: pd.DataFrame,
    submissions: pd.DataFrame,
    expected: pd.DataFrame,
    due: Mapping[str, date],
    on: date | None,
) -> pd.DataFrame:
    """One row for each period, group and indicator, reported or not, in this order.

    `progress` and `submissions` are the tables, `due` maps each period's name to the day its forms
    are due, in order; `on` is the day to which overdue measures are counted, None: nothing is
    overdue. Columns beside the table's: reported (bool, anything was written), deadline (date or
    None), troubled (bool, a problem is read), empty (bool, the table has a row, and it is blank),
    changes (tuple of CHANGES against the period before), and these (bool), none of them for work
    on which the same group reported again later:

    - unmeasured: 状态 is 有困难, and no measure is written;
    - overdue: 状态 is there and not 已完成, and the deadline has passed;
    - seems_unmeasured: a problem is read, and no measure;
    - seems_undated: a problem and a measure are read, and no deadline;
    - seems_overdue: without 状态, the deadline has passed, and that the work is done is not read.
    """
    reports = _with_blanks(progress, expected, due)
    written = pd.concat([reports[text].ne("") for text in _TEXTS], axis=1).any(axis=1)
    reports["reported"] = written | reports["self_score"].notna()
    reports["empty"] = reports["in_table"].eq(True) & ~reports["reported"]
    days = dict(zip(_keys(submissions), submissions["day"], strict=True))
    deadlines = [
        deadline(text, due[key[0]], days.get(key))
        for text, key in zip(reports["measures"], _keys(reports), strict=True)
    ]
    reports["deadline"] = _objects([found.day for found in deadlines], reports)
    problem = _objects(map(has_problem, reports["problems"]), reports)
    reports["troubled"] = problem.eq(True)
    reports = reports.assign(**_gaps(reports, deadlines, on))
    reports.loc[_again_later(reports), [*CERTAIN, *TO_CHECK]] = False
    return reports.assign(changes=_changes(reports, problem))


def _keys(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Period and group of each row."""
    return list(zip(table["period"], table["group"], strict=True))


def _objects(values: Iterable[object], like: pd.DataFrame) -> pd.Series[Any]:
    """A column of Python objects beside the others of a frame."""
    return pd.Series(list(values), dtype=object, index=like.index)


def _gaps(
    reports: pd.DataFrame, deadlines: Sequence[Deadline], on: date | None
) -> dict[str, pd.Series[Any]]:
    """For each of CERTAIN and TO_CHECK, which reports have it."""
    status = reports["status"]
    measured = _objects(map(has_measure, reports["measures"]), reports)
    unsolved = reports["troubled"] & status.ne(Status.DONE)
    unmeasured = status.eq(Status.STUCK) & reports["measures"].str.strip().eq("")
    undated = _objects([found.named is False for found in deadlines], reports).astype(bool)
    passed = _objects([has_passed(found.day, on) for found in deadlines], reports).astype(bool)
    done = _objects(map(_seems_done, reports["progress"], reports["measures"]), reports)
    return {
        "unmeasured": unmeasured,
        "overdue": passed & status.ne("") & status.ne(Status.DONE),
        "seems_unmeasured": unsolved & measured.eq(False) & ~unmeasured,
        "seems_undated": unsolved & measured.eq(True) & undated,
        "seems_overdue": passed & status.eq("") & done.ne(True),
    }


def _seems_done(progress: str, measures: str) -> bool:
    """Whether a report says, without 状态, that the work or its measure is done."""
    return is_done(progress) is True or is_done(measures) is True


def _again_later(reports: pd.DataFrame) -> pd.Series[Any]:
    """Whether the same group reported on the same indicator in a later period."""
    last_first = reports["reported"].astype(int)[::-1]
    keys = [reports[name][::-1] for name in ("group", "indicator")]
    with_own = last_first.groupby(keys, sort=False).cumsum()
    return (with_own - last_first)[::-1].gt(0)


def _with_blanks(
    progress: pd.DataFrame, expected: pd.DataFrame, due: Mapping[str, date]
) -> pd.DataFrame:
    """The table with a row for every expected report, blank where none was made.

    in_table is True for the rows that the table has. An indicator that a group reported on in a
    period, and that is others' by now, was that group's then: its row stays, theirs are not due.
    """
    periods = pd.DataFrame({"period": list(due)}, dtype=object)
    keys = ["period", "group", "indicator"]
    table = progress.astype(dict.fromkeys(keys, object)).assign(in_table=True)
    joined = periods.merge(expected, how="cross").merge(table, how="left", on=keys)
    joined = _with_former_owners(joined, table, expected, [*due])
    for text in _TEXTS:
        joined[text] = _filled(joined[text], "")
    joined["self_score"] = _filled(joined["self_score"], None)
    return joined


def _with_former_owners(
    joined: pd.DataFrame, table: pd.DataFrame, expected: pd.DataFrame, periods: Sequence[str]
) -> pd.DataFrame:
    """The rows with the reports of groups whose indicators have moved, in place of blank ones."""
    owned = {*zip(expected["group"], expected["indicator"], strict=True)}
    known, declared = {*expected["indicator"]}, {*periods}
    moved = [
        period in declared and indicator in known and (group, indicator) not in owned
        for period, group, indicator in _rows(table)
    ]
    if not any(moved):
        return joined
    former = table[moved]
    theirs_then = {*zip(former["period"], former["indicator"], strict=True)}
    not_due = [
        in_table is not True and (period, indicator) in theirs_then
        for (period, _, indicator), in_table in zip(_rows(joined), joined["in_table"], strict=True)
    ]
    kept = joined[[not each for each in not_due]]
    whole = pd.concat([kept, former.reindex(columns=joined.columns)], ignore_index=True)
    ranks = {period: rank for rank, period in enumerate(periods)}
    in_order = whole["period"].map(ranks).sort_values(kind="stable").index
    return whole.loc[in_order].reset_index(drop=True)


def _rows(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Period, group and indicator of each row."""
    return list(zip(table["period"], table["group"], table["indicator"], strict=True))


def _filled(column: pd.Series[Any], blank: str | None) -> pd.Series[Any]:
    """The column as objects, with `blank` where it has no value."""
    return column.astype(object).where(column.notna(), blank)


def _changes(reports: pd.DataFrame, problem: pd.Series[Any]) -> pd.Series[Any]:
    """For each report, what changed since the same group's report in the period before.

    `problem` says of each report whether a problem is read, None: cannot be told.
    """
    columns = [*_TEXTS, "self_score", "reported"]
    keys = [reports[name] for name in ("group", "indicator")]
    before = reports.groupby(keys, sort=False)[columns].shift()
    before["problem"] = problem.groupby(keys, sort=False).shift()
    was_reported = before["reported"].eq(True)
    both = reports["reported"] & was_reported
    flags = {name: flag & both for name, flag in _change_flags(reports, before, problem).items()}
    returned = reports.groupby(["period", "group"], sort=False)["reported"].transform("any")
    flags[MISSED] = returned & was_reported & ~reports["reported"]
    rows = pd.DataFrame({name: flags[name] for name in CHANGES}).itertuples(index=False)
    return _objects([tuple(compress(CHANGES, row)) for row in rows], reports)


def _change_flags(
    reports: pd.DataFrame, before: pd.DataFrame, problem: pd.Series[Any]
) -> dict[str, pd.Series[Any]]:
    """For each change of a report, which have it against the row of `before` beside them."""
    scored = reports["self_score"].notna() & before["self_score"].notna()
    rescored = scored & reports["self_score"].ne(before["self_score"])
    same = pd.concat([reports[text].eq(before[text]) for text in _TEXTS], axis=1).all(axis=1)
    done, was_done = reports["status"].eq(Status.DONE), before["status"].eq(Status.DONE)
    unfinished = reports["progress"].ne("") & ~done
    had_none = before["problem"].eq(False) | before["problems"].eq("")
    return {
        "新完成": done & ~was_done,
        "由已完成退回": was_done & ~done & reports["status"].ne(""),
        "新出现困难": reports["status"].eq(Status.STUCK) & before["status"].ne(Status.STUCK),
        "新写了问题": problem.eq(True) & had_none,
        "不再写问题": problem.eq(False) & before["problem"].eq(True),
        "自评分有变": rescored,
        UNCHANGED: same & ~rescored & unfinished,
    }


def returns(
    submissions: pd.DataFrame,
    groups: Sequence[str],
    due: Mapping[str, date],
    *,
    on: date | None,
    closing: date,
) -> pd.DataFrame:
    """One row for each period and group: whether and when its form came back.

    Columns: period, group, reporter, day (date or None), returned (bool), owing (bool, not
    returned, and the due day has passed on the day `on`), late (int days after the due day, 0 when
    in time or unknown; of a form that is owing counted to `on`, after the day `closing` no longer).
    """
    periods = pd.DataFrame({"period": list(due)}, dtype=object)
    grid = periods.merge(pd.DataFrame({"group": list(groups)}, dtype=object), how="cross")
    keys = ["period", "group"]
    table = submissions.astype(dict.fromkeys(keys, object)).assign(returned=True)
    joined = grid.merge(table, how="left", on=keys)
    joined["returned"] = joined["returned"].eq(True)
    joined["reporter"] = joined["reporter"].astype(object).where(joined["returned"], "")
    joined["day"] = _filled(joined["day"], None)
    rows = zip(joined["period"], joined["returned"], joined["day"], strict=True)
    found = [lateness(due[period], returned, day, on, closing) for period, returned, day in rows]
    joined["owing"] = [each.owing for each in found]
    joined["late"] = [each.days for each in found]
    return joined
