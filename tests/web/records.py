"""The tables as the standard library reads them, to sum figures by other means."""

from __future__ import annotations

import csv

from tests.conftest import EDITIONS


def rows(name: str, table: str) -> list[dict[str, str]]:
    path = EDITIONS[name] / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
