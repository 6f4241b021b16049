"""A row of a returned form: what stands under which heading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from pipeline.docx.body import Cell, Paragraph, Row, blocks
from pipeline.docx.ns import w
from pipeline.docx.places import Columns
from pipeline.marks import ANSWERS, Mark
from pipeline.marks import read as read_mark

_PICTURES = (w("drawing"), w("pict"), w("object"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a form: its place in the table from 1 (as people count, the head is one).

    `texts` maps name, number, progress, problems and measures to what stands there; `others` has
    the cells under no known heading, `marks` the marks of the row's controls; `told` what is odd.
    `continued` says that the name is merged with the one above: the indicator's row was split.
    """

    row: int
    texts: Mapping[str, str]
    others: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    told: tuple[str, ...] = ()
    continued: bool = False

    @property
    def answers(self) -> tuple[str, str, str]:
        """What was reported: progress, problems, measures."""
        progress, problems, measures = (self.texts.get(name, "") for name in ANSWERS)
        return progress, problems, measures

    def only(self, wanted: Callable[[Mark], bool]) -> Line:
        """The line with the wanted marks only."""
        return replace(self, marks=tuple(filter(wanted, self.marks)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: what its header says, the text above it, and its rows that say anything."""

    header: Mapping[str, str]
    above: str
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]  # of the header


class Carried:
    """The texts of cells that are merged downwards, by field: they go on in the rows below."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def text(self, cell: Cell, fields: Sequence[str]) -> str:
        """What a cell says, or the one that it continues."""
        if cell.merge == "continue":
            return self._texts.get(fields[0], "") if fields else ""
        text = visible(cell)
        if fields and cell.merge == "restart":
            self._texts[fields[0]] = text
        return text


def line(
    row: Row, number: int, columns: Columns | None, edges: Sequence[int], carried: Carried
) -> Line:
    """The row as a line of a form; cells under no heading go by their marks, or to `others`."""
    covered = columns.of(row, edges) if columns else [()] * len(row.cells)
    owned = [(cell, marks_of(cell.element)) for cell in row.cells]
    cells = [
        (cell, heading or tuple(mark.field for mark in own if mark.field in ANSWERS))
        for (cell, own), heading in zip(owned, covered, strict=True)
    ]
    continued = any("name" in fields and cell.merge == "continue" for cell, fields in cells)
    texts: dict[str, str] = {}
    others: list[str] = []
    told: list[str] = []
    for cell, fields in cells:
        if continued and cell.merge == "continue" and "name" not in fields:
            continue  # the indicator's first row has said it
        text = carried.text(cell, fields)
        told += _odd(cell, fields, text)
        if fields:
            texts[fields[0]] = "\n".join(filter(None, [texts.get(fields[0], ""), text]))
        elif text.strip():
            others.append(text)
    return Line(
        row=number,
        texts={field: text.strip() for field, text in texts.items()},
        others=tuple(others),
        marks=tuple(mark for _, own in owned for mark in own),
        told=tuple(dict.fromkeys(told)),
        continued=continued,
    )


def visible(cell: Cell) -> str:
    """The lines of a cell, those in text boxes at the end."""
    return "\n".join([*cell.paragraphs, *boxes(cell.element)])


def boxes(element: etree._Element) -> Iterator[str]:
    """The lines in the text boxes below an element."""
    for box in element.iter(w("txbxContent")):
        for block in blocks(box):
            if isinstance(block, Paragraph):
                yield block.text


def marks_of(element: etree._Element) -> list[Mark]:
    """The marks of the controls in an element, and of one that it stands in as a cell."""
    around = (control for control in element.iterancestors(w("sdt"), w("tr")))
    tags = []
    for control in around:
        if control.tag == w("tr"):
            break
        tags.append(control.find(f"{w('sdtPr')}/{w('tag')}"))
    tags += element.iter(w("tag"))
    read = (read_mark(tag.get(w("val"), "")) for tag in tags if tag is not None)
    return [mark for mark in read if mark is not None]


def _odd(cell: Cell, fields: Sequence[str], text: str) -> Iterator[str]:
    answers = [field for field in fields if field in ANSWERS]
    if len(answers) > 1 and text.strip():
        yield "单元格横着合并了，算作左边一栏的"
    if cell.merge == "continue" and answers and text.strip():
        yield "单元格竖着合并了，每一行都算填了同样的内容"
    if cell.element.find(f".//{w('tbl')}") is not None:
        yield "单元格里有表格，按一行一行的文字收"
    if any(_is_picture(each) for each in cell.element.iter(*_PICTURES)):
        yield "有图片，没有收"


def _is_picture(element: etree._Element) -> bool:
    return next(element.iter(w("txbxContent")), None) is None
