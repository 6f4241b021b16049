"""An edition's periods: what each group had to report, what it did report, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pipeline.errors import InputError
from pipeline.tables.cells import Flaw
from pipeline.tables.edition import Edition
from pipeline.tables.groups import groups_of_sections, names_of_groups
from pipeline.tables.suggestions import Vocabulary
from pipeline.transforms import progress
from pipeline.transforms.annexes import frame
from pipeline.views.progress import PeriodView, period_views


def last_day(edition: Edition) -> date | None:
    """The last day on which a form came back, None when none did."""
    return max(filter(None, edition["submissions"]["day"]), default=None)


def periods_of(edition: Edition, on: date | None) -> tuple[PeriodView, ...]:
    """Every period over all groups; `on` is the day to which lateness is counted."""
    declared = edition.settings.periods
    due = {period.name: period.due for period in declared}
    groups = groups_of_sections(edition)
    expected = progress.expected(frame(edition["indicators"]), groups)
    concerned = {*expected["group"], *edition["submissions"]["group"]}
    reporting = [group for group in names_of_groups(edition) if group in concerned]
    reports = progress.reports(frame(edition["progress"]), expected, due, on)
    returns = progress.returns(frame(edition["submissions"]), reporting, due, on)
    return period_views(reports, returns, declared, on)


def refuse_unknown(edition: Edition, names: Iterable[str]) -> None:
    """Raise InputError for the name of a period that the edition does not have."""
    periods = Vocabulary(period.name for period in edition.settings.periods)
    for name in names:
        if name not in periods:
            flaw = Flaw("period", f"没有这一期，只有{'、'.join(periods)}", periods.hint(name))
            raise InputError([edition.problem("periods", flaw, name)])
