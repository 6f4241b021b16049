"""A row of a returned form: what stands under which heading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from pipeline.forms.control_tags import ANSWERS, HEADER, ControlTag
from pipeline.forms.control_tags import parse as parse_tag
from pipeline.forms.parsing.columns import Columns
from pipeline.ooxml.body import WordCell, WordRow, lines, texts
from pipeline.ooxml.ns import w
from pipeline.typography import flat

_PICTURES = (w("drawing"), w("pict"), w("object"))
_SPECIAL = (*_PICTURES, w("txbxContent"), w("tbl"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a form: its place in the table from 1 (as people count, the head is one).

    `texts` maps name, number, progress, problems and measures to what stands there; `others` has
    the cells under no known heading, `marks` the marks of the row's controls; `told` says what is
    odd, `lost` what could not be read.
    `continued` says that the name is merged with the one above: the indicator's row was split.
    """

    row: int
    texts: Mapping[str, str]
    others: tuple[str, ...] = ()
    marks: tuple[ControlTag, ...] = ()
    told: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    continued: bool = False

    @property
    def answers(self) -> tuple[str, str, str]:
        """What was reported: progress, problems, measures."""
        progress, problems, measures = (self.texts.get(name, "") for name in ANSWERS)
        return progress, problems, measures

    @property
    def said(self) -> str:
        """The answers on one line, for messages."""
        return "｜".join(map(flat, self.answers))

    def only(self, wanted: Callable[[ControlTag], bool]) -> Line:
        """The line with the wanted marks only."""
        kept = tuple(filter(wanted, self.marks))
        return self if len(kept) == len(self.marks) else replace(self, marks=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: what its header says, the text above it, and its rows that say anything.

    `headings` are the cells of its first head, `outside` the lines around its table that belong to
    no field of its header; `earlier` has the cells of the rows shown for reference, which nobody
    was to change.
    """

    header: Mapping[str, str]
    above: str
    lines: tuple[Line, ...]
    earlier: tuple[tuple[str, ...], ...] = ()
    outside: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    marks: tuple[ControlTag, ...] = ()  # of the header


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContent:
    """A row with what its cells say, boxes included, and the marks in each.

    `special`: it holds boxes, pictures or tables, which few do.
    """

    row: WordRow
    texts: tuple[str, ...]
    marks: tuple[tuple[ControlTag, ...], ...]
    special: bool


def row_content(row: WordRow) -> RowContent:
    """A row, looked at once."""
    special = next(row.element.iter(*_SPECIAL), None) is not None
    marked = next(row.element.iter(w("tag")), None) is not None
    return RowContent(
        row=row,
        texts=tuple(
            "\n".join([*cell.paragraphs, *(boxes(cell.element) if special else ())])
            for cell in row.cells
        ),
        marks=tuple(tuple(marks_of(cell.element)) if marked else () for cell in row.cells),
        special=special,
    )


class MergedText:
    """The texts of cells that are merged downwards, by field: they go on in the rows below."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def goes_on(self, cell: WordCell, fields: Sequence[str]) -> bool:
        """Whether a cell is merged with one above it; an orphan stands for itself."""
        return cell.merge == "continue" and (not fields or fields[0] in self._texts)

    def text(self, cell: WordCell, text: str, fields: Sequence[str]) -> str:
        """What a cell says, or the one that it continues."""
        if self.goes_on(cell, fields):
            return self._texts[fields[0]] if fields else ""
        if fields and cell.merge == "restart":
            self._texts[fields[0]] = text
        return text


def line(
    found: RowContent,
    number: int,
    columns: Columns | None,
    edges: Sequence[int],
    carried: MergedText,
) -> Line:
    """The row as a line of a form; cells under no heading go by their marks, or to `others`."""
    row = found.row
    covered, certain = columns.of(row, edges) if columns else ([()] * len(row.cells), True)
    fields_of = _fields(found.marks, covered, certain=certain)
    cells = list(zip(row.cells, found.texts, fields_of, strict=True))
    astray = [
        bool(text.strip())
        and len(own) == 1
        and own[0].field in ANSWERS
        and own[0].field not in fields
        for own, (_, text, fields) in zip(found.marks, cells, strict=True)
    ]
    continued = any("name" in fields and carried.goes_on(cell, fields) for cell, _, fields in cells)
    texts: dict[str, str] = {}
    others: list[str] = []
    told = ["单元格的标记和表头对不上，按表头收"] if any(astray) else []
    lost: list[str] = []
    for cell, own, fields in cells:
        if continued and carried.goes_on(cell, fields) and "name" not in fields:
            continue  # the indicator's first row has said it
        text = carried.text(cell, own, fields)
        if cell.merge or len(fields) > 1:
            told += _merged(cell, fields, text)
            lost += _merged_away(cell, fields, text)
        if found.special and cell.element.find(f".//{w('tbl')}") is not None:
            told.append("单元格里有表格，按一行一行的文字收")
        if found.special and has_picture(cell.element):
            lost.append("有图片，没有收")
        if fields:
            texts[fields[0]] = "\n".join(filter(None, [texts.get(fields[0], ""), text]))
        elif text.strip():
            others.append(text)
    return Line(
        row=number,
        texts={field: text.strip() for field, text in texts.items()},
        others=tuple(others),
        marks=tuple(mark for own in found.marks for mark in own),
        told=tuple(dict.fromkeys(told)),
        lost=tuple(dict.fromkeys(lost)),
        continued=continued,
    )


def _fields(
    marks: Sequence[Sequence[ControlTag]], covered: Sequence[tuple[str, ...]], *, certain: bool
) -> list[tuple[str, ...]]:
    """What each cell is for: what stands above it or, under no heading, its mark.

    Where it is not `certain` what stands above it, or the same stands above several cells, the
    mark comes first.
    A column that somebody put in may be headed like one of the form's, and take its place: the
    cell that has the mark, but no heading any more, is the form's.
    """
    marked = [tuple(mark.field for mark in own if mark.field in ANSWERS) for own in marks]
    displaced = {own for own, heading in zip(marked, covered, strict=True) if own and not heading}
    return [
        own
        if not heading
        or (own and (not certain or covered.count(heading) > 1))
        or (not own and heading in displaced)
        else heading
        for own, heading in zip(marked, covered, strict=True)
    ]


def boxes(element: etree._Element) -> Iterator[str]:
    """The lines in the text boxes below an element."""
    for box in element.iter(w("txbxContent")):
        yield from lines(box)


def marks_of(element: etree._Element) -> list[ControlTag]:
    """The marks of the controls in an element, and of one that it stands in as a cell."""
    around = (control for control in element.iterancestors(w("sdt"), w("tr")))
    tags = []
    for control in around:
        if control.tag == w("tr"):
            break
        tags.append(control.find(f"{w('sdtPr')}/{w('tag')}"))
    tags += element.iter(w("tag"))
    read = (parse_tag(tag.get(w("val"), "")) for tag in tags if tag is not None)
    return [mark for mark in read if mark is not None]


def marked_fields(element: etree._Element) -> dict[str, str]:
    """What the controls of a header's fields say, whatever became of the words before them."""
    found: dict[str, str] = {}
    for control in element.iter(w("sdt")):
        tag, content = control.find(f"{w('sdtPr')}/{w('tag')}"), control.find(w("sdtContent"))
        mark = None if tag is None else parse_tag(tag.get(w("val"), ""))
        if mark is not None and mark.field in HEADER and content is not None:
            found[mark.field] = "".join(texts(content)).strip()
    return {field: text for field, text in found.items() if text}


def _merged(cell: WordCell, fields: Sequence[str], text: str) -> Iterator[str]:
    answers = [field for field in fields if field in ANSWERS]
    if len(answers) > 1 and fields[0] in ANSWERS and text.strip():
        yield "单元格横着合并了，算作左边一栏的"
    if cell.merge == "continue" and answers and text.strip() and text != _own(cell):
        yield "单元格竖着合并了，每一行都算填了同样的内容"


def _merged_away(cell: WordCell, fields: Sequence[str], text: str) -> Iterator[str]:
    if "name" in fields and len(fields) > 1:
        yield f"指标名称和后面的单元格合并了，写在里面的没有收：{flat(text)}"
    if cell.merge == "continue" and _own(cell).strip() and text != _own(cell):
        yield f"合并掉的单元格里还有看不见的字，没有收：{flat(_own(cell))}"


def _own(cell: WordCell) -> str:
    return "\n".join(cell.paragraphs)


def has_picture(element: etree._Element) -> bool:
    """Whether an element holds a picture or an object, beyond boxes with text."""
    return any(map(_is_picture, element.iter(*_PICTURES)))


def _is_picture(element: etree._Element) -> bool:
    return next(element.iter(w("txbxContent")), None) is None
