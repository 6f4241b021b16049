"""Who reports: the groups behind each wording of 责任科室."""

from __future__ import annotations

from pipeline.tables.cells import parts
from pipeline.tables.edition import Edition
from pipeline.tables.suggestions import Vocabulary


def groups_of_sections(edition: Edition) -> dict[str, list[str]]:
    """Wording of 责任科室 → the groups that report, the leading one first."""
    sheet = edition["sections"]
    columns = (sheet["section"], sheet["lead"], sheet["participants"])
    return {
        section: [*parts(lead), *parts(participants)]
        for section, lead, participants in zip(*columns, strict=True)
        if section
    }


def names_of_groups(edition: Edition) -> Vocabulary:
    """Every group that reports anything."""
    return Vocabulary(group for groups in groups_of_sections(edition).values() for group in groups)
