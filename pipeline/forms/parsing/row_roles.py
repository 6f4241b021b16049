"""What each row of a table is for: a frame around a form, a header, a head, a line, a reference."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import accumulate, chain, zip_longest

from lxml import etree

from pipeline.forms.control_tags import FIELDS, HEADER
from pipeline.forms.parsing import heads
from pipeline.forms.parsing.content import RowContent, row_content
from pipeline.ooxml.body import WordRow, WordTable, table, unwrapped
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
    EARLIER_HEAD = auto()
    EARLIER = auto()  # what was reported in the period before, shown for reference
    OTHER = auto()  # of some other table


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedRow:
    """A row, its number in the table from 1, and what it is for; `columns` are those of a head."""

    content: RowContent
    number: int
    role: RowRole
    columns: Mapping[int, str] = field(default_factory=dict)


def classify(
    rows: Sequence[RowContent], *, goes_on: bool, earlier: bool, announced: bool
) -> Iterator[ClassifiedRow]:
    """The rows of a table with their roles.

    `goes_on`: without a head of its own the table goes on from the one before; `earlier`: what was
    reported earlier may go on in it, whatever its head says where it is `announced`.
    """
    classifier = _Classifier(goes_on=goes_on, earlier=earlier, announced=announced)
    for number, (row, following) in enumerate(zip_longest(rows, rows[1:]), 1):
        yield classifier.classified(number, row, following)


class _Classifier:
    """Finds the roles of a table's rows one after the other: the rows above one matter."""

    def __init__(self, *, goes_on: bool, earlier: bool, announced: bool) -> None:
        """`goes_on`: from the table before; `earlier`: rows of what was reported earlier go on."""
        self._goes_on = goes_on
        self._earlier = earlier
        self._announced = announced
        self._headed = False
        self._upper: RowContent | None = None  # the row above, where it may be half of a head

    def classified(
        self, number: int, row: RowContent, following: RowContent | None
    ) -> ClassifiedRow:
        """The next row with its role."""
        answered = _has_tag(row, FIELDS)
        own = None if answered else heads.columns(row.texts)
        columns = own or _columns_of_both(self._upper, row)
        self._upper = None
        if self._is_frame(row):
            role = RowRole.FRAME
        elif self._announced and own:
            role = RowRole.EARLIER_HEAD
        elif columns:
            role = RowRole.HEAD if own else RowRole.LOWER_HEAD
            self._headed, self._earlier, self._upper = True, False, row
        else:
            role = self._role_of_body(row, following, answered=answered)
        return ClassifiedRow(content=row, number=number, role=role, columns=columns or {})

    def _is_frame(self, row: RowContent) -> bool:
        return row.special and not self._in_table and _holds_form(row.row)

    @property
    def _in_table(self) -> bool:
        """Whether a form's head stands above, in this table or in the one before."""
        return self._headed or self._goes_on

    def _role_of_body(
        self, row: RowContent, following: RowContent | None, *, answered: bool
    ) -> RowRole:
        """The role of a row that is neither a frame nor a whole head."""
        if not answered and _is_upper(row, following):
            self._upper = row
            return RowRole.UPPER_HEAD
        if heads.is_earlier_head(row.texts):
            self._earlier = True
            return RowRole.EARLIER_HEAD
        return RowRole.LINE if answered else self._role_without_answers(row)

    def _role_without_answers(self, row: RowContent) -> RowRole:
        """The role of a row without controls for answers, by its words and the rows above."""
        in_table = self._in_table
        if _is_header(row, headed=in_table or self._earlier):
            return RowRole.HEADER
        if len(row.texts) == 1 and (not self._headed or heads.is_remark(row.texts[0])):
            return RowRole.TEXT
        if self._earlier:
            return RowRole.EARLIER
        return RowRole.LINE if in_table else RowRole.OTHER


def columns_by_tags(row: RowContent) -> dict[int, str]:
    """The columns as a row's control tags have them; number and name stand before the answers."""
    answers = {
        index: tag.field
        for index, tags in enumerate(row.tags)
        for tag in tags
        if tag.field in FIELDS
    }
    first = min(answers, default=0)
    before = {first - 1: "name", first - 2: "number"}
    return {index: field for index, field in before.items() if index >= 0} | answers


def _is_upper(row: RowContent, following: RowContent | None) -> bool:
    """Whether a row with 指标名称 is a head with the one below: 填报内容 over three columns."""
    return heads.looks_like_head(row.texts) and _columns_of_both(row, following) is not None


def _columns_of_both(upper: RowContent | None, lower: RowContent | None) -> dict[int, str] | None:
    """The columns of a head of two rows: cells of the first go down, or stand over several."""
    if upper is None or lower is None or not _continues_cells(lower):
        return None
    above = _texts_above(lower, upper)
    if above is None:
        return None
    pairs = zip(lower.row.cells, lower.texts, strict=True)
    below = [None if cell.merge == "continue" else text for cell, text in pairs]
    return heads.columns_of_two_rows(above, below)


def _texts_above(lower: RowContent, upper: RowContent) -> list[str] | None:
    """For each cell the text of the one above it, None where one of the rows is wider."""
    pairs = zip(upper.row.cells, upper.texts, strict=True)
    on_grid = [text for cell, text in pairs for _ in range(cell.span)]
    *begins, width = accumulate((cell.span for cell in lower.row.cells), initial=0)
    return [on_grid[column] for column in begins] if width == len(on_grid) else None


def _continues_cells(row: RowContent) -> bool:
    """Whether a cell of the row is merged with the one above it."""
    return any(cell.merge == "continue" for cell in row.row.cells)


def _is_header(row: RowContent, *, headed: bool) -> bool:
    """A row with a header's control is one; below a head no row that goes on from one above."""
    if _has_tag(row, HEADER):
        return True
    goes_on = headed and _continues_cells(row)
    return not goes_on and heads.is_header(row.texts, headed=headed)


def _has_tag(row: RowContent, fields: Collection[str]) -> bool:
    return any(tag.field in fields for tag in chain.from_iterable(row.tags))


def _holds_form(row: WordRow) -> bool:
    """Whether a table in the row's cells has a form's head among its first rows."""
    tables = chain.from_iterable(_tables(cell.element, _DEEPEST) for cell in row.cells)
    return any(map(_has_head, tables))


def _has_head(inner: WordTable) -> bool:
    contents = map(row_content, inner.rows[:_HEAD_WITHIN])
    return any(heads.columns(content.texts) is not None for content in contents)


def _tables(container: etree._Element, depth: int) -> Iterator[WordTable]:
    """The tables in a cell, and those in their cells, so many levels deep."""
    if depth == 0:
        return
    for child in unwrapped(container):
        if child.tag == w("tbl"):
            inner = table(child)
            yield inner
            for cell in chain.from_iterable(row.cells for row in inner.rows):
                yield from _tables(cell.element, depth - 1)
