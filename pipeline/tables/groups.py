"""Who reports what: the groups behind each wording of 责任科室, and their indicators."""

from __future__ import annotations

from itertools import chain

from pipeline.tables.cells import parts
from pipeline.tables.edition import Edition
from pipeline.tables.suggestions import Vocabulary


def groups_of_sections(edition: Edition) -> dict[str, list[str]]:
    """Wording of 责任科室 → the groups that report, the leading one first."""
    rows = edition["sections"].values("section", "lead", "participants")
    return {
        section: [*parts(lead), *parts(participants)]
        for section, lead, participants in rows
        if section
    }


def names_of_groups(edition: Edition) -> Vocabulary:
    """Every group that reports anything."""
    return Vocabulary(chain.from_iterable(groups_of_sections(edition).values()))


def groups_of_indicators(edition: Edition) -> dict[str, list[str]]:
    """编号 → the groups that report on it, the leading one first.

    Without the indicators whose 责任科室 sections.csv does not have.
    """
    indicators, groups = edition["indicators"], groups_of_sections(edition)
    return {
        code: groups[section]
        for code, section in indicators.values("id", "section")
        if section in groups
    }


def indicators_of_groups(edition: Edition) -> dict[str, list[str]]:
    """Group → the 编号 that it reports on, in the table's order; none for some groups."""
    own: dict[str, list[str]] = {group: [] for group in names_of_groups(edition)}
    for code, groups in groups_of_indicators(edition).items():
        for group in groups:
            own[group].append(code)
    return own
