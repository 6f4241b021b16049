"""Entries from outside into a table, by key; what stands there is never overwritten unasked.

The file is changed record by record: what nobody touched keeps its bytes. A file that is not
this program's own UTF-8 with commas is written anew as a whole. Either way the result is read back
and compared before anybody may write it.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from pipeline.errors import InputError
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw, unguard
from pipeline.tables.decode import OWN
from pipeline.tables.folder import BOOK
from pipeline.tables.parsing import as_text, canonical
from pipeline.tables.raw import Raw, read_raw
from pipeline.tables.sheet import Sheet
from pipeline.tables.writer import csv_bytes

Key: TypeAlias = tuple[str, ...]

# A record's cells, and its index in the old file: None for a new one.
_Indexed: TypeAlias = tuple[list[str], int | None]

_BY_RECORD = (OWN, "UTF-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a form reports for one record: `texts` by field, from which file and which row of it.

    `day` is the form's (2023-09-28), empty where there is none.
    """

    key: Key
    texts: Mapping[str, str]
    source: str
    row: int | None = None
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A value that stands in the table, from whichever source, and another one in a form."""

    entry: Entry
    field: str
    old: str
    old_source: str  # the file of the same call that has the old value, empty for the table
    old_day: str  # of the form that has it
    also_kept_out: tuple[str, ...]  # fields of the entry that are new and kept out with this one
    asked: bool  # whether the caller asked for it to be replaced

    @property
    def is_older(self) -> bool:
        """Whether the form is older than the one that has the other value."""
        return is_older(self.entry.day, self.old_day)


@dataclass(slots=True, kw_only=True)
class _Record:
    """A record of the table as it is to be."""

    texts: dict[str, str]  # by field, without the key
    index: int | None  # in the old file, None for a new one
    touched: bool = False
    source: str = ""  # the file of this call that has the same texts
    day: str = ""  # of the form that has them

    def differences(self, entry: Entry) -> list[str]:
        """The fields in which an entry has another text."""
        return [name for name, text in entry.texts.items() if self.texts.get(name, "") != text]

    def contradicted(self, entry: Entry, different: Sequence[str]) -> list[str]:
        """Of the fields in which an entry is different those in which it contradicts the record.

        A blank contradicts what an older form says; else it is only not filled in yet.
        """
        if is_older(entry.day, self.day):
            return list(different)
        return [name for name in different if self.texts.get(name)]


class Merge:
    """A table with entries merged into it, and what became of each: in one of the lists.

    `days` maps the first two parts of a key, period and group, to the day of the form that the
    table has its records from. An older form adds records, and changes none: what the newer one
    left blank was left blank. Of the forms of one call the latest is to be taken first; only
    `older_too` lets an older one replace the table's values where it is asked for.
    """

    def __init__(
        self, sheet: Sheet, *, days: Mapping[Key, str] | None = None, older_too: bool = False
    ) -> None:
        """Begin with the table as it stands."""
        self.sheet, self._older_too = sheet, older_too
        self.added: list[Entry] = []
        self.changed: list[Entry] = []
        self.same: list[Entry] = []
        self.conflicts: list[Conflict] = []
        self.unreadable: list[Entry] = []
        self._records = _records(sheet, days or {})
        self._headers = list(sheet.raw.headers)
        self._column_index = dict(sheet.column_index)

    def has(self, key: Key) -> bool:
        """Whether there is a record of this key that is not blank."""
        record = self._records.get(key)
        return record is not None and any(record.texts.values())

    def text(self, key: Key, field: str) -> str:
        """What stands in a field of a record now, empty where there is no such record."""
        record = self._records.get(key)
        return "" if record is None else record.texts.get(field, "")

    def take(self, entry: Entry, *, replace: bool = False) -> None:
        """Merge an entry: all of it or, where it contradicts what stands there, none of it.

        To `replace` is asked for what stands in the table; what an earlier entry brought stays.
        Texts that a CSV would not give back (they look like rows of a table) are kept out too.
        """
        if not self._is_readable(entry):
            self.unreadable.append(entry)
            return
        record = self._records.get(entry.key)
        if record is None:
            record = self._new_record(entry)
        elif different := record.differences(entry):
            contradicted = record.contradicted(entry, different)
            if contradicted and not (replace and self._may_replace(record, entry)):
                self.conflicts += _conflicts(record, entry, different, contradicted, replace)
                return
            record.touched = True
            self.changed.append(entry)
        else:
            self.same.append(entry)
        record.texts |= entry.texts
        record.source, record.day = entry.source, entry.day

    def _new_record(self, entry: Entry) -> _Record:
        """A record for an entry whose key the table does not have, still without its texts."""
        record = _Record(texts={}, index=None)
        self._records[entry.key] = record
        self.added.append(entry)
        return record

    def _may_replace(self, record: _Record, entry: Entry) -> bool:
        """Whether an entry may replace what stands there: the table's, and not by an older form."""
        if record.source:
            return False
        return self._older_too or not is_older(entry.day, record.day)

    def written(self, before: bytes) -> bytes:
        """The file with everything merged; the same bytes when nothing was taken.

        Raises InputError for a workbook, and for a file that could not be read back.
        """
        if not self.added and not self.changed:
            return before
        self._refuse_workbook()
        self._add_missing_columns()
        records, touched = self._merged()
        wanted = [cells for cells, _ in records]
        if self.sheet.source in _BY_RECORD and not self._has_new_columns():
            by_record = _by_record(before, self.sheet, records, touched)
            if self._gives_back(by_record, wanted):
                return by_record
        return self._written_anew(wanted)

    def _add_missing_columns(self) -> None:
        """Add the optional columns that the table does not have and that something was put into."""
        for column in self.sheet.table.columns:
            used = any(record.texts.get(column.field) for record in self._records.values())
            if column.field not in self._column_index and used:
                self._column_index[column.field] = len(self._headers)
                self._headers.append(column.header)

    def _has_new_columns(self) -> bool:
        return len(self._headers) > len(self.sheet.raw.headers)

    def _refuse_workbook(self) -> None:
        if self.sheet.source == BOOK:
            hint = "另存为“CSV UTF-8（逗号分隔）”"
            raise self._refusal(Flaw("workbook", "是 Excel 工作簿，程序不改写", hint))

    def _refusal(self, flaw: Flaw) -> InputError:
        return InputError([problem_at(flaw, self.sheet.file)])

    def _written_anew(self, records: Sequence[Sequence[str]]) -> bytes:
        """A file of these records; raises InputError where it could not be read back."""
        whole = self._whole_file(records)
        if not self._gives_back(whole, records):
            hint = "先运行 make fmt 整理这张表"
            raise self._refusal(Flaw("csv", "并入以后读不回来，没有写", hint))
        return whole

    def _whole_file(self, records: Iterable[Sequence[str]]) -> bytes:
        return csv_bytes([self._headers, *records])

    def _gives_back(self, data: bytes, records: Sequence[Sequence[str]]) -> bool:
        """Whether a file gives back these records."""
        raw, problems = read_raw(data, self.sheet.table, self.sheet.file)
        if raw is None or any(problem.rule in ("row-length", "quote") for problem in problems):
            return False
        kept = [list(record) for record in records if any(record)]
        return list(raw.headers) == self._headers and _typed(raw) == kept

    def _merged(self) -> tuple[list[_Indexed], set[int]]:
        """All records in order, and the indices of those of the old file that were touched."""
        more = [""] * (len(self._headers) - len(self.sheet.raw.headers))
        old = [[*cells, *more] for cells in _typed(self.sheet.raw)]
        touched: set[int] = set()
        added: dict[Key, list[list[str]]] = {}
        for key, record in self._records.items():
            if record.index is None:
                cells = self._filled(self._blank(), key, record.texts)
                added.setdefault(key[:2], []).append(cells)
            elif record.touched:
                old[record.index] = self._filled(old[record.index], key, record.texts)
                touched.add(record.index)
        return list(self._in_order(old, added)), touched

    def _in_order(
        self, old: list[list[str]], added: dict[Key, list[list[str]]]
    ) -> Iterator[_Indexed]:
        """New records behind the last one of the same period and group, others at the end."""
        period, group = (self.sheet.column_index[name] for name in self.sheet.table.key[:2])
        keys = [(cells[period], cells[group]) for cells in old]
        last = {key: index for index, key in enumerate(keys)}
        for index, (key, cells) in enumerate(zip(keys, old, strict=True)):
            yield cells, index
            if last[key] == index:
                yield from _as_new(added.pop(key, []))
        for records in added.values():
            yield from _as_new(records)

    def _blank(self) -> list[str]:
        return [""] * len(self._headers)

    def _filled(self, cells: list[str], key: Key, texts: Mapping[str, str]) -> list[str]:
        """A record's cells with its key and texts; what means the same already stays as typed."""
        filled = list(cells)
        for name, text in [*zip(self.sheet.table.key, key, strict=True), *texts.items()]:
            column = self._column_index.get(name)
            if column is not None and not self._is_same(name, filled[column], text):
                filled[column] = text
        return filled

    def _is_same(self, name: str, typed: str, text: str) -> bool:
        return typed == text or canonical(typed, self.sheet.table.column(name)) == text

    def _is_readable(self, entry: Entry) -> bool:
        """Whether a CSV gives an entry back: lines with commas may look like rows of a table."""
        if not any("\n" in text and "," in text for text in entry.texts.values()):
            return True
        cells = self._filled(self._blank(), entry.key, entry.texts)
        return self._gives_back(self._whole_file([cells]), [cells])


