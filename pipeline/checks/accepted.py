"""Warnings that somebody has looked at, as edition.toml lists them under [check] accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from pipeline.errors import Problem
from pipeline.tables.cells import Flaw

if TYPE_CHECKING:  # what prints warnings needs no tables
    from pipeline.tables.edition import Edition


def identity(problem: Problem) -> str:
    """What names a warning in the list: file, cell (else row or key) and rule."""
    row = f"第{problem.row}行" if problem.row else ""
    place = problem.cell or problem.column or row
    return " ".join(filter(None, [PurePath(problem.file).name, place, problem.rule]))


def with_accepted(edition: Edition, problems: Sequence[Problem]) -> Iterator[Problem]:
    """The problems, those warnings marked that are accepted; and what is accepted in vain."""
    accepted = edition.settings.check.accepted
    found = set()
    for problem in problems:
        if problem.severity == "warning" and identity(problem) in accepted:
            found.add(identity(problem))
            yield replace(problem, severity="accepted")
        else:
            yield problem
    flaw = Flaw("accepted", "没有这样的提醒了", "从 accepted 里删掉这一条", "warning")
    for text in accepted:
        if text not in found:
            yield edition.problem("check.accepted", flaw, text)
