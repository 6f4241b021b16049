"""`jixiao fmt`: what it mends, what it leaves, and that it loses nothing."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks.load import contents
from pipeline.cli import ROOT
from pipeline.delivery.files import locked
from pipeline.errors import InputError
from pipeline.recipes.fmt import changes
from pipeline.tables.cells import CellError, clean, guard, unguard
from pipeline.tables.contract import CellKind, Column
from pipeline.tables.edition import read_edition
from pipeline.tables.parsing import parse
from pipeline.tables.tidy import tidy
from tests.conftest import EDITIONS, change
from tests.tables.workbooks import as_workbook

Jixiao = Callable[..., Result]


def column(kind: CellKind) -> Column:
    return Column("列", "field", "", kind=kind)


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(
    ("kind", "typed", "mended"),
    [
        (CellKind.TEXT, "区委办(区委改革办)", "区委办（区委改革办）"),
        (CellKind.TEXT, "落实不力,整改不到位;如下:", "落实不力，整改不到位；如下："),
        (CellKind.TEXT, "完成  情况\u200b", "完成 情况"),
        (CellKind.TEXT, "第一行  \n第二行", "第一行\n第二行"),
        (
            CellKind.TEXT,
            "12345热线、GDP(PPP)增长1.5%,共1,000户",
            "12345热线、GDP(PPP)增长1.5%,共1,000户",
        ),
        (CellKind.TEXT, "① ㎡ （一）：．", "① ㎡ （一）：．"),
        (CellKind.TEXT, "http://a.cn:80,x", "http://a.cn:80,x"),
        (CellKind.TEXT, "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        (CellKind.WORD, "综合 组", "综合组"),
        (CellKind.WORD, "区委办(区委 改革办)\n区法院", "区委办（区委改革办）\n区法院"),
        (CellKind.WORDS, "综合组,业务组；调查队、", "综合组、业务组、调查队"),
        (CellKind.NAME, "林　晨", "林晨"),
        (CellKind.NAMES, "罗 成，左安红", "罗成、左安红"),
        (CellKind.NAMES, "林晨 黄薇", "林晨 黄薇"),  # two people or one: not for a program to say
        (CellKind.NAMES, "林 晨 黄 薇", "林 晨 黄 薇"),
        (CellKind.CODE, "ＣＹ 01", "CY01"),
        (CellKind.CODES, "一．1, 二.2", "一.1、二.2"),
        (CellKind.NUMBER, "（３０.５0分）", "30.5"),
        (CellKind.NUMBER, "约30", "约30"),
        (CellKind.DATE, "2023/9/30", "2023-09-30"),
        (CellKind.DATE, "9月30日", "9月30日"),
        (CellKind.COUNT, "2.0", "2"),
    ],
)
def test_what_a_cell_becomes(kind: CellKind, typed: str, mended: str) -> None:
    assert tidy(clean(typed), column(kind)) == mended


def test_declared_phrases_stay_as_they_are() -> None:
    phrase = "各 股室,按任务"

    assert tidy(phrase, column(CellKind.NAMES), [phrase]) == phrase


@given(
    st.text("林晨 　\u00a0，,;；:：()（）、\n1.分年-=+@'ａＡ0abc\u200b“”"),
    st.sampled_from(CellKind),
)
def test_tidying_twice_changes_nothing(text: str, kind: CellKind) -> None:
    once = tidy(clean(text), column(kind))

    assert tidy(once, column(kind)) == once
    assert clean(once) == once


@given(st.text(), st.sampled_from(CellKind))
def test_tidying_keeps_every_letter(text: str, kind: CellKind) -> None:
    """Letters of free texts and names stay; numbers and dates keep their value."""
    before, after = clean(text), tidy(clean(text), column(kind))
    try:
        value = parse(before, column(kind))
    except CellError:
        value = None

    letters = [each for each in before if each.isalpha() and ord(each) < 0xFF00]
    if kind in (CellKind.TEXT, CellKind.WORD, CellKind.WORDS, CellKind.NAMES):
        assert [each for each in after if each.isalpha() and ord(each) < 0xFF00] == letters
    if value is not None and kind in (
        CellKind.NUMBER,
        CellKind.COUNT,
        CellKind.DATE,
        CellKind.CODE,
    ):
        assert parse(after, column(kind)) == value


@given(st.text())
def test_a_guard_is_taken_off_again(text: str) -> None:
    assert unguard(guard(text)) == text
    assert guard(text).strip()[:1] != "="
    assert guard(text)[:1] not in tuple("+-@") or len(text) < 2 or text[1].isspace()


@pytest.mark.parametrize(
    "text", ["= cmd|' /C calc'!A0", "=\t1+1", " =1+1", "\u3000=1+1", "=", "'=1"]
)
def test_an_equals_sign_is_guarded_after_any_blanks_and_before_any(text: str) -> None:
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_projects_own_tables_are_tidy(edition: str) -> None:
    assert changes(EDITIONS[edition]) == []


def test_a_table_as_excel_leaves_it_becomes_one_as_it_should_be(
    edition: Path, jixiao: Jixiao
) -> None:
    typed = (
        '职务;"领导小组\n职务";姓 名;;\r\n负责人;组长;林  晨;;\r\n;;;;\r\n'
        "四级调研员;成员;黄　薇;;\r\n一级主任科员(兼);成员;黄文献;;\r\n"
    )
    (edition / "roster.csv").write_bytes(typed.encode("gbk"))

    result = jixiao("fmt")

    assert result.exit_code == 0
    assert (edition / "roster.csv").read_bytes() == (
        b"\xef\xbb\xbf"
        + (
            "职务,领导小组职务,姓名\r\n负责人,组长,林晨\r\n四级调研员,成员,黄薇\r\n"
            "一级主任科员（兼）,成员,黄文献\r\n"
        ).encode()
    )
    assert "roster.csv：编码 GB18030（GBK） → UTF-8，" in result.stdout


def test_each_of_two_editions_is_tidied_for_itself(edition: Path, jixiao: Jixiao) -> None:
    other = Path(shutil.copytree(edition, edition.parent / "2024"))
    before = contents(other)
    change(edition / "roster.csv", "黄薇,成员", "黄　薇,成员")
    change(other / "roster.csv", "黄文献,成员", "黄文献　,成员")

    assert jixiao("fmt").exit_code == 0

    for folder in (edition, other):
        found = contents(folder)
        assert {name: found[name] for name in before} == before


@pytest.mark.slow
def test_tidying_waits_while_forms_are_collected(edition: Path) -> None:
    change(edition / "roster.csv", "黄薇,成员", "黄　薇,成员")
    before = contents(edition)
    command = [sys.executable, "-m", "pipeline", "fmt", "--inputs", str(edition.parent)]
    with locked(edition):
        waiting = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=3)
        assert {**contents(edition), **before} == contents(edition)

    assert waiting.wait() == 0
    assert contents(edition)["roster.csv"] != before["roster.csv"]


def test_a_dry_run_shows_the_change_and_writes_nothing(edition: Path, jixiao: Jixiao) -> None:
    change(edition / "roster.csv", "黄薇,成员", "黄　薇,成员")
    before = contents(edition)

    result = jixiao("fmt", "--dry-run")

    assert result.exit_code == 0
    assert contents(edition) == before
    assert result.stdout.splitlines()[1:] == [
        "  第3行（黄　薇）姓名：原来“黄　薇”，现在“黄薇”",
        "没有写文件；去掉 --dry-run 就写",
    ]


def test_a_dry_run_can_show_what_diff_does(edition: Path, jixiao: Jixiao) -> None:
    change(edition / "roster.csv", "黄薇,成员", "黄　薇,成员")

    result = jixiao("fmt", "--dry-run", "--format", "diff")

    assert result.stdout.splitlines()[1:4] == [
        "@@ -3 +3 @@",
        "-黄　薇,成员,四级调研员",
        "+黄薇,成员,四级调研员",
    ]


def test_the_printed_order_stays_and_the_others_are_put_in_order(
    tmp_path: Path, jixiao: Jixiao
) -> None:
    folder = Path(shutil.copytree(EDITIONS["demo"], tmp_path / "inputs" / "demo"))
    before = {path.name: rows(path) for path in folder.glob("*.csv")}
    for path in folder.glob("*.csv"):
        head, *body = rows(path)
        body = body[::-1] if path.stem in ("findings", "progress", "submissions") else body
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *body])

    jixiao("fmt")

    assert {path.name: rows(path) for path in folder.glob("*.csv")} == before


def test_nothing_is_written_when_the_shape_of_one_table_is_wrong(
    edition: Path, jixiao: Jixiao
) -> None:
    change(edition / "roster.csv", "黄薇,成员", "黄　薇,成员")
    change(edition / "sections.csv", "综合组牵头,综合组,", "综合组牵头,综合组,,多出")
    before = contents(edition)

    with pytest.raises(InputError, match="第4行（D4）：这一行比表头多出一格"):
        jixiao("fmt")

    assert contents(edition) == before


def test_cells_that_are_wrong_stay_as_typed(edition: Path, jixiao: Jixiao) -> None:
    change(edition / "indicators.csv", "禁毒工作,15", "禁毒工作,约15")
    before = (edition / "indicators.csv").read_bytes()

    assert jixiao("fmt").exit_code == 0
    assert (edition / "indicators.csv").read_bytes() == before


def test_what_the_settings_spell_out_stays(edition: Path, jixiao: Jixiao) -> None:
    change(edition / "edition.toml", 'name = "全年"', 'name = "全年(1-12月)"')
    row = "全年(1-12月),业务组,黄文献,2023-12-01\r\n"
    submissions = edition / "submissions.csv"
    submissions.write_bytes(submissions.read_bytes() + row.encode())

    assert jixiao("fmt").exit_code == 0
    assert row in submissions.read_bytes().decode("utf-8-sig")
    assert jixiao("check").exit_code == 0


def test_what_excel_would_run_is_guarded_once_and_for_all(edition: Path, jixiao: Jixiao) -> None:
    head = "期次,组队,编号,进展情况,存在的问题,整改措施及完成时限,备注\r\n"
    path = edition / "progress.csv"
    path.write_bytes((head + "全年,业务组,CY06,-已完成,=无,无,@某\r\n").encode("utf-8-sig"))
    rules = [problem.rule for problem in read_edition(edition)[1]]

    jixiao("fmt")
    guarded = path.read_bytes()
    jixiao("fmt")

    edited, problems = read_edition(edition)
    assert rules.count("formula") == 2
    assert "全年,业务组,CY06,'-已完成,'=无,无,'@某" in guarded.decode("utf-8-sig")
    assert path.read_bytes() == guarded
    assert "formula" not in [problem.rule for problem in problems]
    assert edited is not None
    assert edited["progress"]["progress"] == ["-已完成"]


def test_workbooks_are_left_alone(edition: Path, jixiao: Jixiao) -> None:
    as_workbook(edition / "roster.csv")
    before = contents(edition)

    assert jixiao("fmt").exit_code == 0
    assert contents(edition) == before


def test_merged_labels_are_written_out(edition: Path, jixiao: Jixiao) -> None:
    path = edition / "indicators.csv"
    head, *body = rows(path)
    for row in range(len(body) - 1, 17, -1):  # from 科学 on, as merged cells are saved
        if body[row][2] == body[row - 1][2]:
            body[row][1:3] = ["", ""]
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([head, *body])
    path.write_bytes(buffer.getvalue().encode("utf-8-sig"))
    warned = [problem for problem in read_edition(edition)[1] if problem.rule == "filled-down"]

    jixiao("fmt")

    assert len(warned) > 20
    assert rows(path) == rows(EDITIONS["2023"] / "indicators.csv")
