"""The widths of 附件2's columns, solved from what stands in them.

A template's table is measured once, when it is prepared: what stands in each column, how wide it
is, in which type. Its widths are then tags like all others, so that one compiled template serves
editions whose columns differ in width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jinja2
from lxml import etree

from pipeline import typography
from pipeline.layout.breaking import broken_between, width
from pipeline.layout.widths import Column, solve
from pipeline.ooxml.body import grid_span, texts
from pipeline.ooxml.elements import having, value
from pipeline.ooxml.ns import w
from pipeline.views.annexes import IndicatorsView, IndicatorView
from pipeline.word.columns import cells_of, grid_widths
from pipeline.word.environment import environment

TWIPS = 20  # in a point
_LOOP = re.compile(r"\{%tr\s+for\s+row\s+in\s+indicators\.rows\s*%\}")
_HEADING, _ROW = "heading", "row"
_LONGEST_NAME, _LONGEST_UNIT, _LONGEST_LABEL = 6, 8, 8  # characters that stay on one line
_LIST = "、"
_DEFAULT_SIZE, _DEFAULT_SIDE = 10.0, 108.0  # pt, and twips of both sides together

# What a cell's tag prints of a row, by how the tag begins; anything else keeps its width.
_PRINTED: tuple[tuple[re.Pattern[str], str, Callable[[IndicatorView, str], str]], ...] = (
    (re.compile(r"row\.labels\[(\d+)\]"), "label", lambda row, level: row.labels[int(level)].text),
    (
        re.compile(r"row\.scores\[(\d+)\]"),
        "score",
        lambda row, level: _score(row.scores[int(level)]),
    ),
    (re.compile(r"row\.(name|unit|leader|section|person)\b"), "", getattr),
    (re.compile(r"row\[[\"'](.+?)[\"']\]"), "extra", lambda row, heading: row[heading]),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredColumn:
    """A column of a template's table: lengths in pt; `kind` is what stands in it, such as name."""

    width: float
    size: float
    head_size: float
    side: float
    kind: str
    heading: jinja2.Template
    printed: Callable[[IndicatorView], str]


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


def solved(measures: Measures, view: IndicatorsView, phrases: Sequence[str]) -> list[int]:
    """The width of each column in twips, for the rows of an edition."""
    columns = [_column(each, view, phrases) for each in measures]
    return _rounded(solve(columns), round(sum(each.width for each in measures) * TWIPS))


def from_template(measures: Measures) -> list[int]:
    """The widths that the template has."""
    return [round(each.width * TWIPS) for each in measures]


def with_whole_names(
    view: IndicatorsView, measures: Measures, widths: Sequence[int], phrases: Sequence[str]
) -> IndicatorsView:
    """The view with lists of names broken between names, where one does not fit on a line."""
    rooms = {
        each.kind: (at / TWIPS - each.side) / each.size
        for each, at in zip(measures, widths, strict=True)
        if each.kind in ("leader", "person")
    }
    rows = tuple(_with_whole_names(row, rooms, phrases) for row in view.rows)
    return replace(view, rows=rows)


def _with_whole_names(
    row: IndicatorView, rooms: Mapping[str, float], phrases: Sequence[str]
) -> IndicatorView:
    changed: dict[str, Any] = {}
    for kind, room in rooms.items():
        text = getattr(row, kind)
        if text not in phrases and _LIST in text and width(text) > room:
            changed[kind] = broken_between(text.split(_LIST), _LIST, room)
    return replace(row, **changed) if changed else row


def _column(each: MeasuredColumn, view: IndicatorsView, phrases: Sequence[str]) -> Column:
    """A column with what stands in it."""
    heading = each.heading.render(indicators=view).replace("\r", "")
    scale = each.head_size / each.size
    if not each.kind:
        return Column(width=each.width, size=each.size, side=each.side, fixed=True)
    cells = [each.printed(row) for row in view.rows]
    whole, wished = _kept_together(each.kind, {*cells}, phrases)
    return Column(
        width=each.width,
        size=each.size,
        side=each.side,
        cells=cells,
        whole=whole,
        wished=wished,
        least=max((width(line) for line in heading.split("\n")), default=0) * scale,
    )


def _kept_together(
    kind: str, cells: Iterable[str], phrases: Sequence[str]
) -> tuple[list[str], list[str]]:
    """What of a column's cells is never broken, and what is not where there is room."""
    lines = [line for cell in cells for line in cell.split("\n")]
    match kind:
        case "leader" | "person":
            members = [each for line in lines for each in line.split(_LIST)]
            spoken = [line for line in lines if line in phrases]
            return [*spoken, *_short(members, _LONGEST_NAME)], []
        case "score":
            return lines, []
        case "label":
            totals = [line for line in lines if line.startswith("（")]
            return totals, _short(lines, _LONGEST_LABEL)
        case "unit":
            return [], _short(lines, _LONGEST_UNIT)
        case "section":
            return [], _short(lines, _LONGEST_NAME)
        case _:
            return [], []


def _short(lines: Iterable[str], longest: int) -> list[str]:
    return [line for line in lines if len(line.replace("\u3000", "")) <= longest]


def _score(score: Any) -> str:
    return "" if score is None else typography.number(score)


def _columns(
    table: etree._Element, head: etree._Element, body: etree._Element, styles: etree._Element
) -> Iterator[MeasuredColumn]:
    """The columns as the head's and the body row's cells have them."""
    heads, bodies = _by_column(head), _by_column(body)
    side = _side(table)
    for number, twips in enumerate(grid_widths(table)):
        cell = bodies.get(number)
        kind, printed = _printed("" if cell is None else "".join(texts(cell)))
        heading = "" if number not in heads else "\n".join(_lines(heads[number]))
        yield MeasuredColumn(
            width=twips / TWIPS,
            size=_size(cell, styles),
            head_size=_size(heads.get(number), styles),
            side=side / TWIPS,
            kind=kind,
            heading=_HEADINGS.from_string(heading),
            printed=printed,
        )


_HEADINGS = environment([])


def _by_column(row: etree._Element) -> dict[int, etree._Element]:
    """Grid column → the cell that covers it alone."""
    return {column: cell for column, cell in cells_of(row) if grid_span(cell) == 1}


def _printed(tag: str) -> tuple[str, Callable[[IndicatorView], str]]:
    """The kind of a cell by its tag, and what it prints of a row; no kind for anything else."""
    for pattern, kind, print_it in _PRINTED:
        if match := pattern.search(tag):
            argument = match[1]
            return kind or argument, lambda row, f=print_it, a=argument: f(row, a)
    return "", lambda _: ""


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
    for number, column in enumerate(grid.findall(w("gridCol"))):
        column.set(w("w"), f"{{{{ widths[{number}] }}}}")
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
