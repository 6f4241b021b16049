"""What the groups gave themselves for each indicator, where several groups and periods did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd


def self_scores(
    progress: pd.DataFrame,
    indicators: pd.DataFrame,
    leads: Mapping[str, str],
    periods: Sequence[str],
    reading: Literal["lead", "lowest"],
) -> pd.DataFrame:
    """One row for each indicator, in their order: own (Decimal or None), by (the group), period.

    The last of `periods` in which any group assessed an indicator counts. `leads` maps a wording of
    责任科室 to its leading group, "" where it has none. With "lead" that group's word counts and,
    where it gave none, the lowest; with "lowest" always the lowest. An indicator that nobody
    assessed has None; nothing is put in its place.
    """
    told = progress[progress["self_score"].notna()]
    lead = indicators["section"].map(lambda section: leads.get(section, "")).astype(object)
    owners = pd.Series(lead.to_numpy(), index=indicators["id"])
    told = told.assign(
        period_rank=told["period"].map(list(periods).index),
        other=told["group"].ne(told["indicator"].map(owners)) & (reading == "lead"),
    )
    told = told.sort_values(
        ["period_rank", "other", "self_score", "group"], ascending=[False, True, True, True]
    )
    chosen = told.drop_duplicates("indicator").set_index("indicator")
    found = chosen[["self_score", "group", "period"]].reindex(indicators["id"])
    found = found.astype(object).where(found.notna(), None).reset_index(drop=True)
    return found.set_axis(["own", "by", "period"], axis=1)
