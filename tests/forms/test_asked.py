"""状态 and 自评分 on the forms: as they go out, as people type them, in the tables."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from pipeline.checks.load import checked
from pipeline.forms.issue import issued
from pipeline.forms.returned import asked_answers
from pipeline.forms.returned.owner import CollectOptions
from pipeline.ooxml.ns import w
from pipeline.tables.cells import CellError
from pipeline.tables.terms import Status
from pipeline.word.annexes import Templates
from tests.conftest import EDITIONS, TEMPLATES, change
from tests.forms.collecting import answers, collected
from tests.forms.mishaps import ANSWERS, GROUP, PERIOD, A, B, C, D, filled, form
from tests.forms.paper import Paper, cells, paragraph, say, swap, text_of
from tests.word.templates import lines

ASKED = {A: ("进行中", "10"), B: ("已完成", "9.5"), C: ("有困难", ""), D: ("", "7")}


def answered() -> Paper:
    """The filled form, with ASKED too, as people type them."""
    paper = filled(asking=True)
    typed = {A: ("进行中", "10分"), B: ("√已完成。", "9.5/10"), C: ("困难", ""), D: ("", "７ 分")}
    for code, (status, score) in typed.items():
        texts = {"status": status, "self_score": score}
        paper.fill({code: {name: text for name, text in texts.items() if text}})
    return paper


def asked(inputs: Path) -> dict[str, tuple[str, str]]:
    """Status and score of the group's rows."""
    edition, _ = checked(inputs)
    fields = ("period", "group", "indicator", "status", "self_score")
    rows = edition["progress"].values(*fields)
    return {
        code: (status, "" if score is None else str(score))
        for period, group, code, status, score in rows
        if (period, group) == (PERIOD, GROUP)
    }


# --- out --------------------------------------------------------------------------------------


def test_the_columns_stand_behind_the_others_and_the_table_keeps_its_width() -> None:
    grids = []
    for asking in (False, True):
        table = Paper(form(asking=asking)).table
        grid = [int(column.get(w("w"))) for column in table.iter(w("gridCol"))]
        for row in table.iter(w("tr")):
            widths = [int(cell.find(f"{w('tcPr')}/{w('tcW')}").get(w("w"))) for cell in cells(row)]
            assert widths == grid
        grids.append(grid)
    before, after = grids

    assert sum(before) == sum(after)
    assert after[0] == before[0]
    assert after[5:] == [1120, 1400]


def test_on_a_portrait_page_they_are_narrower(inputs: Path) -> None:
    change(inputs / "edition.toml", "[layout]", '[layout]\norientation = { form = "portrait" }')
    edition, _ = checked(inputs)

    made = issued(edition, Templates(TEMPLATES), [PERIOD])[f"forms/{PERIOD}/{GROUP}.docx"]

    grid = [int(column.get(w("w"))) for column in Paper(made).table.iter(w("gridCol"))]
    assert grid[5:] == [880, 1160]
    assert sum(grid) == 8844


def test_a_status_is_chosen_from_the_four_words() -> None:
    row = Paper(form(asking=True)).row(A)
    (choices,) = row.iter(w("dropDownList"))

    assert [item.get(w("displayText")) for item in choices] == list(Status)
    assert [item.get(w("value")) for item in choices] == list(Status)
    assert text_of(cells(row)[5]) == "选择"
    assert len(list(row.iter(w("showingPlcHdr")))) == 2


def test_each_row_shows_its_limit() -> None:
    edition, _ = checked(EDITIONS["demo"])
    most = dict(edition["indicators"].values("id", "score1"))
    paper = Paper(form(asking=True))
    head = cells(paper.table.find(w("tr")))

    assert [text_of(cell) for cell in head[5:]] == ["状态", "自评分满分见各行"]
    assert text_of(cells(paper.row(A))[6]) == f"满分{most[A]}"
    assert text_of(cells(paper.rows[-1])[6]) == "填写"


def test_a_limit_that_all_rows_share_stands_in_the_heading(inputs: Path) -> None:
    edition, _ = checked(inputs)
    sheet = edition["indicators"]
    alike = replace(sheet, columns={**sheet.columns, "score1": [Decimal("20.0")] * len(sheet)})
    edition = replace(edition, sheets={**edition.sheets, "indicators": alike})

    made = issued(edition, Templates(TEMPLATES), [PERIOD])[f"forms/{PERIOD}/{GROUP}.docx"]

    paper = Paper(made)
    assert text_of(cells(paper.table.find(w("tr")))[6]) == "自评分（满分20）"
    assert text_of(cells(paper.row(A))[6]) == "填写"


