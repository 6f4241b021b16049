"""Entries from outside into a table, by key; what stands there is never overwritten unasked.

The file is changed record by record: what nobody touched keeps its bytes. A file that is not
this program's own UTF-8 with commas is written anew as a whole. Either way the result is read back
and compared before anybody may write it.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pipeline.errors import InputError
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw, unguard
from pipeline.tables.decode import OWN
from pipeline.tables.folder import BOOK
from pipeline.tables.parsing import canonical
from pipeline.tables.raw import read_raw
from pipeline.tables.sheet import Sheet
from pipeline.tables.writer import csv_bytes

Key: TypeAlias = tuple[str, ...]

_BY_RECORD = (OWN, "UTF-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a form says for one record: `texts` by field; `source` and `row` say where.

    `day` is the form's (2023-09-28), empty when it is not known.
    """

    key: Key
    texts: Mapping[str, str]
    source: str
    row: int | None = None
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A value that stands in the table, from whichever source, and the other one in a form."""

    entry: Entry
    field: str
    old: str
    since: str  # the file of the same call that said the old value, empty for the table
    since_day: str  # of the form that said it
    beside: tuple[str, ...]  # fields of the entry that are new and kept out with this one


@dataclass(slots=True)
class _Standing:
    texts: dict[str, str]
    index: int | None  # of the record, None for a new one
    touched: bool = False
    source: str = ""  # the file of this call that says the same
    day: str = ""


@dataclass(slots=True)
class Merge:
    """A table with entries merged into it, and what became of each.

    `days` maps the first two parts of a key, period and group, to the day of the form that the
    table has its records from. To `replace` means values of that day or an earlier one.
    """

    sheet: Sheet
    replace: bool = False
    days: Mapping[Key, str] = field(default_factory=dict)
    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    same: list[Entry] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    unreadable: list[Entry] = field(default_factory=list)
    _standing: dict[Key, _Standing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sheet = self.sheet
        names = [name for name in sheet.column_index if name not in sheet.table.key]
        keys = zip(*(sheet[name] for name in sheet.table.key), strict=True)
        for index, key in enumerate(keys):
            texts = {name: _text(sheet[name][index]) for name in names}
            self._standing[key] = _Standing(texts, index, day=self.days.get(key[:2], ""))

    def has(self, key: Key) -> bool:
        """Whether there is a record of this key that says anything."""
        there = self._standing.get(key)
        return there is not None and any(there.texts.values())

    def take(self, entry: Entry) -> None:
        """Merge an entry: all of it or, where it contradicts what stands there, none of it.

        Texts that a CSV would not give back (they look like rows of a table) are kept out too.
        """
        if not self._readable(entry):
            self.unreadable.append(entry)
            return
        there = self._standing.get(entry.key)
        if there is None:
            self._standing[entry.key] = _Standing(
                dict(entry.texts), None, True, entry.source, entry.day
            )
            self.added.append(entry)
            return
        other = {name: text for name, text in entry.texts.items() if there.texts.get(name) != text}
        against = [name for name in other if there.texts.get(name)]
        if not other:
            self.same.append(entry)
            there.source, there.day = entry.source, entry.day
        elif against and not (self.replace and self._is_later(entry, there)):
            beside = tuple(name for name in other if name not in against)
            self.conflicts += (
                Conflict(
                    entry=entry,
                    field=name,
                    old=there.texts[name],
                    since=there.source,
                    since_day=there.day,
                    beside=beside if name == against[0] else (),
                )
                for name in against
            )
        else:
            there.texts |= other
            there.touched, there.source, there.day = True, entry.source, entry.day
            self.changed.append(entry)

    def _is_later(self, entry: Entry, there: _Standing) -> bool:
        if there.source:
            return there.day != "" and entry.day > there.day
        return not entry.day or entry.day >= there.day

    def written(self, before: bytes) -> bytes:
        """The file with everything merged; the same bytes when nothing was taken.

        Raises InputError for a workbook, and for a file that could not be read back.
        """
        if not self.added and not self.changed:
            return before
        if self.sheet.source == BOOK:
            flaw = Flaw("workbook", "是 Excel 工作簿，程序不改写", "另存为“CSV UTF-8（逗号分隔）”")
            raise InputError([problem_at(flaw, self.sheet.file)])
        records, touched = self._records()
        wanted = [record for record, _ in records]
        if self.sheet.source in _BY_RECORD:
            by_record = _by_record(before, self.sheet, records, touched)
            if _reads(by_record, self.sheet, wanted):
                return by_record
        whole = csv_bytes([self.sheet.raw.headers, *wanted])
        if not _reads(whole, self.sheet, wanted):
            flaw = Flaw("csv", "并入以后读不回来，没有写", "先运行 make fmt 整理这张表")
            raise InputError([problem_at(flaw, self.sheet.file)])
        return whole

    def _records(self) -> tuple[list[tuple[list[str], int | None]], set[int]]:
        """All records in order, each with its index in the old file, and which were touched."""
        raw = self.sheet.raw
        old = [list(map(unguard, cells)) for cells in zip(*raw.columns, strict=True)]
        touched = set()
        added: dict[Key, list[list[str]]] = {}
        for key, there in self._standing.items():
            if there.index is None:
                record = self._filled([""] * len(raw.headers), key, there.texts)
                added.setdefault(key[:2], []).append(record)
            elif there.touched:
                old[there.index] = self._filled(old[there.index], key, there.texts)
                touched.add(there.index)
        return list(self._in_order(old, added)), touched

    def _in_order(
        self, old: list[list[str]], added: dict[Key, list[list[str]]]
    ) -> Iterator[tuple[list[str], int | None]]:
        """New records behind the last one of the same period and group, others at the end."""
        place = [self.sheet.column_index[name] for name in self.sheet.table.key[:2]]
        keys = [tuple(record[p] for p in place) for record in old]
        last = {key: index for index, key in enumerate(keys)}
        for index, record in enumerate(old):
            yield record, index
            if last[keys[index]] == index:
                yield from ((new, None) for new in added.pop(keys[index], ()))
        for records in added.values():
            yield from ((new, None) for new in records)

    def _filled(self, record: list[str], key: Key, texts: Mapping[str, str]) -> list[str]:
        """The record with its key and texts; cells that say the same already stay as typed."""
        record = list(record)
        for name, text in [*zip(self.sheet.table.key, key, strict=True), *texts.items()]:
            place = self.sheet.column_index.get(name)
            if place is not None and not self._says(name, record[place], text):
                record[place] = text
        return record

    def _says(self, name: str, typed: str, text: str) -> bool:
        return typed == text or canonical(typed, self.sheet.table.column(name)) == text

    def _readable(self, entry: Entry) -> bool:
        if not any("\n" in text and "," in text for text in entry.texts.values()):
            return True
        headers = self.sheet.raw.headers
        record = self._filled([""] * len(headers), entry.key, entry.texts)
        return _reads(csv_bytes([headers, record]), self.sheet, [record])


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _by_record(
    before: bytes,
    sheet: Sheet,
    records: Iterable[tuple[Sequence[str], int | None]],
    touched: set[int],
) -> bytes:
    """The file with new bytes for the records that were touched or added, and no others."""
    lines = before.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)
    begins = [line - 1 for line in sheet.raw.lines]
    ends = [*begins[1:], len(lines)]
    chunks = [b"".join(lines[: begins[0] if begins else len(lines)])]
    for record, index in records:
        if index is None or index in touched:
            chunks.append(csv_bytes([record]).removeprefix(codecs.BOM_UTF8))
        else:
            chunks.append(b"".join(lines[begins[index] : ends[index]]))
    ended = (chunk if chunk.endswith((b"\n", b"\r")) else chunk + b"\r\n" for chunk in chunks)
    return codecs.BOM_UTF8 + b"".join(ended)


def _reads(data: bytes, sheet: Sheet, records: Sequence[Sequence[str]]) -> bool:
    """Whether a file gives back these records."""
    raw, problems = read_raw(data, sheet.table, sheet.file)
    if raw is None or any(problem.rule in ("row-length", "quote") for problem in problems):
        return False
    found = [list(map(unguard, cells)) for cells in zip(*raw.columns, strict=True)]
    kept = [list(record) for record in records if any(record)]
    return list(raw.headers) == list(sheet.raw.headers) and found == kept
