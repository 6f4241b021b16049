"""Content controls around what people fill in, so that each answer is found again.

`control(root, {"{{ row.progress }}": "row.controls.progress"}, …)` puts that tag of the template
into a control of its own, inside its paragraph. A control around whole paragraphs would take lists
as well, but LibreOffice 7.4 writes the text of such a one four times when it saves a .docx.

What the control is called depends on the form that is rendered; so its properties hold a tag of
the template, which the filter `control_properties` turns into Word's elements (w:alias, w:tag;
ECMA-376, part 1, 17.5.2.1 and 17.5.2.42).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Protocol

from lxml import etree
from markupsafe import Markup

from pipeline.errors import TemplateError
from pipeline.ooxml.body import texts
from pipeline.ooxml.ns import w
from pipeline.word.elements import parent_of

_RICH_TEXT = etree.Element(w("richText"))  # 17.5.2.26


class Label(Protocol):
    """A control's tag, the words that Word shows on its frame, and those that it holds at first."""

    tag: str
    alias: str
    placeholder: str  # what stands in it until somebody fills it in


def control_properties(label: Label) -> Markup:
    """The properties of a control; with a placeholder it is one that nobody filled in yet."""
    names = Markup('<w:alias w:val="{}"/><w:tag w:val="{}"/>').format(label.alias, label.tag)
    return names + Markup("<w:showingPlcHdr/>") if label.placeholder else names


FILTERS = (("control_properties", control_properties),)


def control(
    root: etree._Element,
    labels: Mapping[str, str],
    template: str,
    choices: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Put each tag into a control; `labels` maps it to the name of the control's label.

    A tag with `choices` gets a list to choose from, the others text. Raises TemplateError, which
    names `template`, for a tag that it does not have.
    """
    kinds = {tag: _drop_down(words) for tag, words in (choices or {}).items()}
    for tag, label in labels.items():
        for paragraph in _paragraphs_with(root, tag, template):
            kind = deepcopy(kinds.get(tag, _RICH_TEXT))
            properties = f"{{{{ {label}|control_properties }}}}"
            _around(_own_run(paragraph, tag, template), properties, kind)


def _paragraphs_with(root: etree._Element, tag: str, template: str) -> list[etree._Element]:
    """The paragraphs with a tag; raises TemplateError where there is none."""
    found = [paragraph for paragraph in root.iter(w("p")) if tag in "".join(texts(paragraph))]
    if not found:
        raise TemplateError("没有这个标签，填好的表就收不回来", template=template, tag=tag)
    return found


def _own_run(paragraph: etree._Element, tag: str, template: str) -> etree._Element:
    """The run that holds the tag and nothing else, cut out of the one that holds more."""
    for run in paragraph.findall(w("r")):
        before, found, after = "".join(texts(run)).partition(tag)
        if found:
            return _cut_out(run, before, tag, after)
    whole = "".join(texts(paragraph))
    raise TemplateError(
        "标签分在几段格式里",
        template=template,
        location=whole,
        tag=tag,
        hint="删掉这个标签，重新输入",
    )


def _cut_out(run: etree._Element, before: str, tag: str, after: str) -> etree._Element:
    """The run that holds the tag, after a run was parted into what is before it and after it."""
    own = _like(run, tag)
    run.addprevious(own)
    if before:
        own.addprevious(_like(run, before))
    if after:
        own.addnext(_like(run, after))
    parent_of(run).remove(run)
    return own


def _like(run: etree._Element, text: str) -> etree._Element:
    """A run that looks like another one, with a text of its own."""
    twin = deepcopy(run)
    for child in list(twin):
        if child.tag != w("rPr"):
            twin.remove(child)
    words = etree.SubElement(twin, w("t"))
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    words.text = text
    return twin


def _drop_down(words: Sequence[str]) -> etree._Element:
    """The kind of a control that offers these words (17.5.2.15)."""
    kind = etree.Element(w("dropDownList"))
    for word in words:
        item = etree.SubElement(kind, w("listItem"))
        item.set(w("displayText"), word)
        item.set(w("value"), word)
    return kind


def _around(run: etree._Element, tag: str, kind: etree._Element) -> None:
    """Put a control of a kind around a run."""
    whole = etree.Element(w("sdt"))
    properties = etree.SubElement(whole, w("sdtPr"))
    properties.text = tag
    properties.append(kind)
    run.addprevious(whole)
    etree.SubElement(whole, w("sdtContent")).append(run)
