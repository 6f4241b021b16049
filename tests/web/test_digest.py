"""The digest's figures, summed again from the CSVs by other means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pandas as pd
import pytest

from pipeline.checks.load import checked
from pipeline.transforms.carriers import carriers, split_units
from pipeline.transforms.deadlines import deadline
from pipeline.transforms.progress import reports, returns
from pipeline.views.digest import DigestView, ShareView
from pipeline.views.edition import digest_view
from pipeline.views.progress import PeriodView
from tests.conftest import EDITIONS
from tests.web.records import rows

ON = {"2023": date(2023, 3, 1), "demo": date(2024, 10, 8)}
POINTS = {"2023": "分值", "demo": "年度分值"}
LABELS = {"2023": ["项目", "一级指标"], "demo": ["类别", "项目", "一级指标"]}


@cache
def view(name: str) -> DigestView:
    return digest_view(checked(EDITIONS[name])[0], on=ON[name], with_names=True)


def names(cell: str) -> list[str]:
    return [part for part in cell.replace("，", "、").replace("\n", "、").split("、") if part]


def period(name: str, period: str) -> PeriodView:
    return next(each for each in view(name).periods if each.name == period)


@pytest.mark.parametrize("name", EDITIONS)
def test_totals_are_the_sums_of_the_table(name: str) -> None:
    table = rows(name, "indicators")

    assert view(name).count == len(table)
    assert view(name).total == sum(Decimal(row[POINTS[name]]) for row in table)


def test_other_score_columns_are_summed_apart() -> None:
    table = rows("demo", "indicators")

    assert view("demo").other_totals == (("加分", sum(Decimal(row["加分"] or 0) for row in table)),)
    assert view("2023").other_totals == ()


@pytest.mark.parametrize("name", EDITIONS)
def test_the_structure_is_the_sum_of_what_is_under_each_label(name: str) -> None:
    expected: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in rows(name, "indicators"):
        path = tuple(row[label] for label in LABELS[name])
        for level in range(1, len(path) + 1):
            expected[path[:level]] += Decimal(row[POINTS[name]])

    assert dict(labels(view(name).structure)) == expected


def labels(
    parts: tuple[ShareView, ...], outer: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Decimal]]:
    for part in parts:
        if not part.id:
            yield (*outer, part.name), part.points
            yield from labels(part.parts, (*outer, part.name))


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize(("field", "column"), [("leaders", "责任领导"), ("persons", "责任人")])
def test_what_each_person_carries(name: str, field: str, column: str) -> None:
    points: dict[str, Decimal] = defaultdict(Decimal)
    counts: dict[str, int] = defaultdict(int)
    phrases = checked(EDITIONS[name])[0].settings.indicators.phrases
    for row in rows(name, "indicators"):
        for person in [row[column]] if row[column] in phrases else names(row[column]):
            points[person] += Decimal(row[POINTS[name]])
            counts[person] += 1

    found = getattr(view(name), field)

    assert {each.name: each.points for each in found} == points
    assert {each.name: each.count for each in found} == counts


@pytest.mark.parametrize("name", EDITIONS)
def test_what_each_group_reports_on(name: str) -> None:
    groups = {
        row["责任科室"]: [*names(row["牵头组队"]), *names(row["参与组队"])]
        for row in rows(name, "sections")
    }
    points: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows(name, "indicators"):
        for group in groups[row["责任科室"]]:
            points[group] += Decimal(row[POINTS[name]])

    assert {each.name: each.points for each in view(name).groups} == points
    assert sum(each.points for each in view(name).sections) == view(name).total


def test_an_indicator_that_several_carry_counts_in_full_for_each() -> None:
    table = pd.DataFrame({"id": ["A", "B"], "score1": [Decimal(10), Decimal(5)]}, dtype=object)

    found = carriers(table, [["甲", "乙", "甲"], ["甲"]])

    assert found[["name", "points", "count", "shared"]].to_numpy().tolist() == [
        ["甲", Decimal(15), 2, 1],
        ["乙", Decimal(10), 1, 1],
    ]


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("区委办", [("区委办", "")]),
        ("区商务局\n（区招商办）", [("区商务局", "区招商办")]),
        ("区发改局\n区法院", [("区发改局", ""), ("区法院", "")]),
        ("区司法局\n（区委依法治区办）\n区法院", [("区司法局", "区委依法治区办"), ("区法院", "")]),
        ("区委办、区政府办", [("区委办", ""), ("区政府办", "")]),
        ("县农业农村局（县乡村振兴局）", [("县农业农村局", "县乡村振兴局")]),
        (
            "区农业农村局（区乡村振兴局、区畜牧中心）",
            [("区农业农村局", "区乡村振兴局、区畜牧中心")],
        ),
        ("区A局（甲）（乙）", [("区A局", "甲、乙")]),
        ("区委组织部（老干局）办公室", [("区委组织部（老干局）办公室", "")]),
        ("（某办）", [("（某办）", "")]),
        ("", [("", "")]),
        ("——", [("", "")]),
    ],
)
def test_the_units_of_a_cell(cell: str, units: list[tuple[str, str]]) -> None:
    assert split_units(cell) == units


@pytest.mark.parametrize("name", EDITIONS)
def test_every_indicator_stands_under_each_of_its_units(name: str) -> None:
    listed = {(unit.name, each.id) for unit in view(name).units for each in unit.indicators}

    assert {id_ for _, id_ in listed} == {row["编号"] for row in rows(name, "indicators")}
    for row in rows(name, "indicators"):
        for unit, _ in split_units(row["数据采集责任单位"]):
            assert (unit, row["编号"]) in listed


def test_an_edition_without_progress_has_no_current_period() -> None:
    assert view("2023").current is None
    assert [each.began for each in view("2023").periods] == [False, False]


def test_a_period_that_is_due_has_begun_though_nothing_came_back() -> None:
    edition = checked(EDITIONS["2023"])[0]

    found = digest_view(edition, on=date(2023, 10, 1), with_names=True).current

    assert found is not None
    assert (found.name, found.reported, found.returned, len(found.late)) == ("前三季度", 0, 0, 4)


@pytest.mark.parametrize("name", ["上半年", "前三季度"])
def test_the_reports_of_a_period_are_those_of_the_table(name: str) -> None:
    table = [row for row in rows("demo", "progress") if row["期次"] == name]

    found = period("demo", name)

    assert found.reported == len(table)
    assert {
        (group.name, report.id, report.progress, report.problems, report.measures, report.status)
        for group in found.groups
        for report in group.reports
    } == {
        (
            row["组队"],
            row["编号"],
            row["进展情况"],
            row["存在的问题"],
            row["整改措施及完成时限"],
            row["状态"],
        )
        for row in table
    }
    for group in found.groups:
        missing = group.expected - sum(row["组队"] == group.name for row in table)
        assert len(group.missing) == missing == group.counts.get("未填报", 0)


def test_late_is_counted_to_the_day_of_return_or_to_the_day_asked() -> None:
    late = {group.name: (group.returned, group.late) for group in period("demo", "上半年").late}
    missing = {
        group.name: (group.returned, group.late) for group in period("demo", "前三季度").late
    }

    assert late == {"农业股": (True, 3)}
    assert missing == {"普查中心": (False, 8)}


def test_after_the_last_day_of_the_edition_nothing_grows_later() -> None:
    found = [
        digest_view(checked(EDITIONS["demo"])[0], on=on, with_names=True).periods
        for on in (date(2025, 1, 11), date(2026, 11, 1))
    ]
    (before, *_), (group,) = found[1], [group for group in found[1][1].groups if group.owing]

    assert [group.late for group in before.groups if group.late] == [3]  # returned, and known
    assert (group.name, group.late) == ("普查中心", 0)
    assert found[0] == found[1]


def test_what_was_returned_or_found_after_the_day_is_not_there_yet() -> None:
    edition = checked(EDITIONS["demo"])[0]

    found = digest_view(edition, on=date(2024, 6, 29), with_names=True)

    early = [row["组队"] for row in rows("demo", "submissions") if row["填报时间"] <= "2024-06-29"]
    assert [group.name for group in found.periods[0].groups if group.returned] == early
    assert found.periods[1].reported == 0
    assert {finding.day for finding in found.findings} == {
        day
        for row in rows("demo", "findings")
        if (day := date.fromisoformat(row["日期"])) <= date(2024, 6, 29)
    }
    assert found.score.expected is not None


def test_a_year_without_any_form_is_not_late_when_it_is_over() -> None:
    edition = checked(EDITIONS["2023"])[0]

    assert digest_view(edition, on=date(2026, 1, 1), with_names=True).current is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9月30日前逐户上门指导。", date(2024, 9, 30)),
        ("预计 12 月底前解决", date(2024, 12, 31)),
        ("2025年1月5日前", date(2025, 1, 5)),
        ("1月10日前完成", date(2025, 1, 10)),  # long past: the next one
        ("10月上旬初稿，10月中旬定稿", date(2024, 10, 20)),
        ("11月下旬", date(2024, 11, 30)),
        ("年底前完成", date(2024, 12, 31)),
        ("2025年底前", date(2025, 12, 31)),
        ("11月完成", date(2024, 11, 30)),
        ("9月31日前", None),  # no such day
        ("明年6月底前完成", date(2025, 6, 30)),
        ("明年底前", date(2025, 12, 31)),
        ("2023年年底", date(2023, 12, 31)),
        ("2024-11-30前", date(2024, 11, 30)),
        ("9.30前", date(2024, 9, 30)),
        ("１１月底前", date(2024, 11, 30)),
        ("9月30日", date(2024, 9, 30)),
        ("责任人：张三，时限：10月15日。", date(2024, 10, 15)),
        ("1月内完成", None),  # within a month, or in January
        ("9月20日已召开协调会，正在抓紧", None),  # past, and no limit
        ("增长 9.3 个百分点", None),
        ("下一期前完成培训", None),
        ("用 3 个月", None),
        ("", None),
    ],
)
def test_deadlines_in_measures(text: str, day: date | None) -> None:
    assert deadline(text, date(2024, 9, 30)).day == day


DUE = {"一期": date(2024, 6, 30), "二期": date(2024, 9, 30)}


def reported(*written: tuple[str, str, str, str, str, int | None]) -> pd.DataFrame:
    columns = ["period", "progress", "problems", "measures", "status", "self_score"]
    table = pd.DataFrame(written, columns=columns, dtype=object)
    table = table.assign(group="甲组", indicator="A")
    expected = pd.DataFrame({"group": ["甲组"], "indicator": ["A"]})
    submissions = pd.DataFrame({"period": [], "group": [], "day": []}, dtype=object)
    return reports(table, submissions, expected, DUE, date(2024, 10, 8))


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (("a", "无", "", "进行中", 5), ("b", "无", "", "已完成", 5), ("新完成",)),
        (
            ("a", "无", "", "进行中", 5),
            ("b", "缺人", "", "有困难", 5),
            ("新出现困难", "新写了问题"),
        ),
        (
            ("a", "缺人", "", "有困难", 5),
            ("b", "无", "", "进行中", 8),
            ("不再写问题", "自评分有变"),
        ),
        (("a", "缺人", "", "进行中", 5), ("a", "缺人", "", "进行中", 5), ("内容没有更新",)),
        (("a", "", "", "已完成", 5), ("a", "", "", "已完成", 5), ()),
        (("", "缺人", "", "进行中", 8), ("", "缺人", "", "进行中", 9), ("自评分有变",)),
        (("a", "", "", "", None), ("b", "", "", "", 5), ()),
        (("a", "缺人", "", "", None), ("b", "", "", "", 5), ()),  # blank: nothing is said
        (
            ("a", "无", "", "已完成", 5),
            ("b", "无", "", "有困难", 5),
            ("由已完成退回", "新出现困难"),
        ),
        (("a", "无", "", "已完成", 5), ("b", "无", "", "", 5), ()),
    ],
)
def test_changes_since_the_period_before(
    before: tuple[str, str, str, str, int | None],
    after: tuple[str, str, str, str, int | None],
    changes: tuple[str, ...],
) -> None:
    found = reported(("一期", *before), ("二期", *after))

    assert found["changes"].tolist() == [(), changes]


def test_what_was_reported_before_and_not_now_is_told_where_the_form_came_back() -> None:
    before, now = [
        pd.DataFrame(
            {"period": period, "group": "甲组", "indicator": ids, "progress": "a"}, dtype=object
        )
        for period, ids in (("一期", ["A", "B"]), ("二期", ["B"]))
    ]
    blank = dict.fromkeys(("problems", "measures", "status"), "")
    table = pd.concat([before, now], ignore_index=True).assign(**blank, self_score=None)
    expected = pd.DataFrame({"group": ["甲组"] * 2, "indicator": ["A", "B"]})
    submissions = pd.DataFrame({"period": [], "group": [], "day": []}, dtype=object)

    found = reports(table, submissions, expected, DUE, date(2024, 10, 8))
    without = reports(before.assign(**blank, self_score=None), submissions, expected, DUE, None)

    assert found["changes"].tolist()[2:] == [("上一期填了、这一期没有填",), ("内容没有更新",)]
    assert without["changes"].tolist()[2:] == [(), ()]


def test_what_a_group_reported_before_its_indicator_moved_is_not_missing_from_the_new_group() -> (
    None
):
    table = pd.DataFrame(
        {
            "period": ["一期", "二期"],
            "group": ["甲组", "乙组"],
            "indicator": ["A", "A"],
            "progress": ["a", "b"],
        },
        dtype=object,
    ).assign(problems="", measures="", status="", self_score=None)
    expected = pd.DataFrame({"group": ["乙组", "乙组"], "indicator": ["A", "B"]})
    submissions = pd.DataFrame({"period": [], "group": [], "day": []}, dtype=object)

    found = reports(table, submissions, expected, DUE, None)

    rows = found[["period", "group", "indicator", "reported"]].itertuples(index=False, name=None)
    assert [*rows] == [
        ("一期", "乙组", "B", False),
        ("一期", "甲组", "A", True),
        ("二期", "乙组", "A", True),
        ("二期", "乙组", "B", False),
    ]


def test_nothing_has_changed_where_nothing_was_reported_before() -> None:
    assert reported(("二期", "a", "缺人", "", "有困难", 5))["changes"].tolist() == [(), ()]


@pytest.mark.parametrize(
    ("measures", "status", "overdue"),
    [
        ("9月30日前", "进行中", True),
        ("9月30日前", "", False),
        ("9月30日前", "已完成", False),
        ("10月8日前", "进行中", False),
        ("尽快", "进行中", False),
    ],
)
def test_a_measure_is_overdue_when_its_day_has_passed(
    measures: str, status: str, overdue: bool
) -> None:
    found = reported(("二期", "a", "缺人", measures, status, None))

    assert found["overdue"].tolist() == [False, overdue]


def test_a_measure_that_was_done_later_is_not_overdue_any_more() -> None:
    found = reported(
        ("一期", "a", "缺人", "6月10日前", "进行中", None), ("二期", "b", "无", "", "已完成", None)
    )

    assert found["overdue"].tolist() == [False, False]


def test_an_edition_without_groups_has_a_digest_all_the_same() -> None:
    edition = checked(EDITIONS["2023"])[0]
    sections = edition["sections"]
    blank = [""] * len(sections)
    bare = replace(sections, columns={**sections.columns, "lead": blank, "participants": blank})

    found = digest_view(
        replace(edition, sheets={**edition.sheets, "sections": bare}),
        on=date(2023, 3, 1),
        with_names=True,
    )

    assert (found.groups, found.current) == ((), None)


def test_a_report_counts_when_anything_is_written() -> None:
    found = reported(("一期", "", "缺人", "", "", None), ("二期", "", "", "", "", 3))

    assert found["reported"].tolist() == [True, True]


def test_a_form_without_a_date_is_not_late() -> None:
    table = pd.DataFrame(
        {"period": ["一期"], "group": ["甲组"], "reporter": ["林晨"], "day": [None]}, dtype=object
    )

    on, closing = date(2024, 10, 8), date(2024, 12, 31)
    found = returns(table, ["甲组"], DUE, on=on, closing=closing)

    assert found[["returned", "late"]].to_numpy().tolist() == [[True, 0], [False, 8]]
