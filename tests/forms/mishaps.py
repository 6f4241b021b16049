"""What becomes of a form on its way: filled in, and then each mishap as a function of a paper."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from functools import cache

from lxml import etree

from pipeline.checks.load import checked
from pipeline.forms.issue import issued
from pipeline.ooxml.ns import W_URI, w
from pipeline.ooxml.package import DOCUMENT, parse, serialize
from pipeline.word.annexes import Templates
from tests.conftest import EDITIONS, TEMPLATES
from tests.forms.paper import (
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


@cache
def form(group: str = GROUP, period: str = PERIOD, *, asking: bool = False) -> bytes:
    """A form of the official columns, or `asking` for 状态 and 自评分 too."""
    edition, _ = checked(EDITIONS["demo"])
    if not asking:
        chosen = replace(edition.settings.form, ask=())
        edition = replace(edition, settings=replace(edition.settings, form=chosen))
    return issued(edition, Templates(TEMPLATES), [period])[f"forms/{period}/{group}.docx"]


def filled(*, asking: bool = False) -> Paper:
    """A form with ANSWERS."""
    return Paper(_filled(asking=asking))


@cache
def _filled(*, asking: bool) -> bytes:
    paper = Paper(form(asking=asking))
    paper.header(reporter="林一", day="2025年1月8日")
    names = ("progress", "problems", "measures")
    paper.fill({code: dict(zip(names, row, strict=True)) for code, row in ANSWERS.items()})
    return paper.bytes


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
    """A copy of A's row, control tags and all, to which somebody gave D's name; D's own row is gone."""
    row, old = deepcopy(paper.row(A)), paper.row(D)
    old.getparent().remove(old)
    for cell, text in zip(cells(row)[1:], (NAMES[D], *NEW), strict=True):
        say(cell, text)
    paper.rows[-1].addnext(row)


def name_with_noise(paper: Paper) -> None:
    """Without controls: a running number, blanks, the score, half-width brackets."""
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
    """The table only, between other words; the header is gone, the controls of the rows are not."""
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


# --- words where nobody looks for them --------------------------------------------------------


def words_outside(paper: Paper) -> None:
    paper.table.addnext(paragraph("另外：SL009 的数要等市里的批复。"))


def remark_continued(paper: Paper) -> None:
    remark = next(p for p in paper.body.iter(w("p")) if text_of(p).startswith("备注"))
    remark.append(run("我股没有第三季度的任务。"))


def answer_in_the_names_cell(paper: Paper) -> None:
    row = paper.row(A)
    say(cells(row)[1], f"{NAMES[A]}已报")
    say(cells(row)[2], "")
    say(cells(row)[3], "")


def name_and_answer_merged(paper: Paper) -> None:
    _, name, progress, *_ = cells(paper.row(A))
    name.extend(progress.findall(w("p")))
    progress.getparent().remove(progress)
    set_property(name, '<w:gridSpan w:val="2"/>')


def name_with_a_slip(paper: Paper) -> None:
    say(cells(paper.row(A))[1], NAMES[A].replace("规模以上", "规模上"))


def picture_alone(paper: Paper) -> None:
    for cell in cells(paper.row(A))[2:]:
        say(cell, "")
    picture(paper)


def orphan_merged_downwards(paper: Paper) -> None:
    """A cell that goes on from one above it which is not there: its row was moved to the top."""
    set_property(cells(paper.row(A))[2], "<w:vMerge/>")


def placeholder_switch_left_on(paper: Paper) -> None:
    """The text was written by a program that does not know the switch."""
    control = next(cells(paper.row(A))[2].iter(w("sdt")))
    control.find(w("sdtPr")).append(xml("<w:showingPlcHdr/>"))


def another_file_inside(paper: Paper) -> None:
    paper.table.addnext(xml("<w:altChunk/>"))


def old_form_field(paper: Paper) -> None:
    field = '<w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox/></w:ffData></w:fldChar>'
    next(cells(paper.row(A))[2].iter(w("p"))).append(xml(f"<w:r>{field}</w:r>"))


