"""The widths of 附件2's columns, solved from what stands in them.

A template's table is measured once, when it is prepared: what stands in each column, how wide it
is, in which type. Its widths are then tags like all others, so that one compiled template serves
editions whose columns differ in width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import jinja2
from lxml import etree

from pipeline.layout.breaking import broken_between, width
from pipeline.layout.indicators import LIST, Content, Kind, column
from pipeline.layout.widths import Column, solve
from pipeline.ooxml.body import grid_span, texts
from pipeline.ooxml.elements import having, value
from pipeline.ooxml.ns import w
from pipeline.views.annexes import IndicatorsView, IndicatorView
from pipeline.word.columns import cells_of, grid_widths
from pipeline.word.environment import environment

TWIPS = 20  # in a point
_LOOP = re.compile(r"\{%tr\s+for\s+row\s+in\s+indicators\.rows\s*%\}")
_DEFAULT_SIZE, _DEFAULT_SIDE = 10.0, 108.0  # pt, and twips of both sides together

# What a cell's tag shows of a row; a column with anything else keeps its width.
_LEVEL = re.compile(r"row\.(label|score)s\[(\d+)\]")
_FIELD = re.compile(r"row\.(name|unit|leader|section|person|id)\b")
_EXTRA = re.compile(r"row\[[\"'](.+?)[\"']\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredColumn:
    """A column of a template's table: lengths in pt; no `content` where the data don't decide."""

    width: float
    size: float
    head_size: float
    side: float
    heading: jinja2.Template
    content: Content | None


Measures = tuple[MeasuredColumn, ...]


def measured(root: etree._Element, styles: etree._Element) -> Measures:
    """The columns of the table over all indicators, and its widths made tags; () without one."""
    for table in root.iter(w("tbl")):
        rows = table.findall(w("tr"))
        for number, row in enumerate(rows[:-1]):
            if _LOOP.search("".join(texts(row))):
                columns = tuple(_columns(table, rows[0], rows[number + 1], styles))
                _make_tags(table)
                return columns
    return ()


def solved(measures: Measures, view: IndicatorsView) -> list[int]:
    """The width of each column in twips, for the rows of an edition."""
    columns = [_column(each, view) for each in measures]
    return _rounded(solve(columns), round(sum(each.width for each in measures) * TWIPS))


def from_template(measures: Measures) -> list[int]:
    """The widths that the template has."""
    return [round(each.width * TWIPS) for each in measures]


def with_whole_names(
    view: IndicatorsView, measures: Measures, widths: Sequence[int]
) -> IndicatorsView:
    """The view with lists of names broken between names, where one does not fit on a line."""
    rooms: dict[str, float] = {
        each.content.kind: (at / TWIPS - each.side) / each.size
        for each, at in zip(measures, widths, strict=True)
        if each.content is not None and each.content.kind in ("leader", "person")
    }
    rows = tuple(_with_whole_names(row, rooms, view.phrases) for row in view.rows)
    return replace(view, rows=rows)


def _with_whole_names(
    row: IndicatorView, rooms: Mapping[str, float], phrases: Sequence[str]
) -> IndicatorView:
    changed: dict[str, Any] = {}
    for kind, room in rooms.items():
        text = getattr(row, kind)
        if text not in phrases and LIST in text and width(text) > room:
            changed[kind] = broken_between(text.split(LIST), LIST, room)
    return replace(row, **changed) if changed else row


def _column(each: MeasuredColumn, view: IndicatorsView) -> Column:
    """A column with what stands in it."""
    if each.content is None:
        return Column(width=each.width, size=each.size, side=each.side, fixed=True)
    heading = each.heading.render(indicators=view)
    made = column(each.content, view, heading, at=each.width, size=each.size, side=each.side)
    return replace(made, least=made.least * each.head_size / each.size)


def _columns(
    table: etree._Element, head: etree._Element, body: etree._Element, styles: etree._Element
) -> Iterator[MeasuredColumn]:
    """The columns as the head's and the body row's cells have them."""
    heads, bodies = _by_column(head), _by_column(body)
    side = _side(table)
    for number, twips in enumerate(grid_widths(table)):
        cell = bodies.get(number)
        heading = "" if number not in heads else "\n".join(_lines(heads[number]))
        yield MeasuredColumn(
            width=twips / TWIPS,
            size=_size(cell, styles),
            head_size=_size(heads.get(number), styles),
            side=side / TWIPS,
            heading=_HEADINGS.from_string(heading),
            content=None if cell is None else _content("".join(texts(cell))),
        )


_HEADINGS = environment([])


def _by_column(row: etree._Element) -> dict[int, etree._Element]:
    """Grid column → the cell that covers it alone."""
    return {column: cell for column, cell in cells_of(row) if grid_span(cell) == 1}


def _content(tag: str) -> Content | None:
    """What a cell's tag shows of a row; None for anything else."""
    if match := _LEVEL.search(tag):
        return Content(cast("Kind", match[1]), level=int(match[2]))
    if match := _FIELD.search(tag):
        return Content(cast("Kind", match[1]))
    if match := _EXTRA.search(tag):
        return Content("extra", heading=match[1])
    return None


def _lines(cell: etree._Element) -> Iterator[str]:
    """The lines of a cell as it is typed."""
    for paragraph in cell.iter(w("p")):
        line = ""
        for element in paragraph.iter(w("t"), w("br")):
            if element.tag == w("br"):
                yield line
                line = ""
            else:
                line += element.text or ""
        yield line


def _side(table: etree._Element) -> float:
    """The left and the right margin of a table's cells together, in twips."""
    margins = table.find(f"{w('tblPr')}/{w('tblCellMar')}")
    if margins is None:
        return _DEFAULT_SIDE
    return sum(float(value(margins, name, "w") or 0) for name in ("left", "right"))


def _size(cell: etree._Element | None, styles: etree._Element) -> float:
    """The size of a cell's type in pt: its own, else its style's or the next one below."""
    if cell is None:
        return _DEFAULT_SIZE
    for size in cell.iter(w("sz")):
        return float(size.get(w("val"), "20")) / 2
    style = value(next(cell.iter(w("p"))), "pPr/pStyle")
    while style:
        found = next(having(styles, "style", "styleId", style), None)
        if found is None:
            break
        if size_of_style := value(found, "rPr/sz"):
            return float(size_of_style) / 2
        style = value(found, "basedOn")
    return _DEFAULT_SIZE


def _make_tags(table: etree._Element) -> None:
    """Let the widths of a table's columns and cells be those of the edition."""
    grid = table.find(w("tblGrid"))
    assert grid is not None, "a table has it (ECMA-376, 17.4.48)"
    for number, grid_column in enumerate(grid.findall(w("gridCol"))):
        grid_column.set(w("w"), f"{{{{ widths[{number}] }}}}")
    for row in table.iter(w("tr")):
        for first, cell in cells_of(row):
            own = cell.find(f"{w('tcPr')}/{w('tcW')}")
            if own is not None and own.get(w("type")) == "dxa":
                span = grid_span(cell)
                covered = f"widths[{first}:{first + span}]|sum" if span > 1 else f"widths[{first}]"
                own.set(w("w"), f"{{{{ {covered} }}}}")


def _rounded(widths: Sequence[float], total: int) -> list[int]:
    """The widths in whole twips that sum to `total`."""
    twips = [round(each * TWIPS) for each in widths]
    widest = twips.index(max(twips))
    twips[widest] += total - sum(twips)
    return twips
