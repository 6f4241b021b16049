"""Merge spans and totals, for one to three label levels."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tables.contract import indicators
from pipeline.tables.reader import read_sheet
from pipeline.tables.sheet import Sheet
from pipeline.transforms.annexes import frame, merged_indicators, score_totals

LABELS = ("类别", "项目", "一级指标")


def sheet(rows: list[str], levels: int) -> Sheet:
    """Rows as `label,label,…,score`."""
    table = indicators(LABELS[:levels], "名称", ["分值"])
    head = [
        "编号",
        *LABELS[:levels],
        "分值",
        "名称",
        "数据采集责任单位",
        "责任领导",
        "责任科室",
        "责任人",
    ]
    lines = [",".join(head)]
    lines += [f"N{number},{row},名{number},区委办,林晨,组,人" for number, row in enumerate(rows, 1)]
    read, problems = read_sheet("\n".join(lines).encode(), table, "indicators.csv")
    assert read is not None
    assert problems == []
    return read


def cells(rows: list[str], levels: int) -> list[list[str]]:
    """For each level: `span:total` where a merged cell begins, a dot where it goes on."""
    shaped = merged_indicators(sheet(rows, levels), levels)
    return [
        [
            f"{span}:{'-' if total is None else total}" if first else "."
            for first, span, total in zip(
                *(shaped[f"label{level}_{what}"] for what in ("first", "span", "total")),
                strict=True,
            )
        ]
        for level in range(1, levels + 1)
    ]


def test_equal_neighbours_are_merged_and_summed() -> None:
    assert cells(["甲,10", "甲,20", "乙,5", "乙,2.5"], 1) == [["2:30", ".", "2:7.5", "."]]


def test_a_label_that_covers_one_row_has_no_total() -> None:
    assert cells(["甲,10", "乙,20", "乙,5"], 1) == [["1:-", "2:25", "."]]


def test_the_same_inner_label_under_another_outer_one_is_another_cell() -> None:
    assert cells(["甲,子,1", "甲,子,2", "乙,子,4", "乙,子,8"], 2) == [
        ["2:3", ".", "2:12", "."],
        ["2:3", ".", "2:12", "."],
    ]


def test_blank_labels_are_merged_but_never_summed() -> None:
    assert cells(["甲,一,1", "甲,,2", "甲,,4"], 2) == [["3:7", ".", "."], ["1:-", "2:-", "."]]


def test_three_levels_merge_independently() -> None:
    rows = ["甲,子,一,1", "甲,子,一,2", "甲,子,二,4", "甲,丑,二,8", "甲,丑,二,16"]

    assert cells(rows, 3) == [
        ["5:31", ".", ".", ".", "."],
        ["3:7", ".", ".", "2:24", "."],
        ["2:3", ".", "1:-", "2:24", "."],
    ]


@given(st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from(["子", "丑", ""])), min_size=1))
def test_spans_cover_every_row_once_and_totals_add_up(paths: list[tuple[str, str]]) -> None:
    rows = [f"{a},{b},{number}" for number, (a, b) in enumerate(paths, 1)]
    shaped = merged_indicators(sheet(rows, 2), 2)

    for level in (1, 2):
        begins = shaped[shaped[f"label{level}_first"]]
        assert begins[f"label{level}_span"].sum() == len(paths)
        assert len(begins) == len(list(groupby(path[:level] for path in paths)))
    whole = sum(range(1, len(paths) + 1))
    alone = shaped["label1_total"].isna()
    outer = shaped.loc[shaped["label1_first"] & ~alone, "label1_total"].sum()
    assert outer + shaped.loc[alone, "score1"].sum() == whole


@pytest.mark.parametrize("scores", [1, 2, 3])
def test_each_score_column_has_its_total(scores: int) -> None:
    names = [f"分{n}" for n in range(1, scores + 1)]
    text = f"编号,项目,名称,{','.join(names)},数据采集责任单位,责任领导,责任科室,责任人\n"
    text += f"A,甲,名,{','.join(['1.5'] * scores)},,林晨,组,人\n"
    text += f"B,甲,名,{','.join(['2', *[''] * (scores - 1)])},,林晨,组,人\n"
    read, _ = read_sheet(text.encode(), indicators(["项目"], "名称", names), "x.csv")
    assert read is not None

    totals = score_totals(frame(read), scores)

    assert totals == [Decimal("3.5"), *[Decimal("1.5")] * (scores - 1)]
