"""Board, reminders, JSON and digest say the same, whatever the tables and the day."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks.load import checked
from pipeline.cli.status_report import FORMATS
from pipeline.forms.reminders import Reminder
from pipeline.recipes.status import Board, board_of
from pipeline.tables.contract import PROGRESS, SUBMISSIONS, Table
from pipeline.tables.edition import Edition
from pipeline.tables.groups import indicators_of_groups
from pipeline.tables.indicators import short_names
from pipeline.tables.reader import read_sheet
from pipeline.tables.sheet import Sheet
from pipeline.transforms.answers import CERTAIN, TO_CHECK
from pipeline.views.edition import digest_view
from pipeline.views.progress import GroupView
from tests.conftest import EDITIONS

_TABLE = Path(__file__).parents[1] / "transforms" / "phrases.csv"
PHRASES = [row["说法"] for row in csv.DictReader(StringIO(_TABLE.read_text(encoding="utf-8")))]
KINDS = {
    "没有填": "missing",
    "状态是有困难、没有写整改措施": "unmeasured",
    "自己写的完成时限已过、状态不是已完成": "overdue",
    "写了问题、没有看出整改措施": "seems_unmeasured",
    "写了整改措施、没有看出完成时限": "seems_undated",
    "写的完成时限已过、没有看出是不是已完成": "seems_overdue",
}


@cache
def demo() -> Edition:
    return checked(EDITIONS["demo"])[0]


def sheet(table: Table, rows: list[Mapping[str, str]]) -> Sheet:
    headers = [column.header for column in table.columns]
    text = StringIO()
    writer = csv.DictWriter(text, headers, restval="")
    writer.writeheader()
    writer.writerows(rows)
    found, problems = read_sheet(text.getvalue().encode(), table, f"demo/{table.file}")
    assert found is not None and not problems
    return found


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    """The demo with a few rows and forms of any kind and day."""
    periods = [period.name for period in demo().settings.periods]
    text = st.sampled_from(PHRASES) | st.just("")
    days = st.integers(0, 400).map(lambda days: str(date(2024, 5, 1) + timedelta(days)))
    forms, rows = [], []
    for group, codes in indicators_of_groups(demo()).items():
        for period in periods:
            if not draw(st.booleans()):
                continue
            forms.append({"期次": period, "组队": group, "填报时间": draw(days | st.just(""))})
            rows += [
                {
                    "期次": period,
                    "组队": group,
                    "编号": code,
                    "进展情况": draw(text),
                    "存在的问题": draw(text),
                    "整改措施及完成时限": draw(text),
                    "状态": draw(st.sampled_from(["", "进行中", "已完成", "有困难", "未开始"])),
                }
                for code in codes[:2]
            ]
    tables = {"submissions": sheet(SUBMISSIONS, forms), "progress": sheet(PROGRESS, rows)}
    return replace(demo(), sheets={**demo().sheets, **tables})


def flagged(group: GroupView) -> dict[str, tuple[str, ...]]:
    return {"missing": group.missing} | {
        flag: group.flagged(flag) for flag in (*CERTAIN, *TO_CHECK)
    }


def listed(reminder: Reminder) -> dict[str, tuple[int, list[str]]]:
    """Kind → how many a reminder says there are, and their names."""
    lines = re.findall(r"^· (.*)的 (\d+) 项：(.*)。$", reminder.text, re.MULTILINE)
    return {KINDS[what]: (int(count), names.split("；")) for what, count, names in lines}


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(editions(), st.integers(0, 420).map(lambda days: date(2024, 5, 1) + timedelta(days)))
def test_board_reminders_json_and_digest_agree(edition: Edition, on: date) -> None:
    board = board_of(edition, on)
    names = short_names(edition["indicators"])
    shown = {
        (period.name, group.name): group for period in board.periods for group in period.groups
    }

    digest = digest_view(edition, on=on, with_names=True)
    in_digest = {period.name: period for period in digest.periods}
    assert all(in_digest[period.name] == period for period in board.periods)
    assert in_json(board) == {key: flagged(group) for key, group in shown.items()}
    status = {
        (period, group, code): status
        for period, group, code, status in edition["progress"].values(
            "period", "group", "indicator", "status"
        )
    }
    for reminder in board.reminders:
        group = shown[reminder.period, reminder.group]
        found = listed(reminder)
        if not group.returned:
            assert f"共 {group.expected} 项指标" in reminder.text and found == {}
            continue
        assert {kind: names for kind, (_, names) in found.items()} == {
            kind: [names[code] for code in codes] for kind, codes in flagged(group).items() if codes
        }
        assert all(count == len(each) for count, each in found.values())
        for kind, codes in flagged(group).items():
            for code in codes:
                is_done = status.get((reminder.period, reminder.group, code)) == "已完成"
                assert kind == "missing" or not is_done


def in_json(board: Board) -> dict[tuple[str, str], dict[str, tuple[str, ...]]]:
    (content,) = json.loads(FORMATS["json"]([board]))
    return {
        (period["period"], group["group"]): {kind: tuple(group[kind]) for kind in KINDS.values()}
        for period in content["periods"]
        for group in period["groups"]
    }
