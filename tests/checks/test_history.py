"""What was reported before a change within the year stays: a warning that says whose it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from pipeline.checks.load import problems
from tests.conftest import change

Jixiao = Callable[..., Result]


def warnings(folder: Path) -> list[str]:
    """The warnings; there is no error."""
    found = problems(folder)
    assert [str(problem) for problem in found if problem.severity == "error"] == []
    return [str(problem).removeprefix("demo/") for problem in found]


def delete_row(path: Path, beginning: str) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(beginning.encode())]
    assert len(kept) == len(lines) - 1
    path.write_bytes(b"".join(kept))


def without_totals(folder: Path) -> None:
    change(folder / "edition.toml", "total = 770\n", "")


def test_a_deleted_indicator_leaves_its_reports(inputs: Path) -> None:
    without_totals(inputs)
    delete_row(inputs / "indicators.csv", "SL006,")

    found = [line for line in warnings(inputs) if "办公室上半年" in line]

    assert found == [
        "progress.csv 第2行 编号（C2）：indicators.csv 里没有这个编号，是办公室上半年报的，"
        "留在表里，不再计入，现为“SL006”。你是不是想写“SL001”？改了编号的，运行 jixiao rename SL006 新编号"
    ]


def test_an_indicator_that_moved_leaves_its_reports(inputs: Path) -> None:
    row = next(
        line
        for line in (inputs / "indicators.csv").read_text(encoding="utf-8-sig").splitlines()
        if line.startswith("SL006,")
    )
    change(inputs / "indicators.csv", row, row.replace(",全局,", ",农业股,"))

    found = [line for line in warnings(inputs) if "办公室上半年" in line]

    assert found == [
        f"progress.csv 第2行 组队（B2）：SL006（{row.split(',')[4]}）现在不归办公室填报，"
        "是办公室上半年报的，还算办公室那一期的，现为“办公室”。现在归农业股"
    ]


def test_a_renamed_group_leaves_its_reports(inputs: Path) -> None:
    path = inputs / "sections.csv"
    path.write_bytes(path.read_bytes().replace("农业股".encode(), "农村股".encode()))
    indicators = inputs / "indicators.csv"
    indicators.write_bytes(
        indicators.read_bytes().replace(",农业股,".encode(), ",农村股,".encode())
    )

    found = warnings(inputs)

    assert [line for line in found if line.startswith("submissions")] == [
        f"submissions.csv 第{row}行 组队（B{row}）：sections.csv 里没有这个组队，{period}报的留在表里，"
        "不再计入，现为“农业股”。你是不是想写“工业股”？改了名的，运行 jixiao rename 农业股 新名称"
        for row, period in ((5, "上半年"), (11, "前三季度"))
    ]
    assert any(line.startswith("findings.csv") and "照原文印" in line for line in found)


@pytest.mark.parametrize(
    "command",
    [["status", "--on", "2024-10-08"], ["score"], ["build"], ["status", "--format", "reminders"]],
)
def test_such_reports_stop_nothing(command: list[str], inputs: Path, jixiao: Jixiao) -> None:
    without_totals(inputs)
    delete_row(inputs / "indicators.csv", "SL006,")

    assert jixiao(*command).exit_code == 0


def test_forms_go_back_to_a_group_that_there_is(edition: Path) -> None:
    change(edition / "edition.toml", 'return_to = "综合组"', 'return_to = "综合祖"')

    assert "错误 2023/edition.toml form.return_to" in "".join(
        f"错误 {problem}" for problem in problems(edition) if problem.severity == "error"
    )
