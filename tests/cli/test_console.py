"""Nothing that a file is called, or holds, acts upon the terminal or upon a build server."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.cli.console import printable
from tests.conftest import Jixiao, change


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "␛[2J"),
        ("\x9b2J", "<U+009B>2J"),
        ("a\rb", "a␍b"),
        ("\u202egnp.exe", "<U+202E>gnp.exe"),
        ("\x07\x08\x7f", "␇␈␡"),
        ("一\t二\r\n三\n", "一\t二\r\n三\n"),
    ],
)
def test_controls_are_shown_as_signs(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_member_of_a_zip_cannot_act_by_its_name(inputs: Path, tmp_path: Path) -> None:
    names = ["\x1b]0;owned\x07.docx", "x\n::error::owned.docx", "\x1b[2K\r没有问题.docx"]
    with zipfile.ZipFile(tmp_path / "forms.zip", "w") as archive:
        for name in names:
            archive.writestr(name, b"no document")

    done = CliRunner().invoke(
        cli, ["collect", str(tmp_path / "forms.zip"), "--inputs", str(inputs.parent)]
    )

    assert done.exit_code == 1
    assert not {"\x1b", "\x07", "\r"} & {*done.output}
    assert not any(line.startswith("::") for line in done.output.splitlines())
    assert done.output.count("不是 Word 文件") == 3


def test_a_cell_cannot_act_by_what_it_holds(edition: Path, jixiao: Jixiao) -> None:
    change(edition / "roster.csv", "黄薇,成员", "黄薇,\u009b2J\u202e")

    output = jixiao("check").output

    assert "<U+009B>2J<U+202E>" in output
    assert not {"\u009b", "\u202e"} & {*output}
