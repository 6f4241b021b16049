"""附件1's list of people fitted to its names: no name or role is broken, posts have the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from pipeline.layout.widths import Column, solve
from pipeline.ooxml.body import texts
from pipeline.ooxml.ns import w
from pipeline.views.annexes import MemberView, RosterView
from pipeline.word.columns import cells_of, grid_widths, tag_widths
from pipeline.word.lengths import TWIPS, cell_margins, line_of

_LOOP = re.compile(r"\{%tr\s+for\s+member\s+in\s+roster\.members\s*%\}")
_FIELD = re.compile(r"member\.(role|name|post)\s*\}\}(.*)")
_GAP = 1.0  # em that stay free behind a name, which no line parts from what follows


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterColumn:
    """A column of the list, in pt: the field of a member it prints, and what is typed behind it."""

    width: float
    size: float
    side: float
    field: str
    behind: str = ""

    def of(self, member: MemberView) -> str:
        """What it prints of a member; a role stands with the first who has it."""
        if self.field == "role" and not member.first:
            return ""
        text = str(getattr(member, self.field)) if self.field else ""
        return text + self.behind if text else ""


RosterMeasures = tuple[RosterColumn, ...]


def measured(root: etree._Element, styles: etree._Element) -> RosterMeasures:
    """The columns of the list of members, its widths made tags; () where there is no such list."""
    for table in root.iter(w("tbl")):
        rows = table.findall(w("tr"))
        for row, body in pairwise(rows):
            if _LOOP.search("".join(texts(row))):
                columns = _columns(table, body, styles)
                if columns:
                    tag_widths(table, "roster_widths")
                return columns
    return ()


def _columns(table: etree._Element, body: etree._Element, styles: etree._Element) -> RosterMeasures:
    """The columns by the cells of the row that is repeated; none where cells span several."""
    widths, cells = grid_widths(table), [*cells_of(body)]
    if len(widths) != len(cells):
        return ()
    side = cell_margins(table, "left", "right")
    found = []
    for (_, cell), width in zip(cells, widths, strict=True):
        tag = _FIELD.search("".join(texts(cell)))
        line = line_of(next(cell.iter(w("p"))), styles)
        found.append(
            RosterColumn(
                width=width / TWIPS,
                size=line.size,
                side=side,
                field=tag[1] if tag else "",
                behind=re.sub(r"\{%.*?%\}", "", tag[2]) if tag else "",
            )
        )
    return tuple(found)


def fitted(measures: RosterMeasures, view: RosterView, *, keep_widths: bool) -> list[int]:
    """The width of each column for the members of an edition, in twips.

    They are the template's where `keep_widths`.
    """
    columns = [_column(each, view) for each in measures]
    solved = [each.width for each in measures] if keep_widths else solve(columns)
    widths = [round(each * TWIPS) for each in solved]
    widths[-1] += round(sum(each.width for each in measures) * TWIPS) - sum(widths)
    return widths


def _column(each: RosterColumn, view: RosterView) -> Column:
    """A column with what stands in it; posts may be broken."""
    cells = [each.of(member) for member in view.members]
    firm = cells if each.field in ("role", "name") else []
    return Column(
        width=each.width,
        size=each.size,
        side=each.side + _GAP * each.size * bool(firm),
        cells=cells,
        firm=firm,
        fixed=not each.field,
    )
