"""The annexes of an edition, singly and in one file, as bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.tables import annexes
from pipeline.tables.annexes import Annex
from pipeline.tables.edition import Edition
from pipeline.tables.settings import Layout, Settings
from pipeline.views.edition import annex_views
from pipeline.word import roster
from pipeline.word.combine import combine
from pipeline.word.fitting import fitted
from pipeline.word.layout import Switches, switches_of
from pipeline.word.source import TemplateSource, read_source
from pipeline.word.template import Template, compile_template

Columns = tuple[tuple[str, int], ...]  # such as (("label", 3), ("score", 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """All annexes as one document; `pages` are the 编号 on each planned page of 附件2."""

    document: bytes
    pages: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """Templates by name, and all that they need to be rendered for an edition."""

    templates: Mapping[str, Template]
    context: Mapping[str, Any]
    titles: Mapping[str, str]
    author: str

    def render(self, name: str) -> bytes:
        """The document of a template."""
        return self.templates[name].render(
            self.context, title=self.titles[name], author=self.author
        )


class Templates:
    """The annex templates in a folder, compiled once for each layout that editions ask for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._compiled = cache(self._compile)
        self._form = cache(self._compile_form)
        self._form_source = cache(self._read_form)

    def annexes(self, edition: Edition) -> dict[str, bytes]:
        """File name → document: each annex, and the one file with all of them."""
        ready = self._ready(edition)
        return {f"{name}.docx": ready.render(name) for name in ready.templates}

    def combined(self, edition: Edition) -> Combined:
        """The one file with all annexes, and which indicators stand on each page of 附件2."""
        ready = self._ready(edition)
        pages = tuple(tuple(row.id for row in page) for page in ready.context.get("pages", ()))
        return Combined(document=ready.render(annexes.combined()), pages=pages)

    def _ready(self, edition: Edition) -> _Ready:
        """The templates in an edition's layout, and what they see of it."""
        settings, views = edition.settings, annex_views(edition)
        templates = self._compiled(_switches(settings.layout), _columns(settings))
        return _Ready(
            templates=templates,
            context={**views, **_plan(templates, views, settings)},
            titles=_titles(views, settings.year),
            author=settings.district + settings.bureau,
        )

    def form(self, edition: Edition, use: Callable[[TemplateSource], TemplateSource]) -> Template:
        """附件4's template in an edition's layout, made ready for a `use` (pipeline.forms)."""
        return self._form(use, _form_switches(edition))

    def form_source(
        self, edition: Edition, use: Callable[[TemplateSource], TemplateSource]
    ) -> TemplateSource:
        """The same, before it is compiled."""
        return self._form_source(use, _form_switches(edition))

    def _compile_form(
        self, use: Callable[[TemplateSource], TemplateSource], switches: Switches
    ) -> Template:
        """The form's template after a `use`."""
        return compile_template(self._form_source(use, switches))

    def _read_form(
        self, use: Callable[[TemplateSource], TemplateSource], switches: Switches
    ) -> TemplateSource:
        """The form's template after a `use`, before it is compiled."""
        return use(self._source(annexes.annex_of("form"), switches))

    def _compile(self, switches: tuple[Switches, ...], columns: Columns) -> dict[str, Template]:
        """Name → template: each annex's in its layout, and the one with all of them."""
        sources = self._sources(switches, columns)
        templates = {name: compile_template(source) for name, source in sources.items()}
        name = annexes.combined()
        templates[name] = compile_template(combine([*sources.values()], f"{name}.docx"))
        return templates

    def _sources(
        self, switches: tuple[Switches, ...], columns: Columns
    ) -> dict[str, TemplateSource]:
        """Name → template, ready to be compiled, of each annex."""
        return {
            annex.template: self._source(annex, chosen, columns)
            for annex, chosen in zip(annexes.ANNEXES, switches, strict=True)
        }

    def _source(self, annex: Annex, switches: Switches, columns: Columns = ()) -> TemplateSource:
        """An annex's template, ready to be compiled."""
        path = self._folder / f"{annex.template}.docx"
        return read_source(path, switches, dict(columns), measure=True)


def _plan(
    templates: Mapping[str, Template], views: Mapping[str, Any], settings: Settings
) -> dict[str, Any]:
    """How wide the columns of 附件1 and 附件2 are, and which rows stand on each page of 附件2."""
    template, keep_widths = templates[annexes.combined()], settings.layout.columns == "template"
    plan: dict[str, Any] = {}
    if template.roster:
        plan["roster_widths"] = roster.fitted(
            template.roster, views["roster"], keep_widths=keep_widths
        )
    if template.measures is not None:
        table = fitted(
            template.measures,
            views,
            keep_widths=keep_widths,
            by_hand=settings.indicators.repeat_labels_at,
        )
        plan |= {"widths": table.widths, "pages": table.pages}
    return plan


def _titles(views: Mapping[str, Any], year: int) -> dict[str, str]:
    """Name → title of each annex, and of the file with all of them."""
    titles = {
        annex.template: views[annex.view].title.replace("\n", "") for annex in annexes.ANNEXES
    }
    titles[annexes.combined()] = f"{year}年度绩效管理{annexes.combined('—')}"
    return titles


def _switches(layout: Layout) -> tuple[Switches, ...]:
    """What the edition chooses for each annex, in their order."""
    return tuple(switches_of(layout, layout.orientation_of(annex)) for annex in annexes.ANNEXES)


def _form_switches(edition: Edition) -> Switches:
    """What the edition chooses for 附件4."""
    layout = edition.settings.layout
    return switches_of(layout, layout.orientation_of(annexes.annex_of("form")))


def _columns(settings: Settings) -> Columns:
    """How many columns of each kind 附件2 prints."""
    return ("label", len(settings.indicators.labels)), ("score", len(settings.indicators.scores))
