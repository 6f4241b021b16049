"""Groups: who reports what, from the wordings in sections.csv."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain

from pipeline.checks.check import check
from pipeline.errors import Problem
from pipeline.tables.cells import Flaw, parts
from pipeline.tables.edition import Edition
from pipeline.tables.groups import groups_of_sections, names_of_groups
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


@check("sections")
def returned_to_a_group(edition: Edition) -> Iterator[Problem]:
    """The forms go back to a group that there is."""
    names, return_to = names_of_groups(edition), edition.settings.form.return_to
    if return_to not in names:
        hint = names.hint(return_to) or f"现有：{'、'.join(names)}"
        flaw = Flaw("reference", "附件4交到的组队，sections.csv 里没有", hint)
        yield edition.problem("form.return_to", flaw, return_to)


CHECKS = (somebody_reports, leads_once, groups_spelled_alike, returned_to_a_group)
