"""What is to change in a file of an edition: as a diff for programs, cell by cell for a clerk."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher, unified_diff
from itertools import pairwise
from pathlib import Path

from pipeline.tables.contract import Table
from pipeline.tables.csv_file import read_csv
from pipeline.tables.decode import OWN, Decoded
from pipeline.tables.grid import heading

SEPARATOR = "、"  # between the parts of a row's name


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """A cell that changes: its column, its text as it is, as it will be."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row that changes, as a clerk finds it.

    `row` counts as Excel does in the file as it is, None: the row is new. `name` is what names the
    row: 前三季度、综合组、CY01. No `cells` stand in a row that goes.
    """

    row: int | None
    name: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file that is to be written anew, and what it was; `table` is None for edition.toml.

    `titles` maps 编号 to how messages name an indicator, with its name.
    """

    path: Path
    before: Decoded
    after: bytes
    table: Table | None = None
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """The change line by line, as `diff -U0` shows it, without its two heading lines."""
        before, after = (text.splitlines() for text in self._texts)
        return list(unified_diff(before, after, n=0, lineterm=""))[2:]

    @property
    def encoding(self) -> str | None:
        """The encoding that the file had, when that changes."""
        return None if self.before.encoding == OWN else self.before.encoding

    @property
    def rows(self) -> list[RowChange]:
        """The rows that change, those that are new last; of edition.toml the lines."""
        if self.table is None:
            return [*_changed_lines(*(text.splitlines() for text in self._texts))]
        before, after = (_read(text, self.table) for text in self._texts)
        changed = _changed_rows(before, after, _key_headers(self.table))
        return [replace(row, name=self._titled(row.name)) for row in changed]

    @property
    def is_reordered(self) -> bool:
        """Whether rows that stay come in another order."""
        if self.table is None:
            return False
        before, after = (_read(text, self.table) for text in self._texts)
        pairs, _, _ = _paired(before, after, _key_headers(self.table))
        return any(first > second for (first, _), (second, _) in pairwise(pairs))

    def _titled(self, name: str) -> str:
        """A row's name, in which an 编号 has its name behind it."""
        return SEPARATOR.join(self.titles.get(part, part) for part in name.split(SEPARATOR))

    @property
    def _texts(self) -> tuple[str, str]:
        return self.before.text.removeprefix("\ufeff"), self.after.decode("utf-8-sig")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The records of a file, blank ones too, so that they count as Excel counts."""

    headers: Sequence[str]
    records: Sequence[Sequence[str]]

    def key(self, record: int, headers: Sequence[str]) -> tuple[str, ...]:
        """The cells under some headers."""
        cells = dict(zip(self.headers, self.records[record], strict=True))
        return tuple(cells.get(header, "") for header in headers)


def _read(text: str, table: Table) -> _Rows:
    """The records of a CSV."""
    grid = read_csv(codecs.BOM_UTF8 + text.encode(), table)
    records = [*zip(*grid.columns, strict=True)]
    return _Rows(headers=[heading(cell) for cell in grid.top[0]], records=records)


def _key_headers(table: Table) -> list[str]:
    """The headers of what names a row: of the key, of a unique column, of the first one."""
    unique = [column.field for column in table.columns if column.unique]
    fields = table.key or unique[:1] or [table.columns[0].field]
    return [table.column(field).header for field in fields]


def _paired(
    before: _Rows, after: _Rows, headers: Sequence[str]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """The records that are one row before and after, in the order of `after`; gone; new.

    Rows are one by their key. Those left over are one in their order where there are as many on
    both sides: then it is the key that changes.
    """
    old, new = (_numbered_keys(rows, headers) for rows in (before, after))
    pairs = {new[key]: old[key] for key in new if key in old}
    gone = [index for key, index in old.items() if key not in new and any(before.records[index])]
    added = [index for key, index in new.items() if key not in old and any(after.records[index])]
    if len(gone) == len(added):
        pairs |= dict(zip(added, gone, strict=True))
        gone, added = [], []
    return [(pairs[index], index) for index in sorted(pairs)], gone, added


def _numbered_keys(rows: _Rows, headers: Sequence[str]) -> dict[tuple[tuple[str, ...], int], int]:
    """Key, and how often it stood before → record."""
    counts: Counter[tuple[str, ...]] = Counter()
    found = {}
    for index in range(len(rows.records)):
        key = rows.key(index, headers)
        found[key, counts[key]] = index
        counts[key] += 1
    return found


def _changed_rows(before: _Rows, after: _Rows, headers: Sequence[str]) -> Iterator[RowChange]:
    """The rows that change, then those that go, then those that are new."""
    pairs, gone, added = _paired(before, after, headers)
    for old, new in sorted(pairs):
        cells = _changed_cells(before, after, old, new)
        if cells:
            yield RowChange(row=old + 2, name=_name(before, old, headers), cells=cells)
    for index in gone:
        yield RowChange(row=index + 2, name=_name(before, index, headers), cells=())
    for index in added:
        texts = zip(after.headers, after.records[index], strict=True)
        filled = (
            CellChange(column=header, before="", after=text)
            for header, text in texts
            if text and header not in headers
        )
        yield RowChange(row=None, name=_name(after, index, headers), cells=tuple(filled))


def _changed_cells(before: _Rows, after: _Rows, old: int, new: int) -> tuple[CellChange, ...]:
    """The cells of a row that change, under the headers that it has afterwards."""
    was = dict(zip(before.headers, before.records[old], strict=True))
    becomes = zip(after.headers, after.records[new], strict=True)
    return tuple(
        CellChange(column=header, before=was.get(header, ""), after=text)
        for header, text in becomes
        if was.get(header, "") != text
    )


def _name(rows: _Rows, record: int, headers: Sequence[str]) -> str:
    return SEPARATOR.join(filter(None, rows.key(record, headers)))


def _changed_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[RowChange]:
    """The lines of a text that change, each as a row with one cell."""
    for tag, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            was, becomes = "\n".join(before[start:end]), "\n".join(after[new_start:new_end])
            cell = CellChange(column="", before=was.strip(), after=becomes.strip())
            yield RowChange(row=start + 1, name="", cells=(cell,))
