"""Warnings that somebody has looked at are counted, not told again."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from pipeline.checks.load import problems
from pipeline.cli import cli

Check = Callable[..., Result]


def check(edition: Path, *arguments: str) -> Result:
    command = ["check", edition.name, "--inputs", str(edition.parent), *arguments]
    return CliRunner().invoke(cli, command, catch_exceptions=False)


def accept(edition: Path, lines: str) -> None:
    path = edition / "edition.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + lines, encoding="utf-8")


def test_what_is_accepted_is_one_count(edition: Path) -> None:
    before = check(edition).stdout.splitlines()

    accept(edition, check(edition, "--format", "accepted").stdout)

    assert len(before) == 5 and before[-1] == "2023：0 个错误，10 个提醒（合并成 4 条）"
    assert check(edition).stdout == "2023：没有发现问题，另有 10 个看过的提醒（accepted）\n"
    assert check(edition, "--strict").exit_code == 0
    assert json.loads(check(edition, "--format", "json").stdout)["accepted"] == 10
    assert check(edition, "--format", "github").stdout == ""


def test_only_the_named_cell_is_accepted_and_only_while_it_warns(edition: Path) -> None:
    accept(
        edition, '[check]\naccepted = ["indicators.csv F40 blank", "indicators.csv F41 blank"]\n'
    )

    told = check(edition).stdout.splitlines()

    assert "F40" not in "".join(told)
    assert (
        "2023/edition.toml" in told[0]
        and "没有这样的提醒了，现为“indicators.csv F41 blank”" in told[0]
    )
    assert told[-1].endswith("10 个提醒（合并成 4 条），另有 1 个看过的提醒（accepted）")


def test_an_error_cannot_be_accepted(edition: Path) -> None:
    roster = edition / "roster.csv"
    roster.write_bytes(roster.read_bytes().replace("黄薇,成员".encode(), "黄薇,成圆".encode()))
    accept(edition, '[check]\naccepted = ["roster.csv B3 choice"]\n')

    assert [each.rule for each in problems(edition) if each.severity == "error"] == ["choice"]


def test_what_is_listed_is_toml(edition: Path) -> None:
    listed = tomllib.loads(check(edition, "--format", "accepted").stdout)["check"]["accepted"]

    assert "indicators.csv F40 blank" in listed
