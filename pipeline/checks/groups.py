"""Groups: who reports what, from the wordings in sections.csv."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain

from pipeline.checks.check import check
from pipeline.errors import Problem
from pipeline.tables.cells import parts
from pipeline.tables.edition import Edition
from pipeline.tables.groups import groups_of_sections
from pipeline.tables.sheet import Sheet
from pipeline.tables.suggestions import Vocabulary


@check("sections")
def somebody_reports(edition: Edition) -> Iterator[Problem]:
    """A wording without groups: nobody would be asked to report."""
    sheet = edition["sections"]
    for index in sheet.blank("lead", "participants"):
        message = "牵头组队和参与组队都空着，没有人填报"
        yield sheet.problem(index, "section", "nobody", message, severity="warning")


@check("sections")
def leads_once(edition: Edition) -> Iterator[Problem]:
    """The leading group reports anyway; named again among the others, it is a slip."""
    sheet = edition["sections"]
    for index, (lead, others) in sheet.filled("lead", "participants"):
        for group in set(parts(lead)) & set(parts(others)):
            message = "牵头的组队不用再写进参与组队"
            yield sheet.problem(index, "participants", "list-twice", message, value=group)


@check("sections")
def groups_spelled_alike(edition: Edition) -> Iterator[Problem]:
    """A group that stands only once and is a slip away from another one."""
    sheet = edition["sections"]
    wordings = groups_of_sections(edition)
    counts = Counter(chain.from_iterable(wordings.values()))
    names = Vocabulary(counts)
    for group in _single(counts):
        near = names.slip(group)
        if near and counts[near] > 1 and group not in wordings:
            yield _slip(sheet, group, f"只在这里出现一次；{names.hint(group)}")


def _single(counts: Mapping[str, int]) -> list[str]:
    """What was counted once."""
    return [word for word, count in counts.items() if count == 1]


def _slip(sheet: Sheet, group: str, hint: str) -> Problem:
    """The warning in the cell that names the group."""
    for index in range(len(sheet)):
        for field in ("lead", "participants"):
            if group in parts(sheet[field][index]):
                message = "这个组队的名称可能写错了"
                return sheet.problem(
                    index, field, "group", message, hint=hint, severity="warning", value=group
                )
    raise LookupError(group)


CHECKS = (somebody_reports, leads_once, groups_spelled_alike)
