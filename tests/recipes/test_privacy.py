"""What is published without names holds none, however it was spelled and wherever it stood."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import tomllib
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from pipeline.checks.load import checked, problems
from pipeline.cli import cli
from pipeline.delivery.anonymise import SOMEBODY, replaced_names, without_names
from pipeline.delivery.attachments import attachments
from pipeline.errors import InputError, errors_in
from pipeline.lookalikes import without_second_forms
from pipeline.tables.contract import CellKind, Column
from pipeline.tables.names import Names
from pipeline.tables.people import people_in
from pipeline.tables.personal_numbers import personal_numbers
from pipeline.tables.tidy import tidy
from pipeline.tables.writer import csv_bytes
from tests.conftest import EDITIONS, Jixiao, Shared, change, files_in

# Name → how people, programs and somebody who wants to get it through may spell it.
SPELLINGS = {
    "罗堃": ["罗堃", "罗\u3000堃", "罗\u200b堃", "罗（堃）", "罗-堃", "罗堃同志", "罗\ufe00堃"],
    "林一": ["林一", "林⼀", "林 一", "林·一", "林\u00ad一", "林\n一", "【林】一"],
    "艾合买提·艾山": [
        "艾合买提·艾山",
        "艾合买提",
        "艾合买提.艾山",
        "艾合买提 艾山",
        "艾合买提•艾山",
    ],
    "赵六六": [
        "赵六六",
        "赵六六主任",
        "赵六六（代）",
        "赵 六 六",
        "赵六六13",
        "赵_六_六",
        "赵**六六**",
    ],
    "Anna Wang": [
        "Anna Wang",
        "AnnaWang",
        "anna wang",
        "ＡｎｎａＷａｎｇ",
        "ANNA-WANG",
        "Anna.Wang",
    ],
    "马龙龙": [
        "马龙龙",
        "⻢⻰⻰",
        "马⻰龙",
        "马\u2060龙龙",
        "马（龙龙）",
        "⾺龙龙".replace("⾺", "马"),
    ],
    "欧阳璟玥": ["欧阳璟玥", "欧 阳 璟 玥", "欧阳（璟玥）", "欧阳\u034f璟玥", "欧\u180e阳璟玥"],
    "René Dubois": ["René Dubois", "Rene\u0301 Dubois", "Rene Dubois", "renédubois", "RENÉ–DUBOIS"],
    "司徒祎": [
        "司徒祎",
        "司徒祎科长",
        "司\u2800徒祎",
        "司·徒·祎",
        "司徒\U000e0100祎",
        "《司徒祎》",
    ],
    "钱七七": [
        "钱七七",
        "钱七七/孙八八",
        "钱　七　七",
        "钱七七138",
        "钱七七(签字)",
        "“钱七七”",
    ],
}
PLANTED = [(name, spelling) for name, spellings in SPELLINGS.items() for spelling in spellings]


def seen(text: str) -> str:
    """A text as far as it is seen, found out in another way than the program does."""
    plain = unicodedata.normalize("NFKD", without_second_forms(text)).casefold()
    return "".join(each for each in plain if each.isalpha() or each in "<>、，。；：,;")


@pytest.mark.parametrize(("name", "spelling"), PLANTED)
def test_a_spelling_is_found_in_a_text(name: str, spelling: str) -> None:
    names = Names([name, *(["艾合买提", "艾山"] if "艾" in name else [])])

    bare = names.without(f"由{spelling}负责", SOMEBODY)

    assert seen(name) not in seen(bare)
    assert bare.startswith((f"由{SOMEBODY}", "由【", "由《", "由“")), bare
    assert bare.endswith("负责")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("林", "园林绿化"),
        ("林一", "园林，一般"),
        ("罗堃", "罗、堃"),
        ("Li", "a link to the list"),
        ("Anna Wang", "Anna Wangs"),
        ("赵六六", "赵六"),
    ],
)
def test_what_is_no_name_stays(name: str, text: str) -> None:
    assert Names([name]).without(text, SOMEBODY) == text


def test_nothing_of_the_demo_is_replaced_that_is_no_name() -> None:
    """林一 is in its roster, 园林 and 林业 in its texts."""
    assert [*replaced_names(checked(EDITIONS["demo"])[0])] == []


@pytest.mark.parametrize(
    ("reporter", "named"),
    [
        ("赵六六主任", "赵六六"),
        ("四级调研员赵六六", "四级调研员赵六六"),
        ("赵六六二级主任科员", "赵六六"),
        ("赵六六 13800000000", "赵六六"),
        ("艾合买提·艾山", "艾合买提"),
        ("Anna Wang (acting)", "Anna Wang"),
    ],
)
def test_a_name_is_known_without_its_title(reporter: str, named: str, edition: Path) -> None:
    with (edition / "submissions.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(f"前三季度,综合组,{reporter},2023-09-28\r\n")

    assert named in people_in(checked(edition)[0])


def test_words_beside_a_name_are_nobody(edition: Path) -> None:
    with (edition / "submissions.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("前三季度,综合组,赵六六（代填）电话,2023-09-28\r\n")

    assert not {"代填", "电话"} & {*people_in(checked(edition)[0])}


# --- a whole edition -------------------------------------------------------------------------

FREE_TEXTS = {
    "indicators.csv": ("二级指标", "数据采集责任单位"),
    "findings.csv": ("说明",),
    "progress.csv": ("进展情况", "存在的问题", "整改措施及完成时限"),
    "rules.csv": ("标题", "正文"),
    "roster.csv": ("职务",),
}
UNDECLARED = "手机"  # a column that nobody declared


def planted(folder: Path) -> Path:
    """The demo edition with every spelling in every table, in texts that nobody looks at, too."""
    edition = Path(shutil.copytree(EDITIONS["demo"], folder / "inputs" / "demo"))
    spellings = [spelling for _, spelling in PLANTED]
    for file, headers in FREE_TEXTS.items():
        text = (edition / file).read_text(encoding="utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        for header in headers:
            index = head.index(header)
            for number, spelling in enumerate(spellings):
                row = rows[number % len(rows)]
                one_line = file == "roster.csv" or header == "数据采集责任单位"
                row[index] += f"；{_as_word(spelling) if one_line else spelling}；"
        if file != "indicators.csv":  # there a column that nobody declared is an error
            head.append(UNDECLARED)
            for number, row in enumerate(rows):
                row.append(spellings[number % len(spellings)])
        (edition / file).write_bytes(csv_bytes([head, *rows]))
    _add_people(edition)
    (edition / "通讯录.csv").write_text("姓名,电话\n罗堃,5920000\n", encoding="utf-8")
    change(edition / "edition.toml", '工作进度表"', r'工作进度表\u7f57\u5803"')
    change(edition / "edition.toml", "blank_rows = 5", "blank_rows = 5  # 问司徒祎")
    return edition


def _as_word(text: str) -> str:
    """What is refused in a column of words when it is read cannot be published either."""
    return tidy(text.replace("\n", ""), Column("", "", "", kind=CellKind.WORD))


def _add_people(edition: Path) -> None:
    """The names: half of them only as those who filled in a form."""
    with (edition / "submissions.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("全年,办公室,赵六六主任,2024-12-28\r\n")
        file.write("全年,综合股,钱七七/孙八八13800000000,2024-12-28\r\n")
        file.write("全年,工业股,艾合买提·艾山,2024-12-28\r\n")
        file.write("全年,农业股,Anna Wang,2024-12-28\r\n")
        file.write("全年,服务业股,René Dubois,2024-12-28\r\n")
    with (edition / "roster.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("马龙龙,,科员,,\r\n")


@pytest.fixture(scope="module")
def published(shared: Shared) -> Path:
    """The planted edition's site, pushed to a branch."""

    def make(folder: Path) -> None:
        planted(folder)
        subprocess.run(["git", "init", "-q", "--bare", str(folder / "remote.git")], check=True)
        where = ["--out", str(folder / "build")]
        commands = (
            ["site", "--inputs", str(folder / "inputs"), *where],
            ["publish", "--remote", str(folder / "remote.git"), *where],
        )
        for command in commands:
            done = CliRunner().invoke(cli, command, catch_exceptions=False)
            assert done.exit_code == 0, done.output

    return shared("planted", make)


