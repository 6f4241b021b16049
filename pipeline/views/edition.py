"""From an edition's tables to what templates see: the views of 附件1–4 and of the digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from pipeline.tables.cells import parts
from pipeline.tables.contract import ROLES
from pipeline.tables.edition import Edition
from pipeline.tables.groups import groups_of_sections
from pipeline.tables.indicators import short_names
from pipeline.transforms.annexes import (
    frame,
    leading_group,
    merged_indicators,
    numbered_clauses,
    score_totals,
)
from pipeline.transforms.carriers import carriers, units
from pipeline.views.annexes import (
    blank_form,
    edition_view,
    indicators_view,
    roster_view,
    rules_view,
)
from pipeline.views.as_of import as_of
from pipeline.views.digest import (
    DigestView,
    carrier_views,
    digest_title,
    facets_by_id,
    findings_by_day,
    share_views,
    unit_views,
)
from pipeline.views.periods import periods_of
from pipeline.views.scored import score_of


def annex_views(edition: Edition) -> dict[str, Any]:
    """What the templates of 附件1–4 see, by the names that their tags use."""
    settings, chosen = edition.settings, edition.settings.indicators
    table = merged_indicators(edition["indicators"], len(chosen.labels))
    totals = score_totals(table, len(chosen.scores))
    return {
        "edition": edition_view(edition.name, settings),
        "roster": roster_view(leading_group(edition["roster"], ROLES), settings),
        "indicators": indicators_view(table, totals, settings),
        "rules": rules_view(numbered_clauses(edition["rules"]), settings),
        "form": blank_form(settings),
    }


def digest_view(edition: Edition, *, on: date, with_names: bool) -> DigestView:
    """The digest's figures as of the day `on`, each computed once in `transforms`."""
    edition = as_of(edition, on)
    settings, table = edition.settings, frame(edition["indicators"])
    headings = settings.indicators
    names, totals = short_names(edition["indicators"]), score_totals(table, len(headings.scores))
    responsible, table_units = _responsible(edition, table), units(table)
    periods, score = periods_of(edition, on), score_of(edition)
    shares = {kind: carrier_views(carriers(table, rows)) for kind, rows in responsible.items()}
    return DigestView(
        title=digest_title(settings),
        total=totals[0],
        other_totals=tuple(zip(headings.scores, totals, strict=True))[1:],
        count=len(table),
        on=on,
        with_names=with_names,
        structure=share_views(table, names, len(headings.labels)),
        leaders=shares["leaders"],
        sections=shares["sections"],
        groups=shares["groups"],
        persons=shares["persons"] if with_names else (),
        phrases=headings.phrases,
        units=unit_views(table_units),
        periods=periods,
        findings=findings_by_day(frame(edition["findings"]), score.entries),
        names=names,
        facets=facets_by_id(table["id"], responsible, table_units, periods),
        score=score,
    )


def _responsible(edition: Edition, table: pd.DataFrame) -> dict[str, list[list[str]]]:
    """For each indicator its leaders, persons and 责任科室, and the groups that report on it."""
    groups = groups_of_sections(edition)
    phrases = edition.settings.indicators.phrases
    return {
        "leaders": [_people(cell, phrases) for cell in table["leader"]],
        "sections": [[section] for section in table["section"]],
        "groups": [groups.get(section, []) for section in table["section"]],
        "persons": [_people(cell, phrases) for cell in table["person"]],
    }


def _people(cell: str, phrases: Sequence[str]) -> list[str]:
    """The people in a cell; a declared phrase, such as 中层以上领导, is taken whole."""
    return [cell] if cell in phrases else parts(cell)
