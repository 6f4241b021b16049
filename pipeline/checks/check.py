"""What a rule across tables is: a generator of problems, and the tables that it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.errors import Problem
from pipeline.tables.edition import Edition

Rule = Callable[[Edition], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that is applied to an edition when all of `tables` could be read."""

    tables: tuple[str, ...]
    rule: Rule

    def __call__(self, edition: Edition) -> Iterator[Problem]:
        """The problems; none where a table is missing, which the reading has reported."""
        if edition.sheets.keys() >= {*self.tables}:
            yield from self.rule(edition)


def check(*tables: str) -> Callable[[Rule], Check]:
    """Make a rule a check that reads these tables."""
    return lambda rule: Check(tables, rule)
