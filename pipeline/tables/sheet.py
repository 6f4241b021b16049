"""One table as read: typed columns, and for every value the cell that it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.errors import Problem, Severity
from pipeline.tables.contract import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Column-wise values of a table.

    `columns` maps each field of the contract to its values, all of one length; `rows` holds the
    row of each record as Excel counts it; `places` maps a field to its column number in the file,
    from 0, and lacks the optional columns that are not there.
    """

    table: Table
    file: str
    encoding: str
    rows: Sequence[int]
    columns: Mapping[str, Sequence[Any]]
    places: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, field: str) -> Sequence[Any]:
        return self.columns[field]

    def problem(
        self,
        index: int,
        field: str,
        rule: str,
        message: str,
        *,
        hint: str | None = None,
        severity: Severity = "error",
    ) -> Problem:
        """A problem with the value of `field` in record `index`, placed in its cell."""
        column = next(column for column in self.table.columns if column.field == field)
        row, place = self.rows[index], self.places.get(field)
        value = self.columns[field][index]
        return Problem(
            file=self.file,
            row=row,
            column=column.header,
            cell=None if place is None else cell_name(place, row),
            rule=rule,
            message=message,
            value=None if value is None else str(value),
            hint=hint,
            severity=severity,
        )

    def keys(self) -> Iterator[tuple[Any, ...]]:
        """The key of each record."""
        return zip(*(self.columns[field] for field in self.table.key), strict=True)


def cell_name(place: int, row: int) -> str:
    """Excel's name of a cell: column 3, row 17 → D17."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
