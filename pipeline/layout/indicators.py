"""What stands in the columns of the table of indicators, and what of it is not broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline import typography
from pipeline.layout.breaking import width
from pipeline.layout.widths import Column
from pipeline.views.annexes import IndicatorsView, IndicatorView

Kind = Literal["id", "label", "name", "score", "unit", "leader", "section", "person", "extra"]

LIST = "、"  # between names
# Characters that stay on one line; of a unit and a longer label only where there is room.
_LONGEST_NAME, _SHORT_LABEL, _LONGEST_LABEL, _LONGEST_UNIT = 6, 4, 8, 8


@dataclass(frozen=True, slots=True)
class Content:
    """What a column shows: labels and scores by their level, from 0, extras by their heading."""

    kind: Kind
    level: int = 0
    heading: str = ""

    def of(self, row: IndicatorView) -> str:
        """What it shows of an indicator."""
        match self.kind:
            case "label":
                return row.labels[self.level].text
            case "score":
                score = row.scores[self.level]
                return "" if score is None else typography.number(score)
            case "extra":
                return row[self.heading]
            case field:
                return str(getattr(row, field))


def column(
    content: Content, view: IndicatorsView, heading: str, *, at: float, size: float, side: float
) -> Column:
    """A column of the table, `at` pt wide in the template, with what stands in it.

    `heading` is printed above it; `size` and `side` are as in `Column`.
    """
    cells = [content.of(row) for row in view.rows]
    firm, whole, wished = _kept_together(content.kind, {*cells}, view.phrases)
    if content.kind == "score" and view.score_totals:
        firm.append(typography.number(view.score_totals[content.level]))
    return Column(
        width=at,
        size=size,
        side=side,
        cells=cells,
        firm=firm,
        whole=whole,
        wished=wished,
        least=max(map(width, heading.split("\n"))),
    )


def _kept_together(
    kind: Kind, cells: Iterable[str], phrases: Sequence[str]
) -> tuple[list[str], list[str], list[str]]:
    """What of a column's cells is the last to be broken, what is not, and what rather is not."""
    lines = [line for cell in cells for line in cell.split("\n")]
    match kind:
        case "leader" | "person":
            names = [name for line in lines if line not in phrases for name in line.split(LIST)]
            return _short(names, _LONGEST_NAME), [line for line in lines if line in phrases], []
        case "score" | "id":
            return lines, [], []
        case "label":
            totals = [line for line in lines if line.startswith("（")]
            return totals, _short(lines, _SHORT_LABEL), _short(lines, _LONGEST_LABEL)
        case "unit":
            return [], [], _short(lines, _LONGEST_UNIT)
        case "section":
            return [], [], _short(lines, _LONGEST_NAME)
        case _:
            return [], [], []


def _short(lines: Iterable[str], longest: int) -> list[str]:
    """The lines of so many characters at most; what pads a name is none."""
    return [line for line in lines if len(line.replace("\u3000", "")) <= longest]
