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


def one_line(name: str) -> str:
    """A name without its line breaks."""
    return "".join(name.split("\n"))
