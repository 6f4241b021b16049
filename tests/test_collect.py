"""Forms as they come back: every mishap with what is taken, and what is told, in one table."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline import formats
from pipeline.annexes import Templates
from pipeline.build import checked
from pipeline.collect import Collected, collect, read
from pipeline.docx.form import read_forms
from pipeline.docx.ns import W_URI, w
from pipeline.docx.numbering import write_numbers
from pipeline.docx.package import DOCUMENT, archive, parse, serialize
from pipeline.errors import InputError
from pipeline.forms import issued
from pipeline.returned.whose import Choices
from tests.conftest import EDITIONS, TEMPLATES
from tests.paper import (
    Paper,
    cells,
    paragraph,
    put_controls_over_paragraphs,
    run,
    say,
    set_property,
    swap,
    text_of,
    xml,
)

PERIOD, GROUP = "全年", "农业股"
FILE = "表.docx"

# The form's first four rows, and what is filled in.
A, B, C, D = "SL001", "SL002", "SL006", "SL009"
NAMES = {A: "规模以上工业企业报表上报率", B: "限额以上商贸企业报表差错率"}
NAMES |= {C: "基本单位名录库更新", D: "季度核算"}
ANSWERS = {
    A: ("上报率 98%", "无", ""),
    B: ("差错率 0.1%；\n比去年低", "人手少", "10月底前补齐"),
    C: ("更新 120 户", "", ""),
    D: ("衔接好了", "数据晚", "年底前"),
}
NEW = ("另一个答案", "另一个问题", "12月前")

Row = tuple[str, str, str]


@dataclass
class Case:
    """A mishap: what is done to the filled form, what is then not as in ANSWERS, what is told."""

    name: str
    spoil: Callable[[Paper], None]
    taken: dict[str, Row | None] = field(default_factory=dict)  # None: not taken
    told: tuple[str, ...] = ()  # rules of the problems
    says: str = ""  # what must stand in the problems
    choices: Choices = field(default_factory=Choices)


@cache
def form(group: str = GROUP, period: str = PERIOD) -> bytes:
    edition, _ = checked(EDITIONS["demo"])
    return issued(edition, Templates(TEMPLATES), [period])[f"forms/{period}/{group}.docx"]


def filled() -> Paper:
    paper = Paper(form())
    paper.header(reporter="林一", day="2025年1月8日")
    names = ("progress", "problems", "measures")
    paper.fill({code: dict(zip(names, row, strict=True)) for code, row in ANSWERS.items()})
    return paper


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """The demo edition, to be collected into."""
    return Path(shutil.copytree(EDITIONS["demo"], tmp_path / "inputs" / "demo"))


def collected(inputs: Path, data: bytes, choices: Choices, name: str = FILE) -> Collected:
    path = inputs.parent.parent / name
    path.write_bytes(data)
    return collect(read([path], {}), inputs, choices, template=TEMPLATES / "附件4.docx")


def answers(inputs: Path, group: str = GROUP, period: str = PERIOD) -> dict[str, Row]:
    """What progress.csv says for a group in a period."""
    edition, _ = checked(inputs)
    sheet = edition["progress"]
    fields = ("period", "group", "indicator", "progress", "problems", "measures")
    rows = zip(*(sheet[name] for name in fields), strict=True)
    return {code: tuple(texts) for p, g, code, *texts in rows if (p, g) == (period, group)}


# --- what people do ---------------------------------------------------------------------------


def nothing(paper: Paper) -> None:
    pass


def controls_lost(paper: Paper) -> None:
    paper.strip_controls()


def run_cut_up(paper: Paper) -> None:
    """Spelling marks, bookmarks and a run for each character, as editing leaves them."""
    cell = cells(paper.row(A))[2]
    first = next(cell.iter(w("sdtContent")))
    text = text_of(cell)
    for old in first.findall(w("r")):
        first.remove(old)
    for number, character in enumerate(text):
        first.append(xml('<w:proofErr w:type="spellStart"/>'))
        first.append(xml(f'<w:bookmarkStart w:id="{number}" w:name="b{number}"/>'))
        first.append(run(character))
        first.append(xml(f'<w:bookmarkEnd w:id="{number}"/>'))


def tracked(paper: Paper) -> None:
    """A deletion, an insertion, a deleted end of a paragraph."""
    first = next(cells(paper.row(A))[2].iter(w("sdtContent")))
    for old in first.findall(w("r")):
        first.remove(old)
    first.append(xml('<w:del w:id="1" w:author="a"><w:r><w:delText>旧的</w:delText></w:r></w:del>'))
    first.append(xml('<w:ins w:id="2" w:author="b"><w:r><w:t>新的</w:t></w:r></w:ins>'))
    broken = next(cells(paper.row(B))[2].iter(w("p")))
    broken.insert(0, xml('<w:pPr><w:rPr><w:del w:id="3" w:author="a"/></w:rPr></w:pPr>'))


def row_deleted_with_tracking(paper: Paper) -> None:
    paper.row(A).insert(0, xml('<w:trPr><w:del w:id="1" w:author="a"/></w:trPr>'))


def moved_with_tracking(paper: Paper) -> None:
    """The row stands twice: struck out where it was, added where it went."""
    row = paper.row(A)
    twin = deepcopy(row)
    twin.insert(0, xml('<w:trPr><w:ins w:id="1" w:author="a"/></w:trPr>'))
    row.insert(0, xml('<w:trPr><w:del w:id="2" w:author="a"/></w:trPr>'))
    paper.rows[-1].addnext(twin)


def commented(paper: Paper) -> None:
    next(cells(paper.row(A))[2].iter(w("p"))).append(
        xml('<w:r><w:commentReference w:id="1"/></w:r>')
    )
    paper.extra["word/comments.xml"] = (
        f'<w:comments xmlns:w="{W_URI}"><w:comment w:id="1"><w:p><w:r><w:t>请核对数字</w:t></w:r></w:p>'
        "</w:comment></w:comments>"
    ).encode()
    relate(paper, "comments", "comments.xml")


def relate(paper: Paper, kind: str, target: str, mode: str = "") -> None:
    name = "word/_rels/document.xml.rels"
    root = parse(paper.parts[name])
    added = etree.SubElement(root, root[0].tag)
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    added.attrib.update({"Id": "rIdX", "Type": f"{base}/{kind}", "Target": target})
    if mode:
        added.set("TargetMode", mode)
    paper.extra[name] = serialize(root)


def numbered_list(paper: Paper) -> None:
    """Two paragraphs that Word numbers 1． and 2．, a third one （一）; the file has no number."""
    holder = cells(paper.row(A))[2]
    for old in holder.findall(w("p")):
        holder.remove(old)
    for text, number in (("甲", 1), ("乙", 1), ("丙", 2)):
        each = paragraph(text)
        each.insert(
            0,
            xml(
                f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
            ),
        )
        holder.append(each)
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{style}"/>'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
        for number, style, text in ((1, "decimal", "%1．"), (2, "chineseCounting", "（%1）"))
    )
    nums = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2))
    paper.extra["word/numbering.xml"] = (
        f'<w:numbering xmlns:w="{W_URI}">{kinds}{nums}</w:numbering>'.encode()
    )
    relate(paper, "numbering", "numbering.xml")


def rows_reversed(paper: Paper) -> None:
    for row in paper.rows:
        paper.rows[0].addprevious(row)


def row_deleted(paper: Paper) -> None:
    row = paper.row(A)
    row.getparent().remove(row)


def typed_row(paper: Paper, name: str, texts: Row = NEW) -> None:
    """One of the blank rows at the end, filled in."""
    row = paper.rows[-1]
    for cell, text in zip(cells(row)[1:], (name, *texts), strict=True):
        say(cell, text)


def row_added(paper: Paper) -> None:
    row_deleted(paper)
    typed_row(paper, NAMES[A])


def row_copied(paper: Paper) -> None:
    """A copy of A's row, mark and all, to which somebody gave D's name; D's own row is gone."""
    row, old = deepcopy(paper.row(A)), paper.row(D)
    old.getparent().remove(old)
    for cell, text in zip(cells(row)[1:], (NAMES[D], *NEW), strict=True):
        say(cell, text)
    paper.rows[-1].addnext(row)


