"""Building as the clerk does it: whole or not at all, the same bytes, nothing done twice."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from pipeline.cli import ROOT
from pipeline.delivery import files
from pipeline.delivery.git import last_revision
from pipeline.errors import OutputError
from tests.conftest import EDITIONS, change, contents_of, files_in

Jixiao = Callable[..., Result]
PROGRAM = [sys.executable, "-m", "pipeline"]
NAMES = ["附件1-4.docx", "附件1.docx", "附件2.docx", "附件3.docx", "附件4.docx"]


def test_one_command_writes_the_five_documents(
    edition: Path, jixiao: Jixiao, tmp_path: Path
) -> None:
    result = jixiao("build")

    assert result.exit_code == 0
    assert sorted(contents_of(tmp_path / "build" / "2023")) == ["manifest.json", *NAMES]
    assert (
        "2023：写好 附件1.docx、附件2.docx、附件3.docx、附件4.docx、附件1-4.docx" in result.output
    )


BROKEN = [
    ("indicators.csv", "责任领导,", "领导,", "2023/indicators.csv 第1行 责任领导：缺少这一列"),
    (
        "indicators.csv",
        "禁毒工作,15",
        "禁毒工作,约15",
        "2023/indicators.csv 第17行 分值（E17）：必须是不小于 0 的数，现为“约15”。只写数，例如 30 或 2.5",
    ),
    (
        "indicators.csv",
        "CY02,",
        "CY01,",
        "2023/indicators.csv 第3行 编号（A3）：编号与第2行重复，现为“CY01”",
    ),
    (
        "indicators.csv",
        "禁毒工作,15",
        "禁毒工作,25",
        "2023/indicators.csv 分值：合计应为 1000（edition.toml 的 indicators.total），现为“1010”。多了 10 分",
    ),
    (
        "indicators.csv",
        "调查队,曾诸军",
        "调察队,曾诸军",
        "2023/indicators.csv 第3行 责任科室（H3）：sections.csv 的“责任科室”里没有这个，现为“调察队”。你是不是想写“调查队”？",
    ),
    (
        "indicators.csv",
        "GT35,共同性指标,廉洁",
        "GT35,共同性指标,科学",
        "2023/indicators.csv 第52行 一级指标（C52）：这个标签在第24行已经结束，不能隔着别的标签再出现，现为“科学”。把这一行移到第24行下面",
    ),
    (
        "rules.csv",
        "每人次加分,1,10",
        "每人次加分,1,",
        "2023/rules.csv 第23行 上限（G23）：正文里写了 {上限}，这一格就不能空着",
    ),
    (
        "roster.csv",
        "林晨,组长",
        "林晨,组张",
        "2023/roster.csv 第2行 领导小组职务（B2）：只能是组长、副组长、成员，现为“组张”",
    ),
    (
        "edition.toml",
        '# repeat_labels_at = ["GT18"]',
        'repeat_labels_at = ["GT99"]',
        "2023/edition.toml indicators.repeat_labels_at：indicators.csv 里没有这个编号，现为“GT99”。你是不是想写“GT09”？",
    ),
    (
        "edition.toml",
        "year = 2023",
        'year = "二〇二三"',
        "2023/edition.toml year：必须是整数，现为“二〇二三”",
    ),
    (
        "edition.toml",
        'scores = ["分值"]',
        'label_totals = ["项木"]\nscores = ["分值"]',
        "2023/edition.toml indicators.label_totals：只能是标签列：项目、一级指标，现为“项木”。你是不是想写“项目”？",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), BROKEN, ids=range(len(BROKEN)))
def test_bad_input_is_reported_and_the_former_documents_stay(
    file: str, old: str, new: str, message: str, edition: Path, jixiao: Jixiao, tmp_path: Path
) -> None:
    jixiao("build")
    before = contents_of(tmp_path / "build" / "2023")
    change(edition / file, old, new)

    result = jixiao("build")

    assert result.exit_code == 1
    assert f"错误 {message}" in result.output
    assert "2023：没有生成，原来的文件没有动" in result.output
    assert contents_of(tmp_path / "build" / "2023") == before


def test_broken_bytes_and_missing_files_are_reported_together(
    edition: Path, jixiao: Jixiao
) -> None:
    (edition / "roster.csv").write_bytes(b"\xff\xffabc")
    (edition / "findings.csv").unlink()

    result = jixiao("check")

    assert result.exit_code == 1
    assert "2023/roster.csv 第1行：这里的字节既不是 UTF-8 也不是 GBK" in result.output
    assert "2023/findings.csv：没有这个文件" in result.output
    assert "2023：2 个错误，1 个提醒" in result.output


def test_a_template_that_somebody_broke_is_named(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jixiao: Jixiao
) -> None:
    jixiao("build")
    before = contents_of(tmp_path / "build" / "2023")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    broken = tmp_path / "templates" / "docx" / "附件2.docx"
    from pipeline.ooxml.package import DOCUMENT, archive, read_parts

    parts = read_parts(broken.read_bytes())
    xml = parts[DOCUMENT].decode().replace("{{ row.unit }}", "{{ row.danwei }}")
    broken.write_bytes(archive({**parts, DOCUMENT: xml.encode()}))
    monkeypatch.setattr("pipeline.cli.options.TEMPLATES", tmp_path / "templates")

    result = jixiao("build")

    assert result.exit_code == 1
    assert (
        "错误 模板 附件2.docx 第1个表 第3行 第5格，标签 {{ row.danwei }}：没有“danwei”这个内容。"
        "可用的有：id、labels、name、scores、unit、leader、section、person" in result.output
    )
    assert contents_of(tmp_path / "build" / "2023") == before


def test_one_bad_edition_does_not_stop_the_others(
    edition: Path, jixiao: Jixiao, tmp_path: Path
) -> None:
    shutil.copytree(edition, edition.parent / "2024")
    change(edition / "edition.toml", "year = 2023", "year = 1")

    result = jixiao("build")

    assert result.exit_code == 1
    assert "2023：没有生成" in result.output
    assert "2024：写好" in result.output
    assert (tmp_path / "build" / "2024" / "附件2.docx").is_file()


def test_a_second_build_writes_nothing_and_a_change_only_what_depends_on_it(
    edition: Path, jixiao: Jixiao, tmp_path: Path
) -> None:
    jixiao("build")
    assert "没有变化" in jixiao("build").output

    change(edition / "roster.csv", "四级调研员", "三级调研员")

    assert "2023：写好 附件1.docx、附件1-4.docx，" in jixiao("build").output
    (tmp_path / "build" / "2023" / "附件3.docx").write_bytes(b"")
    assert "2023：写好 附件3.docx，" in jixiao("build").output


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes_anywhere_at_any_time(tmp_path: Path) -> None:
    made: list[dict[str, bytes]] = []
    for folder, zone, seed, umask in (
        ("甲", "Asia/Shanghai", "1", 0o022),
        ("b/c", "UTC", "2", 0o077),
    ):
        inputs, out = tmp_path / folder / "inputs", tmp_path / folder / "out"
        for name, edition in EDITIONS.items():
            shutil.copytree(edition, inputs / name)
        # The site makes the digest of the made-up edition once more, without names.
        # The day is given: in these two zones it is another one for eight hours of each day.
        on = ["--on", "2024-10-08"]
        for command in (["build"], ["digest", "2023", *on], ["site", "demo", *on]):
            subprocess.run(
                [*PROGRAM, *command, "-q", "--inputs", inputs, "--out", out],
                cwd=ROOT,
                check=True,
                umask=umask,
                env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C.UTF-8"},
            )
        made.append(files_in(out))

    assert made[0] == made[1]
    expected = {"digest.html", "digest.pdf", "附件1-4.pdf", "附件2.docx"}
    assert {f"2023/{name}" for name in expected} <= made[0].keys()
    assert "demo/附件2.docx" in made[0]
    assert {"site/demo/digest.pdf", "site/index.html", "site/SHA256SUMS"} <= made[0].keys()


@pytest.mark.slow
def test_the_digest_is_written_beside_the_annexes(
    built: Path, jixiao: Jixiao, tmp_path: Path
) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)

    expected = [*NAMES, "digest.html", "digest.pdf", "manifest.json", "附件1-4.pdf"]
    assert sorted(contents_of(tmp_path / "build" / "2023")) == sorted(expected)
    assert "没有变化" in jixiao("build").output
    assert "没有变化" in jixiao("digest").output


@pytest.mark.slow
def test_another_day_is_another_digest(built: Path, jixiao: Jixiao, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)

    result = jixiao("digest", "--on", "2023-10-08")

    assert "写好 digest.html、digest.pdf" in result.output
    page = (tmp_path / "build" / "2023" / "digest.html").read_text(encoding="utf-8")
    assert "2023年10月8日" in page
    assert page.count("没有交，过期 8 天") == 4


@pytest.mark.slow
def test_the_digest_names_the_revision_of_its_tables(
    edition: Path, jixiao: Jixiao, tmp_path: Path
) -> None:
    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
            cwd=edition,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "tables")
    clean = last_revision(edition, os.environ)
    change(edition / "roster.csv", "四级调研员", "三级调研员")

    result = jixiao("digest")

    assert "2023：写好 digest.html、digest.pdf、附件1-4.pdf，在 " in result.output
    assert clean == git("rev-parse", "HEAD")[:12]
    page = (tmp_path / "build" / "2023" / "digest.html").read_text(encoding="utf-8")
    assert f"<code>{clean}（有未提交的改动）</code>" in page


def test_there_is_no_revision_outside_git(tmp_path: Path) -> None:
    assert (
        last_revision(tmp_path, {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
        == ""
    )


@pytest.mark.slow
def test_steps_are_shown_on_a_terminal_only(edition: Path, tmp_path: Path) -> None:
    arguments = ["--inputs", edition.parent, "--out", tmp_path / "build"]
    command = shlex.join(map(str, [*PROGRAM, "digest", *arguments]))

    on_terminal = subprocess.run(
        ["script", "-qec", command, tmp_path / "log"], cwd=ROOT, capture_output=True, text=True
    )
    piped = subprocess.run(
        [*PROGRAM, "build", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    shutil.rmtree(tmp_path / "build")
    quiet = subprocess.run(
        [*PROGRAM, "build", "-q", *arguments], cwd=ROOT, capture_output=True, text=True
    )

    assert ["读表" in on_terminal.stdout, "PDF……" in on_terminal.stdout] == [True, True]
    assert "写好" in piped.stdout
    assert "……" not in piped.stdout + piped.stderr
    assert quiet.stdout == ""


def test_an_unknown_edition_is_wrong_usage(edition: Path, jixiao: Jixiao) -> None:
    result = jixiao("build", "1999")

    assert result.exit_code == 2
    assert "里没有“1999”，现有：2023" in result.output


def test_a_failure_while_writing_leaves_every_former_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write_files(tmp_path, {"a": b"1", "b": b"1"})

    sync = os.fsync

    def full(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.name == "b":
            raise OSError(28, "No space left on device", str(path))
        sync(descriptor)

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="No space left"), files.locked(tmp_path):
        files.write_files(tmp_path, {"a": b"22", "b": b"22"})

    assert {path.name: path.read_bytes() for path in tmp_path.glob("[ab]*")} == {
        "a": b"1",
        "b": b"1",
    }
    assert not list(tmp_path.glob(".jixiao-*"))


def test_what_a_killed_build_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".jixiao-writing").mkdir()
    (tmp_path / ".jixiao-writing" / "附件1.docx").write_bytes(b"half")

    with files.locked(tmp_path):
        assert not list(tmp_path.glob(".jixiao-*"))
