"""Messages that name the one thing that is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.load import problems
from tests.conftest import change


def told(edition: Path) -> list[str]:
    return [str(problem) for problem in problems(edition) if problem.severity == "error"]


@pytest.mark.parametrize("typed", ["2023-9-30", "2023/9/30", "2023年9月30日"])
def test_a_date_as_people_write_it_is_shown_as_it_must_be(edition: Path, typed: str) -> None:
    change(edition / "edition.toml", "due = 2023-09-30", f"due = {typed}")

    (found,) = told(edition)

    assert found.endswith(f"月和日都写两位，现为“{typed}”。写成 2023-09-30")
    assert "第19行 due" in found


def test_a_head_that_cannot_be_read_is_one_line(edition: Path) -> None:
    path = edition / "indicators.csv"
    _, _, rest = path.read_bytes().partition(b"\r\n")
    path.write_bytes("甲,乙,丙,丁,戊".encode() + b"\r\n" + rest)

    (found,) = told(edition)

    assert (
        "2023/indicators.csv 第1行：表头认不出来，读到的是“甲、乙、丙、丁、戊”。第1行写上表头："
        in found
    )


@pytest.mark.parametrize("row", ["合计,,,,1000,,,,", ",,,合　计,1000,,,,", ",,,,总分：1000分,,,,"])
def test_a_row_of_totals_is_named_as_such(edition: Path, row: str) -> None:
    path = edition / "indicators.csv"
    path.write_bytes(path.read_bytes() + f"{row}\r\n".encode())

    assert told(edition) == ["2023/indicators.csv 第53行：这是合计行，合计由程序来算。删掉这一行"]