def fraction(paper: Paper) -> None:
    uri = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    say(cells(paper.row(A))[2], "完成 ")
    first = next(cells(paper.row(A))[2].iter(w("p")))
    first.append(
        etree.fromstring(
            f'<m:oMath xmlns:m="{uri}"><m:f><m:num><m:r><m:t>45</m:t></m:r></m:num>'
            "<m:den><m:r><m:t>50</m:t></m:r></m:den></m:f><m:sSup><m:e><m:r><m:t>km</m:t></m:r></m:e>"
            "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
        )
    )


def answer_like_a_header(paper: Paper) -> None:
    """A row that was split; its lower half begins with the words of a field."""
    row_split(paper)
    lower = paper.row(A).getnext()
    say(cells(lower)[2], "日期：6月完成")


def two_reporters(paper: Paper) -> None:
    paper.header(reporter="林一\n罗堃")


def label_deleted(paper: Paper) -> None:
    for words in paper.tables[0].iter(w("t")):
        words.text = (words.text or "").replace("填报人：", "")


def phone_behind_the_name(paper: Paper) -> None:
    paper.header(reporter="林一  联系电话：0592-1234567")


def words_beside_the_group(paper: Paper) -> None:
    """More than the group's name in its field."""
    paper.header(group=f"{GROUP}（季度核算的数年后补）")


def column_for_reference(paper: Paper) -> None:
    """A column 上期… of their own, in the table that is to be filled in."""
    column_added(paper)
    head = paper.table.find(w("tr"))
    say(cells(head)[5], "上期情况")


def measured_in_points(paper: Paper) -> None:
    """Widths as Strict Office Open XML has them."""
    for column in paper.table.iter(w("gridCol")):
        column.set(w("w"), f"{int(column.get(w('w'))) / 20}pt")
    row_in_pieces(paper)


# --- other forms, other tables ----------------------------------------------------------------


def renamed_in_ascii(paper: Paper) -> None:
    for words in paper.body.iter(w("t")):
        words.text = (words.text or "").replace("（全年）", "(上半年)")


def title_of_another_year(paper: Paper) -> None:
    paper.strip_controls()
    for words in paper.body.iter(w("t")):
        words.text = (words.text or "").replace("2024年度", "2023年度")


def row_from_the_period_before(paper: Paper) -> None:
    """Copied from last round's form, control tags and all, to be brought up to date."""
    for tag in paper.row(A).iter(w("tag")):
        tag.set(w("val"), tag.get(w("val")).replace(":全年:", ":前三季度:"))


def row_of_another_year(paper: Paper) -> None:
    for tag in paper.row(A).iter(w("tag")):
        tag.set(w("val"), tag.get(w("val")).replace(":demo:", ":2023:"))


def another_table_below(paper: Paper) -> None:
    """Scores that the group gives itself, in a table of as many columns."""
    other = deepcopy(paper.table)
    for old in other.findall(w("tr"))[2:]:
        other.remove(old)
    head, row = other.findall(w("tr"))
    rows = (
        (head, ("序号", "指标名称", "分值", "自评", "备考")),
        (row, ("1", NAMES[D], "5", "4", "稿")),
    )
    for each, texts in rows:
        for cell, text in zip(cells(each), texts, strict=True):
            say(cell, text)
    for control in list(other.iter(w("sdt"))):
        control.getparent().remove(control)
    paper.table.addnext(other)
    paper.table.addnext(paragraph(""))


def row_of_another_group(paper: Paper) -> None:
    for tag in paper.row(A).iter(w("tag")):
        tag.set(w("val"), tag.get(w("val")).replace(f":{GROUP}:", ":工业股:"))


def letter_with_a_deadline(paper: Paper) -> None:
    """Words that have the form's labels in them, above it."""
    for text in (
        "各组队：",
        "报送截止日期：2024年12月31日",
        "根据2023年度考评结果，（前三季度）的不用再报。",
    ):
        paper.body.insert(0, paragraph(text))


def signed_below(paper: Paper) -> None:
    paper.table.addnext(paragraph("填报人：罗堃  填报时间：2025年1月9日"))


