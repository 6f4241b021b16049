"""A group, a section, a person or an 编号 gets another name everywhere, or nowhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.checks.load import checked, contents, problems
from pipeline.cli import cli
from pipeline.errors import InputError, OutputError
from pipeline.recipes.rename import rename
from tests.conftest import change, end_pages_at

Jixiao = Callable[..., Result]


def text(folder: Path) -> str:
    """Every table and edition.toml in one text."""
    return "\n".join(data.decode("utf-8-sig") for data in contents(folder).values())


def test_a_group_is_renamed_in_every_table_and_setting(inputs: Path) -> None:
    before = text(inputs)

    done = rename(inputs, "办公室", "综合办")

    after = text(inputs)
    assert after == before.replace("办公室", "综合办").replace("综合办主任", "办公室主任")  # a post
    assert before.count("办公室") > 70
    assert problems(inputs) == []
    assert {each.path.name for each in done.changes} == {
        *("edition.toml", "sections.csv", "indicators.csv"),
        *("findings.csv", "progress.csv", "submissions.csv"),
    }


def test_a_group_whose_name_is_part_of_another_leaves_the_other(edition: Path) -> None:
    change(edition / "sections.csv", "调查队,调查队,", "综合组二队,综合组二队,")
    sections = (edition / "sections.csv").read_text(encoding="utf-8-sig")
    (edition / "sections.csv").write_text(
        sections.replace("调查队", "综合组二队"), encoding="utf-8"
    )
    indicators = (edition / "indicators.csv").read_text(encoding="utf-8-sig")
    (edition / "indicators.csv").write_text(
        indicators.replace(",调查队,", ",综合组二队,"), encoding="utf-8"
    )

    rename(edition, "综合组", "办公室")

    after = (edition / "sections.csv").read_text(encoding="utf-8-sig").splitlines()
    assert after[1] == "全局、队,,办公室、业务组、综合组二队"
    assert after[6] == "综合组二队,综合组二队,"


@pytest.mark.parametrize(
    ("old", "new", "files"),
    [
        ("SL006", "SL206", {"indicators.csv", "progress.csv"}),
        ("SL008", "SL208", {"edition.toml", "indicators.csv", "progress.csv"}),
        ("司徒祎", "司徒一", {"roster.csv", "indicators.csv", "submissions.csv", "findings.csv"}),
        ("综合股牵头，专业股配合", "综合股牵头", {"sections.csv", "indicators.csv"}),
    ],
)
def test_what_else_has_a_name(old: str, new: str, files: set[str], inputs: Path) -> None:
    end_pages_at(inputs, "SL008", "SL019")

    done = rename(inputs, old, new)

    assert {each.path.name for each in done.changes} <= files | {"findings.csv"}
    assert {each.path.name for each in done.changes} >= files - {"findings.csv", "submissions.csv"}
    assert not [line for line in text(inputs).splitlines() if f"{old}," in line]
    assert [problem for problem in problems(inputs) if problem.severity == "error"] == []


def test_a_dry_run_shows_where_and_writes_nothing(edition: Path, jixiao: Jixiao) -> None:
    end_pages_at(edition, "CY09", "GT08")
    before = contents(edition)

    shown = jixiao("rename", "CY09", "CX09", "--dry-run").stdout

    assert (
        shown.splitlines()[1:2] == ["  第10行（CY09（财政决算））编号：原来“CY09”，现在“CX09”"]
        or "第10行（CY09（" in shown
    )
    assert 'repeat_labels_at = ["CX09", "GT08"]' in shown
    assert "没有写文件" in shown
    assert contents(edition) == before


def test_what_was_renamed_by_hand_in_one_table_is_brought_into_the_others(inputs: Path) -> None:
    for name in ("sections.csv", "indicators.csv"):
        path = inputs / name
        path.write_bytes(path.read_bytes().replace("农业股".encode(), "农村股".encode()))

    rename(inputs, "农业股", "农村股")

    assert problems(inputs) == []


def test_free_text_that_mentions_the_name_is_reported_and_left(edition: Path) -> None:
    change(edition / "indicators.csv", "禁毒工作,15", "综合组禁毒工作,15")

    done = rename(edition, "综合组", "办公室")

    assert [str(problem) for problem in done.left] == [
        "2023/indicators.csv 第17行 二级指标（D17）：还写着“综合组”，没有改。要改的手工改"
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("综合祖", "办公室", "2023 里没有叫“综合祖”的组队、科室、人、编号。你是不是想写“综合组”？"),
        ("综合组", "业务组", "已经有叫“业务组”的组队了"),
        ("综合组", "综合组", "新名称要和原来的不一样"),
        ("综合组", "办公室、后勤", "里面不能有顿号"),
        ("综合组", '办"公室', "英文引号"),
    ],
)
def test_what_cannot_be_renamed(old: str, new: str, message: str, edition: Path) -> None:
    before = contents(edition)

    with pytest.raises(OutputError, match=message.replace("？", ".")):
        rename(edition, old, new)

    assert contents(edition) == before


@pytest.mark.parametrize(("old", "new"), [("CY09", "CY10"), ("林晨", "黄薇")])
def test_a_name_that_the_checks_refuse_changes_nothing(old: str, new: str, edition: Path) -> None:
    before = contents(edition)

    with pytest.raises(InputError):
        rename(edition, old, new)

    assert contents(edition) == before


def test_a_workbook_is_refused_before_anything_is_written(edition: Path, jixiao: Jixiao) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for line in (edition / "sections.csv").read_text(encoding="utf-8-sig").splitlines():
        book.active.append(line.split(","))
    book.save(edition / "sections.xlsx")
    (edition / "sections.csv").unlink()

    with pytest.raises(InputError, match="是 Excel 工作簿，程序不改写"):
        rename(edition, "综合组", "办公室")


def test_of_several_open_editions_one_has_to_be_named(edition: Path, tmp_path: Path) -> None:
    shutil.copytree(edition, edition.with_name("2022"))
    for name in ("2022", "2023"):
        path = edition.with_name(name) / "edition.toml"
        path.write_text(path.read_text(encoding="utf-8-sig").replace("2023", "2099"), "utf-8")
    command = ["rename", "综合组", "办公室", "--inputs", str(edition.parent)]

    unclear = CliRunner().invoke(cli, command)
    named = CliRunner().invoke(cli, [*command, "--edition", "2022"])

    assert unclear.exit_code == 2
    assert "用 --edition 写明：2022、2023" in unclear.output
    assert named.exit_code == 0
    assert checked(edition)[0].settings.form.return_to == "综合组"
