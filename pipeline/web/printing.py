"""PDFs of templates, several at once: each is laid out in a process of its own.

Laying out is most of what a digest costs, and WeasyPrint is slow to load. The processes load it
while the tables are still being read, and print one document each.
"""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.errors import OutputError
from pipeline.web import fonts
from pipeline.web.environment import render
from pipeline.web.paging import Page, columns, page_starts, split
from pipeline.web.pdf import Laid, load

# Tried in turn until every page of the table of indicators holds what was planned for it.
_TIGHTNESS = (1.0, 0.93, 0.85, 0.75, 0.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A PDF to make: a template, what it sees, and how its table of indicators is paged.

    `sign` stands behind a label that goes on from the page before; `day` is the date of what is
    attached.
    """

    templates: Path
    name: str
    context: Mapping[str, Any]
    page: Page
    day: datetime
    with_id: bool = False
    sign: str = ""
    attachments: Mapping[str, bytes] = field(default_factory=dict)


class Printers:
    """Two processes that print, by turns; used as a context manager."""

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._processes = [ProcessPoolExecutor(1, spawn, _set_up) for _ in range(2)]
        self._turns = cycle(self._processes)
        # The other one starts with the second document: the tables need a processor as well.
        self._processes[0].submit(load)

    def __enter__(self) -> Printers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.shutdown(cancel_futures=True)

    def print(self, job: Print) -> Future[bytes]:
        """The PDF to come; it raises what `print_pdf` raises."""
        return next(self._turns).submit(print_pdf, job)


def _set_up() -> None:
    """Spare a process that prints what takes long and leads nowhere.

    Looking for garbage while everything is being loaded, and taking a laid-out document down
    object by object at the end.
    """
    gc.set_threshold(50_000)
    atexit.register(os._exit, 0)


def print_pdf(job: Print) -> bytes:
    """The PDF; raises OutputError where a row of the table is higher than a page."""
    view = job.context["indicators"]
    table = columns(view, job.page.width, with_id=job.with_id)
    for tightness in _TIGHTNESS:
        starts = page_starts(view, table, job.page, tightness)
        pages = split(view.rows, starts, job.sign)
        seen = {**job.context, "columns": table, "pages": pages}
        laid = Laid(render(job.templates, job.name, seen), [job.templates, fonts.FOLDER])
        if _as_planned(laid, len(pages)):
            return laid.pdf(job.attachments, job.day)
    raise OutputError("指标分解表里有一行太高，一页放不下")


def _as_planned(laid: Laid, pages: int) -> bool:
    """Whether the table's parts stand on one page each, the first under the heading."""
    names = ["indicators", *(f"table-{number}" for number in range(1, pages + 1)), "table-end"]
    found = [laid.page_of(name) for name in names]
    first = found[0]
    return first is not None and found == [first, *range(first, first + pages), first + pages - 1]
