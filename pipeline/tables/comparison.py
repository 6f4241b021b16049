"""Two states of a table, compared as a reader does: which rows are new or gone, which cells differ.

Rows are texts as typed, the head first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A cell under `header`: what it was and what it is."""

    header: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that differs; `row` as Excel counts, of a row that is gone in the former state.

    `before` or `after` is empty where the row is new or gone; `cells` are those that differ.
    """

    row: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    cells: tuple[CellDifference, ...] = ()


def differences(before: Rows, after: Rows) -> list[RowDifference]:
    """The rows that differ, down the table; a row that has moved is gone here and new there."""
    former, present = _under(before, after[0]), [tuple(row) for row in after]
    found: list[RowDifference] = []
    matcher = SequenceMatcher(None, former, present, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind != "equal":
            found += _block(former, present, range(first, last), range(begin, end))
    return [each for each in found if each.row > 1]


def _under(rows: Rows, head: Sequence[str]) -> list[tuple[str, ...]]:
    """The rows with their cells under another head; a column that they lack is blank."""
    place = {header: index for index, header in reversed([*enumerate(rows[0])])}
    indexes = [place.get(header) for header in head]
    moved = [
        tuple("" if index is None or index >= len(row) else row[index] for index in indexes)
        for row in rows[1:]
    ]
    return [tuple(head), *moved]


def _block(former: Rows, present: Rows, gone: range, new: range) -> Iterator[RowDifference]:
    """The differences of rows that stand in the place of others."""
    left = list(gone)
    for index in new:
        match = next((each for each in left if _is_same_row(former[each], present[index])), None)
        if match is None:
            yield RowDifference(index + 1, (), tuple(present[index]))
            continue
        left.remove(match)
        rows = zip(present[0], former[match], present[index], strict=True)
        cells = tuple(CellDifference(*each) for each in rows if each[1] != each[2])
        yield RowDifference(index + 1, tuple(former[match]), tuple(present[index]), cells)
    for each in left:
        yield RowDifference(each + 1, tuple(former[each]), ())


def _is_same_row(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether at least half of the cells that are filled are the same: then the row is meant."""
    filled = [pair for pair in zip(before, after, strict=True) if any(pair)]
    return 2 * sum(one == other for one, other in filled) >= len(filled)
