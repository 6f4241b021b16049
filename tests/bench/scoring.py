"""How long it takes to score findings, against the same sums done one by one, in one run.

The peer is the tests' plain Python, which works out each finding as a clerk would and makes no
sentence of it; a difference in any finding stops the measurement. Rounds alternate; a ratio is
the median of the rounds' ratios.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import pandas as pd

from pipeline.checks.load import checked
from pipeline.tables.settings import ScoringSettings
from pipeline.transforms.annexes import frame
from pipeline.transforms.scoring import score
from tests.conftest import EDITIONS
from tests.transforms.findings import clerk, table

ROUNDS = 5
USUAL = ScoringSettings()


def findings(count: int) -> pd.DataFrame:
    """So many findings of every kind; every third problem is found twice."""
    chance = random.Random(count)
    return table([_one(chance, count) for _ in range(count)])


def _one(chance: random.Random, count: int) -> str:
    issue = f"题W{chance.randrange(2 * count // 3)}"
    clause = chance.choice(["一.1", "一.2", "一.3", "一.4", "一.5", "一.6", "二.2", "四.2", "四.3"])
    if clause == "四.3":
        return f"四.3 {issue} 自查 问责{chance.randint(1, 3)}"
    heavier = chance.sample(["二.1", "四.1", "二.2", "二.3"], chance.choice([0, 0, 1, 2]))
    lighter = chance.sample(["四.2", *(f"三.{n}" for n in range(1, 11))], chance.choice([0, 0, 1]))
    words = [clause, issue, "问责1", f"核定{chance.randint(1, 400) / 10:g}"]
    words += [f"加重{'、'.join(heavier)}"] if heavier else []
    return " ".join([*words, *(f"减免{cited}" for cited in lighter)])


def measure(count: int) -> tuple[float, float, float]:
    """Milliseconds of scoring, of doing it one by one, and the median ratio."""
    rules, rows = frame(checked(EDITIONS["2023"])[0]["rules"]), findings(count)
    found, clauses = rows.to_dict("records"), rules.to_dict("records")
    entries = score(rows, rules, USUAL).entries
    one_by_one = clerk(found, clauses, USUAL)
    ours = zip(entries["deducted"], entries["bonus"], strict=True)
    if dict(zip(entries["id"], ours, strict=True)) != one_by_one:
        sys.exit("scored at once and one by one, the findings differ")
    rounds = [
        (
            milliseconds(lambda: score(rows, rules, USUAL)),
            milliseconds(lambda: clerk(found, clauses, USUAL)),
        )
        for _ in range(ROUNDS)
    ]
    at_once, singly = (statistics.median(column) for column in zip(*rounds, strict=True))
    return at_once, singly, statistics.median(one / other for one, other in rounds)


def milliseconds(work: Callable[[], Any]) -> float:
    """One call, garbage collected before."""
    gc.collect()
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def show() -> dict[str, float]:
    """Score 100,000 findings and a tenth of them; print and return the figures."""
    small, _, _ = measure(10_000)
    large, singly, ratio = measure(100_000)
    print("\nscoring 100,000 findings, each with its sentence")
    print(f"  jixiao                {large:10.2f} ms  {ratio:7.1f} x")
    print(f"  one by one, no words  {singly:10.2f} ms      1.0 x")
    print(f"  ten times the findings: {large / small:.1f} times the time")
    return {"jixiao": large, "one by one": singly, "ratio": ratio, "growth": large / small}
