"""A row of a returned form: what stands under which heading."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple, TypeAlias

from pipeline.forms.asked import without_placeholder
from pipeline.forms.control_tags import ANSWERS, ASKED, FIELDS, ControlTag
from pipeline.forms.parsing.columns import Columns
from pipeline.forms.parsing.content import RowContent, has_picture, has_table
from pipeline.forms.words import UNREPORTED
from pipeline.ooxml.body import WordCell
from pipeline.typography import flat

Fields: TypeAlias = tuple[str, ...]  # of the columns that a cell covers


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a form: its number in the table from 1 (as people count, the head is one).

    `texts` maps name, number and the fields of a row to what stands there; `others` has
    the cells under no known heading, `tags` the tags of the row's controls; `warnings` says what is
    odd, `unreadable` what could not be read.
    `unread` are the fields of cells that were reported and count as not filled in at all.
    `continued` says that the name is merged with the one above: the indicator's row was split.
    """

    row: int
    texts: Mapping[str, str]
    others: tuple[str, ...] = ()
    tags: tuple[ControlTag, ...] = ()
    warnings: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()
    continued: bool = False

    @property
    def name(self) -> str:
        """The name of the row's indicator, as it stands there."""
        return self.texts.get("name", "")

    @property
    def is_answered(self) -> bool:
        """Whether anything was reported."""
        return any(self.answers.values())

    @property
    def answers(self) -> dict[str, str]:
        """What was reported, by field: what the edition may ask for only where the form has it."""
        asked = [field for field in ASKED if field in self.texts]
        fields = (field for field in (*ANSWERS, *asked) if field not in self.unread)
        texts = {field: self.texts.get(field, "") for field in fields}
        return {field: "" if text == UNREPORTED else text for field, text in texts.items()}

    @property
    def answers_text(self) -> str:
        """The answers on one line, for messages."""
        texts = self.answers
        shown = (texts.get(field, "") for field in FIELDS if field in ANSWERS or texts.get(field))
        return "｜".join(map(flat, shown))

    def with_text(self, field: str, text: str) -> Line:
        """The line with another text under a field."""
        return replace(self, texts={**self.texts, field: text})

    def without(self, field: str) -> Line:
        """The line as if a field's cell had not been read."""
        return replace(self, unread=self.unread | {field})

    def only(self, wanted: Callable[[ControlTag], bool]) -> Line:
        """The line with the wanted tags only."""
        kept = tuple(filter(wanted, self.tags))
        return self if len(kept) == len(self.tags) else replace(self, tags=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: the values of its header, the text above it, and its rows that are not blank.

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
    tags: tuple[ControlTag, ...] = ()  # of the header's controls


class MergedText:
    """The texts of cells that are merged downwards, by field: they hold in the rows below too."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def continues(self, cell: WordCell, fields: Fields) -> bool:
        """Whether a cell is merged with one above it, if there is one."""
        return cell.merge == "continue" and (not fields or fields[0] in self._texts)

    def text(self, cell: WordCell, text: str, fields: Fields) -> str:
        """The text of a cell, or of the one that it continues."""
        if self.continues(cell, fields):
            return self._texts[fields[0]] if fields else ""
        if fields and cell.merge == "restart":
            self._texts[fields[0]] = text
        return text


class _Cell(NamedTuple):
    """A cell with its text, or that of the cell above that it continues, and its fields."""

    word: WordCell
    text: str
    fields: Fields

    @property
    def is_merged(self) -> bool:
        """Whether it is merged with others, downwards or across."""
        return self.word.merge != "" or len(self.fields) > 1

    @property
    def hidden(self) -> str:
        """What stands in a cell that is merged with one above it, and cannot be seen."""
        if self.word.merge != "continue":
            return ""
        return _answer("\n".join(self.word.paragraphs), self.fields)


def _answer(text: str, fields: Fields) -> str:
    """What somebody wrote into a cell: not the placeholder that it held at first."""
    return without_placeholder(fields[0], text) if fields else text


def read_line(
    content: RowContent,
    number: int,
    columns: Columns,
    edges: Sequence[int],
    merged: MergedText,
) -> Line:
    """The row as a line of a form; cells under no heading go by their tags, or to `others`."""
    fields = _fields_of_cells(content, columns, edges)
    answers = map(_answer, content.texts, fields)
    own_cells = list(map(_Cell, content.row.cells, answers, fields))
    continued = _continues_name(own_cells, merged)
    cells = list(_whole_cells(own_cells, merged, continued=continued))
    contradictory = _contradictory_tags(content, fields)
    return Line(
        row=number,
        texts=_texts(cells),
        others=_others(cells),
        tags=tuple(chain.from_iterable(content.tags)),
        warnings=_each_once(chain(contradictory, _warnings(cells, special=content.special))),
        unreadable=_each_once(_unreadable(cells, special=content.special)),
        continued=continued,
    )


def _fields_of_cells(
    content: RowContent, columns: Columns, edges: Sequence[int]
) -> Sequence[Fields]:
    """What each cell is for: the field of its heading or, under no heading, of its control."""
    headed, certain = columns.of(content.row, edges)
    if not any(content.tags):
        return headed
    tagged = [_answer_fields(tags) for tags in content.tags]
    return _reconciled(headed, tagged, _repeated(headed) if certain else headed)


def _reconciled(
    headed: Sequence[Fields], tagged: Sequence[Fields], doubtful: Collection[Fields]
) -> list[Fields]:
    """The fields of the headings and of the tags in one; tags count more than `doubtful` headings.

    A column that somebody put in may have a heading like one of the form's, and take its field: the
    cell that has the tag, but no heading any more, is the form's.
    """
    pairs = list(zip(headed, tagged, strict=True))
    displaced = {tag for heading, tag in pairs if not heading}
    return [
        heading if heading and heading not in (doubtful if tag else displaced) else tag
        for heading, tag in pairs
    ]


def _answer_fields(tags: Iterable[ControlTag]) -> Fields:
    return _answers_among([tag.field for tag in tags])


def _answers_among(fields: Iterable[str]) -> Fields:
    return tuple(field for field in fields if field in FIELDS)


def _repeated(fields: Sequence[Fields]) -> Collection[Fields]:
    return {each for each in fields if fields.count(each) > 1}


def _continues_name(cells: Iterable[_Cell], merged: MergedText) -> bool:
    """Whether the name of the row's indicator stands in a row above."""
    names = (cell for cell in cells if "name" in cell.fields)
    return any(merged.continues(cell.word, cell.fields) for cell in names)


def _whole_cells(cells: Iterable[_Cell], merged: MergedText, *, continued: bool) -> Iterator[_Cell]:
    """The cells, those that are merged with one above with the text of that.

    In a row whose name is `continued` these are left out: the indicator's first row has them.
    """
    for cell in cells:
        word, text, fields = cell
        if not word.merge:
            yield cell
        elif not continued or "name" in fields or not merged.continues(word, fields):
            yield _Cell(word, merged.text(word, text, fields), fields)


def _texts(cells: Iterable[_Cell]) -> dict[str, str]:
    """Field → the texts of its cells, one below the other."""
    pieces: dict[str, list[str]] = {}
    for _, text, fields in cells:
        if fields:
            pieces.setdefault(fields[0], []).append(text)
    return {field: "\n".join(filter(None, own)).strip() for field, own in pieces.items()}


def _others(cells: Iterable[_Cell]) -> tuple[str, ...]:
    """The texts under no heading."""
    texts = (cell.text for cell in cells if not cell.fields)
    return tuple(text for text in texts if text.strip())


def _contradictory_tags(content: RowContent, fields: Sequence[Fields]) -> Iterator[str]:
    """A warning where a cell that is filled in has the control of some other column."""
    if any(content.tags) and any(map(_contradicts, content.tags, content.texts, fields)):
        yield "单元格的标记和表头对不上，按表头收"


def _contradicts(tags: Sequence[ControlTag], text: str, fields: Fields) -> bool:
    if len(tags) != 1 or not text.strip():
        return False
    return tags[0].field in FIELDS and tags[0].field not in fields


def _warnings(cells: Iterable[_Cell], *, special: bool) -> Iterator[str]:
    """What is odd in a row, but read."""
    for cell in cells:
        if cell.is_merged:
            yield from _merge_warnings(cell)
        if special and has_table(cell.word.element):
            yield "单元格里有表格，按一行一行的文字收"


def _merge_warnings(cell: _Cell) -> Iterator[str]:
    """How an answer counts that stands in a merged cell."""
    answers = _answers_among(cell.fields)
    if not answers or not cell.text.strip():
        return
    if len(answers) > 1 and cell.fields[0] in FIELDS:
        yield "单元格横着合并了，算作左边一栏的"
    if cell.word.merge == "continue" and cell.text != cell.hidden:
        yield "单元格竖着合并了，每一行都算填了同样的内容"


def _unreadable(cells: Iterable[_Cell], *, special: bool) -> Iterator[str]:
    """What stands in a row and cannot be read."""
    for cell in cells:
        if cell.is_merged:
            yield from _lost_in_merge(cell)
        if special and has_picture(cell.word.element):
            yield "有图片，没有收"


def _lost_in_merge(cell: _Cell) -> Iterator[str]:
    """What stands in a merged cell and belongs to no field."""
    if "name" in cell.fields and len(cell.fields) > 1:
        yield f"指标名称和后面的单元格合并了，写在里面的没有收：{flat(cell.text)}"
    hidden = cell.hidden
    if hidden.strip() and hidden != cell.text:
        yield f"合并掉的单元格里还有看不见的字，没有收：{flat(hidden)}"


def _each_once(messages: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(messages))
