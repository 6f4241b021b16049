"""The blocks of a document, read one after the other as the headers and rows of forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from pipeline import marks
from pipeline.docx import heads
from pipeline.docx.body import Paragraph, Row, Table, blocks, table
from pipeline.docx.lines import (
    Carried,
    Form,
    Line,
    Seen,
    boxes,
    has_picture,
    line,
    marked_fields,
    marks_of,
    seen,
)
from pipeline.docx.ns import w
from pipeline.docx.places import Columns, edges
from pipeline.errors import PackageError, shorten
from pipeline.formats import flat

_MOST_LINES = 5_000
_HEAD_WITHIN = 10  # rows of a table
_UNCOUNTED = str.maketrans("", "", "\n\t-")  # some are elements in the file, some are text


def count(text: str) -> int:
    """The characters of a text that are text in the file as well."""
    return len(text.translate(_UNCOUNTED))


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A form that is being read."""

    header: dict[str, str]
    above: str
    outside: list[str]
    marks: tuple[marks.Mark, ...]
    lines: list[Line] = field(default_factory=list)
    earlier: list[tuple[str, ...]] = field(default_factory=list)


class Reading:
    """Reads a body block by block; `told` and `seen`, the characters read, grow with it."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.seen = 0
        self._drafts: list[_Draft] = []
        self._above: list[str] = []
        self._marks: list[marks.Mark] = []
        self._marked: dict[str, str] = {}
        self._columns: Columns | None = None
        self._headings: tuple[str, ...] = ()  # of the first head
        self._reference = False  # what was shown for reference may go on

    def read(self, container: etree._Element) -> None:
        """Read what a body, or a cell that holds forms, contains."""
        for block in blocks(container):
            if isinstance(block, Paragraph):
                if has_picture(block.element):
                    self.told.append("表格外面有图片，没有收")
                self._reference |= heads.announces_earlier(block.text)
                text = "\n".join([block.text, *boxes(block.element)])
                self.seen += count(text)
                self._say(text, block.element)
            elif isinstance(block, Table):
                self._read_table(block)

    def forms(self) -> tuple[Form, ...]:
        """The forms; what stands under the last table may belong to its header."""
        if self._drafts:
            last, below = self._drafts[-1], heads.header("\n".join(self._above))
            for name, value in below.fields.items():
                last.header[name] = last.header.get(name) or value
            last.outside += below.others
        return tuple(
            Form(
                header=d.header,
                above=d.above,
                outside=tuple(d.outside),
                lines=tuple(d.lines),
                earlier=tuple(d.earlier),
                marks=d.marks,
            )
            for d in self._drafts
        )

    def _say(self, text: str, element: etree._Element) -> None:
        """Text outside of the rows."""
        self._above.append(text)
        self._marks += marks_of(element)
        self._marked |= {name: heads.said(text) for name, text in marked_fields(element).items()}

    def _read_table(self, found: Table) -> None:
        grid, carried = edges(found.element), Carried()
        rows = [*map(seen, found.rows)]
        passed_over: list[str] = []
        headed = False
        head: Seen | None = None  # the row before, where it is a head
        goes_on = bool(rows) and self._goes_on(rows[0])
        for number, row in enumerate(rows, 1):
            if row.special and _holds_form(row.row):
                for cell in row.row.cells:
                    self.read(cell.element)
                continue
            fields, reference = heads.columns(row.texts), heads.is_earlier(row.texts)
            lower = _second_head(head, row) if head is not None and fields is None else None
            fields, head = fields or lower, None
            self._reference = reference or (self._reference and fields is None)
            self.seen += count("".join(row.texts))
            if fields is None and not reference and heads.is_header(row.texts, headed=headed):
                self._say(_in_one_line(row.texts), row.row.element)
            elif fields is not None:
                headed, head = True, row
                if lower is None:
                    self._compare_heads(row)
                self._begin(Columns(row.row, fields, grid))
            elif _has_answers(row) or (not self._reference and (headed or goes_on)):
                self._add(row, number, grid, carried)
            elif self._reference and self._drafts:
                self._drafts[-1].earlier += () if reference else (row.texts,)
            else:
                passed_over += row.texts
        if "".join(passed_over).strip():
            self.told.append(f"有一个表格不像附件4，没有收：“{shorten(' '.join(passed_over))}”")

    def _begin(self, columns: Columns) -> None:
        """A head: of a new form when a header stands above it, else of the form's next part."""
        above = "\n".join(self._above)
        header = heads.header(above)
        if not self._drafts or header.fields or self._marks:
            fields = {name: text for name, text in header.fields.items() if text}
            self._drafts.append(
                _Draft(
                    header={**self._marked, **fields},
                    above=above,
                    outside=[*header.others],
                    marks=tuple(self._marks),
                )
            )
            self._above, self._marks, self._marked = [], [], {}
        self._columns = columns

    def _compare_heads(self, row: Seen) -> None:
        """A head that stands again may have had something written into it."""
        if self._columns is None:
            self._headings = row.texts
        added = (text for text in row.texts if text.strip() and text not in self._headings)
        self.told += (f"写在表头里，没有收：{flat(text)}" for text in added)

    def _goes_on(self, first: Seen) -> bool:
        """Whether a table without a head goes on from the one before: it has as many columns."""
        whole = self._columns is not None and self._columns.fits(first.row)
        return whole and not heads.looks_like_head(first.texts)

    def _add(self, row: Seen, number: int, grid: Sequence[int], carried: Carried) -> None:
        if not self._drafts:
            self._begin(Columns(row.row, _by_marks(row), grid))
        added = line(row, number, self._columns, grid, carried)
        if any(added.texts.values()) or added.others:
            self._drafts[-1].lines.append(added)
        if len(self._drafts[-1].lines) > _MOST_LINES:
            raise PackageError(f"表格超过了 {_MOST_LINES} 行，不像是附件4")


def _second_head(upper: Seen, lower: Seen) -> dict[int, str] | None:
    """The columns of a head of two rows: cells of the first go down, or stand over several."""
    if not any(cell.merge == "continue" for cell in lower.row.cells):
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


def _by_marks(row: Seen) -> dict[int, str]:
    """The columns as the marks of a row tell them; before the answers stand number and name."""
    fields = {
        place: mark.field
        for place, own in enumerate(row.marks)
        for mark in own
        if mark.field in marks.ANSWERS
    }
    first = min(fields, default=0)
    before = {first - 1: "name", first - 2: "number"}
    return {**{place: field for place, field in before.items() if place >= 0}, **fields}


def _has_answers(row: Seen) -> bool:
    return any(mark.field in marks.ANSWERS for own in row.marks for mark in own)


def _in_one_line(cells: Sequence[str]) -> str:
    """A header's row; two people under each other in one cell are a list."""
    return "\t".join("、".join(filter(None, text.split("\n"))) for text in cells)


def _holds_form(row: Row) -> bool:
    """Whether a row only lays out what stands in it: a form pasted into a frame."""
    return any(
        heads.columns(seen(inner).texts) is not None
        for outer in row.cells
        for found in outer.element.iter(w("tbl"))
        for inner in table(found).rows[:_HEAD_WITHIN]
    )
