"""The ledger of supervision findings (督查扣分台账) as a Word document."""

from __future__ import annotations

from pathlib import Path

from pipeline.tables.settings import Settings
from pipeline.views.score import ScoreView
from pipeline.word.layout import switches_of
from pipeline.word.source import read_source
from pipeline.word.template import compile_template

NAME = "督查扣分台账"


def document(view: ScoreView, settings: Settings, templates: Path) -> bytes:
    """The ledger as a Word document, by the template in `templates`; raises TemplateError."""
    source = read_source(templates / f"{NAME}.docx", switches_of(settings.layout))
    author = settings.district + settings.bureau
    return compile_template(source).render({"score": view}, title=view.title, author=author)
