"""The digest of an edition: a page, a PDF, and 附件1–4 as PDF, as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from markupsafe import Markup

from pipeline.errors import InputError, OutputError, Problem
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw, parts
from pipeline.tables.edition import Edition
from pipeline.tables.groups import groups_of_sections
from pipeline.tables.indicators import short_names
from pipeline.tables.settings import FILE, Layout
from pipeline.transforms import carriers as carried
from pipeline.transforms.annexes import frame, score_totals
from pipeline.views import digest as views
from pipeline.views.edition import annex_views
from pipeline.views.periods import last_day, periods_of
from pipeline.views.scored import score_of
from pipeline.web import fonts
from pipeline.web.environment import render
from pipeline.web.paging import PageMeasures, split
from pipeline.web.printing import Print, Printers

PAGE, PDF, ANNEXES = "digest.html", "digest.pdf", "附件1-4.pdf"

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

# The table of indicators on A4 landscape, as pdf.css and annexes.css lay it out.
_IN_DIGEST = PageMeasures(
    width=267, room=160, heading=17.5, title_line=6.4, size=8.5, pitch=13, padding=6.5, side=6.5
)
_IN_ANNEX = {
    "landscape": PageMeasures(
        width=225, room=143, heading=35, title_line=10.3, size=10.5, pitch=16, padding=3.5, side=4.5
    ),
    "portrait": PageMeasures(
        width=156, room=208, heading=41, title_line=10.3, size=10.5, pitch=16, padding=3.5, side=4.5
    ),
}

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
    printers: Printers,
    on: date | None = None,
    with_names: bool = True,
    step: Step = lambda _: None,
) -> dict[str, bytes]:
    """File name → document; raises InputError for a character that the PDF's fonts lack.

    `on` is the day to which lateness is counted, by default the last day on which a form came
    back. `step` is told what is being made.
    """
    context = context_of(edition, source, on=on, with_names=with_names)
    step("网页")
    page = render(templates, "digest.html.j2", context)
    _refuse_unprintable(edition, page)
    step("PDF")
    digest, annexes = map(printers.print, prints(edition, source, context, templates))
    return {PAGE: page.encode(), PDF: digest.result(), ANNEXES: annexes.result()}


def prints(
    edition: Edition, source: Provenance, context: Mapping[str, Any], templates: Path
) -> tuple[Print, Print]:
    """The two PDFs to make of an edition: the digest, and 附件1–4."""
    day = datetime(edition.settings.year, 1, 1, tzinfo=UTC)
    digest = Print(
        templates=templates,
        name="digest.pdf.html.j2",
        context=context,
        page=_IN_DIGEST,
        day=day,
        with_id=True,
        sign="（续）",
        attachments=source.files,
    )
    page = _IN_ANNEX[context["orientation"]["indicators"]]
    annexes = Print(
        templates=templates, name="annexes.html.j2", context=context, page=page, day=day
    )
    return digest, annexes


def context_of(
    edition: Edition, source: Provenance, *, on: date | None, with_names: bool
) -> dict[str, Any]:
    """What the page's and the PDF's templates see: the annexes' views and the digest's."""
    annexes = annex_views(edition)
    return {
        **annexes,
        "whole_table": split(annexes["indicators"].rows, [0])[0],
        "digest": digest_view(edition, on=on, with_names=with_names),
        "sections": SECTIONS,
        "source": source,
        "program": f"jixiao {version('jixiao')}",
        "font_faces": Markup(fonts.font_faces()),
        "layout": edition.settings.layout,
        "orientation": _orientation(edition.settings.layout),
    }


def _orientation(layout: Layout) -> dict[str, str]:
    """How each annex's pages stand: as its Word template does, or as the edition turns it."""
    return {
        annex: getattr(layout.orientation, annex) or usual for annex, usual in _ORIENTATION.items()
    }


_ORIENTATION = {
    "roster": "portrait",
    "indicators": "landscape",
    "rules": "portrait",
    "form": "landscape",
}


def digest_view(edition: Edition, *, on: date | None, with_names: bool) -> views.DigestView:
    """The digest's figures, each computed once in `shape`."""
    settings, table = edition.settings, frame(edition["indicators"])
    chosen, names = settings.indicators, short_names(edition["indicators"])
    groups = groups_of_sections(edition)
    on = _counted_to(on, last_day(edition))
    periods = periods_of(edition, on)
    people = {field: [_people(cell, chosen.phrases) for cell in table[field]] for field in _PEOPLE}
    sections = [[section] for section in table["section"]]
    reporting = [groups.get(section, []) for section in table["section"]]
    units = carried.units(table)
    totals = score_totals(table, len(chosen.scores))
    return views.DigestView(
        title=views.digest_title(settings),
        total=totals[0],
        other_totals=tuple(zip(chosen.scores, totals, strict=True))[1:],
        count=len(table),
        on=on,
        with_names=with_names,
        structure=views.structure(table, names, len(chosen.labels)),
        leaders=views.carriers(carried.carriers(table, people["leader"])),
        sections=views.carriers(carried.carriers(table, sections)),
        groups=views.carriers(carried.carriers(table, reporting)),
        persons=views.carriers(carried.carriers(table, people["person"])) if with_names else (),
        phrases=chosen.phrases,
        units=views.units(units),
        periods=periods,
        findings=views.findings(frame(edition["findings"])),
        names=names,
        facets=views.facets(table, people, reporting, units, periods),
        score=score_of(edition),
    )


_PEOPLE = ("leader", "person")


def _people(cell: str, phrases: Sequence[str]) -> list[str]:
    """The people in a cell; a declared phrase, such as 中层以上领导, stands for itself."""
    return [cell] if cell in phrases else parts(cell)


def _counted_to(on: date | None, last: date | None) -> date | None:
    """The day to which lateness is counted; raises OutputError where a form came back after it."""
    if on and last and on < last:
        raise OutputError(f"逾期不能算到 {on}：表里已经有 {last} 交的表")
    return on or last


def _refuse_unprintable(edition: Edition, page: str) -> None:
    if lacking := fonts.unprintable(page):
        flaw = Flaw("glyph", "PDF 的字体里没有这个字", "换一个写法")
        cells = list(_unprintable(edition, lacking, flaw))
        # What no table says comes from the settings: the bureau, a title, a phrase.
        file = f"{edition.name}/{FILE}"
        raise InputError(cells or [problem_at(flaw, file, value="".join(sorted(lacking)))])


def _unprintable(edition: Edition, lacking: set[str], flaw: Flaw) -> Iterator[Problem]:
    """The cells that hold characters which the PDF's fonts lack."""
    for sheet in edition.sheets.values():
        for column in sheet.table.columns:
            for index, text in enumerate(sheet.raw.texts(column.field)):
                if found := "".join(sorted(set(text) & lacking)):
                    yield sheet.raw.problem(index, column, flaw, found)
