"""A CSV file to raw cells with their places, as Excel and WPS save it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from pipeline.tables.cells import Flaw
from pipeline.tables.contract import Table
from pipeline.tables.decode import Decoded, UndecodableError, decode

SEPARATORS = (",", ";", "\t")
LOOKED_AT = 10  # rows in which the head may hide under titles

# The default, 131,072, would make the csv module take a long cell for a lone quote.
csv.field_size_limit(1 << 27)

_SAVE_AS = "用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”"
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\n", re.IGNORECASE)  # for Excel, which hides it
_AT_ONCE = 1_000  # records that exist as such at a time: many live lists keep the collector busy

CellPosition = tuple[int, int]  # record (0 is the first below the head) and column, from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of a file as text, without blanks around them and with one kind of line break.

    `top` holds the first rows as they are, the head first; `columns` the cells below the head,
    as many columns as the head has cells; `overlong` the first cell too many of a record.
    `lines` says on which line of the text file each record begins, from 1 (empty for a workbook);
    `flaws` what a workbook's cells hide; `merged` its merged cells as (first, last); `hidden` the
    records that it does not show.
    """

    source: str
    top: Sequence[Sequence[str]]
    columns: Sequence[list[str]]
    overlong: Mapping[int, tuple[int, str]]
    lines: Sequence[int] = ()
    flaws: Mapping[CellPosition, Flaw] = field(default_factory=dict)
    merged: Sequence[tuple[CellPosition, CellPosition]] = ()
    hidden: Sequence[int] = ()


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
    decoded = decoded_csv(data, table)
    text, separator, skipped = _dialect(decoded.text, {column.header for column in table.columns})
    lines: list[int] = []
    top, columns, overlong = transposed(_records(text, separator, lines, skipped))
    return Grid(
        source=decoded.encoding, top=top, columns=columns, overlong=overlong, lines=lines[1:]
    )


def decoded_csv(data: bytes, table: Table) -> Decoded:
    """The text of a CSV file; raises GridError."""
    known = {column.header for column in table.columns}
    try:
        return decode(data, lambda text: max(_fits(text, known).values()))
    except UndecodableError as error:
        message = "这里的字节既不是 UTF-8 也不是 GBK，文件的编码认不出来"
        flaw = Flaw("encoding", message, _SAVE_AS)
        raise GridError(flaw, error.line, error.line) from error


def transposed(
    records: Iterator[Sequence[str]],
) -> tuple[list[Sequence[str]], list[list[str]], dict[int, tuple[int, str]]]:
    """`top`, `columns` and `overlong` of a Grid.

    Short records are filled up: Excel leaves out the last separators of rows that end blank.
    """
    top = list(islice(records, LOOKED_AT))
    width = len(top[0]) if top else 0
    columns: list[list[str]] = [[] for _ in range(width)]
    overlong: dict[int, tuple[int, str]] = {}
    below = chain(top[1:], records)
    done = 0
    while chunk := list(islice(below, _AT_ONCE)):
        if {*map(len, chunk)} != {width}:
            overlong |= _too_long(chunk, width, done)
            chunk = [[*record, *[""] * (width - len(record))][:width] for record in chunk]
        for column, texts in zip(columns, zip(*chunk, strict=True), strict=True):
            column.extend(map(str.strip, texts))
        done += len(chunk)
    return top, columns, overlong


def _too_long(
    chunk: Iterable[Sequence[str]], width: int, done: int
) -> Iterator[tuple[int, tuple[int, str]]]:
    for index, record in enumerate(chunk, done):
        extra = ((place, record[place]) for place in range(width, len(record)))
        first = next(((place, text) for place, text in extra if text.strip()), None)
        if first is not None:
            yield index, first


def _dialect(text: str, known: set[str]) -> tuple[str, str, int]:
    """The text from its head on, its separator, and how many lines stood above the head."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if stated := _SEPARATOR_LINE.match(text):
        return text[stated.end() :], stated[1], 1
    fits = _fits(text, known)
    return text, max(fits, key=lambda each: fits[each]), 0


def _fits(text: str, known: set[str]) -> dict[str, int]:
    """Separator → how many of the known headers the first record then shows."""
    stated = _SEPARATOR_LINE.match(text.replace("\r\n", "\n", 1))
    head = io.StringIO(text.partition("\n")[2] if stated else text, newline="")
    fits = {}
    for separator in SEPARATORS:
        head.seek(0)
        try:
            first = next(csv.reader(head, delimiter=separator), [])
        except csv.Error:
            first = []
        fits[separator] = len(known.intersection(map(heading, first)))
    return fits


def _records(text: str, separator: str, lines: list[int], skipped: int) -> Iterator[list[str]]:
    """Every record, blank ones too, so that record n is Excel's row n + 1; fills `lines`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line, wanted = skipped, 0
    try:
        for record in reader:
            begins, line = line + 1, reader.line_num + skipped
            lines.append(begins)
            wanted = wanted or len(record) - 1
            if line > begins and _has_swallowed(record, separator, wanted):
                message = "这一行有一个双引号没有配对，把下面的几行吞了进来"
                raise _quote_error(message, len(lines), begins)
            yield record
    except csv.Error as error:
        message = "从这一行起有一个双引号没有配对，后面的内容会被吞掉"
        raise _quote_error(message, len(lines) + 1, line + 1) from error


def _quote_error(message: str, row: int, line: int) -> GridError:
    hint = "补上或删掉这个双引号；内容里的引号和逗号用中文的“ ”和“，”"
    return GridError(Flaw("quote", message, hint), row, line)


def _has_swallowed(record: Sequence[str], separator: str, wanted: int) -> bool:
    """Whether a quote that is not closed in its row has taken in the rows down to the next quote.

    Then the cell's first line completes one row of `wanted` separators, its last line begins
    another, and each line between them is one.
    """
    if "".join(record).count(separator) < wanted:
        return False
    return any(
        _are_rows(place, len(record) - 1 - place, cell.split("\n"), separator, wanted)
        for place, cell in enumerate(record)
    )


def _are_rows(before: int, after: int, lines: Sequence[str], separator: str, wanted: int) -> bool:
    if len(lines) < 2:
        return False
    first, *between, last = (line.count(separator) for line in lines)
    if not first or (not last and not before):
        return False  # a cell of its own, which happens to hold the separator
    return first + before == wanted == last + after and all(each == wanted for each in between)
