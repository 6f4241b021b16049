"""The ledger of supervision findings (督查扣分台账) as a Word document."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import TemplateError
from pipeline.tables.settings import Settings
from pipeline.views.score import ScoreView
from pipeline.word.layout import Switches
from pipeline.word.source import prepare
from pipeline.word.template import compile_template

NAME = "督查扣分台账"


def document(view: ScoreView, settings: Settings, templates: Path) -> bytes:
    """The ledger as a Word document, by the template in `templates`; raises TemplateError."""
    path, layout = templates / f"{NAME}.docx", settings.layout
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TemplateError("没有这个文件，或者不能读", template=str(path)) from error
    switches = Switches(
        page_number=layout.page_number,
        title_size=layout.title_size,
        fonts=tuple(sorted(layout.fonts.items())),
    )
    template = compile_template(prepare(data, path.name, switches))
    author = settings.district + settings.bureau
    return template.render({"score": view}, title=view.title, author=author)
