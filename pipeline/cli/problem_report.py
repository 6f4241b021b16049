"""Problems as text for a clerk, as JSON for programs, as annotations for a pull request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.checks.accepted import identity
from pipeline.errors import Problem
from pipeline.recipes.check import TEMPLATES

_WORDS = {"error": "错误", "warning": "提醒"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemReport:
    """What a check found: `editions` that were checked, and their problems in order.

    `root` is the path of the editions' folder as a pull request names it, such as inputs.
    """

    editions: Sequence[str]
    problems: Sequence[Problem]
    root: str = "inputs"

    def count(self, severity: str) -> int:
        """How many problems of one severity there are."""
        return sum(problem.severity == severity for problem in self.problems)

    def path(self, problem: Problem) -> str:
        """The file of a problem from where the command ran."""
        if problem.file.startswith(f"{TEMPLATES}/"):  # beside the editions' folder
            return problem.file
        return f"{self.root}/{problem.file}"


def folded(problems: Iterable[Problem]) -> list[Problem]:
    """One problem for each cause: the same thing wrong with the same value, in the same column."""
    first: dict[tuple[Any, ...], Problem] = {}
    others: dict[tuple[Any, ...], list[str]] = {}
    for problem in problems:
        key = _cause(problem)
        if key in first and problem.row is not None:
            others.setdefault(key, []).append(problem.cell or f"第{problem.row}行")
        else:
            first.setdefault(key, problem)
    return [replace(problem, also=tuple(others.get(key, ()))) for key, problem in first.items()]


def _cause(problem: Problem) -> tuple[Any, ...]:
    """What problems of one cause have in common; a row's wrong length is not part of it."""
    value = problem.value if problem.rule != "row-length" else None
    what = (problem.severity, problem.rule, problem.message, problem.hint, value)
    return problem.file, problem.column, *what


def lines(problems: Iterable[Problem]) -> Iterator[str]:
    """A line for each cause: errors first, then warnings."""
    causes = folded(problems)
    for severity, word in _WORDS.items():
        yield from (f"{word} {problem}" for problem in causes if problem.severity == severity)


def text(report: ProblemReport) -> str:
    """What a clerk reads, with the sum at the end."""
    errors, warnings = report.count("error"), report.count("warning")
    names = "、".join(report.editions)
    accepted = report.count("accepted")
    seen = f"，另有 {accepted} 个看过的提醒（accepted）" if accepted else ""
    causes = [*lines(report.problems)]
    if not causes:
        return f"{names}：没有发现问题{seen}\n"
    folded = f"（合并成 {len(causes)} 条）" if len(causes) < errors + warnings else ""
    total = f"{names}：{errors} 个错误，{warnings} 个提醒{folded}{seen}"
    return "\n".join([*causes, total]) + "\n"


def as_json(report: ProblemReport) -> str:
    """Every problem by itself, for programs."""
    content = {
        "problems": [_fields(problem) for problem in report.problems],
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "accepted": report.count("accepted"),
        "editions": list(report.editions),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _fields(problem: Problem) -> dict[str, Any]:
    names = ("severity", "file", "row", "column", "cell", "rule", "value", "message", "hint")
    return {name: getattr(problem, name) for name in names}


def github(report: ProblemReport) -> str:
    """Workflow commands: GitHub shows each on its line of the pull request.

    Source: GitHub Docs, "Workflow commands for GitHub Actions"; property values also escape
    colon and comma. GitHub shows ten of a kind a step, so one line stands for each cause.
    """
    return "".join(
        f"::{problem.severity} {_properties(report, problem)}::{_escaped(str(problem))}\n"
        for problem in folded(report.problems)
        if problem.severity != "accepted"
    )


def _properties(report: ProblemReport, problem: Problem) -> str:
    """Where a problem is and its rule, as a workflow command's properties."""
    values = {"file": report.path(problem), "line": problem.line, "title": problem.rule}
    return ",".join(
        f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in values.items()
        if value is not None
    )


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def sarif(report: ProblemReport) -> str:
    """SARIF 2.1.0 (OASIS), which code hosts and editors read."""
    run = {
        "tool": {"driver": {"name": "jixiao", "rules": _rules(report.problems)}},
        "results": [_result(report, problem) for problem in report.problems],
    }
    content = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _rules(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """The rules that something was found by, each once."""
    return [{"id": rule} for rule in sorted({problem.rule for problem in problems})]


def _result(report: ProblemReport, problem: Problem) -> dict[str, Any]:
    """A problem as SARIF has it."""
    location: dict[str, Any] = {"artifactLocation": {"uri": report.path(problem)}}
    if problem.line is not None:
        location["region"] = {"startLine": problem.line}
    is_accepted = problem.severity == "accepted"
    return {
        "ruleId": problem.rule,
        "level": "warning" if is_accepted else problem.severity,
        **({"suppressions": [{"kind": "external"}]} if is_accepted else {}),
        "message": {"text": str(problem)},
        "locations": [{"physicalLocation": location}],
    }


def to_accept(report: ProblemReport) -> str:
    """The warnings as lines for edition.toml, for somebody who has looked at each of them."""
    warnings = [each for each in report.problems if each.severity in ("warning", "accepted")]
    listed = {identity(each): f"{each.message}" for each in warnings if each.rule != "accepted"}
    entries = [f'  "{name}",  # {" ".join(message.split())}' for name, message in listed.items()]
    return "\n".join(["[check]", "accepted = [", *entries, "]"]) + "\n"


FORMATS: dict[str, Callable[[ProblemReport], str]] = {
    "text": text,
    "json": as_json,
    "github": github,
    "sarif": sarif,
    "accepted": to_accept,
}
