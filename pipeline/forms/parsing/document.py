"""The blocks of a document, read one after the other as the headers and rows of forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from pipeline.errors import PackageError, shorten
from pipeline.forms import control_tags
from pipeline.forms.parsing import heads
from pipeline.forms.parsing.columns import Columns, edges
from pipeline.forms.parsing.lines import (
    Form,
    Line,
    MergedText,
    RowContent,
    boxes,
    has_picture,
    line,
    marked_fields,
    marks_of,
    row_content,
)
from pipeline.forms.parsing.row_roles import ClassifiedRow, RowRole, columns_by_marks, roles
from pipeline.ooxml.body import MOST_COLUMNS, Paragraph, WordTable, blocks
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
    marks: tuple[control_tags.ControlTag, ...]
    lines: list[Line] = field(default_factory=list)
    earlier: list[tuple[str, ...]] = field(default_factory=list)
    headings: tuple[str, ...] = ()


class FormParser:
    """Reads a body block by block; `told` and `seen`, the characters read, grow with it."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.seen = 0
        self._drafts: list[_Draft] = []
        self._above: list[str] = []
        self._marks: list[control_tags.ControlTag] = []
        self._marked: dict[str, str] = {}
        self._columns: Columns | None = None
        self._written = 0  # characters in the lines, those that are merged downwards each time
        self._announced = False  # that a table for reference comes
        self._reference = False  # what was shown for reference may go on

    def read(self, container: etree._Element) -> None:
        """Read what a body, or a cell that holds forms, contains."""
        for block in blocks(container):
            if isinstance(block, Paragraph):
                if has_picture(block.element):
                    self.told.append("表格外面有图片，没有收")
                self._announced |= heads.announces_earlier(block.text)
                text = "\n".join([block.text, *boxes(block.element)])
                self.seen += count(text)
                self._say(text, block.element)
            elif isinstance(block, WordTable):
                self._read_table(block)

    def forms(self) -> tuple[Form, ...]:
        """The forms; what stands under the last table may belong to its header."""
        if self._drafts:
            last, below = self._drafts[-1], heads.header("\n".join(self._above))
            for name, value in below.fields.items():
                if value and last.header.setdefault(name, value) != value:
                    last.outside.append(f"{heads.WORDS[name]}：{value}")
            last.outside += below.others
        return tuple(
            Form(
                header=d.header,
                above=d.above,
                outside=tuple(d.outside),
                lines=tuple(d.lines),
                earlier=tuple(d.earlier),
                headings=d.headings,
                marks=d.marks,
            )
            for d in self._drafts
        )

    def _say(self, text: str, element: etree._Element) -> None:
        """Text outside of the rows."""
        self._above.append(text)
        self._marks += marks_of(element)
        if self._marks or heads.header(text).fields:
            self._announced = False  # a form of its own begins
        self._marked |= {name: heads.said(text) for name, text in marked_fields(element).items()}

    def _read_table(self, found: WordTable) -> None:
        grid, carried = edges(found.element), MergedText()
        rows = _rows(found)
        goes_on = bool(rows) and self._columns is not None and self._columns.fits(rows[0].row)
        passed_over: list[str] = []
        announced = self._announced
        reference = self._reference or announced
        for role in roles(rows, goes_on=goes_on, reference=reference, announced=announced):
            if role.kind is RowRole.FRAME:
                for cell in role.row.row.cells:
                    self.read(cell.element)
            else:
                self.seen += count("".join(role.row.texts))
                passed_over += self._take(role, grid, carried)
        if "".join(passed_over).strip():
            self.told.append(f"有一个表格不像附件4，没有收：“{shorten(' '.join(passed_over))}”")

    def _take(self, role: ClassifiedRow, grid: Sequence[int], carried: MergedText) -> Sequence[str]:
        """Read a row as what it is; returns the texts of one that is nothing."""
        row, kind = role.row, role.kind
        if kind in (RowRole.HEADER, RowRole.TEXT):
            text = "\n".join(row.texts) if kind is RowRole.TEXT else _in_one_line(row.texts)
            self._say(text, row.row.element)
        elif kind in (RowRole.HEAD, RowRole.LOWER_HEAD):
            self._reference = False
            self._begin(Columns(row.row, role.fields, grid))
            self._compare_heads(row, lower=kind is RowRole.LOWER_HEAD)
        elif kind is RowRole.LINE:
            self._add(role, grid, carried)
        elif kind is RowRole.REFERENCE_HEAD:
            self._reference = True
        elif kind is RowRole.REFERENCE and self._drafts:
            self._drafts[-1].earlier.append(row.texts)
        elif kind is not RowRole.UPPER_HEAD:
            return row.texts
        return ()

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
                    outside=[text for text in header.others if text not in self._marked.values()],
                    marks=tuple(self._marks),
                )
            )
            self._above, self._marks, self._marked = [], [], {}
        self._columns = columns

    def _compare_heads(self, row: RowContent, *, lower: bool) -> None:
        """A head that stands again may have had something written into it."""
        form = self._drafts[-1]
        if lower or not form.headings:
            form.headings += row.texts
        added = (text for text in row.texts if text.strip() and text not in form.headings)
        self.told += (f"写在表头里，没有收：{flat(text)}" for text in added)

    def _add(self, role: ClassifiedRow, grid: Sequence[int], carried: MergedText) -> None:
        if not self._drafts:
            self._begin(Columns(role.row.row, columns_by_marks(role.row), grid))
        added = line(role.row, role.number, self._columns, grid, carried)
        if any(added.texts.values()) or added.others or added.lost:
            self._drafts[-1].lines.append(added)
        self._written += sum(map(len, added.texts.values()))
        if self._written > _MOST_CHARACTERS:
            raise PackageError("内容太多（同一段话合并到了很多行），不像是附件4")
        if len(self._drafts[-1].lines) > _MOST_LINES:
            raise PackageError(f"表格超过了 {_MOST_LINES} 行，不像是附件4")


def _rows(found: WordTable) -> list[RowContent]:
    if any(len(row.cells) > MOST_COLUMNS for row in found.rows):
        raise PackageError(f"表格超过了 {MOST_COLUMNS} 列，不像是附件4")
    return [*map(row_content, found.rows)]


def _in_one_line(cells: Sequence[str]) -> str:
    """A header's row; two people under each other in one cell are a list."""
    return "\t".join("、".join(filter(None, text.split("\n"))) for text in cells)
