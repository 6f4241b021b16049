"""Labels that Excel leaves blank: filled down, and the columns as read are left as they are."""

from __future__ import annotations

from pipeline.tables.cells import Flaw
from pipeline.tables.grid import Grid
from pipeline.tables.merged_cells import filled_down, unmerged


def grid(columns: list[list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> Grid:
    return Grid(source="", top=[], columns=columns, overlong={}, merged=merged)


def test_a_row_without_its_outermost_label_continues_the_row_above() -> None:
    labels = [["差异化", "", "共同", ""], ["经济", "", "", "依法"]]

    filled, blanks = filled_down(labels)

    assert filled == [["差异化", "差异化", "共同", "共同"], ["经济", "经济", "", "依法"]]
    assert blanks == [(0, 1), (1, 1), (0, 3)]
    assert labels == [["差异化", "", "共同", ""], ["经济", "", "", "依法"]]


def test_what_stands_below_a_new_label_is_its_own() -> None:
    labels = [["差异化", ""], ["经济", "依法"], ["投资", ""]]

    assert filled_down(labels) == (
        [["差异化", "差异化"], ["经济", "依法"], ["投资", ""]],
        [(0, 1)],
    )


def test_a_merged_label_of_a_workbook_fills_its_area() -> None:
    columns = [["差异化", "", ""], ["A1", "A2", ""]]

    found, flaws = unmerged(grid(columns, [((0, 0), (2, 0)), ((1, 1), (2, 1))]), labels=[0])

    assert found == [["差异化", "差异化", "差异化"], ["A1", "A2", ""]]
    flaw = Flaw("merged", "和第3行合并了；只有标签列可以合并", "取消合并，每一行都写上")
    assert flaws == {(2, 1): flaw}
    assert columns == [["差异化", "", ""], ["A1", "A2", ""]]
