"""Columns that repeat: one template serves editions of one to three label and score columns.

A column belongs to a level by the tags in it: `row.labels[0]` the first label, `row.scores[1]`
the second score. An edition with more levels gets copies of the last such column, one with fewer
goes without the rest; the table keeps its width. Where the numbers agree nothing is touched, so
that the template looks in Word as it will print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

from lxml import etree

from pipeline.ooxml.body import grid_span, texts
from pipeline.ooxml.ns import w
from pipeline.word.elements import joined, parent_of

_NARROW = 1200  # twips: five characters of 五号 and the cell's margins

# row.labels[0], indicators.score_headings[1], indicators.score_totals[0], …
_LEVEL = re.compile(r"\b(label|score)(s|_headings|_totals)\[(\d+)\]")


def adapt_columns(root: etree._Element, wanted: Mapping[str, int]) -> None:
    """Give each table the columns that `wanted` asks for: {"label": 3, "score": 2}."""
    for table in root.iter(w("tbl")):
        for name, count in wanted.items():
            _adapt(table, name, count)


def fit_table(table: etree._Element, factor: float) -> None:
    """Make a table wider or narrower by a factor."""
    old = grid_widths(table)
    _set_widths(table, _fitted(old, round(sum(old) * factor)))


def append_columns(table: etree._Element, like: int, widths: Sequence[int]) -> None:
    """Put copies of the grid column `like` behind the last one, as wide as `widths` (twips).

    The table keeps its width: the other wide columns give way.
    """
    old = grid_widths(table)
    for _ in widths:
        _append_copy(table, like)
    _set_widths(table, [*_fitted(old, sum(old) - sum(widths)), *widths])


def width_of(table: etree._Element) -> int:
    """The width of a table, in twips."""
    return sum(grid_widths(table))


def _append_copy(table: etree._Element, like: int) -> None:
    """Put a copy of a column behind the last one; a cell over all columns covers it too."""
    for cell in [*_cells_over(table, like)]:
        if grid_span(cell) == 1:
            parent_of(cell).findall(w("tc"))[-1].addnext(deepcopy(cell))
        else:
            _set_span(cell, grid_span(cell) + 1)
    grid = _grid(table)
    grid[-1].addnext(deepcopy(grid[like]))


def _adapt(table: etree._Element, name: str, count: int) -> None:
    """Give a table `count` columns for the levels of one thing, where it has any for them."""
    levels = _levels(table, name)
    if not levels or len(levels) == count:
        return
    total = sum(grid_widths(table))
    for level in sorted(levels, reverse=True)[: max(len(levels) - count, 0)]:
        _drop(table, levels[level])
    last = levels[len(levels) - 1]
    for level in range(len(levels), count):
        _copy(table, last + level - len(levels), level)
    _set_widths(table, _fitted(grid_widths(table), total))


def _levels(table: etree._Element, name: str) -> dict[int, int]:
    """Level → grid column, by the tags in cells of a single column."""
    levels: dict[int, int] = {}
    for row in table.iter(w("tr")):
        for column, cell in cells_of(row):
            if grid_span(cell) == 1:
                found = _LEVEL.finditer("".join(texts(cell)))
                levels |= {int(tag[3]): column for tag in found if tag[1] == name}
    return levels


def cells_of(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """The cells of a row, each with its first grid column."""
    column = 0
    for cell in row.findall(w("tc")):
        yield column, cell
        column += grid_span(cell)


def _cells_over(table: etree._Element, column: int) -> Iterator[etree._Element]:
    """In each row the cell that covers a grid column, where there is one."""
    for row in table.iter(w("tr")):
        for first, cell in cells_of(row):
            if first <= column < first + grid_span(cell):
                yield cell
                break


def _drop(table: etree._Element, column: int) -> None:
    """Take a column away; cells over several columns lose one."""
    for cell in [*_cells_over(table, column)]:
        if grid_span(cell) == 1:
            parent_of(cell).remove(cell)
        else:
            _set_span(cell, grid_span(cell) - 1)
    grid = _grid(table)[column]
    parent_of(grid).remove(grid)


def _copy(table: etree._Element, column: int, level: int) -> None:
    """Put a copy of the column behind it, its tags those of another level."""
    for cell in [*_cells_over(table, column)]:
        if grid_span(cell) == 1:
            twin = deepcopy(cell)
            _relevel(twin, level)
            cell.addnext(twin)
        else:
            _set_span(cell, grid_span(cell) + 1)
    grid = _grid(table)[column]
    grid.addnext(deepcopy(grid))


def _relevel(cell: etree._Element, level: int) -> None:
    """Let a cell's tags name another level; Word may have cut a tag into several runs."""
    for paragraph in cell.iter(w("p")):
        pieces = list(paragraph.iter(w("t")))
        text = joined(pieces)
        if _LEVEL.search(text):
            _write_over(pieces, _LEVEL.sub(rf"\1\2[{level}]", text))


