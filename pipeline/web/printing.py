"""PDFs of templates, laid out in a process of its own.

Laying out is most of what a digest costs, and WeasyPrint is slow to load. The process loads it
while the tables are still being read.
"""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any

from pipeline.errors import OutputError
from pipeline.layout.pages import pages
from pipeline.tables.names import Names
from pipeline.web import fonts
from pipeline.web.environment import render
from pipeline.web.paging import PageMeasures, columns, highest, starts
from pipeline.web.pdf import LaidOutDocument, load

# Tried in turn until every page of the table of indicators has the rows planned for it.
_TIGHTNESS = (1.0, 0.93, 0.85, 0.75, 0.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """A PDF to make: a template, what it sees, and how its table of indicators is paged.

    `continued` is put after a label that goes on from the page before; `day` is the date of the
    attached files; `forbidden` are people's names that it may not hold.
    """

    templates: Path
    name: str
    context: Mapping[str, Any]
    page: PageMeasures
    day: datetime
    continued: str = ""
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    forbidden: tuple[str, ...] = ()


class Printer:
    """A process that prints; used as a context manager."""

    def __init__(self) -> None:
        self._process = _process()
        self._process.submit(load)

    def __enter__(self) -> Printer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the process; jobs not yet begun are dropped."""
        self._process.shutdown(cancel_futures=True)

    def print(self, job: PrintJob) -> PendingPdf:
        """The PDF that the process begins to make; one that was killed is replaced."""
        try:
            future = self._process.submit(print_pdf, job)
        except BrokenProcessPool:
            self._process = _process()
            future = self._process.submit(print_pdf, job)
        return PendingPdf(future)


@dataclass(frozen=True, slots=True)
class PendingPdf:
    """A PDF that is being made."""

    future: Future[bytes]

    def result(self) -> bytes:
        """Wait for the PDF; raises what `print_pdf` raises, OutputError where its process died."""
        try:
            return self.future.result()
        except BrokenProcessPool as error:
            message = "排版 PDF 的进程被中止了，可能是内存不够；关掉别的程序再运行一次"
            raise OutputError(message) from error


def _process() -> ProcessPoolExecutor:
    """A new process of its own, started with its first task."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _set_up)


def _set_up() -> None:
    """Have a process that prints end with its parent, and spare it two things of no use.

    These are looking for garbage while everything is being loaded, and freeing a laid-out document
    object by object at the end.
    """
    Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(50_000)
    atexit.register(os._exit, 0)


def _end_with_parent() -> None:
    """Wait for the parent's end, however it comes: a killed one can end nobody any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def print_pdf(job: PrintJob) -> bytes:
    """The PDF; raises OutputError where it cannot be printed.

    A row of the table can be higher than a page, or a character have no glyph.
    """
    view = job.context["indicators"]
    table = columns(view, job.page)
    for tightness in _TIGHTNESS:
        begins = starts(view, table, job.page, tightness)
        parts = pages(view.rows, begins, job.continued)
        document = _laid_out(job, {**job.context, "columns": table, "pages": parts})
        if _as_planned(document, len(parts), under_heading=tightness != _TIGHTNESS[-1]):
            return document.pdf(job.attachments, job.day)
    raise OutputError(f"指标 {highest(view, table, job.page)} 的文字太长，表里这一行一页放不下")


def _laid_out(job: PrintJob, context: Mapping[str, Any]) -> LaidOutDocument:
    """The job on pages; raises OutputError for a name, or a character without a glyph."""
    html = render(job.templates, job.name, context)
    if found := Names(job.forbidden).first(html):
        raise OutputError(f"{job.name} 里还有人名“{found}”，没有公布")
    missing = "".join(sorted(fonts.unprintable(html)))
    if missing:
        raise OutputError(f"PDF 的字体里没有“{missing}”，换一个写法")
    return LaidOutDocument(html, job.templates)


def _as_planned(document: LaidOutDocument, pages: int, *, under_heading: bool) -> bool:
    """Whether the table's parts have one page each, the first under the heading if it must."""
    names = [*(f"table-{number}" for number in range(1, pages + 1)), "table-end"]
    heading, *found = [document.page_of(name) for name in ("indicators", *names)]
    first = found[0]
    if first is None or (under_heading and first != heading):
        return False
    return found == [*range(first, first + pages), first + pages - 1]
