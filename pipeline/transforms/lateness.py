"""What is late: the due day itself is in time, and nothing is late where a day is not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late a form is: `owing` when it is due and not there, `days` where they are counted."""

    owing: bool
    days: int


def lateness(
    due: date, returned: bool, day: date | None, on: date | None, closing: date
) -> Lateness:
    """How late a form is that is due on a day and was `returned` on `day`, or was not.

    What is not there is late to the day `on`; after the day `closing`, on which the year's work
    ends, its days are no longer counted.
    """
    if returned:
        return Lateness(owing=False, days=days_late(due, day))
    is_counted = on is not None and on <= closing
    return Lateness(owing=has_passed(due, on), days=days_late(due, on) if is_counted else 0)


def days_left(due: date, on: date) -> int:
    """The days from `on` to the due day; negative when it has passed."""
    return (due - on).days


def days_late(due: date, day: date | None) -> int:
    """By how many days `day` is after the due day; 0 when in time or not known."""
    return 0 if day is None else max(-days_left(due, day), 0)


def has_passed(due: date | None, on: date | None) -> bool:
    """Whether a due day is over on the day `on`."""
    return due is not None and days_late(due, on) > 0
