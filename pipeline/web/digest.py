"""The digest of an edition, a page and a PDF, as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from markupsafe import Markup

from pipeline.errors import InputError, Problem
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw
from pipeline.tables.edition import Edition
from pipeline.tables.settings import FILE
from pipeline.web import fonts
from pipeline.web.environment import render, variable_of
from pipeline.web.paging import PageMeasures
from pipeline.web.printing import Printer, PrintJob

PAGE, PDF = "digest.html", "digest.pdf"

SECTIONS = (
    ("glance", "概览"),
    ("structure", "分值结构"),
    ("carriers", "谁负责什么"),
    ("units", "数据找谁要"),
    ("progress", "工作进展"),
    ("findings", "督查扣分"),
    ("score", "自评和预计得分"),
    ("deadlines", "时间节点"),
    ("indicators", "指标分解表"),
    ("rules", "评分办法"),
    ("colophon", "关于这份摘要"),
)

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a digest's figures come from: the files by name, and their revision in git if any."""

    files: Mapping[str, bytes]
    revision: str = ""

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that change when any of the files does."""
        whole = sha256()
        for name, data in sorted(self.files.items()):
            whole.update(name.encode() + b"\0" + sha256(data).digest())
        return whole.hexdigest()[:16]


def documents(
    edition: Edition,
    source: Provenance,
    *,
    templates: Path,
    printer: Printer,
    on: date,
    with_names: bool = True,
    forbidden: tuple[str, ...] = (),
    step: Step = lambda _: None,
) -> dict[str, bytes]:
    """File name → document; raises InputError for a character that the PDF's fonts lack.

    `on` is the day that the digest shows; `forbidden` are names that no PDF may hold, else
    OutputError is raised. `step` is called with what is being made.
    """
    context = context_of(edition, source, on=on, with_names=with_names)
    step("网页")
    page = render(templates, "digest.html.j2", context)
    _refuse_unprintable(edition, page)
    step("PDF")
    made = printer.print(print_job(edition, source, context, templates, forbidden))
    return {PAGE: page.encode(), PDF: made.result()}


def print_job(
    edition: Edition,
    source: Provenance,
    context: Mapping[str, Any],
    templates: Path,
    forbidden: tuple[str, ...] = (),
) -> PrintJob:
    """The PDF to make of an edition's digest."""
    return PrintJob(
        templates=templates,
        name="digest.pdf.html.j2",
        context=context,
        page=PageMeasures(**variable_of(templates, "pdf.css.j2", "measures")),
        day=datetime(edition.settings.year, 1, 1, tzinfo=UTC),
        continued="（续）",
        attachments=source.files,
        forbidden=forbidden,
    )


def context_of(
    edition: Edition, source: Provenance, *, on: date, with_names: bool
) -> dict[str, Any]:
    """What the page's and the PDF's templates see: the annexes' views and the digest's."""
    # Late: the processes that print import this module for Provenance, and need no pandas.
    from pipeline.views.edition import annex_views, digest_view

    views = annex_views(edition)
    return {
        **views,
        "digest": digest_view(edition, on=on, with_names=with_names),
        "sections": SECTIONS,
        "source": source,
        "program": f"jixiao {version('jixiao')}",
        "font_faces": Markup(fonts.font_faces()),
    }


def _refuse_unprintable(edition: Edition, page: str) -> None:
    """Raise InputError for the characters of the page that the PDF's fonts lack."""
    missing = fonts.unprintable(page)
    if not missing:
        return
    flaw = Flaw("glyph", "PDF 的字体里没有这个字", "换一个写法")
    # What is in no table comes from the settings: the bureau, a title, a phrase.
    file = f"{edition.name}/{FILE}"
    in_settings = problem_at(flaw, file, value="".join(sorted(missing)))
    raise InputError(list(_unprintable_cells(edition, missing, flaw)) or [in_settings])


def _unprintable_cells(edition: Edition, missing: set[str], flaw: Flaw) -> Iterator[Problem]:
    """The cells with characters that the PDF's fonts lack."""
    for sheet in edition.sheets.values():
        for column in sheet.table.columns:
            for index, text in enumerate(sheet.raw.texts(column.field)):
                found = "".join(sorted(missing.intersection(text)))
                if found:
                    yield sheet.raw.problem(index, column, flaw, found)
