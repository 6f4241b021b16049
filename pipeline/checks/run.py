"""All checks, run over one edition."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from pipeline.checks import (
    clauses,
    dates,
    findings,
    groups,
    history,
    indicators,
    people,
    personal,
    references,
)
from pipeline.errors import Problem
from pipeline.tables.edition import Edition

CHECKS: tuple[Callable[[Edition], Iterable[Problem]], ...] = (
    *dates.CHECKS,
    *people.CHECKS,
    *personal.CHECKS,
    *groups.CHECKS,
    *indicators.CHECKS,
    *clauses.CHECKS,
    *references.CHECKS,
    *history.CHECKS,
    *findings.CHECKS,
)


def run_checks(edition: Edition) -> list[Problem]:
    """Every problem that only shows when tables are compared.

    Cells that could not be read are None and reported already; the checks pass over them.
    """
    return list(chain.from_iterable(check(edition) for check in CHECKS))
