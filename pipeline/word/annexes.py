"""The four annexes of an edition, singly and in one file, as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pipeline.errors import TemplateError
from pipeline.tables.edition import Edition
from pipeline.tables.settings import Settings
from pipeline.views.edition import annex_views
from pipeline.word.combine import combine
from pipeline.word.layout import Switches
from pipeline.word.source import TemplateSource, prepare
from pipeline.word.template import Template, compile_template

# Template → the view that it prints. A new annex is one line here, a view and a template.
ANNEXES = {"附件1": "roster", "附件2": "indicators", "附件3": "rules", "附件4": "form"}
COMBINED, FORM = "附件1-4", "附件4"


class Templates:
    """The annex templates in a folder, compiled once for each layout that editions ask for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._compiled = cache(self._compile)
        self._form = cache(self._compile_form)

    def annexes(self, edition: Edition) -> dict[str, bytes]:
        """File name → document: the four annexes, and the one file with all of them."""
        settings = edition.settings
        context = annex_views(edition)
        titles = {name: context[view].title.replace("\n", "") for name, view in ANNEXES.items()}
        titles[COMBINED] = f"{settings.year}年度绩效管理附件1—4"
        templates = self._compiled(tuple(_switches(settings)), _columns(settings))
        return {
            f"{name}.docx": template.render(
                context, title=titles[name], author=settings.district + settings.bureau
            )
            for name, template in templates.items()
        }

    def form(self, edition: Edition, use: Callable[[TemplateSource], TemplateSource]) -> Template:
        """附件4's template in an edition's layout, made ready for a `use` (render.form)."""
        *_, switches = _switches(edition.settings)
        return self._form(use, switches)

    def _compile_form(
        self, use: Callable[[TemplateSource], TemplateSource], switches: Switches
    ) -> Template:
        return compile_template(use(prepare(self._read(FORM), f"{FORM}.docx", switches)))

    def _compile(
        self, switches: tuple[Switches, ...], columns: tuple[tuple[str, int], ...]
    ) -> dict[str, Template]:
        sources = [
            prepare(self._read(name), f"{name}.docx", chosen, dict(columns))
            for name, chosen in zip(ANNEXES, switches, strict=True)
        ]
        templates = {
            name: compile_template(source) for name, source in zip(ANNEXES, sources, strict=True)
        }
        return {**templates, COMBINED: compile_template(combine(sources, f"{COMBINED}.docx"))}

    def _read(self, name: str) -> bytes:
        path = self._folder / f"{name}.docx"
        try:
            return path.read_bytes()
        except OSError as error:
            raise TemplateError("没有这个文件，或者不能读", template=str(path)) from error


def _switches(settings: Settings) -> Iterator[Switches]:
    """What the edition chooses for each annex, in the order of ANNEXES."""
    layout = settings.layout
    for view in ANNEXES.values():
        yield Switches(
            orientation=getattr(layout.orientation, view),
            page_number=layout.page_number,
            title_size=layout.title_size,
            fonts=tuple(sorted(layout.fonts.items())),
        )


def _columns(settings: Settings) -> tuple[tuple[str, int], ...]:
    return ("label", len(settings.indicators.labels)), ("score", len(settings.indicators.scores))
