"""How long it takes to check an edition, against pandas reading the same files, in one run.

An edition of the demo's kind is made larger, with every table full and nothing wrong in it; a
check that found something would stop the measurement. Rounds alternate; a ratio is the median of
the rounds' ratios.
"""

from __future__ import annotations

import csv
import gc
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from pipeline.checks.load import problems
from pipeline.cli import ROOT
from pipeline.tables.writer import csv_bytes

ROUNDS = 7
DEMO = ROOT / "tests" / "editions" / "demo"


def large_edition(folder: Path, indicators: int, progress: int) -> Path:
    """A sound edition with so many indicators and rows of progress."""
    folder.mkdir(parents=True)
    for path in DEMO.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    settings = folder / "edition.toml"
    text = settings.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("total =", "repeat_labels"))]
    settings.write_text("\n".join(kept), encoding="utf-8")
    head, *rows = read(DEMO / "indicators.csv")
    rows = [
        with_cells(
            head,
            rows[number * len(rows) // indicators],
            编号=f"N{number:05}",
            二级指标=f"指标{number}",
            简称="",
        )
        for number in range(indicators)
    ]
    write(folder / "indicators.csv", head, rows)
    write_progress(folder, head, rows, progress)
    return folder


def write_progress(folder: Path, head: list[str], indicators: list[list[str]], count: int) -> None:
    """Reports on every indicator by the groups that it belongs to, as far as `count` goes."""
    sections = {
        row[0]: [*row[1].split("、"), *row[2].split("、")] for row in read(DEMO / "sections.csv")
    }
    progress_head, *model = read(DEMO / "progress.csv")
    rows = []
    for period in ("上半年", "前三季度", "全年"):
        for row in indicators:
            for group in filter(None, sections[row[head.index("责任科室")]]):
                if len(rows) < count:
                    like = model[len(rows) % len(model)]
                    rows.append(
                        with_cells(
                            progress_head, like, 期次=period, 组队=group, 编号=row[0], 自评分=""
                        )
                    )
    assert len(rows) == count, len(rows)
    write(folder / "progress.csv", progress_head, rows)
    returned = dict.fromkeys((row[0], row[1]) for row in rows)
    head = ["期次", "组队", "填报人", "填报时间"]
    write(folder / "submissions.csv", head, [[*key, "林一", "2024-12-30"] for key in returned])


def read(path: Path) -> list[list[str]]:
    """The records of a CSV of the demo edition."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, head: list[str], rows: list[list[str]]) -> None:
    """Write a CSV."""
    path.write_bytes(csv_bytes([head, *rows]))


def with_cells(head: list[str], row: list[str], **cells: str) -> list[str]:
    """A copy of the row with other values under the named headers."""
    return [cells.get(header, cell) for header, cell in zip(head, row, strict=True)]


def pandas_reads(folder: Path) -> None:
    """What the peer does: read every table's texts, and no more."""
    for path in folder.glob("*.csv"):
        pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def checked(folder: Path) -> None:
    """Check the edition; stop where it is not sound."""
    if found := problems(folder):
        sys.exit(f"the bench edition has problems: {found[:3]}")


def milliseconds(work: Callable[[Path], None], folder: Path) -> float:
    """One call, garbage collected before."""
    gc.collect()
    start = time.perf_counter()
    work(folder)
    return (time.perf_counter() - start) * 1000


def measure(folder: Path) -> tuple[float, float, float]:
    """Milliseconds of a check, of pandas' reading, and the median ratio."""
    checked(folder)
    pandas_reads(folder)
    gc.freeze()  # what is loaded by now (pandas) is not in a process that only checks
    rounds = [
        (milliseconds(checked, folder), milliseconds(pandas_reads, folder)) for _ in range(ROUNDS)
    ]
    gc.unfreeze()
    ours, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    return ours, theirs, statistics.median(one / other for one, other in rounds)
