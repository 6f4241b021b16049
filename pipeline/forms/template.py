"""附件4's template made ready for two more uses than the blank form.

`issued` is the form that goes out to a group: its fields in content controls, and behind it, for
reference, what the group reported in the period before. `consolidated` is a period over all
groups: the filled form again for each. Both go on from the prepared template, so that a bureau's
changes of its look show in all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache, partial
from itertools import chain

from lxml import etree

from pipeline.errors import TemplateError
from pipeline.forms import asked_columns
from pipeline.forms.words import DEADLINE, REFERENCE
from pipeline.ooxml.body import texts
from pipeline.ooxml.elements import remove
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, parse, serialize
from pipeline.word.controls import control
from pipeline.word.elements import tag_paragraph, thin_paragraph
from pipeline.word.source import TemplateSource

# What people fill in, and the name of its control.
_FIELDS = {
    "{{ form.group }}": "form.controls.group",
    "{{ form.reporter }}": "form.controls.reporter",
    "{{ form.date }}": "form.controls.day",
    "{{ row.progress }}": "row.controls.progress",
    "{{ row.problems }}": "row.controls.problems",
    "{{ row.measures }}": "row.controls.measures",
}
_ANSWERS = ("{{ row.progress }}", "{{ row.problems }}", "{{ row.measures }}")
_NUMBER = "{{ row.number }}"
_ROWS, _END = "{%tr for row in form.rows %}", "{%tr endfor %}"
_EARLIER = "上期"  # begins the headings of what was reported before; the reader passes over those


@cache
def issued(asked: tuple[str, ...]) -> Callable[[TemplateSource], TemplateSource]:
    """The use of the template for the form as it goes out, with columns for what is `asked` too.

    The context's `form` has `controls`, `score_limit`, `before` and `earlier`. For the same fields
    it is the same function, so that the template is compiled once.
    """
    return partial(_issued, asked=asked)


def _issued(source: TemplateSource, *, asked: Sequence[str]) -> TemplateSource:
    root = parse(source.parts[DOCUMENT])
    table = _table(root, _ROWS, source.name)
    if asked:
        source = replace(source, parts=asked_columns.with_placeholder_style(source.parts))
        _, body, _ = _loop(table)
        asked_columns.append(table, asked, _column_index(table, _NUMBER, source.name), body)
    earlier = _earlier(root, source.name, asked)
    asked_columns.open_for_answers(table, asked)
    control(root, _fields(asked), source.name, _choices(asked))
    _keep_remark_with_table(table)
    _print_deadline(root, source.name)
    _append(root, earlier)
    return _with(source, root)


def _fields(asked: Iterable[str]) -> dict[str, str]:
    """Each tag that becomes a control, and the name of its label."""
    more = {asked_columns.placeholder_tag(field): f"row.controls.{field}" for field in asked}
    return {**_FIELDS, **more}


def _choices(asked: Iterable[str]) -> dict[str, Sequence[str]]:
    """Each tag whose control offers words to choose from, and these."""
    choices = asked_columns.CHOICES
    return {
        asked_columns.placeholder_tag(field): choices[field] for field in asked if field in choices
    }


def consolidated(source: TemplateSource) -> TemplateSource:
    """A period over all groups: the context's `forms`, one after the other, each on a new page.

    A group whose form did not come back takes a line. Nobody is asked for anything any more: the
    remark goes.
    """
    root = parse(source.parts[DOCUMENT])
    first = _table(root, "{{ form.group }}", source.name)
    last = _table(root, _ROWS, source.name)
    remark = _remark(root, source.name)
    absent = deepcopy(remark)
    _set_text(absent, "{{ form.absent }}")
    for element in (
        tag_paragraph("{%p for form in forms %}"),
        tag_paragraph("{%p if form.absent %}"),
        absent,
        tag_paragraph("{%p else %}"),
        tag_paragraph("{%p if form.new_page %}"),
        thin_paragraph(new_page=True),
        tag_paragraph("{%p endif %}"),
    ):
        first.addprevious(element)
    for element in (
        tag_paragraph("{%p endfor %}"),
        tag_paragraph("{%p endif %}"),
        thin_paragraph(),  # two tables without a paragraph between would become one
    ):
        last.addnext(element)
    remove(remark)
    return _with(source, root)


def _earlier(root: etree._Element, template: str, asked: Sequence[str]) -> list[etree._Element]:
    """The form's table once more, for what was reported in the period before, with a heading."""
    table = deepcopy(_table(root, _ROWS, template))
    tags = (*_ANSWERS, *map(asked_columns.answer_tag, asked))
    answers = {_column_index(table, tag, template) for tag in tags}
    head = next(table.iter(w("tr")))
    for column_index, cell in enumerate(head.findall(w("tc"))):
        if column_index in answers:
            words = next(cell.iter(w("t")))
            words.text = f"{_EARLIER}{words.text or ''}"
    _rename(table, _ROWS, _ROWS.replace("form.rows", "form.earlier"))
    remark = deepcopy(_remark(root, template))
    _set_text(remark, REFERENCE)
    _properties(remark).append(etree.Element(w("pageBreakBefore")))
    opening, closing = "{%p if form.earlier %}", "{%p endif %}"
    return [tag_paragraph(opening), remark, table, thin_paragraph(), tag_paragraph(closing)]


