"""For a total that is off: the rows that were changed since the last commit, where git knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.delivery.git import committed
from pipeline.errors import Problem
from pipeline.recipes.change import Change, RowChange
from pipeline.tables.csv_file import decoded_csv
from pipeline.tables.edition import read_edition
from pipeline.tables.folder import BOOK
from pipeline.tables.grid import GridError
from pipeline.tables.indicators import titles

_SHOWN = 5


def with_suspects(
    problems: Iterable[Problem], inputs: Path, environment: Mapping[str, str]
) -> list[Problem]:
    """The problems; those of totals say in which rows their column was changed."""
    return [_with_suspects(problem, inputs, environment) for problem in problems]


def _with_suspects(problem: Problem, inputs: Path, environment: Mapping[str, str]) -> Problem:
    if problem.rule != "total" or problem.column is None:
        return problem
    change = _change(inputs / problem.file, environment)
    told = [*_told(change.rows, problem.column)] if change else []
    if not told:
        return problem
    more = f"等 {len(told)} 处" if len(told) > _SHOWN else ""
    suspects = f"上次提交以后改过：{'；'.join(told[:_SHOWN])}{more}"
    return replace(problem, hint=f"{problem.hint}。{suspects}" if problem.hint else suspects)


def _change(path: Path, environment: Mapping[str, str]) -> Change | None:
    """What was changed in a CSV since it was committed; None where that cannot be known."""
    former = committed(path, environment)
    edition, _ = read_edition(path.parent)
    sheet = edition.sheets.get(path.stem.lower()) if edition else None
    if former is None or sheet is None or sheet.source == BOOK:
        return None
    try:
        before, after = (decoded_csv(data, sheet.table) for data in (former, path.read_bytes()))
        change = Change(
            path=path,
            before=before,
            after=after.text.encode(),
            table=sheet.table,
            titles=titles(sheet) if sheet.table.name == "indicators" else {},
        )
        return change if change.rows else None
    except GridError:
        return None


def _told(rows: Iterable[RowChange], column: str) -> Iterator[str]:
    """The rows in which the column differs, each in a few words."""
    for row in rows:
        figures = [cell for cell in row.cells if cell.column == column]
        if not row.cells:
            yield f"删去第{row.row}行 {row.name}"
        for cell in figures:
            where = "新加一行" if row.row is None else f"第{row.row}行"
            yield f"{where} {row.name} {cell.before or '空'}→{cell.after or '空'}"
