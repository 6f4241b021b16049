"""An edition as it stood on a day: what was returned or found later is not there yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pipeline.tables.edition import Edition


def as_of(edition: Edition, on: date | None) -> Edition:
    """The edition without forms, their reports and findings of days after `on`; None: the whole.

    What bears no day is there. Of a form that was returned twice the tables hold the last answers
    only: before its last day nothing of it is there.
    """
    if on is None:
        return edition
    submissions = edition["submissions"]
    later = {
        (period, group)
        for period, group, day in submissions.values("period", "group", "day")
        if day and day > on
    }
    keys = {name: edition[name].values("period", "group") for name in ("submissions", "progress")}
    kept = {name: [key not in later for key in found] for name, found in keys.items()}
    kept["findings"] = [not day or day <= on for day in edition["findings"]["day"]]
    sheets = {name: edition[name].kept(keep) for name, keep in kept.items() if not all(keep)}
    return replace(edition, sheets={**edition.sheets, **sheets})
