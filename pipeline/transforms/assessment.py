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
    interpretation: Literal["lead", "lowest"],
) -> pd.DataFrame:
    """One row for each indicator, in their order: own (Decimal or None), by (the group), period.

    The last of `periods` in which any group assessed an indicator counts. `leads` maps a wording of
    责任科室 to its leading group, "" where it has none. With "lead" that group's score counts and,
    where it gave none, the lowest; with "lowest" always the lowest. An indicator that nobody
    assessed has None.
    """
    assessed = progress[progress["self_score"].notna()]
    lead = indicators["section"].map(lambda section: leads.get(section, "")).astype(object)
    owners = pd.Series(lead.to_numpy(), index=indicators["id"])
    by_lead = assessed["group"].eq(assessed["indicator"].map(owners))
    ranked = assessed.assign(
        period_rank=assessed["period"].map(list(periods).index),
        after_lead=~by_lead & (interpretation == "lead"),
    ).sort_values(
        ["period_rank", "after_lead", "self_score", "group"], ascending=[False, True, True, True]
    )
    chosen = ranked.drop_duplicates("indicator").set_index("indicator")
    found = chosen[["self_score", "group", "period"]].reindex(indicators["id"])
    found = found.astype(object).where(found.notna(), None).reset_index(drop=True)
    return found.set_axis(["own", "by", "period"], axis=1)
