"""A file to raw cells with their places: CSV as Excel and WPS save it, or a workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.tables.cells import Flaw
from pipeline.tables.contract import Table
from pipeline.tables.decode import Decoded, UndecodableError, decode

SEPARATORS = (",", ";", "\t")
_SAVE_AS = "用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”"
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)  # for Excel, which hides it

Place = tuple[int, int]  # record and column, from 0
Records = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of a file as text; record 0 is Excel's row 1.

    `lines` holds the line of the text file on which each record begins, from 1 (empty for a
    workbook); `flaws` what a workbook's cell is that its text does not show, such as a date;
    `merged` its merged cells as (first, last).
    """

    records: Records
    source: str
    lines: Sequence[int] = ()
    flaws: Mapping[Place, Flaw] = field(default_factory=dict)
    merged: Sequence[tuple[Place, Place]] = ()

    def line(self, record: int) -> int | None:
        """The line of the text file on which a record begins."""
        return self.lines[record] if record < len(self.lines) else None


class GridError(ValueError):
    """A file cannot be read at all: why, and on which row (as Excel counts) and line."""

    def __init__(self, flaw: Flaw, row: int | None = None, line: int | None = None) -> None:
        super().__init__(flaw.message)
        self.flaw, self.row, self.line = flaw, row, line


def heading(text: str) -> str:
    """A header without the blanks and line breaks that people put in: 责任⏎领导 → 责任领导."""
    return re.sub(r"[\s\ufeff\u200b]+", "", text)


def read_csv(data: bytes, table: Table) -> Grid:
    """The cells of a CSV file; the table's headers decide encoding and separator.

    Raises GridError.
    """
    known = {column.header for column in table.columns}
    decoded = decoded_csv(data, table)
    text, skipped = decoded.text, 0
    if stated := _SEPARATOR_LINE.match(text):
        text, skipped = text[stated.end() :], 1
    fits = _fits(text, known)
    separator = stated[1] if stated else max(fits, key=lambda each: fits[each])
    records, lines = _records(text, separator, skipped)
    _refuse_swallowed(records, lines, separator)
    return Grid(records=records, lines=lines, source=decoded.encoding)


def decoded_csv(data: bytes, table: Table) -> Decoded:
    """The text of a CSV file; raises GridError."""
    known = {column.header for column in table.columns}
    try:
        return decode(data, lambda text: max(_fits(text, known).values()))
    except UndecodableError as error:
        message = "这里的字节既不是 UTF-8 也不是 GBK，文件的编码认不出来"
        flaw = Flaw("encoding", message, _SAVE_AS)
        raise GridError(flaw, error.line, error.line) from error


def _fits(text: str, known: set[str]) -> dict[str, int]:
    """Separator → how many of the known headers the first record then shows."""
    stated = _SEPARATOR_LINE.match(text)
    head = io.StringIO(text[stated.end() :] if stated else text, newline="")
    fits = {}
    for separator in SEPARATORS:
        head.seek(0)
        try:
            first = next(csv.reader(head, delimiter=separator), [])
        except csv.Error:
            first = []
        fits[separator] = len(known.intersection(map(heading, first)))
    return fits


def _records(text: str, separator: str, skipped: int) -> tuple[list[list[str]], list[int]]:
    """Every record, blank ones too, so that record n is Excel's row n + 1."""
    records: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        before = 0
        for record in reader:
            records.append(record)
            lines.append(before + 1 + skipped)
            before = reader.line_num
    except csv.Error as error:
        message = "从这一行起有一个双引号没有配对，后面的内容会被吞掉"
        raise _quote_error(message, len(records), before) from error
    return records, lines


def _quote_error(message: str, record: int, before: int) -> GridError:
    hint = "补上或删掉这个双引号；单元格里要用引号请用中文的“ ”"
    return GridError(Flaw("quote", message, hint), row=record + 1, line=before + 1)


def _refuse_swallowed(
    records: Sequence[Sequence[str]], lines: Sequence[int], separator: str
) -> None:
    """Raise where a quote that is not closed in its row has taken in whole rows.

    Such a cell has a line with as many separators as a row has: it is rows, not text.
    """
    wanted = len(records[0]) - 1 if records else 0
    if wanted < 2:
        return
    for index, cells in _with_line_breaks(records):
        if any(line.count(separator) >= wanted for cell in cells for line in cell.split("\n")):
            message = "这一行有一个双引号没有配对，把下面的几行吞了进来"
            raise _quote_error(message, index, lines[index] - 1)


def _with_line_breaks(records: Sequence[Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    for index, record in enumerate(records):
        cells = [cell for cell in record if "\n" in cell]
        if cells:
            yield index, cells
