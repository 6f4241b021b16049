"""What each row of a table is for: a frame around a form, a header, a head, a line, a reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import accumulate

from lxml import etree

from pipeline.forms.control_tags import ANSWERS, HEADER
from pipeline.forms.parsing import heads
from pipeline.forms.parsing.lines import RowContent, row_content
from pipeline.ooxml.body import WordRow, table, unwrapped
from pipeline.ooxml.ns import w

_HEAD_WITHIN = 10  # rows of a table
_DEEPEST = 3  # tables in tables that a form is looked for in


class RowRole(Enum):
    """What a row is for."""

    FRAME = auto()  # it lays out what stands in it: a form pasted into a table
    HEADER = auto()  # 填报组队：综合组
    TEXT = auto()  # a title, a remark: a row of one cell
    HEAD = auto()
    UPPER_HEAD = auto()  # of two rows the first one, where it is no head by itself
    LOWER_HEAD = auto()  # the second row of a head
    LINE = auto()
    REFERENCE_HEAD = auto()
    REFERENCE = auto()  # what was said in the period before
    OTHER = auto()  # of some other table


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedRow:
    """A row, its place in the table from 1, and what it is for; `fields` are a head's columns."""

    row: RowContent
    number: int
    kind: RowRole
    fields: Mapping[int, str] = field(default_factory=dict)


def roles(
    rows: Sequence[RowContent], *, goes_on: bool, reference: bool, announced: bool
) -> Iterator[ClassifiedRow]:
    """The rows of a table with their roles.

    `goes_on`: without a head of its own it may go on from the table before; `reference`: what was
    shown for reference may go on in it, whatever its head says where it is `announced`.
    """
    headed, upper = False, None
    belongs = goes_on and bool(rows) and not heads.looks_like_head(rows[0].texts)
    for number, row in enumerate(rows, 1):
        answers = _has_answers(row)
        fields = None if answers else heads.columns(row.texts)
        lower = _below(upper, row)
        upper = None
        if row.special and not headed and not belongs and _holds_form(row.row):
            kind = RowRole.FRAME
        elif announced and fields is not None:
            kind = RowRole.REFERENCE_HEAD
        elif fields is not None or lower is not None:
            kind = RowRole.LOWER_HEAD if fields is None else RowRole.HEAD
            headed, reference, upper = True, False, row
        elif not answers and number < len(rows) and _is_upper(row, rows[number]):
            kind, upper = RowRole.UPPER_HEAD, row
        elif heads.is_earlier(row.texts):
            kind, reference = RowRole.REFERENCE_HEAD, True
        elif not answers and _is_header(row, headed=headed or belongs or reference):
            kind = RowRole.HEADER
        elif not answers and len(row.texts) == 1 and (not headed or heads.is_remark(row.texts[0])):
            kind = RowRole.TEXT
        elif answers or (not reference and (headed or belongs)):
            kind = RowRole.LINE
        else:
            kind = RowRole.REFERENCE if reference else RowRole.OTHER
        yield ClassifiedRow(row=row, number=number, kind=kind, fields=fields or lower or {})


def columns_by_marks(row: RowContent) -> dict[int, str]:
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


def _is_upper(row: RowContent, following: RowContent) -> bool:
    """Whether a row with 指标名称 is a head with the one below: 填报内容 over three columns."""
    return heads.looks_like_head(row.texts) and _below(row, following) is not None


def _below(upper: RowContent | None, lower: RowContent) -> dict[int, str] | None:
    """The columns of a head of two rows: cells of the first go down, or stand over several."""
    if upper is None or not any(cell.merge == "continue" for cell in lower.row.cells):
        return None
    pairs = zip(upper.row.cells, upper.texts, strict=True)
    over = [text for cell, text in pairs for _ in range(cell.span)]  # on the grid
    begins = [0, *accumulate(cell.span for cell in lower.row.cells)]
    if begins.pop() != len(over):
        return None
    own = zip(lower.row.cells, lower.texts, strict=True)
    under = [None if cell.merge == "continue" else text for cell, text in own]
    return heads.below([over[place] for place in begins], under)


def _is_header(row: RowContent, *, headed: bool) -> bool:
    """A row with header marks is one; below a head no row that goes on from the one above."""
    if any(mark.field in HEADER for own in row.marks for mark in own):
        return True
    goes_on = headed and any(cell.merge == "continue" for cell in row.row.cells)
    return not goes_on and heads.is_header(row.texts, headed=headed)


def _has_answers(row: RowContent) -> bool:
    return any(mark.field in ANSWERS for own in row.marks for mark in own)


def _holds_form(row: WordRow) -> bool:
    return any(
        heads.columns(row_content(inner).texts) is not None
        for outer in row.cells
        for found in _tables(outer.element, _DEEPEST)
        for inner in table(found).rows[:_HEAD_WITHIN]
    )


def _tables(container: etree._Element, depth: int) -> Iterator[etree._Element]:
    """The tables in a cell, and those in their cells, so many levels deep."""
    for child in unwrapped(container) if depth else ():
        if child.tag == w("tbl"):
            yield child
            for row in table(child).rows:
                for cell in row.cells:
                    yield from _tables(cell.element, depth - 1)
