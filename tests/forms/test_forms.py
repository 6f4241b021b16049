"""Forms out and back: what is in them, and every character through every word processor."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from click.testing import CliRunner, Result

from pipeline.checks.load import checked
from pipeline.cli import cli
from pipeline.cli.options import FONTS
from pipeline.forms import blank_rows, template
from pipeline.forms.asked import asked_fields
from pipeline.forms.control_tags import LONGEST, ControlTag, parse, resolve
from pipeline.forms.parsing.form import read_forms
from pipeline.ooxml.libreoffice import convert
from pipeline.ooxml.ns import w
from pipeline.recipes.preview import to_pdf
from pipeline.typography import file_name
from pipeline.word.annexes import Templates
from tests.conftest import EDITIONS, TEMPLATES, change
from tests.forms.paper import Paper, put_controls_over_paragraphs, swap, text_of, xml
from tests.word.templates import lines

PERIOD = "全年"

HARD = (
    "第一行\n第二行\n\n第四行",
    "一\t二\t三",
    "A & B <c> ]]> &amp;",
    "“引号”‘单’和\"quotes\", 'apostrophes'",
    "👨‍👩‍👧 😀 🀄",
    "㛃𬭳䶮𠮷喆堃",
    "一二三四五六七八九十" * 300,
    "=1+1",
    "-已完成 80%",
    "'=SUM(A1)",
    "{{ x }} {% if %}",
    'a,b,"c",d\n1,2,3,4',
    "007",
    "①㎡㈠½ ﹏ …——",
    "NULL",
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture
def issued(inputs: Path, tmp_path: Path) -> Path:
    """The folder of forms for the year's last period."""
    made = run(
        "forms", "demo", "--inputs", inputs.parent, "--out", tmp_path / "build", "--period", PERIOD
    )
    assert made.exit_code == 0, made.output
    return tmp_path / "build" / "demo" / "forms" / PERIOD