def texts(name: str, data: bytes) -> Iterator[str]:
    """Whatever can be read in a published file: its text, its parts, attachments, properties."""
    if name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for part in package.namelist():
                content = package.read(part).decode("utf-8", "ignore")
                yield content
                yield re.sub(r"<[^>]*>", "", content.replace("</w:p>", "、"))
    elif name.endswith(".pdf"):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for each in pdf.attachments.values():
                yield each.get_file().read_bytes().decode("utf-8", "ignore")
            for each in pdf.objects:
                if isinstance(each, pikepdf.Dictionary):
                    yield "、".join(str(value) for value in each.values())
        yield subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
        ).stdout.decode()
    else:
        yield data.decode("utf-8", "ignore")


@pytest.mark.slow
def test_no_spelling_of_any_name_is_in_the_site(published: Path) -> None:
    wanted = {seen(name): name for name in [*SPELLINGS, "艾合买提", "孙八八"]}
    site = files_in(published / "build" / "site")
    distinct = {data: name for name, data in site.items()}

    found = [
        (file, name)
        for data, file in distinct.items()
        for text in map(seen, {file, *texts(file, data)})
        for plain, name in wanted.items()
        if plain in text
    ]

    assert len(site) > 8
    assert found == []
    page = site["demo/digest.html"].decode()
    assert page.count(SOMEBODY) > 60, "every spelling was there and was replaced"


