"""What is published: what was chosen, without a name where none may stand, pushed once."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pikepdf
import pytest
from click.testing import CliRunner, Result

from pipeline.checks.load import checked
from pipeline.cli import cli
from pipeline.delivery.anonymise import without_names
from pipeline.errors import OutputError
from pipeline.tables.people import people_in
from tests.conftest import EDITIONS, Shared, change, files_in

Jixiao = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(shared: Shared) -> Path:
    """The site of both editions: 2023 with names, the made-up one without."""
    return shared("site", make_site) / "build" / "site"


def make_site(folder: Path) -> None:
    for name, source in EDITIONS.items():
        shutil.copytree(source, folder / "inputs" / name)
    change(folder / "inputs" / "2023" / "edition.toml", "names = false", "names = true ")
    options = ["--inputs", str(folder / "inputs"), "--out", str(folder / "build")]
    result = CliRunner().invoke(cli, ["site", *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output


@pytest.mark.slow
def test_files_have_readable_names(folder: Path) -> None:
    assert [name for name in files_in(folder) if name.startswith("2023/")] == [
        "2023/digest.html",
        "2023/digest.pdf",
        "2023/附件1 2023年统计局绩效管理工作领导小组成员名单.docx",
        "2023/附件1-4.docx",
        "2023/附件1-4.pdf",
        "2023/附件2 2023年度区绩效评估指标任务分解表.docx",
        "2023/附件3 2023年度翔安区效能督查绩效评分办法.docx",
        "2023/附件4 2023年度区绩效评估指标工作进度表.docx",
    ]


@pytest.mark.slow
def test_the_latest_digest_is_at_a_stable_address(folder: Path) -> None:
    assert files_in(folder)["latest/digest.pdf"] == files_in(folder)["demo/digest.pdf"]
    assert files_in(folder)["latest/digest.html"] == files_in(folder)["demo/digest.html"]


@pytest.mark.slow
def test_checksums_cover_every_file(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in lines}

    assert listed == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in files_in(folder).items()
        if name != "SHA256SUMS"
    }


@pytest.mark.slow
def test_the_index_links_to_every_edition_newest_first(folder: Path) -> None:
    index = (folder / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"#:]+)"', index)

    assert {unquote(link) for link in links} == {
        name for name in files_in(folder) if not name.startswith(("index", "latest", "site.json"))
    }
    assert index.index("2024年度") < index.index("2023年度")
    assert index.count("公布的版本不含人名") == 1


def readable(name: str, data: bytes) -> Iterator[bytes]:
    """Whatever can be read in a published file: its bytes, unpacked streams, attachments, text."""
    yield data
    if name.endswith(".docx"):
        with zipfile.ZipFile(BytesIO(data)) as package:
            for part in package.namelist():
                content = package.read(part)
                yield content
                yield re.sub(rb"<[^>]*>", b"", content)
    if name.endswith(".pdf"):
        with pikepdf.open(BytesIO(data)) as pdf:
            for each in pdf.objects:
                if isinstance(each, pikepdf.Stream):
                    yield each.read_bytes()
                elif isinstance(each, pikepdf.Dictionary):
                    yield "".join(str(value) for value in each.values()).encode()
        text = subprocess.run(
            ["pdftotext", "-", "-"], input=data, capture_output=True, check=True
        ).stdout
        yield text


@pytest.mark.slow
def test_without_names_no_name_stands_in_any_byte(folder: Path) -> None:
    edition = checked(EDITIONS["demo"])[0]
    names = people_in(edition)
    roster = [name for name in edition["roster"]["name"] if name]
    spelled = [
        (name, written.encode(encoding))
        for name in names
        for written in (name, "\u3000".join(name), " ".join(name))
        for encoding in ("utf-8", "utf-16-be", "gb18030")
    ]

    # Files and parts of them stand there several times (latest/ is the demo's); each is read once.
    published = {
        data: file
        for file, data in files_in(folder).items()
        if file.startswith(("demo/", "latest/", "index"))
    }
    contents = {
        content: file for data, file in published.items() for content in readable(file, data)
    }

    found = [
        (file, name)
        for content, file in contents.items()
        for name, spelling in spelled
        if spelling in content
    ]

    assert {*roster} <= {*names} and len(names) >= 13
    assert len(published) > 8
    assert found == []


@pytest.mark.slow
def test_the_check_for_names_can_fail(folder: Path) -> None:
    text = "".join(
        content.decode("utf-8", "ignore")
        for file, data in files_in(folder).items()
        if file.startswith("2023/") and not file.endswith(".html")
        for content in readable(file, data)
    )

    assert all(name in text for name in ("黄文献", "李苹苹", "翁莉萍", "罗成"))


@pytest.mark.slow
def test_sections_and_roles_stand_in_the_names_place(folder: Path) -> None:
    page = (folder / "demo" / "digest.html").read_text(encoding="utf-8")
    rows = dict(re.findall(r'<tr id="i-(\w+)"[^>]*>(.*?)</tr>', page, re.DOTALL))

    cells = re.findall(r'data-label="责任\w+">([^<]*)<', rows["SL001"])

    assert [cell.replace("\u3000", "") for cell in cells] == ["组长", "农业股", "农业股"]


@pytest.mark.parametrize(
    ("reporter", "named"),
    [
        ("赵六六/钱七七", ["赵六六", "钱七七"]),
        ("赵六六（代）", ["赵六六"]),
        ("赵六六13800000000", ["赵六六"]),
        ("综合组", []),  # a group is nobody
    ],
)
def test_whoever_filled_in_a_form_is_known(edition: Path, reporter: str, named: list[str]) -> None:
    with (edition / "submissions.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(f"前三季度,综合组,{reporter},2023-09-28\r\n")

    found = people_in(checked(edition)[0])

    assert {*named} <= {*found}
    assert "综合组" not in found


@pytest.mark.slow
def test_an_edition_may_not_be_called_like_a_folder_of_the_site(
    edition: Path, jixiao: Jixiao
) -> None:
    edition.rename(edition.with_name("latest"))

    with pytest.raises(OutputError, match="latest：这个名字公布时另有用处"):
        jixiao("site")


def test_a_name_in_running_text_is_taken_out(edition: Path) -> None:
    change(edition / "indicators.csv", "禁毒工作,15", "禁毒工作（由罗　成负责）,15")

    bare = without_names(checked(edition)[0])

    assert "禁毒工作（由某某负责）" in bare["indicators"]["name"]
    assert "禁毒工作（由某某负责）" in bare["indicators"].raw.texts("name")


@pytest.mark.slow
def test_a_name_in_running_text_is_reported(edition: Path, jixiao: Jixiao) -> None:
    change(edition / "indicators.csv", "禁毒工作,15", "禁毒工作（由罗成负责）,15")
    change(edition / "edition.toml", '["digest", "annexes"]', '["annexes"]')

    result = jixiao("site")

    assert (
        "提醒 2023/indicators.csv 第17行 二级指标（D17）：里面有人名，公布时换成“某某”，现为“罗成”"
        in result.output
    )


@pytest.mark.slow
def test_a_name_that_cannot_be_taken_out_stops_the_publishing(
    edition: Path, jixiao: Jixiao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(edition / "edition.toml", 'bureau = "统计局"', 'bureau = "林晨统计局"')
    change(edition / "edition.toml", '["digest", "annexes"]', '["annexes"]')
    monkeypatch.setattr("pipeline.delivery.publication.without_names", lambda edition: edition)

    with pytest.raises(OutputError, match="里还有人名“林晨”，没有公布"):
        jixiao("site")

    assert not (tmp_path / "build" / "site").exists()


@pytest.mark.slow
def test_an_edition_that_chose_nothing_is_left_out(
    edition: Path, jixiao: Jixiao, tmp_path: Path
) -> None:
    text = (edition / "edition.toml").read_text(encoding="utf-8")
    (edition / "edition.toml").write_text(text[: text.index("[publish]")], encoding="utf-8")
    old = tmp_path / "build" / "site" / "2023"
    old.mkdir(parents=True)
    (old / "digest.html").write_text("once published", encoding="utf-8")

    result = jixiao("site")

    assert result.exit_code == 0
    assert "没有一个年度写了 [publish]" in result.output
    assert sorted(files_in(tmp_path / "build" / "site")) == [
        "SHA256SUMS",
        "index.html",
        "site.json",
    ]


@pytest.mark.slow
def test_contents_can_be_chosen(edition: Path, jixiao: Jixiao, tmp_path: Path) -> None:
    change(edition / "edition.toml", '["digest", "annexes"]', '["annexes"]')

    jixiao("site")

    names = sorted(files_in(tmp_path / "build" / "site"))
    assert [name for name in names if "digest" in name] == []
    assert len([name for name in names if name.startswith("2023/附件")]) == 6


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("names = false", "name = false", "edition.toml publish.names：缺少这一项"),
        ('"annexes"]', '"tables"]', "publish.contents[2]：只能是'digest'或'annexes'，现为“tables”"),
    ],
)
def test_a_slip_in_publish_is_reported(
    edition: Path, jixiao: Jixiao, old: str, new: str, message: str
) -> None:
    change(edition / "edition.toml", old, new)

    result = jixiao("check")

    assert result.exit_code == 1
    assert message in result.output


def test_leaders_without_names_are_told_apart() -> None:
    read = checked(EDITIONS["demo"])[0]

    bare = without_names(read)

    stood_in = {
        (name, stand_in)
        for before, after in zip(
            read["indicators"]["leader"], bare["indicators"]["leader"], strict=True
        )
        for name, stand_in in zip(before.split("、"), after.split("、"), strict=True)
    }
    assert {("江珺", "组长"), ("欧阳璟玥", "副组长甲"), ("喆赟", "副组长乙")} <= stood_in
    assert len({name for name, _ in stood_in}) == len({stand_in for _, stand_in in stood_in})
