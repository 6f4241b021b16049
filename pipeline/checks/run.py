"""All rules, run over one edition."""

from __future__ import annotations

from pipeline.checks import (
    clauses,
    dates,
    findings,
    groups,
    indicators,
    people,
    references,
)
from pipeline.errors import Problem
from pipeline.tables.edition import Edition

RULES = (
    *dates.RULES,
    *people.RULES,
    *groups.RULES,
    *indicators.RULES,
    *clauses.RULES,
    *references.RULES,
    *findings.RULES,
)


def check(edition: Edition) -> list[Problem]:
    """Every problem that only shows when tables are held against each other.

    Cells that could not be read are None and told already; the rules pass over them.
    """
    return [problem for rule in RULES for problem in rule(edition)]