def title_in_the_table(paper: Paper) -> None:
    """Title and remark became rows of the table, merged over its width."""
    paper.strip_controls()
    title = next(p for p in paper.body.iter(w("p")) if "进度表" in text_of(p))
    remark = next(p for p in paper.body.iter(w("p")) if text_of(p).startswith("备注"))
    head, last = paper.table.find(w("tr")), paper.rows[-1]
    for words, put in ((title, head.addprevious), (remark, last.addnext)):
        row = xml('<w:tr><w:tc><w:tcPr><w:gridSpan w:val="5"/></w:tcPr></w:tc></w:tr>')
        row[0].append(words)
        put(row)


def small_table_in_an_answer(paper: Paper) -> None:
    """With headings that a form might have."""
    table = "".join(
        f"<w:tr>{''.join(f'<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>' for text in row)}</w:tr>"
        for row in (("项目名称", "完成情况"), ("大桥", "已开工"))
    )
    holder = cells(paper.row(A))[2]
    holder.append(xml(f"<w:tbl>{table}</w:tbl>"))
    holder.append(paragraph(""))


def row_pasted_without_the_others_marks(paper: Paper) -> None:
    """All controls are lost but those of one row, which is from the period before."""
    row_from_the_period_before(paper)
    kept = deepcopy(paper.row(A))
    paper.strip_controls()
    paper.rows[0].addprevious(kept)
    paper.table.remove(paper.rows[1])


def answer_in_the_head(paper: Paper) -> None:
    say(cells(paper.table.find(w("tr")))[3], "存在的问题\n人手少")


