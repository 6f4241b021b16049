"""A table as typed: texts by column, with the row of each, before any cell is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import TypeVar

from pipeline.errors import Problem
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw
from pipeline.tables.contract import Column, Table
from pipeline.tables.csv_file import read_csv
from pipeline.tables.grid import CellPosition, Grid, GridError, heading
from pipeline.tables.head import missing_columns, no_head, stray_columns
from pipeline.tables.merged_cells import filled_down, unmerged

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
    columns: Sequence[Sequence[str]]
    column_index: Mapping[str, int]
    rows: Sequence[int]
    lines: Sequence[int]
    flaws: Mapping[CellPosition, Flaw]

    def texts(self, field: str) -> Sequence[str]:
        """The cells of a field, blank where its column is not there."""
        index = self.column_index.get(field)
        return [""] * len(self.rows) if index is None else self.columns[index]

    def kept(self, keep: Sequence[bool]) -> Raw:
        """The rows only for which `keep` is True; what their cells hide was told already."""
        return replace(
            self,
            columns=[list(compress(cells, keep)) for cells in self.columns],
            rows=list(compress(self.rows, keep)),
            lines=list(compress(self.lines, keep)),
            flaws={},
        )

    def named(self) -> list[tuple[str, Sequence[str]]]:
        """The columns that have a header, each with it."""
        columns = zip(self.headers, self.columns, strict=True)
        return [(header, cells) for header, cells in columns if header]

    def problem(self, record: int, column: Column, flaw: Flaw, value: str | None = None) -> Problem:
        """A flaw in a record's cell, with its location."""
        index = self.column_index.get(column.field)
        return self.problem_in(record, index, flaw, header=column.header, value=value)

    def problem_in(
        self,
        record: int,
        column_index: int | None,
        flaw: Flaw,
        *,
        header: str | None = None,
        value: str | None = None,
    ) -> Problem:
        """A flaw in a record, in a column of the file (None: in the row as a whole)."""
        return problem_at(
            flaw,
            self.file,
            row=self.rows[record],
            line=self.lines[record] if self.lines else None,
            column_index=column_index,
            header=header,
            value=value,
        )


