"""What a rule across tables is: a generator of problems, and the tables that it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.errors import Problem
from pipeline.tables.edition import Edition

Generator = Callable[[Edition], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check of an edition that can only be made when all of `tables` could be read."""

    tables: tuple[str, ...]
    problems: Generator

    def __call__(self, edition: Edition) -> Iterator[Problem]:
        """The problems; none where a table is missing, which is told once, elsewhere."""
        if all(table in edition.sheets for table in self.tables):
            yield from self.problems(edition)


def check(*tables: str) -> Callable[[Generator], Check]:
    """Declare the tables that a generator of problems reads."""
    return lambda generator: Check(tables, generator)
