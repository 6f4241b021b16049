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

from pipeline.checks.load import problems
from pipeline.errors import Problem
from pipeline.tables.contract import FINDINGS, ROSTER, Table, indicators
from pipeline.tables.edition import read_edition
from pipeline.tables.reader import read_sheet
from pipeline.tables.sheet import Sheet
from tests.conftest import EDITIONS
from tests.tables.workbooks import as_workbook, saved

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


def read(data: bytes, table: Table = INDICATORS) -> tuple[Sheet | None, list[str]]:
    sheet, found = read_sheet(data, table, f"{table.name}.xlsx")
    return sheet, [str(problem).removeprefix(f"{table.name}.xlsx ") for problem in found]


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
        (0.9, "0%", "E2", "分值（E2）：Excel 里显示的样子和存的数（0.9）不同，现为“0.9”"),
        (29.6, "0", "E2", "分值（E2）：Excel 里显示的样子和存的数（29.6）不同，现为“29.6”"),
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


@pytest.mark.parametrize(
    ("value", "number_format", "cell"),
    [(1.5, "0.0", "A2"), (30, "0.00", "E2"), (30, "0_ ", "E2"), (1000, "#,##0", "E2")],
)
def test_formats_that_hide_nothing_are_no_matter(
    value: float, number_format: str, cell: str
) -> None:
    row = ["A1", "甲", "", "名", 5, *REST]
    row["ABCDE".index(cell[0])] = value

    assert read(workbook(HEAD, row, **{cell: number_format}))[1] == []


def test_a_formula_whose_result_is_empty_has_a_result() -> None:
    source = workbook(HEAD, ["A1", "甲", '=""', "名", 5, *REST])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                assert b'<c r="C2"><f>' in data
                data = data.replace(b'<c r="C2"><f>', b'<c r="C2" t="str"><f>')
            new.writestr(name, data)

    assert read(buffer.getvalue())[1] == []


@pytest.mark.parametrize(
    ("span", "message"),
    [
        ("B2:B60", None),  # beyond the last row
        ("B1:B2", "第2行 项目（B2）：和第1行合并了；只有标签列可以合并。取消合并，每一行都写上"),
        ("A2:A3", "第3行 编号（A3）：和第2行合并了；只有标签列可以合并。取消合并，每一行都写上"),
    ],
)
def test_what_merged_cells_swallow(span: str, message: str | None) -> None:
    rows = [["A1", "甲", "", "名一", 5, *REST], ["A2", "甲", "", "名二", 5, *REST]]
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEAD, *rows)))
    book.active.merge_cells(span)

    assert read(saved(book))[1] == ([message] if message else [])


def test_hidden_sheets_and_far_cells_are_no_matter() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEAD, ["A1", "甲", "", "名", 5, *REST])))
    book.copy_worksheet(book.active).sheet_state = "hidden"
    book.active["A1048576"].font = openpyxl.styles.Font(bold=True)

    sheet, found = read(saved(book))

    assert sheet is not None
    assert (found, len(sheet)) == ([], 1)


def test_hidden_rows_are_reported() -> None:
    rows = [["A1", "甲", "", "名一", 5, *REST], ["A2", "甲", "", "名二", 5, *REST]]
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEAD, *rows)))
    book.active.row_dimensions[3].hidden = True

    assert read(saved(book))[1] == ["第3行：这一行在 Excel 里隐藏着，也会读进来。不要的行请删掉"]


def test_a_head_below_a_title_is_looked_for_in_every_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(["说明"])))
    sheet = book.create_sheet("指标")
    sheet.append(["2023年指标"])
    sheet.append(HEAD)

    assert read(saved(book))[1] == ["第1行：第1行不是表头，表头在第2行。删掉表头上面的各行"]
    assert read(workbook(["说明"]))[1] == [
        "indicators.xlsx：没有一个工作表有这张表的表头：Sheet。第1行写上表头"
    ]


def test_the_content_counts_and_not_the_name() -> None:
    sheet, found = read_sheet(
        workbook(HEAD, ["A1", "甲", "", "名", 5, *REST]), INDICATORS, "indicators.csv"
    )

    assert sheet is not None
    assert (found, sheet.source) == ([], "Excel 工作簿")


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

    good = workbook(["姓名", "领导小组职务", "职务"])
    central = good.rindex(b"PK\x01\x02")
    damaged = good[:central] + b"XXXX" + good[central + 4 :]
    old = b"\xd0\xcf\x11\xe0" + bytes(600)

    messages = [
        read(data, ROSTER)[1][0]
        for data in (b"PK\x03\x04", damaged, good[:-200], old, bomb.getvalue())
    ]

    assert all("这个 Excel 文件打不开" in message for message in messages[:3])
    assert "是旧的 .xls 格式，或者加了密码" in messages[3]
    assert "展开后有 101 MB，不像是一张表" in messages[4]


def test_a_workbook_has_rows_but_no_lines(tmp_path: Path) -> None:
    _, found = read_sheet(workbook(HEAD, ["A1", "甲"]), INDICATORS, "indicators.xlsx")

    assert all(isinstance(problem, Problem) and problem.line is None for problem in found)
    assert {problem.row for problem in found} == {2}
