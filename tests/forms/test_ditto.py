"""同上 in a form: what the row above has, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.load import checked
from pipeline.forms.parsing.lines import Line
from pipeline.forms.returned.ditto import resolve
from pipeline.forms.returned.owner import CollectOptions
from tests.forms.collecting import answers, collected
from tests.forms.mishaps import ANSWERS, GROUP, PERIOD, A, B, C, D, filled


def line(row: int, **texts: str) -> Line:
    return Line(row=row, texts=texts)


@pytest.mark.parametrize(
    "typed",
    ["同上", "同 上", "同上。", "（同上）", "同前", "同上一行", "如上", "〃", '"', "″", "“"],
)
def test_the_row_above_is_meant(typed: str) -> None:
    (_, found), (problem,) = resolve("f", [line(2, progress="一\n二"), line(3, progress=typed)])

    assert found.answers["progress"] == "一\n二"
    assert str(problem) == f"f 第3行 进展情况：按上一行的收：一⏎二，现为“{typed}”"
    assert problem.severity == "warning"


@pytest.mark.parametrize("typed", ["同上期", "同上级部门衔接", "完成，同上", "无", ""])
def test_other_words_are_what_they_say(typed: str) -> None:
    (_, found), problems = resolve("f", [line(2, progress="一"), line(3, progress=typed)])

    assert found.answers["progress"] == typed
    assert problems == []


@pytest.mark.parametrize(
    "above",
    [
        [],
        [line(2, progress="", problems="有")],
        [line(1, progress="隔着空行")],
        [line(2, progress="同上")],
    ],
    ids=["no row", "blank", "a blank row between", "refused itself"],
)
def test_where_nothing_stands_above_it_is_refused(above: list[Line]) -> None:
    found, problems = resolve("f", [*above, line(3, progress="同上", problems="人手少")])

    assert "progress" not in found[-1].answers
    assert found[-1].answers["problems"] == "人手少"
    assert str(problems[-1]) == (
        "f 第3行 进展情况：上一行这一栏没有内容，这一格没有收，现为“同上”。把要填的写全再收"
    )
    assert problems[-1].severity == "error"


def test_more_than_that_is_refused_too() -> None:
    lines, (problem,) = resolve(
        "f", [line(2, progress="一"), line(3, progress="同上，另走访 5 家")]
    )

    assert "progress" not in lines[-1].answers
    assert "“同上”后面还写了别的，这一格没有收" in str(problem)


def test_it_never_gets_into_the_tables(inputs: Path) -> None:
    """One after the other, in status and score too; a refused cell leaves what stands there."""
    collected(inputs, filled(asking=True).bytes, CollectOptions())
    paper = filled(asking=True)
    paper.fill({A: {"measures": "同上", "status": "进行中", "self_score": "9"}})
    paper.fill({B: {"status": "同上", "self_score": "〃"}, C: {"status": "同上"}})
    paper.fill({D: {"problems": "同上"}})

    done = collected(inputs, paper.bytes, CollectOptions())

    assert answers(inputs) == ANSWERS
    assert "同上" not in (inputs / "progress.csv").read_text("utf-8-sig")
    edition, _ = checked(inputs)
    rows = edition["progress"].values("period", "group", "status", "self_score")
    assert [(status, score) for *owner, status, score in rows if owner == [PERIOD, GROUP]] == [
        ("进行中", 9),
        ("进行中", 9),
        ("进行中", None),
        ("", None),
    ]
    assert [(each.row, each.severity) for each in done.problems] == [
        (2, "error"),
        (3, "warning"),
        (3, "warning"),
        (4, "warning"),
        (5, "error"),
    ]
