"""The names of indicators."""

from __future__ import annotations

from decimal import Decimal

from pipeline.tables.sheet import Sheet


def short_names(indicators: Sheet) -> dict[str, str]:
    """编号 → 简称, or the name where there is none, on one line."""
    rows = indicators.values("id", "short_name", "name")
    return {code: one_line(short or name) for code, short, name in rows}


def full_scores(indicators: Sheet) -> dict[str, Decimal]:
    """编号 → the most that a group may give itself: the indicator's first score."""
    return dict(indicators.values("id", "score1"))


def titles(indicators: Sheet) -> dict[str, str]:
    """编号 → it with its short name, as messages name an indicator: CY01（招商引资）.

    Also of a table with cells that could not be read: without a name, the 编号 stands alone.
    """
    rows = indicators.values("id", "short_name", "name")
    return {code: _title(code, short or name) for code, short, name in rows if code}


def _title(code: str, name: str | None) -> str:
    return f"{code}（{one_line(name)}）" if name else code


def one_line(name: str) -> str:
    """A name without its line breaks."""
    return "".join(name.split("\n"))
