"""Columns on a terminal, where a Chinese character is two cells wide."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from unicodedata import east_asian_width


def aligned(rows: Sequence[Sequence[str]], right: Collection[int]) -> Iterator[str]:
    """The rows as lines; the cells of the columns in `right`, from 0, end together."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(_padded_cells(row, widths, right)).rstrip()


def _padded_cells(
    row: Sequence[str], widths: Sequence[int], right: Collection[int]
) -> Iterator[str]:
    """The cells of a row, each as wide as its column."""
    for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield _padded(cell, width, right=index in right)


def _padded(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if right else text + blanks


def _width(text: str) -> int:
    """The cells that a text takes."""
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    """Two cells for a wide character (Unicode, annex 11)."""
    return 2 if east_asian_width(character) in "WF" else 1
