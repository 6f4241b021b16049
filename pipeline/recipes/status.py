"""The recipe of `jixiao status`: for each period who returned the form, what is late or missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.checks.load import checked
from pipeline.forms.reminders import Reminder, reminders
from pipeline.tables.edition import Edition
from pipeline.tables.indicators import short_names
from pipeline.tables.settings import Settings
from pipeline.transforms.lateness import days_left, has_passed
from pipeline.views.periods import periods_of, refuse_unknown
from pipeline.views.progress import GroupView, PeriodView

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

    Of its periods the chosen ones, none: those that began or were due by then, and the next one;
    who is reminded of these is everybody, else only of what is still open.
    """
    edition, _ = checked(folder)
    return board_of(edition, on, chosen)


def board_of(edition: Edition, on: date, chosen: Sequence[str] = ()) -> Board:
    """The board of an edition that was read, as `board` shows it."""
    refuse_unknown(edition, chosen)
    periods = periods_of(edition, on)
    if chosen:
        shown = [period for period in periods if period.name in chosen]
        reminded = [(period, group) for period in shown for group in period.groups]
    else:
        shown = _begun_and_next(periods, on)
        reminded = [*_still_open(periods, on)]
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


def _still_open(periods: Sequence[PeriodView], on: date) -> Iterator[tuple[PeriodView, GroupView]]:
    """The periods and groups in which something can still be asked for on a day.

    A period that is near, until the next one is over or the group has returned its form.
    """
    for number, period in enumerate(periods):
        later = periods[number + 1 :]
        if not _is_near(period, on) or any(has_passed(each.due, on) for each in later):
            continue
        returned = {group.name for each in later for group in each.groups if group.returned}
        for group in period.groups:
            if group.name not in returned:
                yield period, group


def _is_near(period: PeriodView, on: date) -> bool:
    return period.began or days_left(period.due, on) <= _REMINDED_BEFORE