def name_with_noise(paper: Paper) -> None:
    """Without marks: a running number, blanks, the score, half-width brackets."""
    paper.strip_controls()
    say(cells(paper.rows[0])[1], f"1. {NAMES[A][:4]} {NAMES[A][4:]}（15分）")


def near_name(paper: Paper) -> None:
    paper.strip_controls()
    say(cells(paper.rows[0])[1], "规模以上工业企业报表上报情况")


def unknown_name(paper: Paper) -> None:
    typed_row(paper, "临时交办的一件事")


def other_groups_indicator(paper: Paper) -> None:
    typed_row(paper, "普查登记质量抽查")


def name_replaced(paper: Paper) -> None:
    """The control still says A, the name something else altogether."""
    say(cells(paper.row(A))[1], "今年新增的重点项目")


def columns_swapped(paper: Paper) -> None:
    for row in paper.table.findall(w("tr")):
        swap(cells(row)[2], cells(row)[4])


def columns_swapped_without_controls(paper: Paper) -> None:
    paper.strip_controls()
    columns_swapped(paper)


def columns_renamed(paper: Paper) -> None:
    paper.strip_controls()
    head = paper.table.find(w("tr"))
    for cell, text in zip(
        cells(head), ("序号", "指标", "完成情况", "困难和问题", "整改措施、时限"), strict=True
    ):
        say(cell, text)


