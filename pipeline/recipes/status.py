"""The recipe of `jixiao status`: for each period who returned the form, what is late or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pipeline.checks.load import checked
from pipeline.forms.reminders import Reminder, reminders
from pipeline.tables.settings import Settings
from pipeline.views.periods import own_indicators, periods_of, refuse_unknown
from pipeline.views.progress import PeriodView

_REMINDED_BEFORE = timedelta(days=30)  # of a period in which nothing has come back yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The state of an edition on a day: its periods, and a text for each group that owes."""

    edition: str
    settings: Settings
    on: date
    periods: tuple[PeriodView, ...]
    reminders: tuple[Reminder, ...]


def board(folder: Path, on: date, chosen: Sequence[str] = ()) -> Board:
    """The board of the edition in `folder`; raises InputError.

    Of its periods the chosen ones, none: those that began or were due by then, and the next one.
    """
    edition, _ = checked(folder)
    refuse_unknown(edition, chosen)
    periods = periods_of(edition, on)
    coming = [period.name for period in periods if not period.began and period.due > on]
    shown = tuple(
        period
        for period in periods
        if (period.name in chosen if chosen else period.name not in coming[1:])
    )
    near = [
        period for period in shown if chosen or period.began or period.due - on <= _REMINDED_BEFORE
    ]
    names = {code: name for own in own_indicators(edition).values() for code, name in own}
    return Board(
        edition=edition.name,
        settings=edition.settings,
        on=on,
        periods=shown,
        reminders=reminders(edition.settings, near, names, on),
    )
