"""Tables kept as .xlsx: the same cells, or the reason why not."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell

from pipeline.build import problems
from pipeline.errors import Problem
from pipeline.tables.contract import FINDINGS, ROSTER, Table, indicators
from pipeline.tables.edition import read_edition
from pipeline.tables.reader import read_sheet
from pipeline.tables.sheet import Sheet
from tests.conftest import EDITIONS

INDICATORS = indicators(["项目", "一级指标"], "二级指标", ["分值"])
HEAD = [
    "编号",
    "项目",
    "一级指标",
    "二级指标",
    "分值",
    "数据采集责任单位",
    "责任领导",
    "责任科室",
    "责任人",
]
REST = ["区委办", "林晨", "业务组", "黄文献"]


def workbook(*rows: list[Any], **formats: str) -> bytes:
    """A workbook with these rows; `formats` gives cells such as A2 a number format."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, number_format in formats.items():
        book.active[cell].number_format = number_format
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(data: bytes, table: Table = INDICATORS) -> tuple[Sheet | None, list[str]]:
    sheet, found = read_sheet(data, table, f"{table.name}.xlsx")
    return sheet, [str(problem).removeprefix(f"{table.name}.xlsx ") for problem in found]


def as_workbook(path: Path) -> None:
    """Replace a CSV by a workbook with the same cells, as Excel would save it."""
    import csv

    book = openpyxl.Workbook()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            book.active.append([float(cell) if cell.isdecimal() else cell or None for cell in row])
    path.with_suffix(".xlsx").write_bytes(saved(book))
    path.unlink()


def test_an_edition_of_workbooks_reads_the_same(edition: Path) -> None:
    for path in list(edition.glob("*.csv")):
        as_workbook(path)

    ours, theirs = read_edition(edition)[0], read_edition(EDITIONS["2023"])[0]

    assert ours is not None
    assert theirs is not None
    for name, sheet in theirs.sheets.items():
        assert ours[name].columns == sheet.columns
        assert ours[name].rows == sheet.rows
    assert {problem.rule for problem in problems(edition)} == {"person-unregistered", "blank"}


def test_merged_labels_are_filled_and_true_blanks_stay_blank() -> None:
    rows = [
        ["A1", "差异化", None],
        ["A2", None, None],
        ["A3", "共同性", "科学"],
        ["A4", None, None],
    ]
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(HEAD, *([*row, f"名{row[0]}", 5, *REST] for row in rows)))
    )
    for span in ("B2:B3", "B4:B5", "C4:C5"):
        book.active.merge_cells(span)

    sheet, found = read(saved(book))

    assert found == []
    assert sheet is not None
    assert sheet["label1"] == ["差异化", "差异化", "共同性", "共同性"]
    assert sheet["label2"] == ["", "", "科学", "科学"]


def test_other_merged_cells_are_refused_where_a_value_would_be_lost() -> None:
    rows = [["A1", "甲", "", "名一", 5, *REST], ["A2", "甲", "", "名二", 5, *REST]]
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEAD, *rows)))
    book.active.merge_cells("F2:F3")

    _, found = read(saved(book))

    assert found == [
        "第3行 数据采集责任单位（F3）：和第2行合并了；只有标签列可以合并。取消合并，每一行都写上"
    ]


@pytest.mark.parametrize(
    ("value", "number_format", "cell", "message"),
    [
        (
            date(2023, 1, 2),
            "m-d",
            "A2",
            "编号（A2）：Excel 把这里的内容变成了日期，现为“2023-01-02”",
        ),
        (12, "0000", "A2", "编号（A2）：Excel 里显示的样子和存的数（12）不同，现为“12”"),
        (0.3, "0%", "D2", "二级指标（D2）：Excel 里显示的样子和存的数（0.3）不同，现为“0.3”"),
        (
            date(2023, 3, 5),
            "m-d",
            "E2",
            "分值（E2）：Excel 把这里的内容变成了日期，现为“2023-03-05”",
        ),
        ("=1+1", "General", "E2", "分值（E2）：公式没有算出结果。"),
    ],
)
def test_what_excel_shows_and_what_it_holds(
    value: object, number_format: str, cell: str, message: str
) -> None:
    row = ["A1", "甲", "", "名", 5, *REST]
    row["ABCDE".index(cell[0])] = value  # type: ignore[call-overload]

    _, found = read(workbook(HEAD, row, **{cell: number_format}))

    assert [line for line in found if message in line], found


def test_error_values_do_not_vanish() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(HEAD, ["A1", "甲", "", "名", 5, "#REF!", *REST[1:]]))
    )
    cell = book.active["F2"]
    assert isinstance(cell, Cell)
    cell.data_type = "e"

    _, found = read(saved(book))

    assert found == [
        "第2行 数据采集责任单位（F2）：Excel 的错误值 #REF! 代替了原来的内容，现为“#REF!”。重新输入"
    ]


def test_numbers_and_dates_are_those_that_excel_means() -> None:
    score, _ = read(workbook(HEAD, ["A1", "甲", "", "名", 0.1 + 0.2, *REST]))
    head = [column.header for column in FINDINGS.columns]
    row = ["D1", datetime(2023, 5, 16), "W1", "一.1", "市", "", "", 2.0, "业务组", "黄文献", "无"]
    finding, problems = read(workbook(head, row), FINDINGS)

    assert score is not None
    assert finding is not None
    assert score["score1"] == [Decimal("0.3")]
    assert (finding["day"], finding["accountable"], problems) == ([date(2023, 5, 16)], [2], [])


def test_the_sheet_with_the_head_is_taken_among_others() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(["说明"], ["怎么填"])))
    sheet = book.create_sheet("名单")
    sheet.append(["姓名", "领导小组职务", "职务"])
    sheet.append(["林晨", "组长", "局长"])
    one, _ = read(saved(book), ROSTER)
    book.copy_worksheet(sheet)
    both, found = read(saved(book), ROSTER)

    assert one is not None
    assert one["name"] == ["林晨"]
    assert both is None
    assert found == ["roster.xlsx：有 2 个工作表都像是这张表：名单、名单 Copy。只留一个"]


def test_what_is_no_workbook_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * (101 << 20))

    messages = [
        read(data, ROSTER)[1] for data in (b"", b"PK\x03\x04", b"\xd0\xcf", bomb.getvalue())
    ]

    assert all("这个 Excel 文件打不开" in told[0] for told in messages[:3])
    assert "展开后有 101 MB，不像是一张表" in messages[3][0]


def test_a_workbook_has_rows_but_no_lines(tmp_path: Path) -> None:
    _, found = read_sheet(workbook(HEAD, ["A1", "甲"]), INDICATORS, "indicators.xlsx")

    assert all(isinstance(problem, Problem) and problem.line is None for problem in found)
    assert {problem.row for problem in found} == {2}
