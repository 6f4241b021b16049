"""One table as read: typed columns, and for every value the cell that it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from pipeline.errors import Problem, Severity
from pipeline.tables.cells import Flaw, parts
from pipeline.tables.contract import Table
from pipeline.tables.raw import Raw
from pipeline.tables.suggestions import Vocabulary

KEY = "\0"  # between the parts of a key; no cell can hold it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Column-wise values of a table, and the raw cells that they came from.

    `columns` maps each field of the contract to its values, all of one length; None is a value
    that could not be read (or a blank number or date).
    """

    raw: Raw
    columns: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return len(self.raw.rows)

    def __getitem__(self, field: str) -> Sequence[Any]:
        return self.columns[field]

    @property
    def table(self) -> Table:
        """The contract."""
        return self.raw.table

    @property
    def file(self) -> str:
        """The file's name in messages."""
        return self.raw.file

    @property
    def source(self) -> str:
        """The encoding that the file was saved in, or that it is a workbook."""
        return self.raw.source

    @property
    def rows(self) -> Sequence[int]:
        """The row of each record as Excel counts."""
        return self.raw.rows

    @property
    def column_index(self) -> Mapping[str, int]:
        """Field → column in the file, from 0; without the optional columns that are not there."""
        return self.raw.column_index

    def kept(self, keep: Sequence[bool]) -> Sheet:
        """The table with the records only for which `keep` is True."""
        columns = {field: list(compress(cells, keep)) for field, cells in self.columns.items()}
        return Sheet(raw=self.raw.kept(keep), columns=columns)

    def values(self, *fields: str) -> Iterator[tuple[Any, ...]]:
        """Each record's values in these fields."""
        return zip(*(self.columns[field] for field in fields), strict=True)

    def records(self, *fields: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Each record's number, from 0, and its values in these fields."""
        return enumerate(self.values(*fields))

    def filled(self, *fields: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """The records in which all these texts or dates could be read and none is blank."""
        return ((index, values) for index, values in self.records(*fields) if all(values))

    def blank(self, *fields: str) -> Iterator[int]:
        """The records in which all these texts are blank."""
        if "" not in self.columns[fields[0]]:
            return iter(())  # one search of a column instead of a look at each record
        nothing = ("",) * len(fields)
        return (index for index, values in self.records(*fields) if values == nothing)

    def members(self, field: str) -> Iterator[tuple[int, str]]:
        """Each member of each list in a field, with the record that it stands in."""
        for index, cell in enumerate(self.columns[field]):
            for member in parts(cell):
                yield index, member

    def vocabulary(self, field: str) -> Vocabulary:
        """The texts of a field that could be read and are not blank."""
        return Vocabulary(filter(None, self.columns[field]))

    def problem(
        self,
        index: int,
        field: str,
        rule: str,
        message: str,
        *,
        hint: str | None = None,
        severity: Severity = "error",
        value: str | None = None,
    ) -> Problem:
        """A problem with `field` in record `index`; `value` where it is a part of the cell."""
        text = value or self.raw.texts(field)[index]
        flaw = Flaw(rule, message, hint, severity)
        return self.raw.problem(index, self.table.column(field), flaw, text or None)

    def unreadable(self, field: str) -> Vocabulary:
        """The texts of a field that could not be read: reported already, no reason for more."""
        pairs = zip(self.raw.texts(field), self.columns[field], strict=True)
        return Vocabulary(text for text, value in pairs if value is None and text)

    def record_keys(self) -> list[str | None]:
        """What names each record, in one text; None where a part of it could not be read."""
        rows = self.values(*self.table.key)
        if any(None in self.columns[field] for field in self.table.key):
            return list(map(_record_key, rows))
        return list(map(KEY.join, rows))


def _record_key(values: Sequence[str | None]) -> str | None:
    """The texts of a key in one; None where one of them could not be read."""
    texts = [value for value in values if value is not None]
    return KEY.join(texts) if len(texts) == len(values) else None
