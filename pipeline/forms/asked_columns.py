"""The narrow columns 状态 and 自评分, put behind the others of 附件4's prepared template."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from pipeline.forms.asked import heading
from pipeline.ooxml.elements import remove_all
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import Parts, parse, serialize
from pipeline.tables.terms import Status
from pipeline.word.columns import append_columns, width_of
from pipeline.word.elements import first_child

CHOICES = {"status": tuple(Status)}

# Twips. On a landscape page room for 上期状态 and 上期自评分 in 小四, with the cell's margins; on a
# portrait page, where every column is short of room, for 未开始 and 满分12.5.
_WIDTHS = {"status": 1120, "self_score": 1400}
_SHORT = {"status": 880, "self_score": 1160}
_WIDE = 10_000  # the width of a table on a landscape page, or more
_LIMIT = "{{ form.score_limit }}"
_SMALL = "18"  # half-points, of the limit under the heading
_STYLE = "PlaceholderText"  # Word takes it off when somebody fills the control in
_STYLES = "word/styles.xml"


def answer_tag(field: str) -> str:
    """The tag of what was answered under a field."""
    return f"{{{{ row.{field} }}}}"


def placeholder_tag(field: str) -> str:
    """The tag of what stands in a field's control at first."""
    return f"{{{{ row.controls.{field}.placeholder }}}}"


def append(table: etree._Element, fields: Sequence[str], like: int, body: etree._Element) -> None:
    """Put a column for each field behind the others, with the look of the column `like`.

    `body` is the row of the table that is repeated; the table's first row is its head.
    """
    widths = _WIDTHS if width_of(table) > _WIDE else _SHORT
    append_columns(table, like, [widths[field] for field in fields])
    head = next(table.iter(w("tr")))
    for field, over, cell in zip(fields, _last(head, fields), _last(body, fields), strict=True):
        _say(over, heading(field))
        _say(cell, answer_tag(field))


def open_for_answers(table: etree._Element, fields: Sequence[str]) -> None:
    """Let the columns' cells hold their placeholders, and the head say what the limit is."""
    for field, over in zip(fields, _last(next(table.iter(w("tr"))), fields), strict=True):
        if field == "self_score":
            _add_limit(over)
    for words in table.iter(w("t")):
        for field in fields:
            if words.text == answer_tag(field):
                words.text = placeholder_tag(field)
                _set_style(words.getparent())


def with_placeholder_style(parts: Parts) -> Parts:
    """The parts with Word's own style for placeholders, in grey."""
    root = parse(parts[_STYLES])
    style = etree.SubElement(root, w("style"))
    style.set(w("type"), "character")
    style.set(w("styleId"), _STYLE)
    etree.SubElement(style, w("name")).set(w("val"), "Placeholder Text")
    look = etree.SubElement(style, w("rPr"))
    etree.SubElement(look, w("color")).set(w("val"), "808080")
    return {**parts, _STYLES: serialize(root)}


def _last(row: etree._Element, fields: Sequence[str]) -> list[etree._Element]:
    """As many of the row's last cells as there are fields."""
    cells = row.findall(w("tc"))
    return cells[len(cells) - len(fields) :]


def _say(cell: etree._Element, text: str) -> None:
    """Let a cell hold one paragraph with one run that says this."""
    first, *others = cell.findall(w("p"))
    remove_all(others)
    run, *more = first.findall(w("r"))
    remove_all(more)
    words, *rest = run.findall(w("t"))
    remove_all(rest)
    words.text = text


def _add_limit(head: etree._Element) -> None:
    """Put a line under the heading 自评分, in small type: up to how many points."""
    heading_paragraph = head.findall(w("p"))[-1]
    limit = deepcopy(heading_paragraph)
    next(limit.iter(w("t"))).text = _LIMIT
    look = first_child(next(limit.iter(w("r"))), w("rPr"))
    remove_all(look.findall(w("sz")) + look.findall(w("szCs")))
    for name in ("sz", "szCs"):
        etree.SubElement(look, w(name)).set(w("val"), _SMALL)
    heading_paragraph.addnext(limit)


def _set_style(run: etree._Element | None) -> None:
    """Let a run have the style of placeholders, which stands before its other properties."""
    assert run is not None, "a text stands in a run (ECMA-376, 17.3.3.31)"
    look = first_child(run, w("rPr"))
    remove_all(look.findall(w("rStyle")))
    style = etree.Element(w("rStyle"))
    style.set(w("val"), _STYLE)
    look.insert(0, style)
