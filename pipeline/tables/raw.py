"""A table as typed: texts by column, with the place of each, before any cell is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.errors import Problem
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw
from pipeline.tables.contract import Column, Table
from pipeline.tables.csv_file import CellPosition, Grid, GridError, heading, read_csv
from pipeline.tables.head import missing_columns, no_head, stray_columns
from pipeline.tables.merged_cells import continued, unmerge

T = TypeVar("T")

# Errors that leave open which cell is which; all others concern single cells.
SHAPE = frozenset({"column-twice", "column-unnamed", "row-length"})

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A file's rows that hold anything, column by column.

    `headers` and `columns` follow the file, columns unknown to the contract included;
    `column_index` maps a field of the contract to its column, from 0, and lacks the optional
    columns that are not there. `rows` holds each record's row as Excel counts, `lines` its line in
    a text file (empty for a workbook); `flaws` what a workbook's cells hide, by record and column.
    """

    table: Table
    file: str
    source: str
    headers: Sequence[str]
    columns: Sequence[list[str]]
    column_index: Mapping[str, int]
    rows: Sequence[int]
    lines: Sequence[int]
    flaws: Mapping[CellPosition, Flaw]

    def texts(self, field: str) -> Sequence[str]:
        """The cells of a field, blank where its column is not there."""
        place = self.column_index.get(field)
        return [""] * len(self.rows) if place is None else self.columns[place]

    def problem(self, record: int, column: Column, flaw: Flaw, value: str | None = None) -> Problem:
        """A flaw in a record's cell, with its place."""
        place = self.column_index.get(column.field)
        return self.at(record, place, flaw, column.header, value)

    def at(
        self, record: int, place: int | None, flaw: Flaw, header: str | None, value: str | None
    ) -> Problem:
        """A flaw at a record's column, whatever its header."""
        return problem_at(
            flaw,
            self.file,
            row=self.rows[record],
            line=self.lines[record] if self.lines else None,
            column_index=place,
            header=header,
            value=value,
        )


def read_raw(data: bytes, table: Table, file: str) -> tuple[Raw | None, list[Problem]]:
    """The texts of a file, None where they cannot be told apart, and what is wrong with its shape.

    `file` names the file in messages.
    """
    try:
        grid = _read_grid(data, table)
    except GridError as error:
        return None, [problem_at(error.flaw, file, row=error.row, line=error.line)]
    if flaw := no_head(grid.top, table):
        return None, [problem_at(flaw, file, row=1, line=1)]
    headers = [heading(cell) for cell in grid.top[0]]
    missing = list(missing_columns(headers, table, file))
    problems = [*missing, *stray_columns(headers, table, file)]
    if missing:
        return None, problems
    raw, odd = _raw(grid, headers, table, file)
    return raw, [*problems, *odd]


def _read_grid(data: bytes, table: Table) -> Grid:
    """What the file is, its first bytes say; a name can lie."""
    if data.startswith(_ZIP):
        from pipeline.tables.xlsx_file import read_workbook

        return read_workbook(data, table)
    if data.startswith(_OLE):
        hint = "去掉密码，另存为 .xlsx 或者“CSV UTF-8（逗号分隔）”"
        raise GridError(Flaw("file-format", "是旧的 .xls 格式，或者加了密码", hint))
    return read_csv(data, table)


def _raw(grid: Grid, headers: Sequence[str], table: Table, file: str) -> tuple[Raw, list[Problem]]:
    column_index = {c.field: headers.index(c.header) for c in table.columns if c.header in headers}
    labels = [
        column for column in table.columns if column.spanning and column.field in column_index
    ]
    kept = _kept(grid)  # before labels are filled down: a merged label alone is no row
    merged = unmerge(grid, {column_index[column.field] for column in labels})
    columns = [_chosen(column, kept) for column in grid.columns]
    blanks = list(continued([columns[column_index[column.field]] for column in labels]))
    index_of = {record: index for index, record in enumerate(kept)} if _has_marks(grid) else {}
    raw = Raw(
        table=table,
        file=file,
        source=grid.source,
        headers=headers,
        columns=columns,
        column_index=column_index,
        rows=[record + 2 for record in kept],
        lines=_chosen(grid.lines, kept) if grid.lines else (),
        flaws={
            (index_of[record], place): flaw
            for (record, place), flaw in {**merged, **grid.flaws}.items()
            if record in index_of
        },
    )
    overlong = {index_of[record]: extra for record, extra in grid.overlong.items()}
    return raw, [
        *_filled_in(raw, labels, blanks),
        *_overlong(raw, overlong),
        *_unnamed(raw),
        *_hidden(raw, [index_of[record] for record in grid.hidden if record in index_of]),
    ]


def _has_marks(grid: Grid) -> bool:
    return bool(grid.flaws or grid.merged or grid.overlong or grid.hidden)


def _kept(grid: Grid) -> Sequence[int]:
    """The records that hold anything."""
    everything = range(len(grid.columns[0]))
    if "" not in grid.columns[0]:
        return everything  # as nearly always: the first column is filled
    rows = enumerate(zip(*grid.columns, strict=True))
    flawed = {record for record, _ in grid.flaws}
    return [index for index, row in rows if any(row) or index in grid.overlong or index in flawed]


def _chosen(values: Sequence[T], kept: Sequence[int]) -> list[T]:
    return list(values) if len(kept) == len(values) else [values[index] for index in kept]


def _filled_in(
    raw: Raw, labels: Sequence[Column], blanks: Sequence[tuple[int, int]]
) -> Iterator[Problem]:
    """Inner labels that were filled down: most are merged cells, but some may be meant blank."""
    for level, record in blanks:
        if level:
            label = raw.texts(labels[level].field)[record]
            message = f"空着，按合并单元格补成了上面的“{label}”"
            hint = f"确实没有{labels[level].header}的，把这一行的“{labels[0].header}”也写上"
            flaw = Flaw("filled-down", message, hint, "warning")
            yield raw.problem(record, labels[level], flaw)


def _overlong(raw: Raw, extras: Mapping[int, tuple[int, str]]) -> Iterator[Problem]:
    """Rows with more cells than there are headers."""
    message = "这一行比表头多出一格，后面的内容可能错了列"
    hint = "单元格里的逗号要用中文的“，”，或者在 Excel、WPS 里编辑"
    for record, (place, text) in extras.items():
        yield raw.at(record, place, Flaw("row-length", message, hint), None, text.strip())


def _hidden(raw: Raw, records: Sequence[int]) -> Iterator[Problem]:
    """Rows that Excel does not show: some hide what they mean to leave out."""
    message, hint = "这一行在 Excel 里隐藏着，也会读进来", "不要的行请删掉"
    for record in records:
        flaw = Flaw("hidden-row", message, hint, "warning")
        yield raw.at(record, None, flaw, None, None)


def _unnamed(raw: Raw) -> Iterator[Problem]:
    """Columns that hold something under no header."""
    flaw = Flaw("column-unnamed", "这一列没有表头，它的内容不会用到", "补上表头，或者删去这一列")
    for place, (header, column) in enumerate(zip(raw.headers, raw.columns, strict=True)):
        filled = next((record for record, text in enumerate(column) if text), None)
        if not header and filled is not None:
            yield raw.at(filled, place, flaw, None, column[filled])
