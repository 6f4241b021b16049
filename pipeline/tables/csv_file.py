"""A CSV file, as Excel and WPS save it, to the cells of its table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from pipeline.tables.cells import Flaw
from pipeline.tables.contract import Table
from pipeline.tables.decode import Decoded, UndecodableError, decode
from pipeline.tables.grid import Grid, GridError, gathered, heading

SEPARATORS = (",", ";", "\t")

# The default, 131,072, would make the csv module take a long cell for a lone quote.
csv.field_size_limit(1 << 27)

_SAVE_AS = "用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”"
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\n", re.IGNORECASE)  # for Excel, which hides it

_FIRST_LONG_LINE = re.compile(rb"[^\r\n]{200000}")  # bytes


def read_csv(data: bytes, table: Table) -> Grid:
    """The cells of a CSV file; the table's headers decide encoding and separator.

    Raises GridError.
    """
    _refuse_long_head(data)
    decoded = decoded_csv(data, table)
    text, separator, skipped = _dialect(decoded.text, set(table.headers))
    return gathered(_records(text, separator, skipped), decoded.encoding)


def _refuse_long_head(data: bytes) -> None:
    """Raise GridError for a first line that is no head: to split it would take gigabytes."""
    if _FIRST_LONG_LINE.match(data):
        raise GridError(Flaw("header", "第一行太长，不像是表头", _SAVE_AS), row=1, line=1)


def decoded_csv(data: bytes, table: Table) -> Decoded:
    """The text of a CSV file; raises GridError."""
    headers = set(table.headers)
    try:
        return decode(data, lambda text: max(_fits(text, headers).values()))
    except UndecodableError as error:
        message = "这里的字节既不是 UTF-8 也不是 GBK，文件的编码认不出来"
        flaw = Flaw("encoding", message, _SAVE_AS)
        raise GridError(flaw, error.line, error.line) from error


def _dialect(text: str, headers: set[str]) -> tuple[str, str, int]:
    """The text from its head on, its separator, and how many lines stood above the head."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if stated := _SEPARATOR_LINE.match(text):
        return text[stated.end() :], stated[1], 1
    fits = _fits(text, headers)
    return text, max(fits, key=lambda separator: fits[separator]), 0


def _fits(text: str, headers: set[str]) -> dict[str, int]:
    """Separator → how many of the table's headers the first record then shows."""
    stated = _SEPARATOR_LINE.match(text.replace("\r\n", "\n", 1))
    head = io.StringIO(text.partition("\n")[2] if stated else text, newline="")
    firsts = {separator: _first_record(head, separator) for separator in SEPARATORS}
    return {
        separator: len(headers.intersection(map(heading, first)))
        for separator, first in firsts.items()
    }


def _first_record(file: io.StringIO, separator: str) -> list[str]:
    """The first record of a file; no cells where there is none or it cannot be read."""
    file.seek(0)
    try:
        return next(csv.reader(file, delimiter=separator), [])
    except csv.Error:
        return []


def _records(text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Every record with the line on which it begins; blank ones too, as Excel counts them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row, last_line, separators = 0, skipped, 0
    try:
        for row, record in enumerate(reader, 1):
            line, last_line = last_line + 1, reader.line_num + skipped
            separators = separators or len(record) - 1
            if last_line > line and _has_swallowed(record, separator, separators):
                message = "这一行有一个双引号没有配对，把下面的几行吞了进来"
                raise _quote_error(message, row, line)
            yield line, record
    except csv.Error as error:
        message = "从这一行起有一个双引号没有配对，后面的内容会被吞掉"
        raise _quote_error(message, row + 1, last_line + 1) from error


def _quote_error(message: str, row: int, line: int) -> GridError:
    """The error of a double quote without its partner."""
    hint = "补上或删掉这个双引号；内容里的引号和逗号用中文的“ ”和“，”"
    return GridError(Flaw("quote", message, hint), row, line)


def _has_swallowed(record: Sequence[str], separator: str, separators: int) -> bool:
    """Whether a quote that is not closed in its row has taken in the rows down to the next quote.

    Then the cell's first line completes one row of so many separators, its last line begins
    another, and each line between them is one.
    """
    if "".join(record).count(separator) < separators:
        return False
    for index, cell in enumerate(record):
        counts = [line.count(separator) for line in cell.split("\n")]
        if _are_rows(counts, index, len(record) - 1 - index, separators):
            return True
    return False


def _are_rows(counts: Sequence[int], before: int, after: int, separators: int) -> bool:
    """Whether a cell's lines, with so many separators in each, are rows of the table.

    `before` and `after` count the separators of the record on the two sides of the cell.
    """
    if len(counts) < 2:
        return False
    first, *between, last = counts
    if not first or (not last and not before):
        return False  # a cell of its own, which happens to hold the separator
    ends_fit = first + before == separators == last + after
    return ends_fit and all(count == separators for count in between)