@pytest.mark.slow
def test_no_spelling_is_in_the_branch_s_history(published: Path) -> None:
    remote = published / "remote.git"
    listed = subprocess.run(
        ["git", "rev-list", "--objects", "--all"], cwd=remote, capture_output=True, check=True
    ).stdout.decode()
    objects = {line.split()[0]: line for line in listed.splitlines()}
    for name in objects:
        kind = _git(remote, "cat-file", "-t", name).decode().strip()
        if kind == "commit":
            text = _git(remote, "cat-file", "commit", name).decode()
            plain = seen(text)
            assert not any(seen(each) in plain for each in SPELLINGS)
    paths = {line.partition(" ")[2] for line in listed.splitlines()}
    site = {path for path in paths if "." in path} - {".nojekyll"}
    assert site <= {*files_in(published / "build" / "site")}, "only what the site has is there"


def _git(remote: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=remote, capture_output=True, check=True).stdout


@pytest.mark.slow
def test_only_declared_columns_and_tables_are_attached(published: Path) -> None:
    with pikepdf.open(published / "build" / "site" / "demo" / "digest.pdf") as pdf:
        attached = {
            name: each.get_file().read_bytes().decode("utf-8-sig")
            for name, each in pdf.attachments.items()
        }

    assert sorted(attached) == sorted({path.name for path in EDITIONS["demo"].iterdir()})
    assert not any(UNDECLARED in text for text in attached.values())
    assert "#" not in attached["edition.toml"]
    assert tomllib.loads(attached["edition.toml"])["titles"]["form"].endswith(SOMEBODY)


@pytest.mark.slow
def test_the_list_says_what_is_published_and_what_not(published: Path) -> None:
    done = CliRunner().invoke(cli, ["site", "--list", "--inputs", str(published / "inputs")])
    listed = (published / "build" / "site.txt").read_text(encoding="utf-8")

    assert done.exit_code == 0
    assert done.output == listed
    for file in files_in(published / "build" / "site"):
        if file.startswith("demo/"):
            assert file.removeprefix("demo/") in listed
    assert "roster.csv 的列 手机" in listed
    assert "通讯录.csv" in listed
    assert "rules.csv：条款号、章、标题、正文、算法、分值、上限、层级\n" in listed
    assert "edition.toml titles.form：罗堃" in listed
    assert re.search(r"demo/findings\.csv 第\d+行 说明（K\d+）：", listed)


