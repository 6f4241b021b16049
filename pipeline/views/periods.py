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
from pipeline.views.as_of import as_of
from pipeline.views.progress import PeriodView, period_views


def periods_of(edition: Edition, on: date | None) -> tuple[PeriodView, ...]:
    """Every period over all groups as of the day `on`; None: the whole year, nothing is late."""
    edition, settings = as_of(edition, on), edition.settings
    declared, closing = settings.periods, settings.closing
    on = None if _was_never_collected(edition, on) else on
    due = {period.name: period.due for period in declared}
    groups = groups_of_sections(edition)
    expected = progress.expected(frame(edition["indicators"]), groups)
    concerned = {*expected["group"], *edition["submissions"]["group"]}
    reporting = [group for group in names_of_groups(edition) if group in concerned]
    submissions = frame(edition["submissions"])
    counted_to = min(on, closing) if on else None
    reports = progress.reports(frame(edition["progress"]), submissions, expected, due, counted_to)
    returns = progress.returns(submissions, reporting, due, on=on, closing=closing)
    return period_views(reports, returns, declared, on)


def _was_never_collected(edition: Edition, on: date | None) -> bool:
    """Whether a year is over without a single form: it was not collected here, nobody is late."""
    is_over = on is not None and on > edition.settings.closing
    return is_over and not len(edition["submissions"]) and not len(edition["progress"])


def refuse_unknown(edition: Edition, names: Iterable[str]) -> None:
    """Raise InputError for the name of a period that the edition does not have."""
    periods = Vocabulary(period.name for period in edition.settings.periods)
    for name in names:
        if name not in periods:
            flaw = Flaw("period", f"没有这一期，只有{'、'.join(periods)}", periods.hint(name))
            raise InputError([edition.problem("periods", flaw, name)])
