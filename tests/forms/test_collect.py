"""Forms as they come back: every mishap with what is collected, and what is reported, in one table."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks.load import checked
from pipeline.errors import InputError
from pipeline.forms.issue import issued
from pipeline.forms.parsing.form import read_forms
from pipeline.forms.returned.owner import CollectOptions
from pipeline.forms.returned.selection import EVERYTHING
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, archive, serialize
from pipeline.typography import FORBIDDEN
from pipeline.word.annexes import Templates
from tests.conftest import TEMPLATES
from tests.forms import mishaps
from tests.forms.collecting import FILE, answers, collected
from tests.forms.mishaps import ANSWERS, GROUP, NEW, PERIOD, A, B, C, D, Row, filled, form
from tests.forms.paper import (
    Paper,
    cells,
    say,
)


@dataclass
class Case:
    """A mishap: what is done to the filled form, what is then not as in ANSWERS, what is reported."""

    name: str
    spoil: Callable[[Paper], None]
    changed: dict[str, Row | None] = field(default_factory=dict)  # None: not collected
    rules: tuple[str, ...] = ()  # of the problems
    message: str = ""  # what must stand in the problems
    options: CollectOptions = field(default_factory=CollectOptions)


LACKING = "少了 SL001 规模以上工业企业报表上报率。这些也归这个组队填报，表里没有这一行"
SEVERAL = (
    "第2行：这一行写了 2 个指标（SL001 规模以上工业企业报表上报率、SL002 限额以上商贸企业报表差错率），"
    "没有收：上报率 98%｜无｜。一个指标写一行再收"
)
UNKNOWN = "“临时交办的一件事”不是本年度的指标，没有收：另一个答案｜另一个问题｜12月前"
NEAR = "是不是 SL001 规模以上工业企业报表上报率？没有收：上报率 98%｜无｜"
TWICE = "SL001 规模以上工业企业报表上报率 填了 2 次，内容不同，没有收。第2行：上报率 98%｜无｜；第35行：另一个答案｜另一个问题｜12月前"

CASES = (
    Case("as issued and filled", mishaps.nothing),
    Case("content controls lost", mishaps.controls_lost),
    Case("runs cut up, bookmarks", mishaps.run_cut_up),
    Case(
        "tracked changes",
        mishaps.tracked,
        {A: ("新的", "无", ""), B: ("差错率 0.1%；比去年低", *ANSWERS[B][1:])},
        ("document",),
        "修订",
    ),
    Case(
        "row deleted with tracking",
        mishaps.row_deleted_with_tracking,
        {A: None},
        ("document", "lacking"),
    ),
    Case("row moved with tracking", mishaps.moved_with_tracking, {}, ("document",)),
    Case("comment", mishaps.commented, {}, ("document",), "请核对数字"),
    Case("numbered list", mishaps.numbered_list, {A: ("1．甲\n2．乙\n（一）丙", "无", "")}),
    Case("rows in another order", mishaps.rows_reversed),
    Case("row deleted", mishaps.row_deleted, {A: None}, ("lacking",), LACKING),
    Case("two rows in one", mishaps.two_names, {A: None}, ("several",), SEVERAL),
    Case("two rows in one, no controls", mishaps.two_names_typed, {A: None, B: None}, ("several",)),
    Case(
        "another name over a row",
        mishaps.name_of_another_row,
        {A: None, B: None},
        ("mark", "twice", "lacking"),
        "少了 SL001 规模以上工业企业报表上报率。",
    ),
    Case(
        "同上",
        mishaps.ditto,
        {
            B: ("上报率 98%", "人手少", "10月底前补齐"),
            C: ("上报率 98%", "人手少", ""),
        },
        ("ditto",) * 4,
        "第4行 进展情况：按上一行的收：上报率 98%，现为“〃”",
    ),
    Case("row added by name", mishaps.row_added, {A: NEW}),
    Case(
        "row copied with its mark, renamed",
        mishaps.row_copied,
        {D: NEW},
        ("mark",),
        "原来是 SL001 的，名称改成了 SL009 的",
    ),
    Case("name with number, blanks, score", mishaps.name_with_noise),
    Case("near name is proposed", mishaps.near_name, {A: None}, ("near",), NEAR),
    Case(
        "near name is accepted",
        mishaps.near_name,
        rules=("name",),
        options=CollectOptions(accept=EVERYTHING),
    ),
    Case("unknown name", mishaps.unknown_name, {}, ("unmatched",), UNKNOWN),
    Case(
        "another group's indicator", mishaps.other_groups_indicator, {}, ("not-own",), "另一个答案"
    ),
    Case(
        "name replaced, mark kept",
        mishaps.name_replaced,
        {A: None},
        ("near",),
        "今年新增的重点项目",
    ),
    Case("columns swapped", mishaps.columns_swapped),
    Case("columns swapped, no controls", mishaps.columns_swapped_without_controls),
    Case("columns renamed", mishaps.columns_renamed),
    Case("column added", mishaps.column_added, {}, ("column",), "123456"),
    Case("row in pieces", mishaps.row_in_pieces, rules=("column",) * 9, message="碎片8"),
    Case("row split in two", mishaps.row_split, {A: ("上报率 98%\n下半格", "无", "")}),
    Case(
        "answer merged over two rows",
        mishaps.answer_merged_downwards,
        {B: (ANSWERS[A][0], *ANSWERS[B][1:])},
        ("layout",),
        "竖着合并",
    ),
    Case(
        "answers merged across",
        mishaps.answers_merged_across,
        {A: ("上报率 98%", "", "")},
        ("layout",),
        "横着合并",
    ),
    Case("table parted", mishaps.table_parted, rules=("outside",)),
    Case("header and table became one", mishaps.header_and_table_joined),
    Case("pasted into a letter", mishaps.pasted_into_a_letter, rules=("header", "outside")),
    Case(
        "pasted without controls",
        mishaps.pasted_without_controls,
        dict.fromkeys(ANSWERS),
        ("period", "group"),
        "--period",
    ),
    Case(
        "pasted without controls, with options",
        mishaps.pasted_without_controls,
        rules=("header", "outside"),
        options=CollectOptions(period=PERIOD, group=GROUP),
    ),
    Case("nested in a layout table", mishaps.nested_in_a_frame),
    Case("two answers", mishaps.answered_twice, {A: None}, ("twice",), TWICE),
    Case("the same answer twice", mishaps.answered_twice_alike),
    Case("Strict Office Open XML", mishaps.strict),
    Case("UTF-16", mishaps.in_utf_16),
    Case("control around a cell", mishaps.cell_in_a_control),
    Case("control over paragraphs", mishaps.control_over_paragraphs),
    Case("placeholder left standing", mishaps.placeholder_left, {A: ("上报率 98%", "", "")}),
    Case("hidden text", mishaps.hidden_words, {}, ("document",), "隐藏"),
    Case("text box", mishaps.text_box, {A: ("上报率 98%\n框里的话", "无", "")}),
    Case("picture", mishaps.picture, {}, ("lost",), "图片"),
    Case("symbol", mishaps.ticked, {A: ("上报率 98%✓", "无", "")}),
    Case("header typed in one line", mishaps.header_in_one_line),
    Case(
        "another group's name in the header",
        mishaps.another_groups_name,
        dict.fromkeys(ANSWERS),
        ("group",),
        "表头写的是工业股，这张表原来是农业股的",
    ),
    Case(
        "title of another period",
        mishaps.renamed_title,
        dict.fromkeys(ANSWERS),
        ("period",),
        "标题写的是上半年，这张表原来是全年的",
    ),
    Case("unreadable date", mishaps.date_unreadable, {}, ("date",), "昨天"),
    Case("damaged character", mishaps.damaged_character, {A: None}, ("lost-character",)),
    Case(
        "looks like rows of a CSV",
        mishaps.like_rows_of_a_table,
        {A: None},
        ("quote",),
        "a,b,c,d,e⏎f,g,h,i｜无｜",
    ),
    Case("words below the table", mishaps.words_outside, {}, ("outside",), "市里的批复"),
    Case("words behind the remark", mishaps.remark_continued, {}, ("outside",), "没有第三季度"),
    Case(
        "answer in the name's cell",
        mishaps.answer_in_the_names_cell,
        {A: None},
        ("unmatched",),
        "上报率已报",
    ),
    Case(
        "name and answer merged",
        mishaps.name_and_answer_merged,
        {A: ("", "无", "")},
        ("lost", "name"),
        "上报率⏎上报率 98%",
    ),
    Case("name with a slip of the pen", mishaps.name_with_a_slip, {}, ("name",), "规模上工业"),
    Case("picture instead of words", mishaps.picture_alone, {A: None}, ("lost",), "图片"),
    Case("merged with a cell that is gone", mishaps.orphan_merged_downwards),
    Case("placeholder's switch left on", mishaps.placeholder_switch_left_on),
    Case("another file inside", mishaps.another_file_inside, {}, ("document",), "另一个文件"),
    Case("old form field", mishaps.old_form_field, {}, ("document",), "复选框"),
    Case("fraction", mishaps.fraction, {A: ("完成 45/50km²", "无", "")}),
    Case(
        "answer that begins like a header",
        mishaps.answer_like_a_header,
        {A: ("上报率 98%\n日期：6月完成", "无", "")},
    ),
    Case("two people filled it in", mishaps.two_reporters),
    Case("header's label deleted", mishaps.label_deleted),
    Case("phone behind the name", mishaps.phone_behind_the_name, {}, ("outside",), "0592-1234567"),
    Case("column 上期", mishaps.column_for_reference, {}, ("column",), "123456"),
    Case("widths in points", mishaps.measured_in_points, rules=("column",) * 9),
    Case(
        "title of another period, half-width",
        mishaps.renamed_in_ascii,
        dict.fromkeys(ANSWERS),
        ("period",),
        "标题写的是上半年，这张表原来是全年的",
    ),
    Case(
        "title of another year",
        mishaps.title_of_another_year,
        dict.fromkeys(ANSWERS),
        ("edition",),
        "这是 2023 年度的表",
    ),
    Case(
        "row from the period before",
        mishaps.row_from_the_period_before,
        {},
        ("copied",),
        "第2行：这一行是从别的表（demo 前三季度 农业股）里拷来的",
    ),
    Case("row of another year", mishaps.row_of_another_year, {}, ("copied",), "2023 全年"),
    Case("another table below", mishaps.another_table_below, {}, ("document",), "自评"),
    Case(
        "row of another group",
        mishaps.row_of_another_group,
        {A: None},
        ("copied",),
        "没有收：上报率 98%｜无｜",
    ),
    Case(
        "name of a similar thing beside the mark",
        mishaps.name_of_a_similar_thing,
        {A: None},
        ("near",),
        "规模以上服务业企业报表上报率",
    ),
    Case("score behind the name", mishaps.score_behind_the_name, {}, ("name",), "99.5分"),
    Case(
        "score behind the name of a blank row",
        mishaps.score_behind_the_name_of_a_blank_row,
        {},
        ("name",),
        "99.5分",
    ),
    Case("words beside the group", mishaps.words_beside_the_group, {}, ("group",), "数年后补"),
    Case("figure for a running number", mishaps.figure_for_a_number, {}, ("column",), "95"),
    Case("percentages beside the progress", mishaps.percentages, {}, ("column",), "80"),
    Case("head of two rows", mishaps.head_of_two_rows),
    Case("two columns under one heading", mishaps.problems_and_measures_under_one_heading),
    Case("head that is none by itself", mishaps.head_that_is_none_by_itself),
    Case("head deleted", mishaps.head_deleted),
    Case(
        "one cell split, two merged",
        mishaps.split_and_merged,
        {B: ("差错率\n0.1%", "人手少", "")},
        ("layout",),
        "横着合并",
    ),
    Case("raised figure", mishaps.raised_figure, {A: ("增长 10⁴", "无", "")}),
    Case("hidden before a change", mishaps.hidden_once),
    Case("words in the page's footer", mishaps.words_in_the_footer, {}, ("outside",), "见附表"),
    Case("comment of XML inside a text", mishaps.comment_in_a_text),
    Case("letter above", mishaps.letter_with_a_deadline, {}, ("outside",), "截止日期"),
    Case(
        "signed below",
        mishaps.signed_below,
        {},
        ("outside",),
        "填报人：罗堃｜填报时间：2025年1月9日",
    ),
    Case("title and remark in the table", mishaps.title_in_the_table),
    Case(
        "small table in an answer",
        mishaps.small_table_in_an_answer,
        {A: ("上报率 98%\n项目名称\n完成情况\n大桥\n已开工", "无", "")},
        ("layout",),
        "单元格里有表格",
    ),
    Case(
        "one marked row of the period before",
        mishaps.row_pasted_without_the_others_marks,
        {},
        ("copied",),
        "前三季度",
    ),
    Case("answer in the head", mishaps.answer_in_the_head, {}, ("head",), "存在的问题⏎人手少"),
    Case("footnote", mishaps.footnote, {}, ("document",), "口径有调整"),
    Case("nothing filled in", mishaps.blanked, dict.fromkeys(ANSWERS), ("empty-form",)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_collected_and_reported(case: Case, inputs: Path) -> None:
    paper = filled()
    case.spoil(paper)

    done = collected(inputs, paper.bytes, case.options)

    expected = {code: row for code, row in {**ANSWERS, **case.changed}.items() if row is not None}
    assert answers(inputs) == expected
    assert tuple(problem.rule for problem in done.problems) == case.rules
    assert case.message in "\n".join(map(str, done.problems)) + "\n".join(
        p.message for p in done.problems
    )


def test_the_header_becomes_a_submission(inputs: Path) -> None:
    collected(inputs, filled().bytes, CollectOptions())

    lines = (inputs / "submissions.csv").read_bytes().decode("utf-8-sig").splitlines()
    assert lines[-1] == "全年,农业股,林一,2025-01-08"


def test_several_forms_in_one_file(inputs: Path) -> None:
    paper, other = filled(), Paper(form("工业股"))
    other.fill({"SL002": {"progress": "工业股的"}})
    other.header(reporter="罗堃", day="2025年1月9日")
    for each in list(other.body):
        if each.tag != w("sectPr"):
            paper.body[-1].addprevious(deepcopy(each))

    done = collected(inputs, paper.bytes, CollectOptions())

    assert [each.result.file for each in done.outcomes] == [
        f"{FILE}（第1张表）",
        f"{FILE}（第2张表）",
    ]
    assert answers(inputs) == ANSWERS
    assert answers(inputs, "工业股") == {"SL002": ("工业股的", "", "")}


def test_the_main_part_may_have_any_name(inputs: Path) -> None:
    paper = filled()
    parts = {**paper.parts, "word/document2.xml": serialize(paper.root)}
    parts["word/_rels/document2.xml.rels"] = parts.pop("word/_rels/document.xml.rels")
    del parts[DOCUMENT]
    for name in ("[Content_Types].xml", "_rels/.rels"):
        parts[name] = parts[name].replace(b"word/document.xml", b"word/document2.xml")

    collected(inputs, archive(parts), CollectOptions())

    assert answers(inputs) == ANSWERS


def test_what_was_reported_in_the_period_before_is_not_collected(inputs: Path) -> None:
    edition, _ = checked(inputs)
    made = issued(edition, Templates(TEMPLATES), ["前三季度"], earlier=True)
    paper = Paper(made["forms/前三季度/普查中心.docx"])
    assert "上期存在的问题" in "".join(map(str, paper.body.itertext()))
    paper.fill({C: {"progress": "新的一期"}})

    collected(inputs, paper.bytes, CollectOptions())

    assert answers(inputs, "普查中心", "前三季度") == {C: ("新的一期", "", "")}


def test_a_reference_table_with_an_ordinary_head_is_not_collected(inputs: Path) -> None:
    """Somebody put the head of the form above what was reported in the period before."""
    edition, _ = checked(inputs)
    made = issued(edition, Templates(TEMPLATES), ["前三季度"], earlier=True)
    paper = Paper(made["forms/前三季度/普查中心.docx"])
    paper.header(reporter="林一", day="9月28日")
    paper.fill({C: {"progress": "新的一期"}})
    head = paper.tables[-1].find(w("tr"))
    head.addprevious(deepcopy(paper.table.find(w("tr"))))
    paper.tables[-1].remove(head)

    done = collected(inputs, paper.bytes, CollectOptions())

    assert done.problems == ()
    assert answers(inputs, "普查中心", "前三季度") == {C: ("新的一期", "", "")}


def test_what_is_written_over_the_period_before_is_reported(inputs: Path) -> None:
    edition, _ = checked(inputs)
    made = issued(edition, Templates(TEMPLATES), ["前三季度"], earlier=True)
    paper = Paper(made["forms/前三季度/普查中心.docx"])
    paper.header(reporter="林一", day="9月28日")
    paper.fill({C: {"progress": "新的一期"}})
    untouched = collected(inputs, paper.bytes, CollectOptions())
    reference = paper.tables[-1].findall(w("tr"))[1]
    say(cells(reference)[3], "错写在这里")

    done = collected(inputs, paper.bytes, CollectOptions())

    assert untouched.problems == ()
    assert [problem.rule for problem in done.problems] == ["reference"]
    assert "错写在这里" in done.problems[0].message


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=40))
def test_any_text_that_word_can_hold_comes_back(text: str) -> None:
    if FORBIDDEN.search(text):
        return
    paper = Paper(form())
    paper.fill({A: {"progress": text}})

    (found,) = read_forms(paper.bytes).forms

    assert found.lines[0].answers == {
        "progress": text.strip(),
        "problems": "",
        "measures": "",
    }


@pytest.mark.parametrize(("period", "group"), [("全年度", None), (None, "农业组")])
def test_an_option_that_the_edition_does_not_have_is_reported(
    period: str | None, group: str | None, inputs: Path
) -> None:
    with pytest.raises(InputError, match=r"没有这个，只有.*你是不是想写“(全年|农业股)”"):
        collected(inputs, filled().bytes, CollectOptions(period=period, group=group))


def test_another_editions_form_is_refused(inputs: Path) -> None:
    other = inputs.with_name("2025")
    shutil.copytree(inputs, other)

    done = collected(other, filled().bytes, CollectOptions())

    assert [problem.rule for problem in done.problems] == ["edition"]
    assert answers(other) == {}
