"""Content controls around what people fill in, so that each answer is found again.

`control(root, {"{{ row.progress }}": "row.marks.progress"})` puts the place of that tag into a
control. Where the tag is all that its cell says, the control holds the cell's paragraphs: answers
have several, and lists. Beside other words (填报人：{{ form.reporter }}) it holds the run only.

The mark itself is only known when the form is rendered; so the control's properties hold a tag,
which the filter `control_marks` turns into Word's elements (w:alias, w:tag; ECMA-376, part 1,
17.5.2.1 and 17.5.2.42).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Protocol

from lxml import etree
from markupsafe import Markup

from pipeline.docx.body import texts
from pipeline.docx.ns import w
from pipeline.errors import TemplateError


class Markable(Protocol):
    """A control's mark, and the words that Word shows on its frame."""

    tag: str
    alias: str


def control_marks(mark: Markable) -> Markup:
    """The properties of a control."""
    return Markup('<w:alias w:val="{}"/><w:tag w:val="{}"/>').format(mark.alias, mark.tag)


FILTERS = (("control_marks", control_marks),)


def control(root: etree._Element, places: Mapping[str, str], template: str) -> None:
    """Put the place of each tag into a control; `places` maps the tag to its mark's name.

    Raises TemplateError, which names `template`, for a tag that it does not have.
    """
    for tag, mark in places.items():
        found = [paragraph for paragraph in root.iter(w("p")) if tag in "".join(texts(paragraph))]
        if not found:
            raise TemplateError("没有这个标签，填好的表就收不回来", template=template, tag=tag)
        for paragraph in found:
            _control(paragraph, tag, f"{{{{ {mark}|control_marks }}}}")


def _control(paragraph: etree._Element, tag: str, mark: str) -> None:
    cell = paragraph.getparent()
    if cell is not None and cell.tag == w("tc") and "".join(_words(cell)).strip() == tag:
        _around(list(cell.iterchildren(w("p"))), mark, "richText")
    else:
        _around([_own_run(paragraph, tag)], mark, "text")


def _words(cell: etree._Element) -> Iterator[str]:
    for paragraph in cell.iterchildren(w("p")):
        yield from texts(paragraph)


def _own_run(paragraph: etree._Element, tag: str) -> etree._Element:
    """The run that says the tag and nothing else, cut out of the one that says more."""
    for run in paragraph.findall(w("r")):
        before, found, after = "".join(texts(run)).partition(tag)
        if found:
            pieces = [_like(run, text) for text in (before, tag, after)]
            for piece in pieces:
                run.addprevious(piece)
            for piece in (run, *(p for p in pieces if not "".join(texts(p)))):
                paragraph.remove(piece)
            return pieces[1]
    whole = "".join(texts(paragraph))
    raise TemplateError("标签分在几段格式里", place=whole, tag=tag, hint="删掉这个标签，重新输入")


def _like(run: etree._Element, text: str) -> etree._Element:
    twin = deepcopy(run)
    for child in list(twin):
        if child.tag != w("rPr"):
            twin.remove(child)
    words = etree.SubElement(twin, w("t"))
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    words.text = text
    return twin


def _around(elements: list[etree._Element], mark: str, kind: str) -> None:
    """Put a control of a kind (17.5.2.26 rich text, 17.5.2.44 plain text) around siblings."""
    whole = etree.Element(w("sdt"))
    properties = etree.SubElement(whole, w("sdtPr"))
    properties.text = mark
    etree.SubElement(properties, w(kind))
    elements[0].addprevious(whole)
    content = etree.SubElement(whole, w("sdtContent"))
    for element in elements:
        content.append(element)
