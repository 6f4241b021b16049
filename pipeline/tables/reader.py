"""A CSV file to a Sheet, collecting every problem on the way."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from pipeline.errors import Problem
from pipeline.tables.cells import CellError, clean, parse
from pipeline.tables.contract import Column, Table
from pipeline.tables.decode import Decoded, UndecodableError, decode
from pipeline.tables.sheet import Sheet, cell_name

_SAVE_AS = "用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”"

Records = list[list[str]]


def read_sheet(data: bytes, table: Table, file: str) -> tuple[Sheet | None, list[Problem]]:
    """The table in `data`, or None where it cannot be read at all, and its problems.

    A sheet is returned even when single cells are wrong (they hold None), so that the rules
    across tables can be checked in the same run.
    """
    try:
        decoded = decode(data, lambda text: _fit(text, table))
        records = _records(decoded.text)
    except UndecodableError as error:
        message = "这里的字节既不是 UTF-8 也不是 GBK，文件的编码认不出来"
        return None, [
            Problem(file=file, row=error.row, rule="encoding", message=message, hint=_SAVE_AS)
        ]
    except _QuoteError as error:
        message = "从这一行起有一个双引号没有配对，后面的内容会被吞掉"
        return None, [
            Problem(
                file=file,
                row=error.row,
                rule="quote",
                message=message,
                hint="补上或删掉这个双引号；单元格里要用引号请用中文的“ ”",
            )
        ]
    places, problems = _places(records, table, file)
    if places is None:
        return None, problems
    sheet, cell_problems = _sheet(records, table, file, decoded, places)
    return sheet, sorted([*problems, *cell_problems], key=lambda problem: problem.row or 0)


class _QuoteError(ValueError):
    def __init__(self, row: int) -> None:
        super().__init__(f"row {row}")
        self.row = row


def _records(text: str) -> Records:
    """Every record, blank ones too, so that record n is Excel's row n + 1."""
    records: Records = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            records.append(record)
    except csv.Error as error:
        raise _QuoteError(len(records) + 1) from error
    return records


def _heading(text: str) -> str:
    """A header without the blanks and line breaks that people put in: 责任⏎领导 → 责任领导."""
    return re.sub(r"[\s\ufeff\u200b]+", "", text)


def _fit(text: str, table: Table) -> int:
    """How many of the table's headers the first record shows."""
    try:
        first = next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error:
        return 0
    headers = {_heading(cell) for cell in first}
    return sum(column.header in headers for column in table.columns)


def _places(
    records: Records, table: Table, file: str
) -> tuple[dict[str, int] | None, list[Problem]]:
    """Where each field stands, or None when a required column is missing."""
    headers = [_heading(cell) for cell in records[0]] if records else []
    if not any(headers):
        hint = f"第1行写上表头：{'、'.join(column.header for column in table.columns)}"
        return None, [Problem(file=file, row=1, rule="header", message="没有表头", hint=hint)]
    places = {
        column.field: headers.index(column.header)
        for column in table.columns
        if column.header in headers
    }
    missing = [c.header for c in table.columns if c.present and c.field not in places]
    problems = [
        *_missing_columns(missing, headers, file),
        *_stray_columns(headers, table, file),
    ]
    return (None if missing else places), problems


def _missing_columns(missing: list[str], headers: list[str], file: str) -> Iterator[Problem]:
    for header in missing:
        near = get_close_matches(header, [h for h in headers if h], 1)
        hint = f"表头里的“{near[0]}”是不是应当写成“{header}”？" if near else "在第1行补上这一列"
        yield Problem(
            file=file, row=1, column=header, rule="column", message="缺少这一列", hint=hint
        )


def _stray_columns(headers: list[str], table: Table, file: str) -> Iterator[Problem]:
    known = [column.header for column in table.columns]
    for place, header in enumerate(headers):
        if header in known and header in headers[:place]:
            yield Problem(
                file=file,
                row=1,
                column=header,
                cell=cell_name(place, 1),
                rule="column-twice",
                message="这一列出现了两次",
                hint="删去多余的一列",
            )
        elif header and header not in known:
            near = get_close_matches(header, known, 1)
            yield Problem(
                file=file,
                row=1,
                column=header,
                cell=cell_name(place, 1),
                rule="column-unknown",
                message="程序不认识这一列，它的内容不会用到",
                hint=f"是不是“{near[0]}”？" if near else None,
                severity="warning",
            )


def _sheet(
    records: Records, table: Table, file: str, decoded: Decoded, places: dict[str, int]
) -> tuple[Sheet, list[Problem]]:
    width = len(records[0])
    filled = [
        (row, record)
        for row, record in enumerate(records[1:], 2)
        if any(cell.strip() for cell in record)
    ]
    problems = [*_overlong(filled, width, file)]
    columns: dict[str, Sequence[Any]] = {}
    for column in table.columns:
        values, wrong = _column(filled, column, places.get(column.field), file)
        columns[column.field] = values
        problems += wrong
    sheet = Sheet(
        table=table,
        file=file,
        encoding=decoded.encoding,
        rows=[row for row, _ in filled],
        columns=columns,
        places=places,
    )
    if table.filled and not filled:
        problems.append(Problem(file=file, rule="rows", message="表里一行内容也没有"))
    return sheet, [*problems, *_twice(sheet)]


def _overlong(filled: list[tuple[int, list[str]]], width: int, file: str) -> Iterator[Problem]:
    for row, record in filled:
        for place in range(width, len(record)):
            if record[place].strip():
                yield Problem(
                    file=file,
                    row=row,
                    cell=cell_name(place, row),
                    rule="row-length",
                    message="这一行比表头多出一格，后面的内容可能错了列",
                    value=record[place],
                    hint="单元格里的逗号要用中文的“，”，或者在 Excel、WPS 里编辑",
                )
                break


def _column(
    filled: list[tuple[int, list[str]]], column: Column, place: int | None, file: str
) -> tuple[list[Any], list[Problem]]:
    """The column's values, None where a cell is wrong, and its problems."""
    values: list[Any] = []
    problems: list[Problem] = []
    for row, record in filled:
        text = clean(record[place]) if place is not None and place < len(record) else ""
        try:
            values.append(parse(text, column))
        except CellError as error:
            values.append(None)
            problems.append(
                Problem(
                    file=file,
                    row=row,
                    column=column.header,
                    cell=None if place is None else cell_name(place, row),
                    rule=error.rule,
                    message=error.message,
                    value=text or None,
                    hint=error.hint,
                )
            )
    return values, problems


def _twice(sheet: Sheet) -> Iterator[Problem]:
    """Values that stand twice in a unique column, and rows that share a key."""
    for column in sheet.table.columns:
        if column.unique:
            yield from _repeats(sheet, column.field, sheet[column.field], column.header)
    if sheet.table.key:
        headers = {column.field: column.header for column in sheet.table.columns}
        what = "、".join(headers[field] for field in sheet.table.key if field in sheet.places)
        yield from _repeats(sheet, sheet.table.key[0], list(sheet.keys()), what)


def _repeats(sheet: Sheet, field: str, values: Sequence[Any], what: str) -> Iterator[Problem]:
    first: dict[Any, int] = {}
    for index, value in enumerate(values):
        if value is None:
            continue
        if value in first:
            row = sheet.rows[first[value]]
            yield sheet.problem(index, field, "unique", f"{what}与第{row}行重复")
        else:
            first[value] = index