def fill(folder: Path, target: Path) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Fill in every form, with a hard text in every cell; returns what is then in progress.csv."""
    target.mkdir()
    expected: dict[tuple[str, str], tuple[str, str, str]] = {}
    number = 0
    for path in sorted(folder.glob("*.docx")):
        paper = Paper(path.read_bytes())
        paper.header(reporter="林一", day="2025年1月8日")
        for row in paper.rows:
            code = next(row.iter(w("tag"))).get(w("val")).split(":")[4]
            if code:
                texts = tuple(HARD[(number + column) % len(HARD)] for column in range(3))
                number += 1
                expected[(path.stem, code)] = texts
                paper.fill(
                    {code: dict(zip(("progress", "problems", "measures"), texts, strict=True))}
                )
        (target / path.name).write_bytes(paper.bytes)
    return expected


def reported(inputs: Path) -> dict[tuple[str, str], tuple[str, str, str]]:
    edition, _ = checked(inputs)
    sheet = edition["progress"]
    fields = ("period", "group", "indicator", "progress", "problems", "measures")
    rows = zip(*(sheet[name] for name in fields), strict=True)
    return {(group, code): tuple(texts) for period, group, code, *texts in rows if period == PERIOD}


def tracked(paper: Paper) -> None:
    """Everything filled in was typed with tracking on, over something that was deleted."""
    for number, words in enumerate([each for row in paper.rows for each in row.iter(w("r"))]):
        words.addprevious(
            xml(f'<w:del w:id="{number}" w:author="a"><w:r><w:delText>旧</w:delText></w:r></w:del>')
        )
        added = xml(f'<w:ins w:id="{number + 5000}" w:author="a"/>')
        words.addprevious(added)
        added.append(words)


def rows_reversed(paper: Paper) -> None:
    for row in paper.rows:
        paper.rows[0].addprevious(row)


def columns_swapped(paper: Paper) -> None:
    for row in paper.table.findall(w("tr")):
        first, *_, last = list(row.iter(w("tc")))[2:]
        swap(first, last)


def everything(paper: Paper) -> None:
    tracked(paper)
    paper.strip_controls()
    rows_reversed(paper)
    columns_swapped(paper)


HANDLED: dict[str, Callable[[Paper], None]] = {
    "as filled": lambda _: None,
    "controls stripped": Paper.strip_controls,
    "tracked changes": tracked,
    "rows in another order": rows_reversed,
    "columns swapped": columns_swapped,
    "all of these": everything,
}


@pytest.mark.parametrize("handled", HANDLED)
def test_every_character_comes_back(
    handled: str, inputs: Path, issued: Path, tmp_path: Path
) -> None:
    expected = fill(issued, tmp_path / "filled")
    for path in (tmp_path / "filled").iterdir():
        paper = Paper(path.read_bytes())
        HANDLED[handled](paper)
        path.write_bytes(paper.bytes)

    done = run("collect", tmp_path / "filled", "--inputs", inputs.parent)

    assert done.exit_code == 0, done.output
    assert reported(inputs) == expected
    assert len(expected) == 159


ROUNDS = (("docx", "docx:MS Word 2007 XML"), ("odt", "odt"), ("doc", "doc:MS Word 97"))


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.parametrize(("ending", "to"), ROUNDS, ids=[ending for ending, _ in ROUNDS])
def test_every_character_comes_back_through_libreoffice(
    ending: str, to: str, inputs: Path, issued: Path, tmp_path: Path, needs: Callable[[str], str]
) -> None:
    """Saved as .docx; as .odt and as .doc, which `collect` itself turns back into .docx."""
    needs("soffice")
    expected = fill(issued, tmp_path / "filled")
    made = convert(sorted((tmp_path / "filled").iterdir()), tmp_path / "saved", to, os.environ, 120)
    assert all(path and path.suffix == f".{ending}" for path in made)

    done = run("collect", tmp_path / "saved", "--inputs", inputs.parent)

    assert done.exit_code == 0, done.output
    assert reported(inputs) == expected


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.parametrize(("ending", "to"), ROUNDS, ids=[ending for ending, _ in ROUNDS])
def test_controls_over_paragraphs_do_not_come_back_fourfold_unseen(
    ending: str, to: str, inputs: Path, issued: Path, tmp_path: Path, needs: Callable[[str], str]
) -> None:
    """As Word makes them when somebody presses Enter; LibreOffice 7.4 writes their text four times."""
    needs("soffice")
    paper = Paper((issued / "农业股.docx").read_bytes())
    paper.fill({"SL001": {"progress": "一二\n三四", "problems": "五\t六"}})
    for cell in list(paper.row("SL001").iter(w("tc")))[2:4]:
        put_controls_over_paragraphs(cell)
    (tmp_path / "农业股.docx").write_bytes(paper.bytes)
    (saved,) = convert([tmp_path / "农业股.docx"], tmp_path / "saved", to, os.environ, 60)

    done = run("collect", saved, "--inputs", inputs.parent)

    if ending == "docx":
        assert done.exit_code == 0, done.output
        assert reported(inputs) == {("农业股", "SL001"): ("一二\n三四", "五\t六", "")}
    elif ending == "odt":
        assert "是 .odt，里面的控件读不准" in done.output
        assert reported(inputs) == {}
    else:
        assert "同样的话写了四遍" in done.output


def test_a_form_has_its_groups_indicators_and_a_tag_for_each_answer(issued: Path) -> None:
    paper = Paper((issued / "普查中心.docx").read_bytes())
    (form,) = read_forms(paper.bytes).forms
    tags = [parse(tag.get(w("val"), "")) for tag in paper.body.iter(w("tag"))]

    assert "2024年度绩效指标工作进度表（全年）" in form.above
    assert form.header["group"] == "普查中心"
    assert [line.texts["number"] for line in form.lines] == [str(n) for n in range(1, 25)]
    assert (form.lines[0].texts["name"], form.lines[2].texts["name"]) == (
        "基本单位名录库更新",
        "农产品产量抽样调查\n（含粮食、生猪、蔬菜）".replace("\n", ""),
    )
    assert tags[:3] == [tag_of("普查中心", "", field) for field in ("group", "reporter", "day")]
    assert tags[3:6] == [
        tag_of("普查中心", "SL006", f) for f in ("progress", "problems", "measures")
    ]
    assert tags[6:8] == [tag_of("普查中心", "SL006", f) for f in ("status", "self_score")]
    assert len(tags) == 3 + 5 * (24 + 1), "one blank row has room"
    assert lines(paper.bytes)[-1] == (
        "备注：请各组队于2025年1月10日前将全年绩效指标任务进展情况填写完整后报送至办公室。"
    )
    assert lines(paper.bytes)[3] == "请于2025年1月10日前报办公室"


def test_the_last_row_stays_with_the_remark(issued: Path) -> None:
    rows = Paper((issued / "普查中心.docx").read_bytes()).rows
    kept = [len(list(row.iter(w("keepNext")))) for row in rows]

    assert kept == [0] * 24 + [7]


def tag_of(group: str, indicator: str, field: str) -> ControlTag:
    return ControlTag(edition="demo", period=PERIOD, group=group, indicator=indicator, field=field)


@pytest.mark.parametrize(
    ("period", "group", "tag"),
    [
        ("前三季度", "业务组", "jixiao:2024:前三季度:业务组:SL001:progress"),
        ("甲:乙", "#组", "jixiao:2024:#12a27d9d:#c4b85600:SL001:progress"),
        ("期" * 20, "组" * 20, None),
        ("期" * 40, "组" * 40, None),
    ],
)
def test_tags_fit_into_words_limit_and_are_read_back(
    period: str, group: str, tag: str | None
) -> None:
    control_tag = ControlTag(
        edition="2024", period=period, group=group, indicator="SL001", field="progress"
    )

    written = str(control_tag)

    found = parse(written)
    assert len(written) <= LONGEST
    assert found is not None
    assert resolve(found.period, ["别的", period]) == period
    assert resolve(found.group, ["别的", group]) == group
    assert found.indicator == "SL001"
    if tag is not None:
        assert written == tag, "forms that are out have it"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("业务组", "业务组"),
        ("人事/老干科", "人事／老干科"),
        ('a<b>:"\\|?*', "a＜b＞：＂＼｜？＊"),
        ("办公室. ", "办公室"),
        ("CON", "_CON"),
        ("lpt1.组", "_lpt1.组"),
        ("..", "_"),
        ("一\n组", "一 组"),
    ],
)
def test_file_names_are_safe_on_windows_and_in_zips(name: str, file: str) -> None:
    assert file_name(name) == file


def test_a_name_too_long_for_a_file_is_refused() -> None:
    with pytest.raises(ValueError, match="太长"):
        file_name("组" * 80)


def test_groups_whose_files_would_collide_are_reported(inputs: Path, tmp_path: Path) -> None:
    path = inputs / "sections.csv"
    path.write_bytes(path.read_bytes() + "甲,A组,a组\r\n".encode())

    made = run("forms", "demo", "--inputs", inputs.parent, "--out", tmp_path / "build")

    assert made.exit_code == 0  # neither group reports on anything
    change(
        inputs / "indicators.csv",
        "江珺,综合股牵头，专业股配合,司徒祎、罗堃,\r\nSL003",
        "江珺,甲,司徒祎、罗堃,\r\nSL003",
    )
    for table in ("progress", "submissions"):
        head = (inputs / f"{table}.csv").read_bytes().splitlines(keepends=True)[0]
        (inputs / f"{table}.csv").write_bytes(head)

    made = run("forms", "demo", "--inputs", inputs.parent, "--out", tmp_path / "build")

    assert made.exit_code == 1
    assert "不能用作文件名：和“A组”的文件会同名，现为“a组”" in made.output


def test_a_filled_form_is_never_overwritten(inputs: Path, issued: Path, tmp_path: Path) -> None:
    path = issued / "农业股.docx"
    paper = Paper(path.read_bytes())
    paper.header(reporter="林一")
    path.write_bytes(paper.bytes)
    change(inputs / "edition.toml", "blank_rows = 5", "blank_rows = 6")

    again = run(
        "forms", "demo", "--inputs", inputs.parent, "--out", tmp_path / "build", "--period", PERIOD
    )

    assert again.exit_code == 1
    assert "农业股.docx有人改过，是不是已经填了？" in again.output
    assert path.read_bytes() == paper.bytes


def test_forms_are_made_once_and_again_when_their_look_changes(
    inputs: Path, issued: Path, tmp_path: Path
) -> None:
    command = (
        "forms",
        "demo",
        "--inputs",
        inputs.parent,
        "--out",
        tmp_path / "build",
        "--period",
        PERIOD,
    )
    before = (issued / "农业股.docx").read_bytes()

    assert "没有变化" in run(*command).output
    change(inputs / "edition.toml", 'return_to = "办公室"', 'return_to = "综合股"')
    assert "写好" in run(*command).output
    assert (issued / "农业股.docx").read_bytes() != before


def test_an_unknown_period_is_reported(inputs: Path, tmp_path: Path) -> None:
    made = run(
        "forms",
        "demo",
        "--inputs",
        inputs.parent,
        "--out",
        tmp_path / "build",
        "--period",
        "前三季",
    )

    assert made.exit_code == 1
    assert (
        "没有这一期，只有上半年、前三季度、全年，现为“前三季”。你是不是想写“前三季度”？"
        in made.output
    )


def test_what_was_reported_before_stands_behind_the_form(inputs: Path, tmp_path: Path) -> None:
    run(
        "forms",
        "demo",
        "--inputs",
        inputs.parent,
        "--out",
        tmp_path,
        "--period",
        "前三季度",
        "--earlier",
    )

    printed = lines((tmp_path / "demo/forms/前三季度/办公室.docx").read_bytes())

    assert "附：上半年填报情况（供参考，不用填）" in printed
    start = printed.index(
        "序号|指标名称|上期指标工作进展情况|上期存在的问题|上期下一步整改措施及完成时限|上期状态|上期自评分"
    )
    assert (
        printed[start + 1]
        == "1|基本单位名录库更新|按计划推进，3 个乡镇已完成，其余 137 个正在审核。|人员变动较大，业务不熟。|已报告县政府，预计 12 月底前解决。|进行中|14"
    )


def test_a_period_over_all_groups(inputs: Path, tmp_path: Path) -> None:
    made = run("forms", "demo", "--consolidated", "--inputs", inputs.parent, "--out", tmp_path)

    printed = lines((tmp_path / "demo/附件4-前三季度.docx").read_bytes())
    assert "写好 附件4-上半年.docx、附件4-前三季度.docx" in made.output
    assert printed[:3] == ["附件4", "", "2024年度绩效指标工作进度表（前三季度）"]
    assert [line for line in printed if line.startswith("填报组队")][:2] == [
        "填报组队：办公室|填报人：司徒祎|填报时间：2024年9月27日",
        "填报组队：综合股|填报人：古丽娜扎尔|填报时间：2024年9月27日",
    ]
    assert sum(line.startswith("填报组队") for line in printed) == 5
    assert sum(re.match(r"\d+\|", line) is not None for line in printed) == 159 - 24
    assert "普查中心：未报送，应报24项" in printed
    assert [line for line in printed if line.endswith("|未报||")]
    assert not [line for line in printed if line.startswith("备注")]


def test_the_consolidated_form_collects_to_what_it_was_made_of(
    inputs: Path, tmp_path: Path
) -> None:
    run("forms", "demo", "--consolidated", "--inputs", inputs.parent, "--out", tmp_path)
    before = (inputs / "progress.csv").read_bytes()

    for period in ("上半年", "前三季度"):
        file = tmp_path / f"demo/附件4-{period}.docx"
        done = run("collect", file, "--inputs", inputs.parent)

        assert done.exit_code == 0, done.output
        assert (inputs / "progress.csv").read_bytes() == before
        assert "表格没有变化" in done.output
        assert "写在表格外面" not in done.output


def test_the_same_inputs_give_the_same_forms(inputs: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        run("forms", "demo", "--inputs", inputs.parent, "--out", tmp_path / name)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        made.append({path.relative_to(tmp_path / name): path.read_bytes() for path in files})

    assert made[0] == made[1]
    assert len(made[0]) == 3 * 6 + 3  # calendar, manifest, lock


def test_the_blank_official_form_has_no_controls(documents: dict[str, dict[str, bytes]]) -> None:
    paper = Paper(documents["demo"]["附件4.docx"])

    assert list(paper.body.iter(w("sdt"))) == []
    assert [text_of(cell) for cell in paper.table.iter(w("tc"))][:2] == ["序号", "指标名称"]


def test_the_real_edition_gets_a_form_for_each_of_its_groups(tmp_path: Path) -> None:
    made = run("forms", "2023", "--out", tmp_path)

    names = sorted(path.stem for path in (tmp_path / "2023/forms/前三季度").iterdir())
    assert made.exit_code == 0
    assert names == sorted(["综合组", "业务组", "调查队", "党支部"])


@pytest.mark.slow
@pytest.mark.system
def test_the_last_page_of_a_form_has_an_indicator_the_blank_rows_and_the_remark(
    tmp_path: Path, needs: Callable[[str], str]
) -> None:
    needs("soffice")
    documents: list[Path] = []
    for name, edition in EDITIONS.items():
        run("forms", name, "--inputs", edition.parent, "--out", tmp_path, "--period", PERIOD)
        made = sorted((tmp_path / name / "forms" / PERIOD).iterdir())
        documents += [path.rename(tmp_path / f"{name}-{path.name}") for path in made]

    for path, pdf in zip(
        documents, to_pdf(documents, tmp_path / "pdf", FONTS, os.environ), strict=True
    ):
        (form,) = read_forms(path.read_bytes()).forms
        last = str(len(form.lines))
        with pymupdf.open(pdf) as printed:
            words = [word[4] for word in printed[-1].get_text("words")]
            whole = [page.get_text() for page in printed]
        rows = Paper(path.read_bytes()).rows
        kept = [row for row in rows if next(row.iter(w("keepNext")), None) is not None]
        # LibreOffice does not keep several rows together; Word and WPS do.
        assert last in words or len(kept) > 1, path.name
        assert kept == rows[-len(kept) :]
        assert ["填写完整" in text for text in whole] == [*[False] * (len(whole) - 1), True]
        assert 1 <= len(rows) - len(form.lines) <= 5, path.name


def test_a_form_of_a_single_indicator_has_room_for_all_blank_rows(edition: Path) -> None:
    templates, read = Templates(TEMPLATES), checked(edition)[0]
    use = template.issued(asked_fields(read.settings))
    measures = blank_rows.measured(templates.form_source(read, use))
    assert measures is not None

    def fitting(count: int, most: int = 5) -> tuple[int, bool]:
        return blank_rows.fitting(measures, ["指标"] * count, {}, most)

    assert fitting(1) == (3, False), "as many as remain on the page"
    assert fitting(1, most=2) == (2, False)
    assert fitting(4) == (5, True), "no room for the remark: the last one begins a page"
    assert fitting(6) == (5, False)
    assert fitting(9) == (3, False)
