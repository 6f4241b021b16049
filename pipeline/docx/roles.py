"""What each row of a table is for: a frame around a form, a header, a head, a line, a reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from pipeline.docx import heads
from pipeline.docx.body import Row, table
from pipeline.docx.lines import Seen, seen
from pipeline.docx.ns import w
from pipeline.marks import ANSWERS

_HEAD_WITHIN = 10  # rows of a table


class Kind(Enum):
    """What a row is for."""

    FRAME = auto()  # it lays out what stands in it: a form pasted into a table
    HEADER = auto()  # 填报组队：综合组
    HEAD = auto()
    LOWER_HEAD = auto()  # the second row of a head
    LINE = auto()
    REFERENCE_HEAD = auto()
    REFERENCE = auto()  # what was said in the period before
    OTHER = auto()  # of some other table


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A row, its place in the table from 1, and what it is for; `fields` are a head's columns."""

    row: Seen
    number: int
    kind: Kind
    fields: Mapping[int, str] = field(default_factory=dict)


def roles(rows: Sequence[Seen], *, goes_on: bool, reference: bool) -> Iterator[Role]:
    """The rows of a table with their roles.

    `goes_on`: without a head of its own it may go on from the table before; `reference`: what was
    shown for reference may go on in it.
    """
    headed, upper = False, None
    belongs = goes_on and bool(rows) and not heads.looks_like_head(rows[0].texts)
    for number, row in enumerate(rows, 1):
        fields, lower = heads.columns(row.texts), _below(upper, row)
        upper = None
        if row.special and _holds_form(row.row):
            kind = Kind.FRAME
        elif fields is not None or lower is not None:
            kind = Kind.LOWER_HEAD if fields is None else Kind.HEAD
            headed, reference, upper = True, False, row
        elif heads.is_earlier(row.texts):
            kind, reference = Kind.REFERENCE_HEAD, True
        elif heads.is_header(row.texts, headed=headed):
            kind = Kind.HEADER
        elif _has_answers(row) or (not reference and (headed or belongs)):
            kind = Kind.LINE
        else:
            kind = Kind.REFERENCE if reference else Kind.OTHER
        yield Role(row=row, number=number, kind=kind, fields=fields or lower or {})


def columns_by_marks(row: Seen) -> dict[int, str]:
    """The columns as the marks of a row tell them; before the answers stand number and name."""
    fields = {
        place: mark.field
        for place, own in enumerate(row.marks)
        for mark in own
        if mark.field in ANSWERS
    }
    first = min(fields, default=0)
    before = {first - 1: "name", first - 2: "number"}
    return {**{place: name for place, name in before.items() if place >= 0}, **fields}


def _below(upper: Seen | None, lower: Seen) -> dict[int, str] | None:
    """The columns of a head of two rows: cells of the first go down, or stand over several."""
    if upper is None or not any(cell.merge == "continue" for cell in lower.row.cells):
        return None
    over = [
        text
        for cell, text in zip(upper.row.cells, upper.texts, strict=True)
        for _ in range(cell.span)
    ]
    under = [
        None if cell.merge == "continue" else text
        for cell, text in zip(lower.row.cells, lower.texts, strict=True)
        for _ in range(cell.span)
    ]
    return heads.below(over, under) if len(over) == len(under) == len(lower.row.cells) else None


def _has_answers(row: Seen) -> bool:
    return any(mark.field in ANSWERS for own in row.marks for mark in own)


def _holds_form(row: Row) -> bool:
    return any(
        heads.columns(seen(inner).texts) is not None
        for outer in row.cells
        for found in outer.element.iter(w("tbl"))
        for inner in table(found).rows[:_HEAD_WITHIN]
    )