def test_one_of_the_two_can_be_asked_for(inputs: Path) -> None:
    change(inputs / "edition.toml", 'ask = ["状态", "自评分"]', 'ask = ["自评分"]')
    edition, _ = checked(inputs)

    made = issued(edition, Templates(TEMPLATES), [PERIOD])[f"forms/{PERIOD}/{GROUP}.docx"]

    head = Paper(made).table.find(w("tr"))
    assert [text_of(cell) for cell in cells(head)][4:] == [
        "下一步整改措施及完成时限",
        "自评分满分见各行",
    ]


def test_the_official_blank_form_stays_as_it_is(documents: dict[str, dict[str, bytes]]) -> None:
    printed = "\n".join(lines(documents["demo"]["附件4.docx"]))

    assert "状态" not in printed
    assert "自评" not in printed


# --- as typed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("已完成", "已完成"),
        ("完成", "已完成"),
        ("已完成。", "已完成"),
        ("√已完成", "已完成"),
        ("已 完 成 √", "已完成"),
        ("□未开始 ☑进行中 □已完成 □有困难", "进行中"),
        ("尚未开始", "未开始"),
        ("选择\n有困难", "有困难"),
    ],
)
def test_a_status_as_typed(typed: str, status: str) -> None:
    assert asked_answers.status(typed) == status


@pytest.mark.parametrize("typed", ["未完成", "基本完成", "已完成80%", "□已完成 □进行中", "正常"])
def test_a_status_that_is_none_of_the_four_is_not_guessed(typed: str) -> None:
    with pytest.raises(CellError, match="看不出是哪一种"):
        asked_answers.status(typed)


@pytest.mark.parametrize(
    ("typed", "score"),
    [
        ("18", "18"),
        ("18分", "18"),
        ("18/20", "18"),
        ("18 分／20 分", "18"),
        ("１８．５", "18.5"),
        ("18.50分。", "18.5"),
        ("自评：18分", "18"),
        ("18（满分20）", "18"),
        ("满分20 18", "18"),
        ("20", "20"),
        ("0", "0"),
    ],
)
def test_a_score_as_typed(typed: str, score: str) -> None:
    assert asked_answers.self_score(typed, A, Decimal(20)) == score


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("20.5", "超过了 SL001 的满分 20"),
        ("18/25", "SL001 的满分是 20"),
        ("18（满分15）", "SL001 的满分是 20"),
        ("二十", "必须是不小于 0 的数"),
        ("-1", "不能小于 0"),
        ("18 19", "一格只写一个数"),
        ("满分20分。", "没有写几分"),
        ("90%", "必须是不小于 0 的数"),
    ],
)
def test_a_score_that_is_none_is_not_guessed(typed: str, message: str) -> None:
    with pytest.raises(CellError, match=message):
        asked_answers.self_score(typed, A, Decimal(20))


# --- back -------------------------------------------------------------------------------------


def nothing(paper: Paper) -> None:
    pass


def marks_lost(paper: Paper) -> None:
    paper.strip_controls()


def columns_moved(paper: Paper) -> None:
    for row in paper.table.findall(w("tr")):
        swap(cells(row)[2], cells(row)[6])


def headings_changed(paper: Paper) -> None:
    """Found by the marks."""
    for cell, text in zip(cells(paper.table.find(w("tr")))[5:], ("A", "B"), strict=True):
        say(cell, text)


def other_headings(paper: Paper) -> None:
    """Found by the headings."""
    paper.strip_controls()
    head = cells(paper.table.find(w("tr")))
    for cell, text in zip(head[5:], ("工作状态", "自评得分（满分见指标表）"), strict=True):
        say(cell, text)


def head_gone(paper: Paper) -> None:
    paper.table.remove(paper.table.find(w("tr")))


@pytest.mark.parametrize(
    "spoil", [nothing, marks_lost, columns_moved, headings_changed, other_headings, head_gone]
)
def test_both_come_back(spoil: object, inputs: Path) -> None:
    paper = answered()
    assert callable(spoil)
    spoil(paper)

    done = collected(inputs, paper.bytes, CollectOptions())

    assert done.problems == ()
    assert answers(inputs) == ANSWERS
    assert asked(inputs) == ASKED


def test_what_the_form_says_by_itself_is_no_answer(inputs: Path) -> None:
    """A program that knows no placeholders leaves them standing as text."""
    paper = filled(asking=True)
    for switch in list(paper.root.iter(w("showingPlcHdr"))):
        switch.getparent().remove(switch)

    done = collected(inputs, paper.bytes, CollectOptions())

    assert done.problems == ()
    assert len(done.outcomes[0].result.blank) == 25
    assert asked(inputs) == dict.fromkeys(ANSWERS, ("", ""))