def _write_over(pieces: list[etree._Element], text: str) -> None:
    """Put a text into the first of a paragraph's pieces, and nothing into the others."""
    pieces[0].text = text
    for piece in pieces[1:]:
        piece.text = ""


def _set_span(cell: etree._Element, span: int) -> None:
    """Let a cell over several columns cover another number of them."""
    element = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    assert element is not None, "a cell over several columns has it (ECMA-376, 17.4.17)"
    if span > 1:
        element.set(w("val"), str(span))
    else:
        parent_of(element).remove(element)


def _fitted(widths: list[int], total: int) -> list[int]:
    """The widths changed to sum to `total`.

    A narrow column holds a figure or a name that would break if it were narrower, so wide ones
    give and take first, each by what it has above `_NARROW`; only when that is not enough are
    all scaled alike.
    """
    more = total - sum(widths)
    spare = _spare(widths, more)
    fitted = [width + more * part // sum(spare) for width, part in zip(widths, spare, strict=True)]
    fitted[fitted.index(max(fitted))] += total - sum(fitted)
    return fitted


def _spare(widths: list[int], more: int) -> list[int]:
    """The part of each width that takes its share of a change by `more`."""
    spare = [max(width - _NARROW, 0) for width in widths]
    if sum(spare) == 0 or sum(spare) + more < 0:
        return widths
    return spare


def _set_widths(table: etree._Element, widths: list[int]) -> None:
    """Set the widths of the grid, and those of the table and its cells that follow from them."""
    for column, width in zip(_grid(table), widths, strict=True):
        column.set(w("w"), str(width))
    _set_twips(table.find(f"{w('tblPr')}/{w('tblW')}"), sum(widths))
    for row in table.iter(w("tr")):
        _set_cell_widths(row, widths)


def _set_cell_widths(row: etree._Element, widths: list[int]) -> None:
    for first, cell in cells_of(row):
        covered = widths[first : first + grid_span(cell)]
        _set_twips(cell.find(f"{w('tcPr')}/{w('tcW')}"), sum(covered))


def _set_twips(width: etree._Element | None, twips: int) -> None:
    """Set a width that is given in twips; leave percentages and automatic ones alone."""
    if width is not None and width.get(w("type")) == "dxa":
        width.set(w("w"), str(twips))


def tag_widths(table: etree._Element, name: str) -> None:
    """Let the widths of a table's columns and cells be those that the context has under a name."""
    for number, grid_column in enumerate(_grid(table)):
        grid_column.set(w("w"), f"{{{{ {name}[{number}] }}}}")
    for row in table.iter(w("tr")):
        for first, cell in cells_of(row):
            own = cell.find(f"{w('tcPr')}/{w('tcW')}")
            if own is not None and own.get(w("type")) == "dxa":
                span = grid_span(cell)
                covered = f"{name}[{first}:{first + span}]|sum" if span > 1 else f"{name}[{first}]"
                own.set(w("w"), f"{{{{ {covered} }}}}")


def grid_widths(table: etree._Element) -> list[int]:
    """The widths of the grid columns, in twips."""
    return [int(column.get(w("w"), "0")) for column in _grid(table)]


def _grid(table: etree._Element) -> list[etree._Element]:
    return table.findall(f"{w('tblGrid')}/{w('gridCol')}")
