"""A total that is off names the rows that were changed since the last commit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from tests.conftest import change


def check(edition: Path) -> str:
    command = ["check", edition.name, "--inputs", str(edition.parent)]
    lines = CliRunner().invoke(cli, command, catch_exceptions=False).output.splitlines()
    return next(line for line in lines if "合计应为" in line)


@pytest.fixture
def kept(edition: Path) -> Path:
    """The edition in a repository of its own, committed."""
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "a"]):
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        subprocess.run(git, cwd=edition, check=True, env={**os.environ, "GIT_DIR": ".git"})
    return edition


def test_the_rows_whose_points_were_changed_are_named(kept: Path) -> None:
    change(kept / "indicators.csv", "禁毒工作,15", "禁毒工作,10")

    assert check(kept).endswith("少了 5 分。上次提交以后改过：第17行 CY16（禁毒工作） 15→10")


def test_rows_that_are_new_or_gone_are_named(kept: Path) -> None:
    path = kept / "indicators.csv"
    *rows, last = path.read_bytes().rstrip().split(b"\r\n")
    path.write_bytes(
        b"\r\n".join(
            [*rows, b"X1,,,\xe6\x96\xb0,3" + b"," * 4, b"X2,,,\xe6\x97\xa7,4" + b"," * 4, b""]
        )
    )

    assert check(kept).endswith(
        "少了 13 分。上次提交以后改过：删去第52行 GT35；新加一行 X1（新） 空→3；新加一行 X2（旧） 空→4"
    )
    assert last.startswith(b"GT35")


def test_without_git_the_total_is_told_all_the_same(edition: Path) -> None:
    change(edition / "edition.toml", "total = 1000 ", "total = 1001 ")

    assert check(edition).endswith("少了 1 分")
