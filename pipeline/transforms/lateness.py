"""What is late: the due day itself is in time, and nothing is late where a day is not known."""

from __future__ import annotations

from datetime import date


def days_left(due: date, on: date) -> int:
    """The days from `on` to the due day; negative when it has passed."""
    return (due - on).days


def days_late(due: date, day: date | None) -> int:
    """By how many days `day` is after the due day; 0 when in time or not known."""
    return 0 if day is None else max(-days_left(due, day), 0)


def has_passed(due: date | None, on: date | None) -> bool:
    """Whether a due day is over on the day `on`."""
    return due is not None and days_late(due, on) > 0