def footnote(paper: Paper) -> None:
    next(cells(paper.row(A))[2].iter(w("p"))).append(
        xml('<w:r><w:footnoteReference w:id="2"/></w:r>')
    )
    paper.extra["word/footnotes.xml"] = (
        f'<w:footnotes xmlns:w="{W_URI}"><w:footnote w:id="2"><w:p><w:r><w:t>口径有调整</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    ).encode()
    relate(paper, "footnotes", "footnotes.xml")


# --- names, numbers, heads --------------------------------------------------------------------


def two_names(paper: Paper) -> None:
    """The control says A, the name A and B."""
    say(cells(paper.row(A))[1], f"{NAMES[A]}、{NAMES[B]}")


def two_names_typed(paper: Paper) -> None:
    """One row for two indicators, and no control that says which one it was."""
    paper.rows[1].getparent().remove(paper.rows[1])
    paper.strip_controls()
    say(cells(paper.rows[0])[1], f"1. {NAMES[A]}\n2. {NAMES[B]}")


def name_of_another_row(paper: Paper) -> None:
    """B's name over A's row too: the tag still says A, but no row is about it."""
    say(cells(paper.row(A))[1], NAMES[B])


def ditto(paper: Paper) -> None:
    """同上 in one form after the other, one of them two rows below what it means."""
    for code, column, text in ((B, 2, "同上"), (C, 2, "〃"), (C, 3, "同前。"), (A, 4, "同上")):
        say(cells(paper.row(code))[column], text)


def name_of_a_similar_thing(paper: Paper) -> None:
    say(cells(paper.row(A))[1], NAMES[A].replace("工业", "服务业"))


def score_behind_the_name(paper: Paper) -> None:
    say(cells(paper.row(A))[1], f"{NAMES[A]}（99.5分）")


def score_behind_the_name_of_a_blank_row(paper: Paper) -> None:
    row = paper.rows[6]
    say(cells(row)[1], f"{text_of(cells(row)[1])}（99.5分）")


def figure_for_a_number(paper: Paper) -> None:
    say(cells(paper.row(A))[0], "95")


def percentages(paper: Paper) -> None:
    """A column of their own before the one for the progress, with nearly the same heading."""
    head, *rows = paper.table.findall(w("tr"))
    for row in (head, *rows):
        added = deepcopy(cells(row)[0])
        cells(row)[1].addnext(added)
        say(added, "")
    say(cells(head)[2], "工作进度（%）")
    say(cells(paper.row(A))[2], "80")
    grid = paper.table.find(w("tblGrid"))
    grid[1].addnext(deepcopy(grid[0]))


def head_in_two_rows(paper: Paper, merged: int, heading: str) -> etree._Element:
    """A head whose first cells go down into a second row, the others stand under one heading.

    Returns the second row, which has the form's own headings there.
    """
    paper.strip_controls()
    upper = paper.table.find(w("tr"))
    lower = deepcopy(upper)
    upper.addnext(lower)
    for over, under in zip(cells(upper)[:merged], cells(lower)[:merged], strict=True):
        set_property(over, '<w:vMerge w:val="restart"/>')
        set_property(under, "<w:vMerge/>")
        say(under, "")
    first, *others = cells(upper)[merged:]
    for other in others:
        other.getparent().remove(other)
    set_property(first, f'<w:gridSpan w:val="{len(others) + 1}"/>')
    say(first, heading)
    return lower


def head_of_two_rows(paper: Paper) -> None:
    """Problems and measures under one heading, each with its own below."""
    lower = head_in_two_rows(paper, 3, "存在的问题及整改措施")
    for cell, text in zip(cells(lower)[3:], ("存在的问题", "整改措施"), strict=True):
        say(cell, text)


def head_that_is_none_by_itself(paper: Paper) -> None:
    """填报内容 over all three columns, their headings in a second row."""
    head_in_two_rows(paper, 2, "填报内容")


def problems_and_measures_under_one_heading(paper: Paper) -> None:
    """The upper row of such a head, without the lower one."""
    *_, first, second = cells(paper.table.find(w("tr")))
    second.getparent().remove(second)
    set_property(first, '<w:gridSpan w:val="2"/>')
    say(first, "存在的问题及整改措施")


def head_deleted(paper: Paper) -> None:
    head = paper.table.find(w("tr"))
    head.getparent().remove(head)


def split_and_merged(paper: Paper) -> None:
    """As many cells as the head has, but not where the head's are."""
    paper.strip_controls()
    grid = paper.table.find(w("tblGrid"))
    half = int(grid[2].get(w("w"))) // 2
    grid[2].set(w("w"), str(half))
    grid[2].addnext(deepcopy(grid[2]))
    for row in paper.table.findall(w("tr")):
        set_property(cells(row)[2], '<w:gridSpan w:val="2"/>')
    row = paper.rows[1]
    left, problems, measures = cells(row)[2:]
    right = deepcopy(left)
    left.addnext(right)
    for cell, text in ((left, "差错率"), (right, "0.1%")):
        cell.find(w("tcPr")).remove(cell.find(f"{w('tcPr')}/{w('gridSpan')}"))
        say(cell, text)
    row.remove(measures)
    set_property(problems, '<w:gridSpan w:val="2"/>')


# --- inside a text ----------------------------------------------------------------------------


def raised_figure(paper: Paper) -> None:
    say(cells(paper.row(A))[2], "增长 10")
    raised = xml('<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>4</w:t></w:r>')
    next(cells(paper.row(A))[2].iter(w("p"))).append(raised)


def hidden_once(paper: Paper) -> None:
    """Text that was hidden, and is not since somebody's change of format."""
    change = '<w:rPrChange w:id="1" w:author="a"><w:rPr><w:vanish/></w:rPr></w:rPrChange>'
    for words in cells(paper.row(A))[2].iter(w("r")):
        words.insert(0, xml(f"<w:rPr>{change}</w:rPr>"))


def words_in_the_footer(paper: Paper) -> None:
    footer = parse(paper.parts["word/footer1.xml"])
    footer.append(paragraph("完成情况见附表"))
    paper.extra["word/footer1.xml"] = serialize(footer)


def comment_in_a_text(paper: Paper) -> None:
    words = next(each for each in cells(paper.row(A))[2].iter(w("t")) if each.text)
    words.text, rest = words.text[:2], words.text[2:]
    words.append(etree.Comment("x"))
    words[0].tail = rest
