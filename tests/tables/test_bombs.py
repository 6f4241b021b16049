"""Files that are small and would fill the memory, or that never end: refused, by what is wrong."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipeline.checks.load import problems
from pipeline.cli import ROOT
from pipeline.errors import errors_in
from pipeline.tables import grid
from pipeline.tables.contract import ROSTER
from pipeline.tables.grid import GridError
from pipeline.tables.raw import read_raw
from pipeline.tables.toml_file import parse_settings
from tests.conftest import EDITIONS, Jixiao, change

SHEET = "xl/worksheets/sheet1.xml"


def workbook(replace: Callable[[str], str]) -> bytes:
    """A small roster as a workbook, the XML of its sheet changed."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["姓名", "领导小组职务", "职务"], ["林晨", "组长", "局长"]):
        sheet.append(row)
    saved = io.BytesIO()
    book.save(saved)
    made = io.BytesIO()
    with (
        zipfile.ZipFile(saved) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            changed = replace(content.decode()).encode() if name == SHEET else content
            after.writestr(name, changed)
    return made.getvalue()


def with_row(cells: str) -> Callable[[str], str]:
    return lambda xml: xml.replace("</sheetData>", f"{cells}</sheetData>")


def with_merged(area: str) -> Callable[[str], str]:
    return with_areas("mergeCell", area)


def with_areas(tag: str, area: str) -> Callable[[str], str]:
    areas = f'<{tag}s><{tag} ref="{area}"/></{tag}s>'
    return lambda xml: xml.replace("</sheetData>", f"</sheetData>{areas}")


BOOKS = {
    "a cell far away": (
        with_row('<row r="100000"><c r="XFD100000" t="inlineStr"><is><t>x</t></is></c></row>'),
        "一直填到 XFD100000",
    ),
    "a merged area": (with_merged("A3:XFD1048576"), "A3:XFD1048576 这么大的一块合并了"),
    "merged columns": (with_merged("E:XFD"), "E:XFD 这么大的一块合并了"),
    "a linked area": (with_areas("hyperlink", "A1:XFD1048576"), "A1:XFD1048576 这么大的一块"),
    "linked columns": (with_areas("hyperlink", "A:XFD"), "A:XFD 这么大的一块"),
    "a million rows": (with_row("<row><c><v>1</v></c></row>" * 1_200_000), "格子太多"),
}


@pytest.mark.parametrize(("replace", "message"), BOOKS.values(), ids=BOOKS)
def test_a_workbook_too_large_is_refused_before_it_is_read(
    replace: Callable[[str], str], message: str
) -> None:
    data = workbook(replace)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    raw, found = read_raw(data, ROSTER, "roster.xlsx")

    assert raw is None
    assert [each.rule for each in found] == ["workbook"]
    assert message in found[0].message
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10 < 500, "MB"


@pytest.mark.parametrize("area", ["A2:A2", "E1:F1", "D1:Z900"])
def test_an_ordinary_merged_area_is_read(area: str) -> None:
    raw, _ = read_raw(workbook(with_merged(area)), ROSTER, "roster.xlsx")

    assert raw is not None


def test_a_format_far_away_is_harmless() -> None:
    far = with_row('<row r="1048576"><c r="XFD1048576" s="0"/></row>')

    raw, _ = read_raw(workbook(far), ROSTER, "roster.xlsx")

    assert raw is not None
    assert len(raw.rows) == 1


def test_a_sheet_that_is_called_otherwise_is_looked_at_too() -> None:
    made, data = io.BytesIO(), workbook(with_merged("A1:XFD1048576"))
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            content = before.read(name).replace(b"worksheets/", b"tabs/")
            after.writestr(name.replace("worksheets/", "tabs/"), content)

    raw, found = read_raw(made.getvalue(), ROSTER, "roster.xlsx")

    assert raw is None
    assert "A1:XFD1048576 这么大的一块" in found[0].message


def test_sheets_with_a_cell_far_to_the_right_are_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(lambda xml: xml)))
    for number in range(50):
        book.create_sheet(f"s{number}")["XFD1"] = "x"
    saved = io.BytesIO()
    book.save(saved)

    raw, _ = read_raw(saved.getvalue(), ROSTER, "roster.xlsx")

    assert raw is not None


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ("姓名,领导小组职务,职务" + "," * 5_000 + "\n", "too-many-columns"),
        ("姓名,领导小组职务,职务" + "," * 20_000_000 + "\n", "header"),
    ],
    ids=["wide", "without end"],
)
def test_a_head_of_very_many_columns_is_refused(data: str, rule: str) -> None:
    raw, found = read_raw(data.encode(), ROSTER, "roster.csv")

    assert raw is None
    assert [each.rule for each in found] == [rule]


def test_a_table_has_no_million_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MOST_ROWS", 1_500)
    data = "姓名,领导小组职务,职务\n" + "林晨,组长,局长\n" * 5_000

    raw, found = read_raw(data.encode(), ROSTER, "roster.csv")

    assert raw is None
    assert [(each.rule, each.message) for each in found] == [
        ("too-many-rows", "超过 1500 行，不像是一张表")
    ]


