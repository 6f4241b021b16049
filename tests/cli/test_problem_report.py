"""Problems as text, JSON and annotations; exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import cli
from pipeline.cli.problem_report import ProblemReport, as_json, folded, github, sarif, text
from pipeline.errors import Problem
from tests.conftest import change

Jixiao = Callable[..., Result]

SCORE = Problem(
    file="2023/indicators.csv",
    rule="number",
    message="必须是不小于 0 的数",
    row=17,
    line=20,
    column="分值",
    cell="E17",
    value="约15",
    hint="只写数，例如 30 或 2.5",
)
BLANK = Problem(
    file="2023/roster.csv",
    rule="blank",
    message="空着：100%,\n真的？",
    row=3,
    severity="warning",
)


def report(*problems: Problem) -> ProblemReport:
    return ProblemReport(editions=["2023"], problems=problems, root="inputs")


def test_text_tells_errors_first_and_the_sum_last() -> None:
    assert text(report(BLANK, SCORE)).splitlines() == [
        "错误 2023/indicators.csv 第17行 分值（E17）：必须是不小于 0 的数，现为“约15”。只写数，例如 30 或 2.5",
        "提醒 2023/roster.csv 第3行：空着：100%,",
        "真的？",
        "2023：1 个错误，1 个提醒",
    ]


def test_text_of_a_sound_edition_is_one_line() -> None:
    assert text(report()) == "2023：没有发现问题\n"


def test_one_cause_is_told_once_with_its_other_places() -> None:
    from dataclasses import replace

    problems = [replace(SCORE, row=row, cell=f"E{row}") for row in range(2, 10)]

    (one,) = folded([*problems, replace(SCORE, value="约16", row=20, cell="E20")])[:1]

    assert str(one).endswith("（另有 7 处也是这样：E3、E4、E5、E6、E7等）")
    assert "8 个错误，0 个提醒（合并成 1 条）" in text(report(*problems))


def test_json_tells_every_problem_by_itself() -> None:
    parsed = json.loads(as_json(report(SCORE, SCORE)))

    assert parsed["problems"][1] == {
        "severity": "error",
        "file": "2023/indicators.csv",
        "row": 17,
        "column": "分值",
        "cell": "E17",
        "rule": "number",
        "value": "约15",
        "message": "必须是不小于 0 的数",
        "hint": "只写数，例如 30 或 2.5",
    }
    assert (parsed["errors"], parsed["warnings"], parsed["editions"]) == (2, 0, ["2023"])


def test_annotations_are_escaped_and_stand_on_the_line_of_the_file() -> None:
    first, second = github(report(SCORE, BLANK)).splitlines()

    assert first.startswith("::error file=inputs/2023/indicators.csv,line=20,title=number::2023/")
    assert second == (
        "::warning file=inputs/2023/roster.csv,title=blank::"
        "2023/roster.csv 第3行：空着：100%25,%0A真的？"
    )


def test_sarif_names_rule_level_and_place() -> None:
    (run,) = json.loads(sarif(report(SCORE, BLANK)))["runs"]

    first, second = run["results"]
    location = first["locations"][0]["physicalLocation"]
    assert (first["ruleId"], first["level"], second["level"]) == ("number", "error", "warning")
    assert location["artifactLocation"]["uri"] == "inputs/2023/indicators.csv"
    assert location["region"] == {"startLine": 20}
    assert "region" not in second["locations"][0]["physicalLocation"]
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {"number", "blank"}


def test_the_line_is_where_the_row_begins_in_the_file(edition: Path, jixiao: Jixiao) -> None:
    change(edition / "indicators.csv", "禁毒工作,15", "禁毒工作,约15")
    lines = (edition / "indicators.csv").read_text(encoding="utf-8-sig").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text.startswith("CY16,"))

    annotations = jixiao("check", "--format", "github").stdout.splitlines()
    parsed = json.loads(jixiao("check", "--format", "json").stdout)["problems"][0]

    assert f"indicators.csv,line={line},title=number" in annotations[0]
    assert (parsed["row"], parsed["cell"]) == (17, "E17")
    assert line > 17  # cells above hold line breaks


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("due = 2023-12-31", "due = 2024-12-31", "due = 2024"),  # a rule across tables
        ("due = 2023-12-31", 'due = "岁末"', 'due = "岁末"'),  # the setting's own type
        ('page_number = "standard"', 'page_number = "x"', "page_number"),
        ("year = 2023", "year 2023", "year 2023"),  # not TOML at all
    ],
)
def test_a_setting_is_told_on_its_line(
    old: str, new: str, what: str, edition: Path, jixiao: Jixiao
) -> None:
    change(edition / "edition.toml", old, new)
    lines = (edition / "edition.toml").read_text(encoding="utf-8-sig").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text.startswith(what))

    annotation = jixiao("check", "--format", "github").stdout.splitlines()[0]

    assert f"edition.toml,line={line},title=" in annotation


@pytest.mark.parametrize(
    ("broken", "options", "code"),
    [
        (False, [], 0),
        (False, ["--strict"], 1),
        (True, [], 1),
        (True, ["--format", "json"], 1),
        (False, ["--format", "sarif"], 0),
        (False, ["--format", "yaml"], 2),
    ],
)
def test_exit_codes(
    broken: bool, options: list[str], code: int, edition: Path, jixiao: Jixiao
) -> None:
    if broken:
        change(edition / "indicators.csv", "禁毒工作,15", "禁毒工作,约15")

    assert jixiao("check", *options).exit_code == code


def test_several_editions_are_summed_up_together(edition: Path, tmp_path: Path) -> None:
    edition.rename(edition.with_name("2022"))

    result = CliRunner().invoke(cli, ["check", "--inputs", str(tmp_path / "inputs")])

    assert result.stdout.splitlines()[-1].startswith("2022：0 个错误，")