def column_added(paper: Paper) -> None:
    head, *rows = paper.table.findall(w("tr"))
    for row in (head, *rows):
        row.append(deepcopy(cells(row)[0]))
    say(cells(head)[5], "联系电话")
    say(cells(paper.row(A))[5], "123456")
    for row in rows[1:]:
        say(cells(row)[5], "")
    grid = paper.table.find(w("tblGrid"))
    grid.append(deepcopy(grid[0]))


def row_in_pieces(paper: Paper) -> None:
    """A row with many more cells than the head, as when text was pasted from a spreadsheet."""
    paper.strip_controls()
    row = paper.rows[0]
    for number in range(9):
        row.append(deepcopy(cells(row)[0]))
        say(cells(row)[-1], f"碎片{number}")


def row_split(paper: Paper) -> None:
    """A's row parted in two by Word: what was not parted is merged downwards."""
    row = paper.row(A)
    lower = deepcopy(row)
    row.addnext(lower)
    for upper_cell, lower_cell in zip(cells(row), cells(lower), strict=True):
        if upper_cell is cells(row)[2]:
            continue
        set_property(upper_cell, '<w:vMerge w:val="restart"/>')
        set_property(lower_cell, "<w:vMerge/>")
        say(lower_cell, "")
    say(cells(lower)[2], "下半格")


def answer_merged_downwards(paper: Paper) -> None:
    set_property(cells(paper.row(A))[2], '<w:vMerge w:val="restart"/>')
    set_property(cells(paper.row(B))[2], "<w:vMerge/>")
    say(cells(paper.row(B))[2], "")


def answers_merged_across(paper: Paper) -> None:
    row = paper.row(A)
    _, _, first, second, _ = cells(row)
    holder = second.getparent()
    holder.remove(second)
    set_property(first, '<w:gridSpan w:val="2"/>')


def table_parted(paper: Paper) -> None:
    """The table in two, the lower part without a head."""
    table = paper.table
    lower = etree.Element(w("tbl"))
    lower.extend(deepcopy(each) for each in table if each.tag in (w("tblPr"), w("tblGrid")))
    lower.extend(paper.rows[2:])
    table.addnext(lower)
    table.addnext(paragraph("接下页"))


def header_and_table_joined(paper: Paper) -> None:
    """The paragraph between the two tables was deleted: Word makes one table of them."""
    header, table = paper.tables[:2]
    for row in reversed(header.findall(w("tr"))):
        table.find(w("tblGrid")).addnext(row)
    header.getparent().remove(header)


def pasted_into_a_letter(paper: Paper) -> None:
    """The table only, between other words; the header is gone, the marks of the rows are not."""
    table = paper.table
    for each in list(paper.body):
        if each.tag != w("sectPr") and each is not table:
            paper.body.remove(each)
    table.addprevious(paragraph("办公室：现将我股绩效指标进展情况报上。"))
    table.addnext(paragraph("此致敬礼"))


def pasted_without_controls(paper: Paper) -> None:
    paper.strip_controls()
    pasted_into_a_letter(paper)


def nested_in_a_frame(paper: Paper) -> None:
    """All of the form in the one cell of a layout table."""
    outer = xml(
        '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid><w:tr><w:tc><w:tcPr/></w:tc></w:tr></w:tbl>'
    )
    cell = next(outer.iter(w("tc")))
    for each in list(paper.body):
        if each.tag != w("sectPr"):
            cell.append(each)
    cell.append(paragraph(""))
    paper.body.insert(0, outer)


def answered_twice(paper: Paper) -> None:
    typed_row(paper, NAMES[A])


def answered_twice_alike(paper: Paper) -> None:
    typed_row(paper, NAMES[A], ANSWERS[A])


