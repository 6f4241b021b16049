"""A file to a Sheet, collecting every problem on the way."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pipeline.errors import Problem
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import LONGEST, Flaw, is_suspect
from pipeline.tables.contract import CellKind, Column, Table
from pipeline.tables.parsing import judge
from pipeline.tables.raw import Raw, read_raw
from pipeline.tables.sheet import KEY, Sheet

_TOTAL = re.compile(r"[（(]?(?:合计|总计|小计|共计|总分)[）)]?[:：]?(?:\d+(?:\.\d+)?分?)?")
_NUMERIC = {CellKind.NUMBER, CellKind.COUNT}


def read_sheet(data: bytes, table: Table, file: str) -> tuple[Sheet | None, list[Problem]]:
    """The table in `data`, or None where it cannot be read at all, and its problems.

    `file` names the file in messages. A sheet is returned even when single cells are wrong (they
    hold None), so that the rules across tables can be checked in the same run.
    """
    raw, problems = read_raw(data, table, file)
    if raw is None:
        return None, problems
    columns: dict[str, Sequence[Any]] = {}
    for column in table.columns:
        columns[column.field], found = _judged(raw, column)
        problems += found
    sheet, problems = _without_totals(Sheet(raw=raw, columns=columns), problems)
    if table.filled and not raw.rows:
        problems.append(problem_at(Flaw("rows", "表里一行内容也没有"), file))
    return sheet, [*problems, *_twice(sheet)]


def _without_totals(sheet: Sheet, problems: list[Problem]) -> tuple[Sheet, list[Problem]]:
    """The table without rows that only add up others, and what is wrong with it: that they stand.

    What else is wrong with such a row would hide what is meant.
    """
    totals = [_is_total(row) for row in zip(*sheet.raw.columns, strict=True)]
    if not any(totals):
        return sheet, problems
    flaw = Flaw("total-row", "这是合计行，合计由程序来算", "删掉这一行")
    rows = {sheet.rows[record]: record for record, is_total in enumerate(totals) if is_total}
    others = [problem for problem in problems if problem.row not in rows]
    told = [sheet.raw.problem_in(record, None, flaw) for record in rows.values()]
    return sheet.kept([not is_total for is_total in totals]), [*others, *told]


def _is_total(row: Sequence[str]) -> bool:
    """Whether a row begins with 合计 or the like, or has it without a number of its own."""
    filled = [cell for cell in row if cell]
    candidates = filled if not row[0] else filled[:1]
    return any(_TOTAL.fullmatch("".join(cell.split())) for cell in candidates)


def _judged(raw: Raw, column: Column) -> tuple[Sequence[Any], list[Problem]]:
    """The column's values, None where a cell is wrong, and its problems."""
    texts = raw.texts(column.field)
    hidden = _hidden(raw, column)
    if not hidden and _is_plain_text(texts, column):
        return texts, []
    judged = {text: judge(text, column) for text in dict.fromkeys(texts)}
    flaws = {text: found for text, (_, found) in judged.items() if found}
    problems = list(_problems(raw, column, flaws, hidden)) if flaws or hidden else []
    values = {text: value for text, (value, _) in judged.items()}
    return _values(texts, values, hidden), problems


def _values(
    texts: Sequence[str], values: Mapping[str, Any], hidden: Collection[int]
) -> Sequence[Any]:
    """The value of each text, None in the records where a workbook hides something."""
    if not hidden and all(value is text for text, value in values.items()):
        return texts  # as nearly always for names and numbers of clauses
    found = [values[text] for text in texts]
    for record in hidden:
        found[record] = None
    return found


def _problems(
    raw: Raw, column: Column, flaws: Mapping[str, Sequence[Flaw]], hidden: Mapping[int, Flaw]
) -> Iterator[Problem]:
    """What is wrong with each cell: what a workbook hides counts before what is in the text."""
    for record, text in enumerate(raw.texts(column.field)):
        found = (hidden[record],) if record in hidden else flaws.get(text, ())
        for flaw in found:
            yield raw.problem(record, column, flaw, text or None)


def _is_plain_text(texts: Sequence[str], column: Column) -> bool:
    """Whether free text can be taken as it is: one search for all cells instead of one for each."""
    return (
        column.kind is CellKind.TEXT
        and not column.choices
        and not (column.filled and "" in texts)
        and not is_suspect("\n".join(texts))
        and max(map(len, texts), default=0) <= LONGEST
    )


def _hidden(raw: Raw, column: Column) -> Mapping[int, Flaw]:
    """Record → what a workbook's cell hides, where it matters to this kind of column."""
    own_index = raw.column_index.get(column.field)
    own = {record: flaw for (record, index), flaw in raw.flaws.items() if index == own_index}
    return {record: flaw for record, flaw in own.items() if _matters(flaw, column.kind)}


def _matters(flaw: Flaw, kind: CellKind) -> bool:
    """Whether a flaw changes what is read: a date may look as it likes where a date is expected."""
    if flaw.rule == "date-damage":
        return kind is not CellKind.DATE
    return flaw.rule != "number-format" or kind not in _NUMERIC


def _twice(sheet: Sheet) -> Iterator[Problem]:
    """Values that stand twice in a unique column, and rows that share a key."""
    for column in sheet.table.columns:
        if column.unique:
            values = sheet[column.field]
            yield from _repeats(sheet, column.field, values, column.header)
    if sheet.table.key:
        fields = [field for field in sheet.table.key if field in sheet.column_index]
        what = "、".join(sheet.table.column(field).header for field in fields)
        yield from _repeats(sheet, sheet.table.key[0], sheet.record_keys(), what)


def _repeats(sheet: Sheet, field: str, values: Sequence[Any], what: str) -> Iterator[Problem]:
    """Each value that stood in a record before; `what` names what must be unique."""
    if len(set(values)) == len(values):
        return
    first: dict[Any, int] = {}
    for index, value in enumerate(values):
        if value in (None, ""):
            continue
        before = first.setdefault(value, index)
        if before != index:
            message = f"{what}与第{sheet.rows[before]}行重复"
            parts = [part for part in value.split(KEY) if part]
            yield sheet.problem(index, field, "unique", message, value="、".join(parts))
