"""What templates of every kind see of an edition: from its tables to the views of 附件1–4."""

from __future__ import annotations

from typing import Any

from pipeline.tables.contract import ROLES
from pipeline.tables.edition import Edition
from pipeline.transforms import annexes as shape
from pipeline.views import annexes as views


def annex_views(edition: Edition) -> dict[str, Any]:
    """What the templates see, by the names that their tags use."""
    settings, chosen = edition.settings, edition.settings.indicators
    table = shape.indicators(edition["indicators"], len(chosen.labels), chosen.repeat_labels_at)
    return {
        "edition": views.edition(edition.name, settings),
        "roster": views.roster(shape.members(edition["roster"], ROLES), settings),
        "indicators": views.indicators(
            table, shape.score_totals(table, len(chosen.scores)), settings
        ),
        "rules": views.rules(shape.clauses(edition["rules"]), settings),
        "form": views.blank_form(settings),
    }
