"""The blocks of a document, read one after the other as the headers and rows of forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from pipeline.errors import PackageError, shorten
from pipeline.forms.control_tags import ControlTag
from pipeline.forms.parsing import heads
from pipeline.forms.parsing.columns import Columns, grid_edges
from pipeline.forms.parsing.content import (
    RowContent,
    boxes,
    has_picture,
    header_values,
    row_content,
    tags_of,
)
from pipeline.forms.parsing.lines import Form, Line, MergedText, read_line
from pipeline.forms.parsing.row_roles import ClassifiedRow, RowRole, classify, columns_by_tags
from pipeline.ooxml.body import MOST_COLUMNS, Paragraph, WordRow, WordTable, blocks
from pipeline.typography import flat

_MOST_LINES, _MOST_CHARACTERS = 5_000, 5_000_000
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
    tags: tuple[ControlTag, ...]
    lines: list[Line] = field(default_factory=list)
    earlier: list[tuple[str, ...]] = field(default_factory=list)
    headings: tuple[str, ...] = ()

    def add_below(self, header: heads.Header) -> None:
        """Add what stands below the table: it may belong to the header."""
        for name, value in header.fields.items():
            if value and self.header.setdefault(name, value) != value:
                self.outside.append(f"{heads.WORDS[name]}：{value}")
        self.outside += header.others

    def form(self) -> Form:
        """The form, read to its end."""
        return Form(
            header=self.header,
            above=self.above,
            outside=tuple(self.outside),
            lines=tuple(self.lines),
            earlier=tuple(self.earlier),
            headings=self.headings,
            tags=self.tags,
        )


class _Outside:
    """The text outside of the rows since the last form began; it may be the next one's header."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.tags: list[ControlTag] = []
        self.values: dict[str, str] = {}  # in the controls for the header's fields

    def add(self, text: str, element: etree._Element) -> None:
        """Add the text of an element, and the controls in it."""
        self.texts.append(text)
        self.tags += tags_of(element)
        values = header_values(element)
        self.values |= {name: heads.field_value(value) for name, value in values.items()}

    def header(self) -> heads.Header:
        """What the text says as a header."""
        return heads.header("\n".join(self.texts))

    def begins_form(self, header: heads.Header) -> bool:
        """Whether a form of its own begins with this header, or with the controls in the text."""
        return bool(self.tags or header.fields)

    def draft(self, header: heads.Header) -> _Draft:
        """A form with this header; the words in it count more than the controls around them."""
        in_controls = self.values.values()
        return _Draft(
            header=self.values | heads.filled(header.fields),
            above="\n".join(self.texts),
            outside=[text for text in header.others if text not in in_controls],
            tags=tuple(self.tags),
        )


