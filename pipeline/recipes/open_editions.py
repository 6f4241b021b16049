"""Which editions a command about forms means where none is named: those that are open on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline.errors import InputError
from pipeline.tables.edition import read_settings
from pipeline.transforms.lateness import days_late

SLACK = 30  # days for which late forms of the last period are still chased and collected


def open_editions(names: Sequence[str], inputs: Path, on: date) -> list[str]:
    """The editions that are open on a day, else the newest; `names` is not empty.

    An edition is open until `SLACK` days after the last of its due days. One whose edition.toml
    cannot be read is among them, since what is wrong with it has to be reported.
    """
    last_days = {name: _last_due(inputs / name) for name in names}
    chosen = [name for name, due in last_days.items() if due is None or days_late(due, on) <= SLACK]
    return chosen or [max(names, key=lambda name: (last_days[name] or date.min, name))]


def _last_due(folder: Path) -> date | None:
    """The last day on which forms of an edition are due, None where it cannot be read."""
    try:
        return max(period.due for period in read_settings(folder).periods)
    except InputError:
        return None