def strict(paper: Paper) -> None:
    data = serialize(paper.root).replace(
        W_URI.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    )
    paper.extra[DOCUMENT] = data


def in_utf_16(paper: Paper) -> None:
    paper.extra[DOCUMENT] = etree.tostring(paper.root, encoding="UTF-16", xml_declaration=True)


def cell_in_a_control(paper: Paper) -> None:
    """A control around the whole cell, which python-docx does not see."""
    cell = cells(paper.row(A))[2]
    outer = xml("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>")
    cell.addprevious(outer)
    outer[1].append(cell)


def control_over_paragraphs(paper: Paper) -> None:
    put_controls_over_paragraphs(cells(paper.row(B))[2])


def placeholder_left(paper: Paper) -> None:
    control = next(cells(paper.row(A))[3].iter(w("sdt")))
    control.find(w("sdtPr")).append(xml("<w:showingPlcHdr/>"))
    say(cells(paper.row(A))[3], "单击或点击此处输入文字。")


def hidden_words(paper: Paper) -> None:
    first = next(cells(paper.row(A))[2].iter(w("p")))
    first.append(xml("<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>"))


def text_box(paper: Paper) -> None:
    box = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    next(cells(paper.row(A))[2].iter(w("p"))).append(xml(box))


def picture(paper: Paper) -> None:
    next(cells(paper.row(A))[2].iter(w("p"))).append(xml("<w:r><w:drawing/></w:r>"))


def ticked(paper: Paper) -> None:
    next(cells(paper.row(A))[2].iter(w("p"))).append(
        xml('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>')
    )


def header_in_one_line(paper: Paper) -> None:
    paper.strip_controls()
    header = paper.tables[0]
    header.addprevious(paragraph("填报组队：农业股      填报人：林一    填报时间：2025年1月8日"))
    header.getparent().remove(header)


def another_groups_name(paper: Paper) -> None:
    paper.header(group="工业股")


def renamed_title(paper: Paper) -> None:
    """Last round's form, its title changed by hand."""
    for words in paper.body.iter(w("t")):
        words.text = (words.text or "").replace("（全年）", "（上半年）")


def date_unreadable(paper: Paper) -> None:
    paper.header(day="昨天")


def damaged_character(paper: Paper) -> None:
    say(cells(paper.row(A))[2], "有一个\ufffd乱码")


def like_rows_of_a_table(paper: Paper) -> None:
    """In the fourth of eight columns, what a lone quote would leave of two rows."""
    say(cells(paper.row(A))[2], "a,b,c,d,e\nf,g,h,i")


def blanked(paper: Paper) -> None:
    for row in paper.rows:
        for cell in cells(row)[2:]:
            say(cell, "")


UNKNOWN = "“临时交办的一件事”不是本年度的指标，没有收：另一个答案｜另一个问题｜12月前"
NEAR = "是不是 SL001 规模以上工业企业报表上报率？没有收：上报率 98%｜无｜"
TWICE = "SL001 填了 2 次，内容不同，没有收。第2行：上报率 98%｜无｜；第35行：另一个答案｜另一个问题｜12月前"