class FormParser:
    """Reads a body block by block; `notes` and `characters`, the number read, grow with it."""

    def __init__(self) -> None:
        """Begin with nothing: no form, no text above one, no columns."""
        self.notes: list[str] = []
        self.characters = 0
        self._drafts: list[_Draft] = []
        self._outside = _Outside()
        self._columns: Columns | None = None
        self._written = 0  # characters in the lines, those of merged cells once for each row
        self._announced = False  # that a table of what was reported earlier comes
        self._earlier = False  # what was reported earlier may go on

    def read(self, container: etree._Element) -> None:
        """Read what a body, or a cell that holds forms, contains."""
        for block in blocks(container):
            if isinstance(block, Paragraph):
                self._read_paragraph(block)
            elif isinstance(block, WordTable):
                self._read_table(block)

    def forms(self) -> tuple[Form, ...]:
        """The forms, when all is read."""
        if self._drafts:
            self._drafts[-1].add_below(self._outside.header())
        return tuple(map(_Draft.form, self._drafts))

    def _read_paragraph(self, paragraph: Paragraph) -> None:
        """Read a paragraph outside of tables, with the boxes in it."""
        if has_picture(paragraph.element):
            self.notes.append("表格外面有图片，没有收")
        self._announced |= heads.announces_earlier(paragraph.text)
        text = "\n".join([paragraph.text, *boxes(paragraph.element)])
        self.characters += count(text)
        self._add_text(text, paragraph.element)

    def _add_text(self, text: str, element: etree._Element) -> None:
        """Add text outside of the rows, with the controls in it: it may be the next header."""
        self._outside.add(text, element)
        if self._outside.begins_form(heads.header(text)):
            self._announced = False  # a form of its own begins

    def _read_table(self, table: WordTable) -> None:
        """Read a table row by row, and note the texts of the rows that are not collected."""
        rows = _contents(table)
        edges, merged = grid_edges(table.element), MergedText()
        skipped: list[str] = []
        for row in classify(
            rows,
            goes_on=self._goes_on(rows),
            earlier=self._earlier or self._announced,
            announced=self._announced,
        ):
            if row.role is RowRole.FRAME:
                self._read_frame(row)
            else:
                self.characters += count("".join(row.content.texts))
                skipped += self._read_row(row, edges, merged)
        if "".join(skipped).strip():
            self.notes.append(f"有一个表格不像附件4，没有收：“{shorten(' '.join(skipped))}”")

    def _goes_on(self, rows: Sequence[RowContent]) -> bool:
        """Whether a table may be the rest of the one before it: as many cells, no head."""
        if not rows or self._columns is None or not self._columns.fits(rows[0].row):
            return False
        return not heads.looks_like_head(rows[0].texts)

    def _read_frame(self, row: ClassifiedRow) -> None:
        for cell in row.content.row.cells:
            self.read(cell.element)

    def _read_row(
        self, row: ClassifiedRow, edges: Sequence[int], merged: MergedText
    ) -> Sequence[str]:
        """Read a row by its role; returns its texts where they are not collected."""
        content = row.content
        match row.role:
            case RowRole.HEADER:
                self._add_text(_on_one_line(content.texts), content.row.element)
            case RowRole.TEXT:
                self._add_text("\n".join(content.texts), content.row.element)
            case RowRole.HEAD | RowRole.LOWER_HEAD:
                self._read_head(row, edges)
            case RowRole.LINE:
                self._read_line(row, edges, merged)
            case RowRole.EARLIER_HEAD:
                self._earlier = True
            case RowRole.EARLIER if self._drafts:
                self._drafts[-1].earlier.append(content.texts)
            case RowRole.EARLIER | RowRole.OTHER:
                return content.texts
        return ()

    def _read_head(self, row: ClassifiedRow, edges: Sequence[int]) -> None:
        """Read a head; where one stands again, something may have been written into it."""
        self._earlier = False
        self._columns = Columns(row.content.row, row.columns, edges)
        self._begin_form()
        form, texts = self._drafts[-1], row.content.texts
        if row.role is RowRole.LOWER_HEAD or not form.headings:
            form.headings += texts
        added = [text for text in texts if text.strip() and text not in form.headings]
        self.notes += [f"写在表头里，没有收：{flat(text)}" for text in added]

    def _begin_form(self) -> None:
        """Begin a new form where a header stands above, else the last form goes on."""
        header = self._outside.header()
        if self._outside.begins_form(header) or not self._drafts:
            self._drafts.append(self._outside.draft(header))
            self._outside = _Outside()

    def _read_line(self, row: ClassifiedRow, edges: Sequence[int], merged: MergedText) -> None:
        """Read a row of answers; blank ones are left out."""
        if self._columns is None:  # there is no head at all
            self._columns = Columns(row.content.row, columns_by_tags(row.content), edges)
            self._begin_form()
        line = read_line(row.content, row.number, self._columns, edges, merged)
        if any(line.texts.values()) or line.others or line.unreadable:
            self._drafts[-1].lines.append(line)
        self._written += sum(map(len, line.texts.values()))
        self._refuse_too_much()

    def _refuse_too_much(self) -> None:
        """Raise PackageError when a form grows beyond what any form has."""
        if self._written > _MOST_CHARACTERS:
            raise PackageError("内容太多（同一段话合并到了很多行），不像是附件4")
        if len(self._drafts[-1].lines) > _MOST_LINES:
            raise PackageError(f"表格超过了 {_MOST_LINES} 行，不像是附件4")


def _contents(table: WordTable) -> list[RowContent]:
    """The rows with what they hold; raises PackageError where one has too many cells."""
    if any(map(_is_too_wide, table.rows)):
        raise PackageError(f"表格超过了 {MOST_COLUMNS} 列，不像是附件4")
    return [*map(row_content, table.rows)]


def _is_too_wide(row: WordRow) -> bool:
    return len(row.cells) > MOST_COLUMNS


def _on_one_line(cells: Sequence[str]) -> str:
    """A header's row; two people under each other in one cell are a list."""
    return "\t".join("、".join(filter(None, text.split("\n"))) for text in cells)
