"""A form as people handle it: filled in, cut up, pasted, changed with tracking, spoiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from pipeline.ooxml.ns import W_URI, w
from pipeline.ooxml.package import DOCUMENT, archive, parse, read_parts, serialize

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# Field → column of the form.
ANSWERS = {"progress": 2, "problems": 3, "measures": 4, "status": 5, "self_score": 6}


def xml(text: str) -> etree._Element:
    """An element written with the prefix w."""
    return etree.fromstring(f'<w:x xmlns:w="{W_URI}">{text}</w:x>')[0]


def paragraph(text: str) -> etree._Element:
    """A paragraph with one run; line breaks and tabs are Word's elements."""
    made = etree.Element(w("p"))
    made.append(run(text))
    return made


def run(text: str) -> etree._Element:
    made = etree.Element(w("r"))
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(made, w("br"))
        for place, piece in enumerate(line.split("\t")):
            if place:
                etree.SubElement(made, w("tab"))
            words = etree.SubElement(made, w("t"))
            words.text = piece
            words.set(_SPACE, "preserve")
    return made


@dataclass
class Paper:
    """A form's document, to be changed."""

    data: bytes
    extra: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parts = read_parts(self.data)
        self.root = parse(self.parts[DOCUMENT])
        self.body = self.root[0]

    @property
    def bytes(self) -> bytes:
        return archive({**self.parts, DOCUMENT: serialize(self.root), **self.extra})

    @property
    def tables(self) -> list[etree._Element]:
        return list(self.body.iter(w("tbl")))

    @property
    def table(self) -> etree._Element:
        """The one with the indicators."""
        return next(t for t in self.tables if "指标名称" in "".join(map(str, t.itertext())))

    @property
    def rows(self) -> list[etree._Element]:
        """The rows below the head."""
        return self.table.findall(w("tr"))[1:]

    def row(self, code: str) -> etree._Element:
        """The row of an indicator, by the control tag in it."""
        for row in self.rows:
            if any(f":{code}:" in tag.get(w("val"), "") for tag in row.iter(w("tag"))):
                return row
        raise KeyError(code)

    def header(self, **values: str) -> None:
        """Fill in the header's controls: group, reporter, day."""
        for control in self.body.iter(w("sdt")):
            tag = control.find(f"{w('sdtPr')}/{w('tag')}").get(w("val"))
            if (name := tag.rpartition(":")[2]) in values:
                content = control.find(w("sdtContent"))
                for child in list(content):
                    content.remove(child)
                content.append(run(values[name]))

    def fill(self, answers: Mapping[str, Mapping[str, str]]) -> None:
        """Fill in each indicator's answers."""
        for code, texts in answers.items():
            row = self.row(code)
            for name, text in texts.items():
                say(cells(row)[ANSWERS[name]], text)

    def strip_controls(self) -> None:
        """Drop all content controls, their contents stay."""
        for control in reversed(list(self.root.iter(w("sdt")))):
            for child in list(control.find(w("sdtContent"))):
                control.addprevious(child)
            control.getparent().remove(control)


def cells(row: etree._Element) -> list[etree._Element]:
    return list(row.iter(w("tc")))


def say(cell: etree._Element, text: str) -> None:
    """Let a cell say this: the first line in its control, the rest in a paragraph below."""
    first, *others = cell.findall(w("p"))
    for old in others:
        cell.remove(old)
    holder = first.find(f"{w('sdt')}/{w('sdtContent')}")
    holder = first if holder is None else holder
    for old in list(holder):
        if old.tag != w("pPr"):
            holder.remove(old)
    line, broken, rest = text.partition("\n")
    holder.append(run(line))
    if broken:
        below = paragraph(rest)
        below[:0] = map(deepcopy, first.findall(w("pPr")))
        first.addnext(below)


def put_controls_over_paragraphs(cell: etree._Element) -> None:
    """What Word makes of a cell's control when somebody presses Enter in it."""
    control = next(cell.iter(w("sdt")))
    for each in list(control.find(w("sdtContent"))):
        control.addprevious(each)
    paragraphs = cell.findall(w("p"))
    paragraphs[0].addprevious(control)
    control.find(w("sdtContent")).extend(paragraphs)


def text_of(cell: etree._Element) -> str:
    return "".join(t.text or "" for t in cell.iter(w("t")))


def set_property(cell: etree._Element, element: str) -> None:
    """Put a property, such as <w:vMerge/>, behind the width and the span of a cell."""
    properties = cell.find(w("tcPr"))
    before = [c for c in properties if c.tag in (w("tcW"), w("gridSpan"))]
    (before[-1].addnext if before else properties.append)(xml(element))


def swap(one: etree._Element, other: etree._Element) -> None:
    """Let two siblings change places."""
    parent = one.getparent()
    first, second = parent.index(one), parent.index(other)
    parent[first], parent[second] = deepcopy(other), deepcopy(one)


Mishap = Callable[[Paper], None]
