"""附件3 worked out: the clauses of 2023 one by one, each pair of them that meets, and the interpretations."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks.load import problems
from pipeline.tables.edition import read_edition
from pipeline.tables.settings import ScoringSettings
from pipeline.transforms.annexes import frame
from pipeline.transforms.scoring import Scored, score
from tests.conftest import EDITIONS
from tests.transforms.findings import any_findings, clerk, csv, table

EDITION, _ = read_edition(EDITIONS["2023"])
assert EDITION is not None
RULES = frame(EDITION["rules"])
USUAL = ScoringSettings()


class Case(NamedTuple):
    """A worked case: the clause that decides it, the findings, what they cost and earn."""

    clause: str
    findings: tuple[str, ...]
    deducted: str
    bonus: str = "0"


CASES = (
    # 一　扣分情形：每项扣5分
    Case("一.1", ("一.1",), "5"),
    Case("一.2", ("一.2",), "5"),
    Case("一.3", ("一.3",), "5"),
    Case("一.4", ("一.4",), "5"),
    Case("一.5", ("一.5",), "5"),
    Case("一.6", ("一.6",), "5"),
    Case("一.1", ("一.1", "一.1"), "10"),  # 每项：两个问题是两项
    Case("一.6", ("一.6 区 问责1",), "5"),  # 问责本身不减不加，要看引了哪一条
    # 二　加重扣分情形
    Case("二.1", ("一.1 省 加重二.1",), "10"),
    Case("二.1", ("一.4 市 加重二.1",), "10"),
    Case("二.1", ("一.1 区 加重二.1",), "10"),  # 整改不到位、久拖不决的，区里的也双倍
    Case("二.1", ("一.1 省",), "5"),  # 没有引双倍的条款，就不双倍
    Case("二.1", ("二.2 加重二.1",), "20"),  # as 一.1 加重二.1、二.2: 二.2 is heavier by itself
    Case("二.3", ("二.3 核定8",), "8"),  # alone
    Case("二.3", ("二.3 加重二.1 核定8",), "8"),
    Case("二.2", ("二.2",), "20"),
    Case("二.2", ("二.2", "二.2"), "40"),  # 每次
    Case("二.3", ("一.1 加重二.3 核定8",), "8"),
    Case("二.3", ("一.1 加重二.3 核定5.5",), "5.5"),
    # 三　减轻或免予扣分情形
    Case("三.1", ("一.1 减免三.1",), "0"),
    Case("三.2", ("一.1 减免三.2",), "0"),
    Case("三.3", ("一.1 减免三.3",), "0"),
    Case("三.4", ("一.4 减免三.4",), "0"),
    Case("三.5", ("一.6 减免三.5",), "0"),
    Case("三.6", ("一.2 减免三.6",), "0"),
    Case("三.7", ("一.3 减免三.7",), "0"),
    Case("三.8", ("一.5 减免三.8 问责1",), "0"),
    Case("三.9", ("一.1 减免三.9",), "0"),
    Case("三.10", ("一.1 减免三.10",), "0"),
    Case("三.7", ("一.1 减免三.7", "一.1"), "5"),  # 免的只是那一个问题
    # 四　加扣分值
    Case("四.1", ("一.5 市 加重四.1",), "10"),
    Case("四.1", ("一.5 市 加重四.1",) * 60, "600"),  # 总扣分不设上限
    Case("四.2", ("四.2 区",), "5"),
    Case("四.2", ("四.2 区 减免四.2 问责1",), "2.5"),
    Case("四.2", ("四.2 区 减免四.2 问责3",), "2.5"),  # 减半，不论问责几个人
    Case("四.2", ("四.2 区 问责1",), "5"),  # 没有引减半的条款，就不减半
    Case("四.2", ("四.2 区",) * 60, "300"),  # 总扣分不设上限
    Case("四.3", ("四.3 自查 问责1",), "0", "1"),
    Case("四.3", ("四.3 自查 问责4",), "0", "4"),
    Case("四.3", ("四.3 自查 问责10",), "0", "10"),
    Case("四.3", ("四.3 自查 问责12",), "0", "10"),  # 一个问题就到了上限
    Case("四.3", ("四.3 自查 问责6", "四.3 自查 问责6"), "0", "10"),
    # 五　其他评分原则
    Case("五.1", ("一.1", "一.2"), "10"),  # 典型问题按本办法扣：引的还是第一章的条款
    Case("五.3", ("四.3 自查 问责1",), "0", "1"),  # 督查案例的加分在指标里，不在台账里
    # 双倍和别的
    Case("四.1", ("一.5 市 加重二.1、四.1",), "10"),  # 两个双倍只加倍一次
    Case("四.2", ("四.2 市 加重四.1 减免四.2 问责1",), "5"),  # 双倍又减半
    Case("三.7", ("一.1 省 加重二.1 减免三.7",), "0"),  # 双倍又免予
    # 就高不就低
    Case("五.2", ("一.1 加重二.2",), "20"),
    Case("五.2", ("一.1 省 加重二.1、二.2",), "20"),  # 10 和 20
    Case("五.2", ("一.1 省 加重二.1、二.3 核定8",), "10"),  # 10 和 8
    Case("五.2", ("一.1 省 加重二.1、二.3 核定15",), "15"),  # 10 和 15
    Case("五.2", ("一.1 加重二.2、二.3 核定30",), "30"),  # 5、20 和 30
    Case("四.2", ("四.2 加重二.2 减免四.2 问责1",), "10"),  # 20 的一半
    Case("三.10", ("一.1 加重二.2 减免三.10",), "0"),
    Case("三.7", ("一.1 加重二.3 核定8 减免三.7",), "0"),
    # 减半和免予
    Case("三.8", ("四.2 减免四.2、三.8 问责1",), "0"),
    Case("三.1", ("一.1 减免三.1、三.10",), "0"),
    # 同一问题不重复
    Case("五.2", ("一.1 题W1", "一.1 题W1"), "5"),
    Case("五.2", ("一.1 题W1", "二.2 题W1", "一.2 题W1"), "20"),
    Case("五.2", ("一.1 题W1 加重二.1", "四.2 题W1 市"), "10"),
    Case("五.2", ("一.1 题W1", "四.2 题W1 减免四.2 问责1"), "5"),  # 减了半的和没有减的
    Case("五.2", ("一.1 题W1 减免三.7", "一.2 题W1"), "5"),  # 一条免了，另一条没有
    Case("三.9", ("一.1 题W1 减免三.9", "一.2 题W1 减免三.9"), "0"),
    # 加分和别的
    Case("四.3", ("一.5 题W1", "四.3 题W1 自查 问责2"), "5", "2"),  # 不重复的是扣分
    Case("四.3", ("四.3 题W1 自查 问责1", "四.3 题W1 自查 问责2"), "0", "3"),
    Case("四.3", ("一.1 加重二.1", "四.3 自查 问责15"), "10", "10"),
)


def scored(
    *texts: str, interpretation: ScoringSettings = USUAL, rules: pd.DataFrame = RULES
) -> Scored:
    return score(table(texts), rules, interpretation)


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.clause}：{'；'.join(case.findings)[:50]}"
)
def test_a_worked_case(case: Case) -> None:
    result = scored(*case.findings)

    assert (result.deducted, result.bonus) == (Decimal(case.deducted), Decimal(case.bonus))


def test_the_cases_are_many_and_every_clause_decides_one() -> None:
    assert len(CASES) >= 40
    assert {case.clause for case in CASES} == set(RULES["id"])


def test_no_case_has_anything_in_it_that_the_checks_refuse(edition: Path) -> None:
    """With problems of their own, so that the cases do not meet."""
    texts = [text.replace("题W1", "") for case in CASES for text in case.findings]
    (edition / "findings.csv").write_bytes(csv(texts))

    assert [str(each) for each in problems(edition) if each.severity == "error"] == []


@pytest.mark.parametrize(
    ("findings", "sentences"),
    [
        (("一.1 加重二.1",), ["依据：一.1 每项扣5分；二.1 双倍 → 扣10分"]),
        (("一.1 减免三.7",), ["依据：一.1 每项扣5分；三.7 免予 → 不扣分"]),
        (
            ("一.1 加重二.2、二.1 减免四.2 问责1",),
            [
                "依据：一.1 每项扣5分；二.1 双倍；二.2 每次扣20分；五.2 就高不就低；四.2 减半 → 扣10分"
            ],
        ),
        (
            ("一.1 加重二.3 核定8.5",),
            ["依据：一.1 每项扣5分；二.3 核定扣8.5分；五.2 就高不就低 → 扣8.5分"],
        ),
        (("一.1 加重二.1、四.1",), ["依据：一.1 每项扣5分；二.1 双倍；四.1 双倍 → 扣10分"]),
        (("二.2 加重二.1",), ["依据：二.2 每次扣20分；二.1 双倍只乘一般条款 → 扣20分"]),
        (("二.3 核定8",), ["依据：二.3 核定扣8分 → 扣8分"]),
        (
            ("一.1 题W1", "二.2 题W1"),
            [
                "依据：一.1 每项扣5分；五.2 同一问题不重复，已按D002计 → 不扣分",
                "依据：二.2 每次扣20分 → 扣20分",
            ],
        ),
        (
            ("四.3 问责6", "四.3 问责7", "四.3 问责1"),
            [
                "依据：四.3 每人次加1分×6人次 → 加6分",
                "依据：四.3 每人次加1分×7人次；合计到上限10分 → 加4分",
                "依据：四.3 每人次加1分×1人次；合计到上限10分 → 不加分",
            ],
        ),
    ],
)
def test_the_sentence_names_the_clauses_in_order(
    findings: tuple[str, ...], sentences: list[str]
) -> None:
    assert list(scored(*findings).entries["basis"]) == sentences


@pytest.mark.parametrize(
    ("switch", "findings", "usual", "other"),
    [
        ({"compound": True}, "一.1 加重二.1、四.1", "10", "20"),
        ({"double": "higher"}, "一.1 加重二.1、二.2", "20", "40"),
        ({"double": "higher"}, "二.2 加重二.1", "20", "40"),
        ({"double": "higher"}, "二.3 加重二.1 核定8", "8", "16"),
        ({"half": "clause"}, "二.2 减免四.2 问责1", "10", "20"),
        ({"base": "superior"}, "一.1 加重二.1 上级3", "10", "6"),
        ({"base": "superior"}, "二.2 加重四.1 上级3", "20", "20"),
        ({"base": "superior"}, "一.1 加重四.1、二.2 上级3", "20", "20"),
        ({"base": "superior"}, "一.1 上级3", "5", "5"),
        ({"half": "clause"}, "四.2 加重二.2 减免四.2 问责1", "10", "20"),
        ({"exemption": "by_hand"}, "一.1 减免三.7 核定2", "0", "2"),
        ({"exemption": "by_hand"}, "一.1 减免三.7 核定0", "0", "0"),
        ({"exemption": "by_hand"}, "一.1 减免三.7 核定30", "0", "5"),  # 减免不会加重
    ],
)
def test_a_text_that_can_be_read_in_two_ways_has_a_switch(
    switch: dict[str, Any], findings: str, usual: str, other: str
) -> None:
    assert scored(findings).deducted == Decimal(usual)
    assert scored(findings, interpretation=ScoringSettings(**switch)).deducted == Decimal(other)


def test_the_sentence_follows_the_reading() -> None:
    interpretation = ScoringSettings(double="higher", half="clause", exemption="by_hand")

    result = scored("一.1 加重二.1、二.2 减免四.2、三.7 核定3 问责1", interpretation=interpretation)

    assert list(result.entries["basis"]) == [
        "依据：一.1 每项扣5分；四.2 减半；二.2 每次扣20分；五.2 就高不就低；二.1 双倍；三.7 核定扣3分 → 扣3分"
    ]


def test_what_was_cited_and_did_nothing_is_told() -> None:
    result = scored("二.2 减免四.2 问责1", interpretation=ScoringSettings(half="clause"))

    assert list(result.entries["basis"]) == [
        "依据：二.2 每次扣20分；四.2 减半只乘一般条款 → 扣20分"
    ]


@pytest.mark.parametrize("interpretation", ["clause", "higher"])
def test_whether_double_or_half_comes_first_makes_no_difference(interpretation: Any) -> None:
    both = ScoringSettings(double=interpretation, half=interpretation)

    assert scored("一.1 加重二.1 减免四.2 问责1", interpretation=both).deducted == 5


def without(method: str) -> pd.DataFrame:
    """The rules of 2023 as if no clause had the algorithm."""
    kept = RULES["methods"].map(lambda methods: [m for m in methods.split("、") if m != method])
    return RULES.assign(methods=kept.map(lambda methods: "、".join(methods) or "说明"))


def test_without_a_clause_that_says_so_two_standards_add_up() -> None:
    result = scored("一.1 加重二.2", rules=without("就高不就低"))

    assert result.deducted == 25
    assert list(result.entries["basis"]) == ["依据：一.1 每项扣5分；二.2 每次扣20分 → 扣25分"]


def test_without_a_clause_that_says_so_a_problem_counts_each_time() -> None:
    assert scored("一.1 题W1", "一.2 题W1", rules=without("同一问题不重复")).deducted == 10


def test_a_cap_on_what_is_taken_holds_as_well() -> None:
    capped = RULES.assign(cap=RULES["cap"].mask(RULES["id"].eq("一.1"), Decimal(12)))

    result = scored("一.1", "一.1 加重二.1", "一.1", "一.2", rules=capped)

    assert list(result.entries["deducted"]) == [5, 7, 0, 5]


def test_a_changed_amount_changes_the_points_and_the_sentence_of_its_findings_only() -> None:
    six = RULES.assign(amount=RULES["amount"].mask(RULES["id"].eq("一.1"), Decimal(6)))
    findings = ("一.1", "一.1 加重二.1", "一.2", "二.2", "四.3 问责2")

    before, after = scored(*findings).entries, scored(*findings, rules=six).entries

    assert list(after["deducted"] - before["deducted"]) == [1, 2, 0, 0, 0]
    changed = before["basis"].ne(after["basis"])
    assert list(changed) == [True, True, False, False, False]
    assert after["basis"][0] == "依据：一.1 每项扣6分 → 扣6分"


# --- any findings at all -------------------------------------------------------------------------

interpretations = st.builds(
    ScoringSettings,
    compound=st.booleans(),
    double=st.sampled_from(["clause", "higher"]),
    half=st.sampled_from(["clause", "higher"]),
    exemption=st.sampled_from(["whole", "by_hand"]),
    base=st.sampled_from(["own", "superior"]),
)


any_rules = st.sampled_from([RULES, without("就高不就低"), without("同一问题不重复")])


@pytest.mark.slow
@given(any_findings, interpretations, any_rules)
@settings(max_examples=60, deadline=None)
def test_all_at_once_is_what_a_clerk_works_out_one_by_one(
    texts: list[str], interpretation: ScoringSettings, rules: pd.DataFrame
) -> None:
    result = scored(*texts, interpretation=interpretation, rules=rules)

    expected = clerk(table(texts).to_dict("records"), rules.to_dict("records"), interpretation)
    rows = result.entries[["id", "deducted", "bonus"]].itertuples(index=False)
    assert {id_: (deducted, bonus) for id_, deducted, bonus in rows} == expected


@pytest.mark.slow
@given(any_findings, interpretations, st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_does_not_matter(
    texts: list[str], interpretation: ScoringSettings, random: Any
) -> None:
    rows = table(texts)
    order = random.sample(range(len(rows)), len(rows))

    before, after = (score(each, RULES, interpretation) for each in (rows, rows.iloc[order]))

    sorted_back = after.entries.set_index("id").loc[list(before.entries["id"])]
    pd.testing.assert_frame_equal(sorted_back, before.entries.set_index("id"))


@pytest.mark.slow
@given(any_findings, interpretations, st.sampled_from(["三.1", "三.10"]), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_an_exempt_finding_changes_nothing(
    texts: list[str], interpretation: ScoringSettings, clause: str, issue: int
) -> None:
    whole = replace(interpretation, exemption="whole")
    before = scored(*texts, interpretation=whole)

    after = scored(*texts, f"二.2 加重二.1 减免{clause} 题W{issue}", interpretation=whole)

    assert (after.deducted, after.bonus) == (before.deducted, before.bonus)
    pd.testing.assert_frame_equal(after.entries.iloc[: len(texts)], before.entries)


@pytest.mark.slow
@given(any_findings, interpretations)
@settings(max_examples=60, deadline=None)
def test_points_are_within_their_bounds_and_add_up(
    texts: list[str], interpretation: ScoringSettings
) -> None:
    result = scored(*texts, interpretation=interpretation)

    entries = result.entries
    assert all(points >= 0 for points in chain(entries["deducted"], entries["bonus"]))
    assert result.bonus <= 10
    assert (sum(entries["deducted"]), sum(entries["bonus"])) == (result.deducted, result.bonus)