def test_what_cannot_be_read_is_told_with_its_cell_and_costs_nothing_else(inputs: Path) -> None:
    paper = answered()
    paper.fill({A: {"status": "差不多了"}, B: {"self_score": "95"}})

    done = collected(inputs, paper.bytes, CollectOptions())

    assert list(map(str, done.problems)) == [
        "表.docx 第2行 状态：看不出是哪一种，这一格没有收，现为“差不多了”。"
        "写未开始、进行中、已完成、有困难里的一个",
        "表.docx 第3行 自评分：超过了 SL002 限额以上商贸企业报表差错率 的满分 10，这一格没有收，现为“95”",
    ]
    assert answers(inputs) == ANSWERS
    assert asked(inputs) == {**ASKED, A: ("", "10"), B: ("已完成", "")}


@pytest.mark.parametrize("place", [5, 6])
def test_words_in_the_heads_of_the_columns_are_told(place: int, inputs: Path) -> None:
    paper = answered()
    cells(paper.table.find(w("tr")))[place].append(paragraph("请核实"))

    done = collected(inputs, paper.bytes, CollectOptions())

    assert [problem.rule for problem in done.problems] == ["head"]
    assert "请核实" in done.problems[0].message
    assert asked(inputs) == ASKED


def test_a_row_with_a_status_only_is_an_answer(inputs: Path) -> None:
    paper = filled(asking=True)
    code = "SL012"
    paper.fill({code: {"status": "未开始"}})

    collected(inputs, paper.bytes, CollectOptions())

    assert answers(inputs)[code] == ("", "", "")
    assert asked(inputs)[code] == ("未开始", "")


def test_a_form_without_the_columns_leaves_what_stands_there(inputs: Path) -> None:
    collected(inputs, answered().bytes, CollectOptions())

    done = collected(inputs, filled().bytes, CollectOptions())

    assert done.problems == ()
    assert done.outcomes[0].same == 4
    assert asked(inputs) == ASKED


def test_a_score_written_in_another_way_is_the_same(inputs: Path) -> None:
    path = inputs / "progress.csv"
    row = f"{PERIOD},{GROUP},{A},上报率 98%,无,,进行中,10.0\r\n"
    path.write_bytes(path.read_bytes() + row.encode())

    done = collected(inputs, answered().bytes, CollectOptions())

    assert done.problems == ()
    assert row.encode() in path.read_bytes()


def test_another_status_is_a_difference(inputs: Path) -> None:
    collected(inputs, answered().bytes, CollectOptions())
    paper = answered()
    paper.fill({A: {"status": "已完成"}})

    done = collected(inputs, paper.bytes, CollectOptions())

    assert [(problem.column, problem.rule) for problem in done.problems] == [("状态", "conflict")]
    assert asked(inputs) == ASKED


def test_a_table_without_the_columns_gets_them(inputs: Path) -> None:
    path = inputs / "progress.csv"
    rows = path.read_bytes().decode("utf-8-sig").splitlines()
    path.write_text(
        "期次,组队,编号,进展情况,存在的问题,整改措施及完成时限\n上半年,办公室,SL006,在办,,\n"
    )
    assert rows[0].endswith("状态,自评分")

    done = collected(inputs, answered().bytes, CollectOptions())

    assert done.problems == ()
    written = path.read_bytes().decode("utf-8-sig").splitlines()
    assert written[:2] == [rows[0], "上半年,办公室,SL006,在办,,,,"]
    assert asked(inputs) == ASKED


def test_a_table_without_the_columns_stays_so_while_nobody_fills_them_in(inputs: Path) -> None:
    path = inputs / "progress.csv"
    path.write_text("期次,组队,编号,进展情况,存在的问题,整改措施及完成时限\n")

    collected(inputs, filled(asking=True).bytes, CollectOptions())

    assert "状态" not in path.read_text("utf-8-sig")
    assert answers(inputs) == ANSWERS


def test_merged_cells_tell_nothing_of_placeholders(inputs: Path) -> None:
    """Word parts a row: its lower half goes on in the cells above, placeholders and all."""
    paper = answered()
    row = paper.row(C)
    lower = deepcopy(row)
    row.addnext(lower)
    for upper_cell, lower_cell in zip(cells(row), cells(lower), strict=True):
        for cell, kind in ((upper_cell, "restart"), (lower_cell, "continue")):
            etree.SubElement(cell.find(w("tcPr")), w("vMerge")).set(w("val"), kind)
    for cell in cells(lower)[1:6]:
        say(cell, "")

    done = collected(inputs, paper.bytes, CollectOptions())

    assert "满分" not in "".join(map(str, done.problems))
    assert asked(inputs) == ASKED
