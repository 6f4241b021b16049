"""Who is named in an edition."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from pipeline.tables.cells import parts
from pipeline.tables.edition import Edition
from pipeline.tables.groups import names_of_groups
from pipeline.typography import HAN

# The columns that hold names, beside the roster's.
NAME_COLUMNS = (("indicators", "leader"), ("indicators", "person"), ("findings", "person"))

_PIECES = re.compile(rf"[{HAN}·]{{2,}}")


def people_in(edition: Edition) -> list[str]:
    """Every name in the edition: the roster's, those responsible, those who filled in a form.

    A declared phrase and a group are nobody, unless the roster has them as a name.
    """
    nobody = {*edition.settings.indicators.phrases, *names_of_groups(edition)}
    nobody.update(edition["sections"]["section"])
    names = [*edition["roster"].vocabulary("name")]
    for table, field in (*NAME_COLUMNS, ("submissions", "reporter")):
        names += _people_in_cells(edition[table][field], nobody)
    return list(dict.fromkeys(names))


def _people_in_cells(cells: Iterable[str | None], nobody: Collection[str]) -> Iterator[str]:
    """The names in a column, without the texts that are nobody's name."""
    for cell in cells:
        if cell and cell not in nobody:
            yield from (name for name in _names_in(cell) if name not in nobody)


def _names_in(cell: str) -> Iterator[str]:
    """The names in a cell: each that it lists, and what stands beside signs and figures in it.

    Forms come back filled in with 赵六六/钱七七, 赵六六（代） or a telephone number behind a name.
    """
    for part in parts(cell):
        yield part
        yield from (piece for piece in _PIECES.findall(part) if piece != part)


def name_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Any of the names, also with blanks inside (林　晨); a longer one wins over a shorter."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(_spelled, longest_first)) or r"(?!)")


def _spelled(name: str) -> str:
    """The pattern of a name with or without blanks between its characters."""
    return r"\s*".join(map(re.escape, name))
