"""A form is late from the day after it was due."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.transforms.lateness import days_late, days_left, has_passed

DUE = date(2024, 9, 30)


@pytest.mark.parametrize(
    ("day", "left", "late", "passed"),
    [
        (date(2024, 9, 20), 10, 0, False),
        (date(2024, 9, 30), 0, 0, False),
        (date(2024, 10, 1), -1, 1, True),
    ],
)
def test_the_due_day_is_in_time(day: date, left: int, late: int, passed: bool) -> None:
    assert days_left(DUE, day) == left
    assert days_late(DUE, day) == late
    assert has_passed(DUE, day) is passed


def test_without_a_day_nothing_is_late() -> None:
    assert days_late(DUE, None) == 0
    assert not has_passed(DUE, None)
    assert not has_passed(None, DUE)