def test_a_file_of_a_gigabyte_is_not_read(edition: Path) -> None:
    with (edition / "rules.csv").open("r+b") as file:
        file.truncate(1 << 30)  # a hole: it takes no room

    found = [each for each in errors_in(problems(edition)) if each.rule == "file-size"]

    assert [str(each) for each in found] == [
        "2023/rules.csv：文件有 1024 MB，不像是一张表。看看是不是放错了文件"
    ]


# --- edition.toml ----------------------------------------------------------------------------

REAL = (EDITIONS["2023"] / "edition.toml").read_text(encoding="utf-8")
SETTINGS = [
    ("blank_rows = 5", "blank_rows = " + "1" * 5_000, "edition.toml：文件里的数太长"),
    ("blank_rows = 5", "x = " + "[" * 20_000 + "]" * 20_000, "edition.toml：文件里的括号套得太深"),
    ("blank_rows = 5", "x = " + "{a=" * 2_000 + "1" + "}" * 2_000, "括号套得太深"),
    ("blank_rows = 5", "x" + ".x" * 100_000 + " = 1", "edition.toml：文件里的内容太多"),
    ("blank_rows = 5", "\n".join(f"k{i} = 1" for i in range(150_000)), "文件里的内容太多"),
    ("total = 1000", "total = 1e999999999", "indicators.total：必须是数"),
    ("total = 1000", "total = nan", "indicators.total：必须是数"),
    ("total = 1000", "total = 1e300", "indicators.total：不能大于 1000000"),
    ('"科学" = 140', '"科学" = -1', "indicators.totals.科学：不能小于 0"),
    ("year = 2023", "year = 9999", "year：不能大于 2100"),
    ("due = 2023-09-30", "due = 9999-12-31", "periods[1].due：不能大于 2101-12-31"),
    ("due = 2023-09-30", "due = 2023-02-30", "due：没有这一天，现为“2023-02-30”"),
    ("# last_day = 2024-01-15", "last_day = 9999-12-31", "last_day：不能大于"),
    ('工作进度表"', '工作进度表\\u0000"', "titles.form：里面有 Word 文件不能有的控制字符"),
    ('工作进度表"', '工作进度表\\uFFFF"', "titles.form：里面有 Word 文件不能有的控制字符"),
    ('bureau = "统计局"', 'bureau = "统计\\u200b局"', "bureau：里面有看不见的字符"),
    ('bureau = "统计局"', 'bureau = "统计局⼀"', "bureau：里面有看上去一样的另一个字"),
    (
        '"科学" = 140',
        '"科\\u0001学" = 140',
        "indicators.totals.科\\u0001学：里面有 Word 文件不能有的",
    ),
    ('工作进度表"', "长" * 10_000 + '"', "titles.form：最多 2000 个字"),
    (
        "[form]\n",
        '[[periods]]\nname="p"\ndue=2023-12-31\n' * 5_000 + "[form]\n",
        "periods：最多 60 个",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), SETTINGS, ids=range(len(SETTINGS)))
def test_settings_beyond_all_measure_are_a_problem(old: str, new: str, message: str) -> None:
    assert old in REAL

    settings, found = parse_settings(REAL.replace(old, new, 1).encode())

    assert settings is None
    assert message in str(found[0])
    assert str(found[0]).isprintable()


# --- what is no file -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["roster.csv", "edition.toml"])
def test_a_pipe_in_an_edition_is_not_waited_for(name: str, edition: Path, jixiao: Jixiao) -> None:
    (edition / name).unlink()
    os.mkfifo(edition / name)

    if name == "edition.toml":
        assert problems(edition)[0].message == "不是普通的文件"
    else:
        assert f"2023/{name}：不是普通的文件" in jixiao("check").output


@pytest.mark.parametrize("where", ["itself", "in a folder"])
def test_a_pipe_among_returned_files_is_not_waited_for(
    where: str, inputs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "returned"
    folder.mkdir()
    os.mkfifo(folder / "附件4.docx")
    given = folder / "附件4.docx" if where == "itself" else folder
    command = [sys.executable, "-m", "pipeline", "collect", str(given), "--inputs"]

    done = subprocess.run(
        [*command, str(inputs.parent)], cwd=ROOT, capture_output=True, timeout=60, check=False
    )

    assert done.returncode == 1
    assert "附件4.docx：不是普通的文件" in done.stderr.decode()


@pytest.mark.parametrize("command", [["score", "demo", "--with"], ["dump"]])
def test_a_pipe_as_a_file_is_wrong_usage(command: list[str], inputs: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    where = ["--inputs", str(inputs.parent)] if command[0] == "score" else []

    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *command, str(tmp_path / "pipe"), *where],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "不是普通的文件" in done.stderr.decode()


def test_a_change_of_the_settings_is_still_read(edition: Path) -> None:
    change(edition / "edition.toml", "total = 1000", "total = 1_000.0")

    assert not errors_in(problems(edition))


def test_the_error_names_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MOST_ROWS", 10)

    with pytest.raises(GridError) as raised:
        grid.gathered(iter(enumerate([["a"]] * 30, 1)), "UTF-8")

    assert raised.value.row == 30