def read_raw(data: bytes, table: Table, file: str) -> tuple[Raw | None, list[Problem]]:
    """The texts of a file, None where its columns are not clear, and what is wrong with its shape.

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
    raw, more = _raw(grid, headers, table, file)
    return raw, [*problems, *more]


def _read_grid(data: bytes, table: Table) -> Grid:
    """The cells of a CSV or a workbook: by its first bytes, since a name can be wrong."""
    if data.startswith(_ZIP):
        from pipeline.tables.xlsx_file import read_workbook

        return read_workbook(data, table)
    if data.startswith(_OLE):
        hint = "去掉密码，另存为 .xlsx 或者“CSV UTF-8（逗号分隔）”"
        raise GridError(Flaw("file-format", "是旧的 .xls 格式，或者加了密码", hint))
    return read_csv(data, table)


def _raw(grid: Grid, headers: Sequence[str], table: Table, file: str) -> tuple[Raw, list[Problem]]:
    """The records of a grid that hold anything, and what is wrong with the shape of each."""
    column_index = _column_index(headers, table)
    labels = [each for each in table.columns if each.spanning and each.field in column_index]
    label_indexes = [column_index[column.field] for column in labels]
    kept = _kept(grid)  # before labels are filled down: a merged label alone is no row
    unmerged_columns, merge_flaws = unmerged(grid, label_indexes)
    columns = [_chosen(column, kept) for column in unmerged_columns]
    filled, blanks = filled_down([columns[index] for index in label_indexes])
    columns = _replaced(columns, dict(zip(label_indexes, filled, strict=True)))
    index_of = _index_of(grid, kept)
    raw = Raw(
        table=table,
        file=file,
        source=grid.source,
        headers=headers,
        columns=columns,
        column_index=column_index,
        rows=[record + 2 for record in kept],
        lines=_chosen(grid.lines, kept) if grid.lines else (),
        flaws=_renumbered({**merge_flaws, **grid.flaws}, index_of),
    )
    return raw, [
        *_filled_in(raw, labels, blanks),
        *_overlong(raw, grid, index_of),
        *_unnamed(raw),
        *_hidden(raw, grid, index_of),
    ]


def _column_index(headers: Sequence[str], table: Table) -> dict[str, int]:
    """Field → the first column with its header; fields without a column are left out."""
    found = [column for column in table.columns if column.header in headers]
    return {column.field: headers.index(column.header) for column in found}


def _replaced(
    columns: Sequence[Sequence[str]], others: Mapping[int, Sequence[str]]
) -> list[Sequence[str]]:
    """The columns, some of them replaced by others."""
    return [others.get(index, column) for index, column in enumerate(columns)]


def _renumbered(
    flaws: Mapping[CellPosition, Flaw], index_of: Mapping[int, int]
) -> dict[CellPosition, Flaw]:
    """The flaws by the new numbers of their records; those of records left out are dropped."""
    return {
        (index_of[record], column_index): flaw
        for (record, column_index), flaw in flaws.items()
        if record in index_of
    }


def _index_of(grid: Grid, kept: Sequence[int]) -> dict[int, int]:
    """Record of the grid → its number among those kept; empty where nobody will ask."""
    if not (grid.flaws or grid.merged or grid.overlong or grid.hidden):
        return {}
    return {record: index for index, record in enumerate(kept)}


def _kept(grid: Grid) -> Sequence[int]:
    """The records that hold anything."""
    everything = range(len(grid.columns[0]))
    if "" not in grid.columns[0]:
        return everything  # as nearly always: the first column is filled
    rows = enumerate(zip(*grid.columns, strict=True))
    marked = _marked(grid)
    return [index for index, row in rows if any(row) or index in marked]


def _marked(grid: Grid) -> set[int]:
    """The records that have a flaw or a cell too many, and so are kept even if they are blank."""
    return {record for record, _ in grid.flaws} | set(grid.overlong)


def _chosen(values: Sequence[T], kept: Sequence[int]) -> Sequence[T]:
    """The values of the records that are kept."""
    return values if len(kept) == len(values) else [values[index] for index in kept]


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


def _overlong(raw: Raw, grid: Grid, index_of: Mapping[int, int]) -> Iterator[Problem]:
    """Rows with more cells than there are headers."""
    message = "这一行比表头多出一格，后面的内容可能错了列"
    hint = "单元格里的逗号要用中文的“，”，或者在 Excel、WPS 里编辑"
    flaw = Flaw("row-length", message, hint)
    for record, (column_index, text) in grid.overlong.items():
        yield raw.problem_in(index_of[record], column_index, flaw, value=text.strip())


def _hidden(raw: Raw, grid: Grid, index_of: Mapping[int, int]) -> Iterator[Problem]:
    """Rows that Excel does not show: some hide what they mean to leave out."""
    message, hint = "这一行在 Excel 里隐藏着，也会读进来", "不要的行请删掉"
    flaw = Flaw("hidden-row", message, hint, "warning")
    for record in grid.hidden:
        if record in index_of:
            yield raw.problem_in(index_of[record], None, flaw)


def _unnamed(raw: Raw) -> Iterator[Problem]:
    """Columns that hold something under no header."""
    flaw = Flaw("column-unnamed", "这一列没有表头，它的内容不会用到", "补上表头，或者删去这一列")
    for column_index, (header, column) in enumerate(zip(raw.headers, raw.columns, strict=True)):
        if not header:
            yield from _at_first_text(raw, column_index, column, flaw)


def _at_first_text(
    raw: Raw, column_index: int, column: Sequence[str], flaw: Flaw
) -> Iterator[Problem]:
    """The flaw at the first cell of the column that holds anything; nothing if none does."""
    text = next(filter(None, column), None)
    if text is not None:
        yield raw.problem_in(column.index(text), column_index, flaw, value=text)
