"""From one table to another: every number, period and group that is named exists."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.check import Check, check
from pipeline.checks.history import renamed
from pipeline.errors import Problem
from pipeline.tables.cells import Flaw
from pipeline.tables.contract import CellKind, Column
from pipeline.tables.edition import Edition, tables
from pipeline.tables.groups import groups_of_sections, names_of_groups
from pipeline.tables.indicators import full_scores, titles
from pipeline.tables.settings import IndicatorSettings
from pipeline.tables.sheet import Sheet
from pipeline.tables.suggestions import Vocabulary
from pipeline.typography import number


def _reference(table: str, column: Column) -> Check:
    """The rule that a column's values stand in the column that its contract refers to."""
    target, field = column.refers.split(".")

    @check(table, target)
    def references(edition: Edition) -> Iterator[Problem]:
        """Values that do not stand there, nor may be meant by a cell that could not be read."""
        sheet, other = edition[table], edition[target]
        header = other.table.column(field).header
        name = other.file.rpartition("/")[2]
        allowed = other.vocabulary(field)
        unreadable = other.unreadable(field)
        for index, value in _unknown(sheet, column, allowed):
            if not unreadable.may_mean(value):
                message = f"{name} 的“{header}”里没有这个"
                hint = allowed.hint(value) or f"先在 {name} 里加一行"
                yield sheet.problem(
                    index, column.field, "reference", message, hint=hint, value=value
                )

    return references


def _unknown(sheet: Sheet, column: Column, allowed: Vocabulary) -> Iterator[tuple[int, str]]:
    """The values that are not allowed, each with its record."""
    for index, value in _values(sheet, column, allowed):
        if value not in allowed:
            yield index, value


def _values(sheet: Sheet, column: Column, allowed: Vocabulary) -> Iterator[tuple[int, str]]:
    """The values of a column's cells, each with its record; none where all are allowed."""
    if column.kind is CellKind.CODES:
        yield from sheet.members(column.field)
    elif not set(sheet[column.field]) <= {*allowed, None, ""}:
        # One comparison of all values instead of one for each row, nearly always.
        yield from ((index, value) for index, (value,) in sheet.filled(column.field))


def _names_of_periods(edition: Edition) -> Vocabulary:
    """The periods that edition.toml declares."""
    return Vocabulary(period.name for period in edition.settings.periods)


def _periods(table: str) -> Check:
    """The rule that a table's periods are those of edition.toml."""

    @check(table)
    def periods(edition: Edition) -> Iterator[Problem]:
        """Periods that edition.toml does not declare."""
        sheet = edition[table]
        declared = _names_of_periods(edition)
        for index, period in _unknown(sheet, sheet.table.column("period"), declared):
            message = f"edition.toml 里没有这一期，只有{'、'.join(declared)}"
            yield sheet.problem(index, "period", "reference", message, hint=declared.hint(period))

    return periods


@check("findings", "sections")
def sections_of_findings(edition: Edition) -> Iterator[Problem]:
    """A finding's 责任科室 is a group or a wording of sections.csv, or was one when it was made."""
    sheet = edition["findings"]
    allowed = Vocabulary([*names_of_groups(edition), *groups_of_sections(edition)])
    for index, section in _unknown(sheet, sheet.table.column("section"), allowed):
        message = "sections.csv 里没有这个科室或组队，照原文印"
        hint = f"{allowed.hint(section) or ''}{renamed(section)}"
        yield sheet.problem(index, "section", "reference", message, hint=hint, severity="warning")


@check("progress", "indicators")
def scores_in_range(edition: Edition) -> Iterator[Problem]:
    """A group cannot give itself more than the indicator is worth."""
    sheet, indicators = edition["progress"], edition["indicators"]
    if not any(sheet["self_score"]):
        return
    worth, named = full_scores(indicators), titles(indicators)
    for index, (code, score) in sheet.records("indicator", "self_score"):
        most = worth.get(code) if score is not None else None
        if most is not None and score > most:
            message = f"超过了{named[code]}的分值 {number(most)}"
            yield sheet.problem(index, "self_score", "range", message)


@check("progress")
def report_is_not_blank(edition: Edition) -> Iterator[Problem]:
    """A report without a word."""
    sheet = edition["progress"]
    flaw = Flaw("blank", "这一行什么也没有填", None, "warning")
    for index in sheet.blank("progress", "problems", "measures"):
        yield sheet.raw.problem(index, sheet.table.column("progress"), flaw)


@check("progress", "submissions", "sections")
def reports_were_returned(edition: Edition) -> Iterator[Problem]:
    """Reports without a returned form, as when last year's folder was copied."""
    sheet, returned = edition["progress"], edition["submissions"]
    forms = {*returned.values("period", "group")}
    periods, groups = {*_names_of_periods(edition)}, {*names_of_groups(edition)}
    for index, (period, group) in sheet.records("period", "group"):
        if (period, group) in forms:
            continue
        if period in periods and group in groups:
            forms.add((period, group))  # reported once for each form
            message = f"submissions.csv 里没有{period}{group}的交表记录"
            hint = "是去年的就删掉；不是的，补上谁哪天交的"
            yield sheet.problem(
                index, "group", "not-returned", message, hint=hint, severity="warning"
            )


CHECKS = (
    *(
        _reference(table.name, column)
        for table in tables(IndicatorSettings())
        for column in table.columns
        if column.refers and table.name != "progress"  # whose reports may be older: see history
    ),
    *map(_periods, ("progress", "submissions")),
    sections_of_findings,
    scores_in_range,
    report_is_not_blank,
    reports_were_returned,
)
