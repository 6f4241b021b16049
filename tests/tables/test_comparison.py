"""What differs between two states of a table."""

from __future__ import annotations

from pipeline.tables.comparison import CellDifference, RowDifference, differences

HEAD = ["编号", "名称", "分值"]


def test_a_cell_that_differs_is_told_with_both_texts() -> None:
    before = [HEAD, ["A1", "甲", "10"], ["A2", "乙", "20"]]
    after = [HEAD, ["A1", "甲", "15"], ["A2", "乙", "20"]]

    assert differences(before, after) == [
        RowDifference(
            2, ("A1", "甲", "10"), ("A1", "甲", "15"), (CellDifference("分值", "10", "15"),)
        )
    ]


def test_rows_that_are_new_or_gone_are_told_by_their_own_number() -> None:
    before = [HEAD, ["A1", "甲", "10"], ["A2", "乙", "20"]]
    after = [HEAD, ["A2", "乙", "20"], ["B1", "丙", "30"]]

    assert differences(before, after) == [
        RowDifference(2, ("A1", "甲", "10"), ()),
        RowDifference(3, (), ("B1", "丙", "30")),
    ]


def test_columns_are_compared_by_their_headers() -> None:
    before = [["名称", "编号"], ["甲", "A1"]]

    assert differences(before, [["编号", "名称"], ["A1", "甲"]]) == []
    assert differences(before, [HEAD, ["A1", "甲", "10"]]) == [
        RowDifference(2, ("A1", "甲", ""), ("A1", "甲", "10"), (CellDifference("分值", "", "10"),))
    ]
