"""The recipe of `jixiao status`: for each period who returned the form, what is late or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.checks.load import checked
from pipeline.forms.reminders import Reminder, reminders
from pipeline.tables.indicators import short_names
from pipeline.tables.settings import Settings
from pipeline.transforms.lateness import days_left
from pipeline.views.periods import periods_of, refuse_unknown
from pipeline.views.progress import PeriodView

_REMINDED_BEFORE = 30  # days, of a period in which nothing has come back yet


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
    if chosen:
        shown = reminded = [period for period in periods if period.name in chosen]
    else:
        shown = _begun_and_next(periods, on)
        reminded = [period for period in shown if _is_near(period, on)]
    names = short_names(edition["indicators"])
    return Board(
        edition=edition.name,
        settings=edition.settings,
        on=on,
        periods=tuple(shown),
        reminders=reminders(edition.settings, reminded, names, on),
    )


def _begun_and_next(periods: Sequence[PeriodView], on: date) -> list[PeriodView]:
    """The periods that began or were due by a day, and the next one."""
    coming = [period for period in periods if not period.began and days_left(period.due, on) > 0]
    later = coming[1:]
    return [period for period in periods if period not in later]


def _is_near(period: PeriodView, on: date) -> bool:
    return period.began or days_left(period.due, on) <= _REMINDED_BEFORE
