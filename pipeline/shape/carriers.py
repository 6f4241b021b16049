"""Who carries which points, and which unit has which data."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

# A line that is only （…） names the unit above it in another way: 区商务局⏎（区招商办）.
_ALIAS = re.compile(r"\s*[（(]([^（）()]*)[）)]\s*")
_APART = re.compile(r"[、，,；;\n]")
_NOBODY = {"", "—", "——", "-", "--", "/", "无"}


def carriers(indicators: pd.DataFrame, names: Sequence[Sequence[str]]) -> pd.DataFrame:
    """What each name carries, the most points first.

    `names` holds, for each indicator, the names that carry it. Columns: name; points (Decimal,
    the sum of score1), count and ids (tuple) of its indicators; shared (int), how many of them
    others carry as well. An indicator that several carry counts in full for each of them, so the
    points of all names may add up to more than the edition's.
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
        points=("points", "sum"), count=("id", "size"), shared=("shared", "sum"), ids=("id", tuple)
    )
    return found.reset_index().sort_values("points", ascending=False, kind="stable")


def units(indicators: pd.DataFrame) -> pd.DataFrame:
    """One row for each unit asked for an indicator's data: unit, alias (may be ""), id.

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
    found = []
    for part in _APART.split(_ALIAS.sub(lambda match: f"（{match[1]}）\n", cell)):
        name, _, alias = part.strip().partition("（")
        if name not in _NOBODY:
            found.append((name.strip(), alias.rstrip("）")))
    return found or [("", "")]
