"""How long 附件2's widths and pages take to plan, and all annexes from tables to documents.

The peer of the whole is stock docxtpl, which only renders 附件2: no reading, no checks, no plan.
Texts are new in each round where planning is measured: nothing is remembered of them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.checks.load import checked
from pipeline.cli import ROOT
from pipeline.tables import annexes
from pipeline.views.edition import annex_views
from pipeline.word.annexes import Templates
from pipeline.word.fitting import fitted
from pipeline.word.layout import Switches
from pipeline.word.measures import Measures
from pipeline.word.source import prepare
from tests.conftest import EDITIONS

ROUNDS = 9
TEMPLATES = ROOT / "templates" / "docx"


def show(docxtpl: Callable[[], bytes]) -> dict[str, float]:
    """Measure and print the figures; `docxtpl` renders 附件2 of the same edition."""
    measures, views = _measures(), annex_views(checked(EDITIONS["2023"])[0])
    small = _median([_plan(measures, views, 51, number) for number in range(ROUNDS + 1)])
    large = _median([_plan(measures, views, 10_000, number) for number in range(4)])
    whole, peer, ratio = _whole(docxtpl)
    print("\nplanning 附件2's widths and pages, texts never seen before")
    print(f"  51 rows               {small:10.2f} ms")
    print(f"  10,000 rows           {large:10.2f} ms  {large / small:7.1f} x")
    print("the edition of 2023 in a warm process")
    print(f"  read, check, plan, render all {whole:8.2f} ms  {ratio:7.2f} x")
    print(f"  docxtpl renders 附件2          {peer:8.2f} ms      1.0 x")
    return {"51": small, "10000": large, "whole": whole, "docxtpl": peer, "ratio": ratio}


def _measures() -> Measures:
    """What the real template of 附件2 measures."""
    template = annexes.annex_of("indicators").template
    data = (TEMPLATES / f"{template}.docx").read_bytes()
    source = prepare(data, template, Switches(), {"label": 2, "score": 1}, measure=True)
    assert source.measures is not None
    return source.measures


def _plan(measures: Measures, views: dict[str, Any], size: int, number: int) -> float:
    """Milliseconds to plan so many rows whose names nobody has measured."""
    rows = views["indicators"].rows
    repeated = (rows * (size // len(rows) + 1))[:size]
    new = tuple(
        replace(row, name=f"{row.name}{number}-{index}") for index, row in enumerate(repeated)
    )
    view = replace(views["indicators"], rows=new)
    seen = {**views, "indicators": view}
    return _milliseconds(lambda: fitted(measures, seen, keep_widths=False, by_hand=()))


def _median(times: list[float]) -> float:
    """The median of some rounds but for the first, which warms."""
    return statistics.median(times[1:])


def _whole(docxtpl: Callable[[], bytes]) -> tuple[float, float, float]:
    """Milliseconds of all annexes from the tables, of the peer, and the median ratio."""
    templates = Templates(TEMPLATES)

    def ours() -> None:
        templates.annexes(checked(EDITIONS["2023"])[0])

    pairs = [(_milliseconds(ours), _milliseconds(docxtpl)) for _ in range(ROUNDS + 1)][1:]
    mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    return mine, theirs, statistics.median(mine / theirs for mine, theirs in pairs)


def _milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000
