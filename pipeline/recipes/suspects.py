"""For a total that is off: the rows that were changed since the last commit, where git knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.delivery.git import committed
from pipeline.errors import Problem
from pipeline.tables.comparison import RowDifference, Rows, differences
from pipeline.tables.contract import Table
from pipeline.tables.edition import read_edition, tables
from pipeline.tables.raw import Raw, read_raw

_SHOWN = 5


def with_suspects(
    problems: Iterable[Problem], inputs: Path, environment: Mapping[str, str]
) -> list[Problem]:
    """The problems; those of totals say in which rows their column was changed."""
    return [_with_suspects(problem, inputs, environment) for problem in problems]


def _with_suspects(problem: Problem, inputs: Path, environment: Mapping[str, str]) -> Problem:
    if problem.rule != "total" or problem.column is None:
        return problem
    path = inputs / problem.file
    former = committed(path, environment)
    edition, _ = read_edition(path.parent)
    if former is None or edition is None:
        return problem
    (table,) = [
        each for each in tables(edition.settings.indicators) if each.name == path.stem.lower()
    ]
    states = [_rows(data, table) for data in (former, path.read_bytes())]
    if not all(states):
        return problem
    told = [*_told(differences(*states), states[1][0], problem.column)]
    if not told:
        return problem
    more = f"等 {len(told)} 处" if len(told) > _SHOWN else ""
    suspects = f"上次提交以后改过：{'；'.join(told[:_SHOWN])}{more}"
    return replace(problem, hint=f"{problem.hint}。{suspects}" if problem.hint else suspects)


def _rows(data: bytes, table: Table) -> Rows:
    """The rows of a table by its own headers, the head first; none where it cannot be read."""
    raw: Raw | None = read_raw(data, table, table.file)[0]
    if raw is None:
        return []
    head, columns = zip(*raw.named(), strict=True)
    return [head, *zip(*columns, strict=True)]


def _told(found: Iterable[RowDifference], head: Sequence[str], column: str) -> Iterator[str]:
    """The rows in which the column differs, each in a few words."""
    index = head.index(column)
    for difference in found:
        name = (difference.after or difference.before)[0]
        if not difference.before:
            yield f"新加第{difference.row}行 {name}（{difference.after[index]}）"
        elif not difference.after:
            yield f"删去 {name}（{difference.before[index]}）"
        for cell in difference.cells:
            if cell.header == column:
                yield f"第{difference.row}行 {name} {cell.before or '空'}→{cell.after or '空'}"