def _print_deadline(root: etree._Element, template: str) -> None:
    """Say under the title until when the form is due, and where."""
    deadline = deepcopy(_remark(root, template))
    _set_text(deadline, DEADLINE)
    properties = _properties(deadline)
    for each in properties:
        if each.tag != w("pStyle"):
            properties.remove(each)
    etree.SubElement(properties, w("jc")).set(w("val"), "center")
    _paragraph_with(root, "form.title", template).addnext(deadline)


def _keep_remark_with_table(table: etree._Element) -> None:
    """Let the last rows go to the next page with the remark, which else may stand there alone.

    How many `form.kept` says. They get a loop of their own. Word keeps to w:keepNext (17.3.1.15) in
    a row, LibreOffice passes over it.
    """
    loop = _loop(table)
    twins = [deepcopy(row) for row in loop]
    _rename(loop[0], _ROWS, _ROWS.replace("form.rows", "form.rows[:-form.kept]"))
    _rename(twins[0], _ROWS, _ROWS.replace("form.rows", "form.rows[-form.kept:]"))
    for twin in reversed(twins):
        loop[-1].addnext(twin)
        _keep_row_with_next(twin)


def _loop(table: etree._Element) -> list[etree._Element]:
    """The rows from the loop's beginning to its end."""
    rows = table.findall(w("tr"))
    texts_of_rows = [_text(row) for row in rows]
    first = next(index for index, text in enumerate(texts_of_rows) if _ROWS in text)
    last = next(index for index in range(first, len(rows)) if _END in texts_of_rows[index])
    return rows[first : last + 1]


def _keep_row_with_next(row: etree._Element) -> None:
    for paragraph in row.iter(w("p")):
        _keep_with_next(paragraph)


def _keep_with_next(paragraph: etree._Element) -> None:
    properties = _properties(paragraph)
    style = properties.find(w("pStyle"))  # nothing may stand before it (17.3.1.26)
    properties.insert(0 if style is None else 1, etree.Element(w("keepNext")))


def _rename(element: etree._Element, tag: str, other: str) -> None:
    """Put another tag in place of one that stands in a run by itself."""
    for words in element.iter(w("t")):
        if tag in (words.text or ""):
            words.text = other


def _append(root: etree._Element, elements: list[etree._Element]) -> None:
    """Put elements at the end of the body, before its section's properties."""
    end = _end_of_body(root)
    for element in elements:
        end.addprevious(element)


def _end_of_body(root: etree._Element) -> etree._Element:
    end = root.find(f"{w('body')}/{w('sectPr')}")
    assert end is not None, "a template's body ends with its section (ECMA-376, 17.6.17)"
    return end


def _column_index(table: etree._Element, tag: str, template: str) -> int:
    """The column, from 0, in which a tag stands."""
    cells = table.iterfind(f".//{w('tr')}/{w('tc')}")
    cell = _first_with(tag, cells, TemplateError("没有这个标签", template=template, tag=tag))
    return len([*cell.itersiblings(w("tc"), preceding=True)])


def _table(root: etree._Element, tag: str, template: str) -> etree._Element:
    missing = TemplateError("没有带这个标签的表格", template=template, tag=tag)
    return _first_with(tag, root.iter(w("tbl")), missing)


def _remark(root: etree._Element, template: str) -> etree._Element:
    return _paragraph_with(root, "form.due_dates", template)


def _paragraph_with(root: etree._Element, name: str, template: str) -> etree._Element:
    """The first paragraph in which a name is printed; raises TemplateError where none is."""
    for paragraph in root.iter(w("p")):
        if name in "".join(texts(paragraph)):
            return paragraph
    raise TemplateError("没有这个标签", template=template, tag=f"{{{{ {name} }}}}")


def _first_with(
    tag: str, elements: Iterable[etree._Element], missing: TemplateError
) -> etree._Element:
    """The first of the elements with a tag in its text; raises `missing` where none has it."""
    for element in elements:
        if tag in _text(element):
            return element
    raise missing


def _text(element: etree._Element) -> str:
    return "".join(chain.from_iterable(map(texts, element.iter(w("p")))))


def _set_text(paragraph: etree._Element, text: str) -> None:
    """Put a text into the paragraph's first run and remove the others."""
    first, *others = paragraph.findall(w("r"))
    for run in others:
        paragraph.remove(run)
    next(first.iter(w("t"))).text = text


def _properties(paragraph: etree._Element) -> etree._Element:
    """A paragraph's properties, made where there are none."""
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = etree.Element(w("pPr"))
        paragraph.insert(0, properties)
    return properties


def _with(source: TemplateSource, root: etree._Element) -> TemplateSource:
    return replace(source, parts={**source.parts, DOCUMENT: serialize(root)})
