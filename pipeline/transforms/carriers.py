"""Who is responsible for which points, and which unit has which data."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

# Between two units, but not inside brackets.
_SEPARATOR = re.compile(r"[、，,；;\n](?![^（(]*[）)])")
# Brackets behind a name, or on the next line, name the unit in another way: 区商务局⏎（区招商办）.
_NEXT_LINE = re.compile(r"\s*\n\s*(?=[（(])")
_WITH_ALIASES = re.compile(r"([^（）()]+)((?:[（(][^（）()]*[）)]\s*)+)")
_NOBODY = {"", "—", "——", "-", "--", "/", "无"}


def carriers(indicators: pd.DataFrame, names: Sequence[Sequence[str]]) -> pd.DataFrame:
    """What each name is responsible for, the most points first.

    `names` holds, for each indicator, the names responsible for it. Columns: name; points (Decimal,
    the sum of score1) and count of its indicators; shared (int), for how many of them others are
    responsible as well. A shared indicator counts in full for each of its names, so the points of
    all names may add up to more than the edition's.
    """
    each = pd.DataFrame(
        {
            "name": [list(dict.fromkeys(several)) for several in names],
            "id": indicators["id"].to_numpy(),
            "points": indicators["score1"].to_numpy(),
        }
    )
    each["shared"] = each["name"].map(len).gt(1)
    each = each.explode("name").dropna(subset="name")
    found = each.groupby("name", sort=False).agg(
        points=("points", "sum"), count=("id", "size"), shared=("shared", "sum")
    )
    return found.reset_index().sort_values("points", ascending=False, kind="stable")


def units(indicators: pd.DataFrame) -> pd.DataFrame:
    """One row for each unit that has an indicator's data: unit, alias (may be ""), id.

    Where nobody is named (a blank or ——), unit is "".
    """
    each = indicators[["id", "unit"]].assign(unit=indicators["unit"].map(split_units))
    each = each.explode("unit", ignore_index=True)
    parts = pd.DataFrame(each["unit"].tolist(), columns=["unit", "alias"], index=each.index)
    return pd.concat([each[["id"]], parts], axis=1)


def split_units(cell: str) -> list[tuple[str, str]]:
    """The units in a cell with their aliases; [("", "")] where nobody is named.

    区司法局⏎（区委依法治区办）⏎区法院 → (区司法局, 区委依法治区办), (区法院, "").
    """
    parts = [part.strip() for part in _SEPARATOR.split(_NEXT_LINE.sub("", cell))]
    units = [_unit(part) for part in parts if part not in _NOBODY]
    return units or [("", "")]


def _unit(part: str) -> tuple[str, str]:
    """A unit's name, and its aliases from the brackets behind it."""
    match = _WITH_ALIASES.fullmatch(part)
    if match is None:
        return part, ""
    return match[1].strip(), "、".join(re.findall(r"[^（）()\s][^（）()]*", match[2]))
