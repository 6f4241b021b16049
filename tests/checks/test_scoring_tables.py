"""Findings and rules against each other: levels, decided figures, what a superior deducted."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.load import problems
from tests.conftest import change
from tests.transforms.findings import csv


def told(edition: Path, *findings: str) -> list[tuple[str, str, str]]:
    """Severity, rule and message of what is wrong with these findings."""
    (edition / "findings.csv").write_bytes(csv(findings))
    return [
        (each.severity, each.rule, each.message)
        for each in problems(edition)
        if each.file.endswith("findings.csv")
    ]


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ("四.2 市", "四.2 说的是区发现的，这一行的发现层级是市"),
        ("四.3 区 问责1", "四.3 说的是自查发现的，这一行的发现层级是区"),
        ("一.1 区 加重四.1", "四.1 说的是市发现的，这一行的发现层级是区"),
        ("一.1 自查 加重二.1", "二.1 说的是省、市、区发现的，这一行的发现层级是自查"),
    ],
)
def test_a_level_that_the_clause_does_not_name_is_told(
    edition: Path, finding: str, expected: str
) -> None:
    assert ("warning", "clause-level", expected) in told(edition, finding)


@pytest.mark.parametrize("finding", ["四.2 区", "一.1 市 加重四.1", "一.1 区 加重二.1", "四.2"])
def test_a_level_that_the_clause_names_or_that_is_blank_is_fine(
    edition: Path, finding: str
) -> None:
    assert "clause-level" not in {rule for _, rule, _ in told(edition, finding)}


def test_the_levels_come_from_the_table_and_not_from_the_numbers(edition: Path) -> None:
    change(edition / "rules.csv", "每项扣分、减半,5,,区", "每项扣分、减半,5,,省")

    assert "四.2 说的是省发现的，这一行的发现层级是区" in {
        each for *_, each in told(edition, "四.2 区")
    }


def test_a_clause_without_a_figure_stands_alone_with_a_decided_one(edition: Path) -> None:
    assert told(edition, "二.3 核定8") == []
    assert told(edition, "二.3") == [
        ("error", "decided", "二.3 没有写明分数，要写督查办核定扣几分")
    ]


def test_what_a_superior_deducted_is_asked_for_where_it_is_doubled(edition: Path) -> None:
    unused = told(edition, "一.1 市 加重四.1 上级3")
    change(edition / "edition.toml", '# base = "own" ', 'base = "superior" ')

    assert [rule for _, rule, _ in unused] == ["superior-unused"]
    assert told(edition, "一.1 市 加重四.1 上级3") == []
    assert [(level, rule) for level, rule, _ in told(edition, "一.1 市 加重四.1")] == [
        ("error", "superior")
    ]
    assert [rule for _, rule, _ in told(edition, "一.1 区 上级3")] == ["superior-unused"]


@pytest.mark.parametrize(
    ("typed", "figure", "severity", "rule"),
    [("6", "5", "error", "figure-differs"), ("5", "5", "warning", "figure-unused")],
)
def test_a_figure_in_the_text_that_differs_from_the_column_is_an_error(
    edition: Path, typed: str, figure: str, severity: str, rule: str
) -> None:
    change(
        edition / "rules.csv",
        "每次扣{分值}分。,每次扣分,20",
        f"每次扣{typed}分。,每次扣分,{figure}",
    )

    found = [each for each in problems(edition) if each.file.endswith("rules.csv")]

    assert [(each.severity, each.rule) for each in found] == [(severity, rule)]