def test_the_list_names_those_who_stay(edition: Path, jixiao: Jixiao) -> None:
    change(edition / "edition.toml", "names = false", "names = true ")

    listed = CliRunner().invoke(cli, ["site", "--list", "--inputs", str(edition.parent)]).output

    assert "带人名（" in listed
    assert "黄文献" in listed
    assert SOMEBODY not in listed


# --- what is attached with names -------------------------------------------------------------


def test_attachments_are_what_the_edition_says_and_no_more(edition: Path) -> None:
    for name, text in (("roster.csv", "手机"), ("rules.csv", "备注")):
        lines = (edition / name).read_text(encoding="utf-8-sig").splitlines()
        more = [f"{lines[0]},{text}", *(f"{line},5920000" for line in lines[1:])]
        (edition / name).write_text("\r\n".join(more), encoding="utf-8-sig")
    (edition / "通讯录.csv").write_text("姓名,电话\n", encoding="utf-8")

    read = checked(edition)[0]
    attached = attachments(read)

    assert sorted(attached) == sorted({path.name for path in EDITIONS["2023"].iterdir()})
    assert not any(b"5920000" in data for data in attached.values())
    assert b"#" not in attached["edition.toml"]
    for name in ("roster.csv", "rules.csv", "indicators.csv"):
        assert attached[name] == (EDITIONS["2023"] / name).read_bytes()


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("赵六六13800138000", ["手机号"]),
        ("１３８００１３８０００", ["手机号"]),
        ("138-0013-8000", ["手机号"]),
        ("+86 13800138000", ["手机号"]),
        ("11010519491231002X", ["身份证号"]),
        ("110105194912310021", []),  # the checksum is wrong: some other number
        ("0592-7889999", []),  # an office's
        ("完成 123456789012 元", []),
        ("138001380001", []),
    ],
)
def test_numbers_of_people_are_known(text: str, found: list[str]) -> None:
    assert [what for what, _ in personal_numbers(text)] == found


def test_a_number_in_a_cell_is_a_warning(edition: Path) -> None:
    change(edition / "roster.csv", "黄薇,成员", "黄薇,成员13800138000")

    found = [each for each in problems(edition) if each.rule == "personal-number"]

    assert [(each.severity, each.column, each.value) for each in found] == [
        ("warning", "领导小组职务", "13800138000")
    ]


@pytest.mark.parametrize("where", ["cell", "settings"])
def test_a_number_is_an_error_in_what_is_published_without_names(
    where: str, edition: Path, jixiao: Jixiao, tmp_path: Path
) -> None:
    if where == "cell":
        change(edition / "indicators.csv", "禁毒工作,15", "禁毒工作（13800138000）,15")
    else:
        change(edition / "edition.toml", '工作进度表"', '工作进度表 138 0013 8000"')
    assert not errors_in(problems(edition))

    with pytest.raises(InputError, match=r"里面有手机号.*不带人名的公布里不能有"):
        jixiao("site")

    assert not (tmp_path / "build" / "site").exists()


def test_a_number_that_is_not_published_stops_nothing(edition: Path) -> None:
    """Beside a reporter's name, whose place the group takes."""
    from pipeline.recipes.site import _refuse_numbers

    with (edition / "submissions.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("前三季度,综合组,赵六六13800138000,2023-09-28\r\n")

    _refuse_numbers(checked(edition)[0])


def test_a_phrase_is_no_place_to_hide_a_name(edition: Path) -> None:
    change(
        edition / "edition.toml",
        'phrases = ["中层以上领导", ',
        'phrases = ["中层以上领导", "由罗成定", ',
    )
    text = (edition / "indicators.csv").read_text(encoding="utf-8-sig")
    (edition / "indicators.csv").write_text(
        text.replace("根据项目另行确定", "由罗成定", 1), encoding="utf-8-sig"
    )

    bare = without_names(checked(edition)[0])

    assert "罗成" not in "".join(bare["indicators"]["person"])
    assert "罗成" not in str(bare.settings)