CASES = (
    Case("as issued and filled", nothing),
    Case("content controls lost", controls_lost),
    Case("runs cut up, bookmarks", run_cut_up),
    Case(
        "tracked changes",
        tracked,
        {A: ("新的", "无", ""), B: ("差错率 0.1%；比去年低", *ANSWERS[B][1:])},
        ("document",),
        "修订",
    ),
    Case("row deleted with tracking", row_deleted_with_tracking, {A: None}, ("document",)),
    Case("row moved with tracking", moved_with_tracking, {}, ("document",)),
    Case("comment", commented, {}, ("document",), "请核对数字"),
    Case("numbered list", numbered_list, {A: ("1．甲\n2．乙\n（一）丙", "无", "")}),
    Case("rows in another order", rows_reversed),
    Case("row deleted", row_deleted, {A: None}),
    Case("row added by name", row_added, {A: NEW}),
    Case(
        "row copied with its mark, renamed",
        row_copied,
        {D: NEW},
        ("mark",),
        "标记是 SL001，名称是 SL009",
    ),
    Case("name with number, blanks, score", name_with_noise),
    Case("near name is proposed", near_name, {A: None}, ("near",), NEAR),
    Case("near name is accepted", near_name, told=("name",), choices=Choices(accept=True)),
    Case("unknown name", unknown_name, {}, ("unmatched",), UNKNOWN),
    Case("another group's indicator", other_groups_indicator, {}, ("not-own",), "另一个答案"),
    Case("name replaced, mark kept", name_replaced, {A: None}, ("near",), "今年新增的重点项目"),
    Case("columns swapped", columns_swapped),
    Case("columns swapped, no controls", columns_swapped_without_controls),
    Case("columns renamed", columns_renamed),
    Case("column added", column_added, {}, ("column",), "123456"),
    Case("row in pieces", row_in_pieces, told=("column",) * 9, says="碎片8"),
    Case("row split in two", row_split, {A: ("上报率 98%\n下半格", "无", "")}),
    Case(
        "answer merged over two rows",
        answer_merged_downwards,
        {B: (ANSWERS[A][0], *ANSWERS[B][1:])},
        ("layout",),
        "竖着合并",
    ),
    Case(
        "answers merged across",
        answers_merged_across,
        {A: ("上报率 98%", "", "")},
        ("layout",),
        "横着合并",
    ),
    Case("table parted", table_parted, told=("outside",)),
    Case("header and table became one", header_and_table_joined),
    Case("pasted into a letter", pasted_into_a_letter, told=("header", "outside")),
    Case(
        "pasted without controls",
        pasted_without_controls,
        dict.fromkeys(ANSWERS),
        ("period", "group"),
        "--period",
    ),
    Case(
        "pasted without controls, told whose",
        pasted_without_controls,
        told=("header", "outside"),
        choices=Choices(period=PERIOD, group=GROUP),
    ),
    Case("nested in a layout table", nested_in_a_frame),
    Case("two answers", answered_twice, {A: None}, ("twice",), TWICE),
    Case("the same answer twice", answered_twice_alike),
    Case("Strict Office Open XML", strict),
    Case("UTF-16", in_utf_16),
    Case("control around a cell", cell_in_a_control),
    Case("control over paragraphs", control_over_paragraphs),
    Case("placeholder left standing", placeholder_left, {A: ("上报率 98%", "", "")}),
    Case("hidden text", hidden_words, {}, ("document",), "隐藏"),
    Case("text box", text_box, {A: ("上报率 98%\n框里的话", "无", "")}),
    Case("picture", picture, {}, ("layout",), "图片"),
    Case("symbol", ticked, {A: ("上报率 98%✓", "无", "")}),
    Case("header typed in one line", header_in_one_line),
    Case(
        "another group's name in the header",
        another_groups_name,
        dict.fromkeys(ANSWERS),
        ("group",),
        "表头写的是工业股，标记是农业股",
    ),
    Case(
        "title of another period",
        renamed_title,
        dict.fromkeys(ANSWERS),
        ("period",),
        "标题写的是上半年，标记是全年",
    ),
    Case("unreadable date", date_unreadable, {}, ("date",), "昨天"),
    Case("damaged character", damaged_character, {A: None}, ("lost-character",)),
    Case(
        "looks like rows of a CSV",
        like_rows_of_a_table,
        {A: None},
        ("quote",),
        "a,b,c,d,e⏎f,g,h,i｜无｜",
    ),
    Case("nothing filled in", blanked, dict.fromkeys(ANSWERS), ("empty-form",)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_taken_and_told(case: Case, inputs: Path) -> None:
    paper = filled()
    case.spoil(paper)

    done = collected(inputs, paper.bytes, case.choices)

    expected = {code: row for code, row in {**ANSWERS, **case.taken}.items() if row is not None}
    assert answers(inputs) == expected
    assert tuple(problem.rule for problem in done.problems) == case.told
    assert case.says in "\n".join(map(str, done.problems)) + "\n".join(
        p.message for p in done.problems
    )


def test_the_header_becomes_a_submission(inputs: Path) -> None:
    collected(inputs, filled().bytes, Choices())

    lines = (inputs / "submissions.csv").read_bytes().decode("utf-8-sig").splitlines()
    assert lines[-1] == "全年,农业股,林一,2025-01-08"


def test_several_forms_in_one_file(inputs: Path) -> None:
    paper, other = filled(), Paper(form("工业股"))
    other.fill({"SL002": {"progress": "工业股的"}})
    other.header(reporter="罗堃", day="2025年1月9日")
    for each in list(other.body):
        if each.tag != w("sectPr"):
            paper.body[-1].addprevious(deepcopy(each))

    done = collected(inputs, paper.bytes, Choices())

    assert [each.said.file for each in done.taken] == [f"{FILE}（第1张表）", f"{FILE}（第2张表）"]
    assert answers(inputs) == ANSWERS
    assert answers(inputs, "工业股") == {"SL002": ("工业股的", "", "")}


def test_the_main_part_may_have_any_name(inputs: Path) -> None:
    paper = filled()
    parts = {**paper.parts, "word/document2.xml": serialize(paper.root)}
    parts["word/_rels/document2.xml.rels"] = parts.pop("word/_rels/document.xml.rels")
    del parts[DOCUMENT]
    for name in ("[Content_Types].xml", "_rels/.rels"):
        parts[name] = parts[name].replace(b"word/document.xml", b"word/document2.xml")

    collected(inputs, archive(parts), Choices())

    assert answers(inputs) == ANSWERS


def test_what_the_period_before_said_is_not_collected(inputs: Path) -> None:
    edition, _ = checked(inputs)
    made = issued(edition, Templates(TEMPLATES), ["前三季度"], earlier=True)
    paper = Paper(made["forms/前三季度/普查中心.docx"])
    assert "上期存在的问题" in "".join(map(str, paper.body.itertext()))
    paper.fill({C: {"progress": "新的一期"}})

    collected(inputs, paper.bytes, Choices())

    assert answers(inputs, "普查中心", "前三季度") == {C: ("新的一期", "", "")}


def test_what_is_written_over_the_period_before_is_told(inputs: Path) -> None:
    edition, _ = checked(inputs)
    made = issued(edition, Templates(TEMPLATES), ["前三季度"], earlier=True)
    paper = Paper(made["forms/前三季度/普查中心.docx"])
    paper.header(reporter="林一", day="9月28日")
    paper.fill({C: {"progress": "新的一期"}})
    untouched = collected(inputs, paper.bytes, Choices())
    reference = paper.tables[-1].findall(w("tr"))[1]
    say(cells(reference)[3], "错写在这里")

    done = collected(inputs, paper.bytes, Choices())

    assert untouched.problems == ()
    assert [problem.rule for problem in done.problems] == ["reference"]
    assert "错写在这里" in done.problems[0].message


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=40))
def test_any_text_that_word_can_hold_comes_back(text: str) -> None:
    if formats.FORBIDDEN.search(text):
        return
    paper = Paper(form())
    paper.fill({A: {"progress": text}})

    (found,) = read_forms(paper.bytes).forms

    assert found.lines[0].answers == (text.strip(), "", "")