def is_older(day: str, other: str) -> bool:
    """Whether a form's day is before another's; without a day nobody can tell."""
    return day != "" and day < other


def _as_new(records: Iterable[list[str]]) -> Iterator[_Indexed]:
    for cells in records:
        yield cells, None


def _records(sheet: Sheet, days: Mapping[Key, str]) -> dict[Key, _Record]:
    """The table's records by key; `days` as `Merge` takes them."""
    fields = [name for name in sheet.column_index if name not in sheet.table.key]
    keys = zip(*(sheet[name] for name in sheet.table.key), strict=True)
    records = {}
    for index, key in enumerate(keys):
        texts = {name: as_text(sheet[name][index]) for name in fields}
        records[key] = _Record(texts=texts, index=index, day=days.get(key[:2], ""))
    return records


def _conflicts(
    record: _Record,
    entry: Entry,
    different: Sequence[str],
    contradicted: Sequence[str],
    asked: bool,
) -> Iterator[Conflict]:
    """A conflict for each contradicted field; the first one names what is kept out with them."""
    new = tuple(name for name in different if name not in contradicted)
    for name in contradicted:
        yield Conflict(
            entry=entry,
            field=name,
            old=record.texts.get(name, ""),
            old_source=record.source,
            old_day=record.day,
            also_kept_out=new if name == contradicted[0] else (),
            asked=asked,
        )


def _typed(raw: Raw) -> list[list[str]]:
    """The cells of each record as people typed them, without what keeps Excel from running them."""
    return [list(map(unguard, cells)) for cells in zip(*raw.columns, strict=True)]


def _by_record(
    before: bytes, sheet: Sheet, records: Iterable[_Indexed], touched: set[int]
) -> bytes:
    """The file with new bytes for the records that were touched or added, and no others."""
    head, *old = _bytes_of_records(before, sheet)
    chunks = [head]
    for cells, index in records:
        if index is None or index in touched:
            chunks.append(csv_bytes([cells]).removeprefix(codecs.BOM_UTF8))
        else:
            chunks.append(old[index])
    return codecs.BOM_UTF8 + b"".join(map(_ended, chunks))


def _ended(chunk: bytes) -> bytes:
    return chunk if chunk.endswith((b"\n", b"\r")) else chunk + b"\r\n"


def _bytes_of_records(data: bytes, sheet: Sheet) -> Iterator[bytes]:
    """A file's bytes in pieces: what stands above the records, then each record."""
    lines = data.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)
    begins = [line - 1 for line in sheet.raw.lines]
    bounds = [0, *begins, len(lines)]
    for begin, end in pairwise(bounds):
        yield b"".join(lines[begin:end])
