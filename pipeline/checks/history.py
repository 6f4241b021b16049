"""Reports that fitted the tables when they came back and no longer do: kept, and said whose.

Within a year an indicator is deleted or goes to another group, and a group gets another name. What
was reported before is no mistake: each is a warning, and the report stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.check import Check, check
from pipeline.errors import Problem
from pipeline.tables.edition import Edition
from pipeline.tables.groups import groups_of_indicators, names_of_groups
from pipeline.tables.indicators import titles

KEPT = "留在表里，不再计入"


def renamed(name: str) -> str:
    """What to do about a name that was changed in one table only."""
    return f"改了名的，运行 jixiao rename {name} 新名称"


@check("progress", "indicators")
def deleted_indicators(edition: Edition) -> Iterator[Problem]:
    """Reports on indicators that indicators.csv does not have."""
    sheet, codes = edition["progress"], edition["indicators"].vocabulary("id")
    unreadable = edition["indicators"].unreadable("id")
    if set(sheet["indicator"]) <= {*codes, None, ""}:
        return  # one comparison of all values instead of one for each row, nearly always
    for index, (code, period, group) in sheet.filled("indicator", "period", "group"):
        if code not in codes and not unreadable.may_mean(code):
            message = f"indicators.csv 里没有这个编号，是{group}{period}报的，{KEPT}"
            hint = f"{codes.hint(code) or ''}改了编号的，运行 jixiao rename {code} 新编号"
            yield sheet.problem(
                index, "indicator", "reference", message, hint=hint, severity="warning"
            )


@check("progress", "indicators", "sections")
def moved_indicators(edition: Edition) -> Iterator[Problem]:
    """Reports of groups on indicators that are not, or no longer, theirs."""
    sheet, names = edition["progress"], names_of_groups(edition)
    owners, named = groups_of_indicators(edition), titles(edition["indicators"])
    for index, (code, period, group) in sheet.filled("indicator", "period", "group"):
        own = owners.get(code)
        if own is not None and group not in own and group in names:
            message = (
                f"{named[code]}现在不归{group}填报，是{group}{period}报的，还算{group}那一期的"
            )
            hint = f"现在归{'、'.join(own)}" if own else "现在没有组队填报"
            yield sheet.problem(index, "group", "not-own", message, hint=hint, severity="warning")


def _groups(table: str) -> Check:
    """The rule about the groups of a table that sections.csv does not have."""

    @check(table, "sections")
    def groups(edition: Edition) -> Iterator[Problem]:
        """Forms of groups that sections.csv does not name, or no longer."""
        sheet, names = edition[table], names_of_groups(edition)
        if set(sheet["group"]) <= {*names, None, ""}:
            return
        for index, (group, period) in sheet.filled("group", "period"):
            if group not in names:
                message = f"sections.csv 里没有这个组队，{period}报的{KEPT}"
                hint = f"{names.hint(group) or ''}{renamed(group)}"
                yield sheet.problem(
                    index, "group", "reference", message, hint=hint, severity="warning"
                )

    return groups


CHECKS = (deleted_indicators, moved_indicators, *map(_groups, ("progress", "submissions")))