@pytest.mark.parametrize(("period", "group"), [("全年度", None), (None, "农业组")])
def test_a_choice_that_the_edition_does_not_have_is_told(
    period: str | None, group: str | None, inputs: Path
) -> None:
    with pytest.raises(InputError, match=r"没有这个，只有.*你是不是想写“(全年|农业股)”"):
        collected(inputs, filled().bytes, Choices(period=period, group=group))


NUMBERS = {
    "decimal": ("1", "2", "12"),
    "chineseCounting": ("一", "二", "十二"),
    "chineseCountingThousand": ("一", "二", "十二"),
    "upperRoman": ("I", "II", "XII"),
    "lowerLetter": ("a", "b", "l"),
    "decimalEnclosedCircle": ("①", "②", "⑫"),
    "ideographTraditional": ("甲", "乙", "12"),
    "decimalZero": ("01", "02", "12"),
    "unheardOf": ("1", "2", "12"),
}


@pytest.mark.parametrize("style", NUMBERS)
def test_lists_are_numbered_as_word_numbers_them(style: str) -> None:
    """Two levels; the inner one begins anew under each number of the outer one."""
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, text in enumerate(("%1、", "%1.%2、"))
    )
    lists = f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
    numbering = xml(
        f'<w:numbering>{lists}<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    body = etree.Element(w("body"))
    for level in (*[0] * 2, *[1] * 2, *[0] * 10, 1):
        each = paragraph("文")
        each.insert(
            0,
            xml(f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr>'),
        )
        body.append(each)

    write_numbers(body, numbering, None)

    one, two, twelve = NUMBERS[style]
    lines = [text_of(each) for each in body]
    assert lines[:4] == [f"{one}、文", f"{two}、文", f"{two}.{one}、文", f"{two}.{two}、文"]
    assert lines[-2:] == [f"{twelve}、文", f"{twelve}.{one}、文"]


def test_another_editions_form_is_refused(inputs: Path) -> None:
    other = inputs.with_name("2025")
    shutil.copytree(inputs, other)

    done = collected(other, filled().bytes, Choices())

    assert [problem.rule for problem in done.problems] == ["edition"]
    assert answers(other) == {}
