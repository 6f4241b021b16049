"""Tables as people save them, and every mistake by its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tables.cell_reference import cell_name
from pipeline.tables.cells import CellError, clean
from pipeline.tables.contract import PROGRESS, ROSTER, CellKind, Column, indicators
from pipeline.tables.edition import in_order
from pipeline.tables.parsing import parse
from pipeline.tables.reader import read_sheet

ROSTER_TEXT = "姓名,领导小组职务,职务\r\n林晨,组长,负责人\r\n黄薇,成员,四级调研员\r\n"
INDICATORS = indicators(["项目", "一级指标"], "二级指标", ["分值"])
HEAD = "编号,项目,一级指标,二级指标,分值,数据采集责任单位,责任领导,责任科室,责任人\n"
ROW = "A1,差异化,,招商,{},区委办,林晨,业务组,黄文献\n"


def messages(text: str) -> list[str]:
    problems = read_sheet(text.encode(), INDICATORS, "indicators.csv")[1]
    return [str(problem) for problem in in_order(problems)]


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8（带标记）"),
        ("gb18030", "GB18030（GBK）"),
        ("gbk", "GB18030（GBK）"),
        ("utf-16", "UTF-16"),
    ],
)
def test_each_encoding_that_excel_and_wps_save_is_read(codec: str, named: str) -> None:
    sheet, problems = read_sheet(ROSTER_TEXT.encode(codec), ROSTER, "roster.csv")

    assert sheet is not None
    assert (problems, sheet.source) == ([], named)
    assert sheet["name"] == ["林晨", "黄薇"]


@given(st.lists(st.text("一丁七万丈三上下不与江河湖海", min_size=1), min_size=1, unique=True))
def test_gbk_is_never_taken_for_utf_8(names: list[str]) -> None:
    text = "姓名,领导小组职务,职务\n" + "".join(f"{name},成员,科员\n" for name in names)

    sheet, problems = read_sheet(text.encode("gbk"), ROSTER, "roster.csv")

    assert problems == []
    assert sheet is not None
    assert sheet["name"] == names


def test_bytes_of_no_encoding_are_refused_with_their_row() -> None:
    data = ROSTER_TEXT.encode() + b"\xff\xfe\xff,x,y\r\n"

    sheet, (problem,) = read_sheet(data, ROSTER, "roster.csv")

    assert sheet is None
    assert (problem.rule, problem.row) == ("encoding", 4)


def test_columns_may_stand_in_any_order_with_line_breaks_in_headers() -> None:
    text = '职务,"领导小组\n职务",姓名,,\n负责人,组长,林晨,,\n,,,,\n'

    sheet, problems = read_sheet(text.encode(), ROSTER, "roster.csv")

    assert problems == []
    assert sheet is not None
    assert (sheet["name"], sheet["post"], list(sheet.rows)) == (["林晨"], ["负责人"], [2])


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("30", "30"),
        ("2.5", "2.5"),
        ("３０", "30"),
        ("30分", "30"),
        ("（345分）", "345"),
        ("1,000", "1000"),
    ],
)
def test_scores_as_people_type_them(typed: str, value: str) -> None:
    column = Column(header="分值", field="score1", meaning="", kind=CellKind.NUMBER)

    assert parse(typed, column) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("三十", "必须是不小于 0 的数"),
        ("1-2", "必须是不小于 0 的数"),
        ("3e2", "必须是不小于 0 的数"),
        ("30,5", "必须是不小于 0 的数"),
        ("nan", "必须是不小于 0 的数"),
        ("50%", "必须是不小于 0 的数"),
        ("-5", "不能小于 0"),
        ("1月2日", "Excel 把这里的内容变成了日期"),
        ("2023/1/2", "Excel 把这里的内容变成了日期"),
    ],
)
def test_what_is_no_score_is_refused(typed: str, message: str) -> None:
    column = Column(header="分值", field="score1", meaning="", kind=CellKind.NUMBER)

    with pytest.raises(CellError, match=message):
        parse(typed, column)


def test_the_row_is_the_one_that_excel_shows() -> None:
    text = HEAD + ROW.format("30").replace("招商", '"招商\n引资"') + "\n" + ROW.format("三十")

    assert messages(text.replace("A1", "A2", 1)) == [
        "indicators.csv 第4行 分值（E4）：必须是不小于 0 的数，现为“三十”。只写数，例如 30 或 2.5"
    ]


def test_all_problems_of_a_table_come_in_one_run() -> None:
    text = HEAD + ROW.format("30") + ROW.format("") + "B\x0b2,,x,名,5,,林晨,组,人,多出\n"

    assert messages(text) == [
        "indicators.csv 第3行 编号（A3）：编号与第2行重复，现为“A1”",
        "indicators.csv 第3行 二级指标（D3）：二级指标与第2行重复，现为“招商”",
        "indicators.csv 第3行 分值（E3）：不能空着",
        "indicators.csv 第4行 编号（A4）：第2个字符是 Word 文件不能有的控制字符（U+000B），"
        "现为“B 2”。删掉这个看不见的字符，重新输入",
        "indicators.csv 第4行 数据采集责任单位（F4）：空着，是不是漏填了。确实没有就写“——”",
        "indicators.csv 第4行（J4）：这一行比表头多出一格，后面的内容可能错了列，现为“多出”。"
        "单元格里的逗号要用中文的“，”，或者在 Excel、WPS 里编辑",
    ]


def test_a_missing_column_is_named_with_the_one_that_may_be_meant() -> None:
    text = (HEAD + ROW.format("30")).replace("责任领导", "责任领到")

    assert messages(text) == [
        "indicators.csv 第1行 责任领导：缺少这一列。表头里的“责任领到”是不是应当写成“责任领导”？",
        "indicators.csv 第1行 责任领到（G1）：程序不认识这一列，它的内容不会用到。你是不是想写“责任领导”？",
    ]


@pytest.mark.parametrize("text", ["", "\ufeff", "\n", ",,,\n"])
def test_a_table_without_a_head_is_one_problem(text: str) -> None:
    (message,) = messages(text)

    assert message.startswith("indicators.csv 第1行：没有表头。第1行写上表头：编号、项目、")


def test_a_lone_quote_does_not_swallow_the_rest() -> None:
    text = HEAD + ROW.format("30") + ROW.format("30").replace("招商", '"招商').replace("A1", "A2")

    assert messages(text) == [
        "indicators.csv 第3行：从这一行起有一个双引号没有配对，后面的内容会被吞掉。"
        "补上或删掉这个双引号；内容里的引号和逗号用中文的“ ”和“，”"
    ]


PROGRESS_HEAD = "期次,组队,编号,进展情况,存在的问题,整改措施及完成时限,状态,自评分\n"


def test_rows_between_two_lone_quotes_do_not_vanish() -> None:
    rows = '全年,业务组,A1,"完成了,无,无,进行中,10\n全年,调查队,A2,已完成",无,无,进行中,\n'

    _, (problem,) = read_sheet((PROGRESS_HEAD + rows).encode(), PROGRESS, "progress.csv")

    assert (problem.rule, problem.row, problem.line) == ("quote", 2, 2)
    assert "把下面的几行吞了进来" in problem.message


@pytest.mark.parametrize(
    "row",
    [
        '林晨,组长,"党组书记,局长,主任\n(兼)"',
        '林晨,组长,"局长\n书记,主任,组长"',
        '"林晨",组长,"a,b\nc,d"',
    ],
)
def test_commas_and_line_breaks_in_a_cell_are_no_swallowed_rows(row: str) -> None:
    sheet, problems = read_sheet(f"姓名,领导小组职务,职务\n{row}\n".encode(), ROSTER, "roster.csv")

    assert sheet is not None
    assert problems == []


@pytest.mark.parametrize("above", ["\n", ",,\n", "名单,,\n", "名单\n\n"])
def test_a_head_below_other_rows_is_reported(above: str) -> None:
    data = (above + ROSTER_TEXT).encode()

    _, (problem,) = read_sheet(data, ROSTER, "roster.csv")

    assert problem.message == f"第1行不是表头，表头在第{above.count(chr(10)) + 1}行"


def test_a_huge_cell_is_reported_as_what_it_is() -> None:
    _, (problem,) = read_sheet(
        f"姓名,领导小组职务,职务\n林晨,组长,{'人' * 200_000}\n".encode(), ROSTER, "roster.csv"
    )

    assert (problem.rule, problem.cell) == ("too-long", "C2")


@pytest.mark.parametrize(
    ("kind", "typed", "message"),
    [
        (CellKind.NUMBER, "1\n5", "一格只写一个数"),
        (CellKind.NUMBER, "30 25", "一格只写一个数"),
        (CellKind.NUMBER, "(30)", "Excel 里括号里的数是负数"),
        (CellKind.NUMBER, "（30", "必须是不小于 0 的数"),
        (CellKind.CODE, "D01\nD02", "一格只写一个编号"),
        (CellKind.DATE, "2023/5/1 10:00", "必须是日期"),
        (CellKind.DATE, "2023/5/2 20:00", "必须是日期"),
    ],
)
def test_two_things_in_a_cell_are_not_glued_together(
    kind: CellKind, typed: str, message: str
) -> None:
    with pytest.raises(CellError, match=message):
        parse(typed, Column("列", "field", "", kind=kind))


@pytest.mark.parametrize(
    "typed", ["2023-5-1", "2023/05/01", "2023年5月1日", "2023 年 5 月 1 日", "2023/5/1 0:00:00"]
)
def test_dates_as_people_and_excel_write_them(typed: str) -> None:
    column = Column("列", "field", "", kind=CellKind.DATE)

    assert parse(typed, column) == date(2023, 5, 1)


def test_words_that_pandas_would_take_for_nothing_stay_words() -> None:
    text = "姓名,领导小组职务,职务\n" + "".join(f"{n},,\n" for n in ("NA", "None", "null", "nan"))

    sheet, _ = read_sheet(text.encode(), ROSTER, "roster.csv")

    assert sheet is not None
    assert sheet["name"] == ["NA", "None", "null", "nan"]


@pytest.mark.parametrize(
    ("place", "name"), [(0, "A7"), (25, "Z7"), (26, "AA7"), (701, "ZZ7"), (702, "AAA7")]
)
def test_cells_are_named_as_excel_does(place: int, name: str) -> None:
    assert cell_name(place, 7) == name


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
