"""The form's own words around its table, which nobody has to be told about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.docx.body import Paragraph, blocks
from pipeline.docx.incoming import margins
from pipeline.docx.ns import w
from pipeline.docx.package import DOCUMENT, Parts, parse
from pipeline.render.form import REFERENCE
from pipeline.returned.whose import plain
from pipeline.tables.settings import Settings
from pipeline.views.annexes import blank_form
from pipeline.views.annexes import edition as edition_view


class Printed:
    """What 附件4's template says outside of its tables, for each period of an edition."""

    def __init__(self, template: Parts, name: str, settings: Settings) -> None:
        texts = (*_texts(template, name, settings), *margins(template))
        self._known = {*map(plain, texts)}

    def has(self, text: str) -> bool:
        """Whether a line is the form's own, in whichever widths and blanks."""
        return plain(text) in self._known


def _texts(template: Parts, name: str, settings: Settings) -> Iterator[str]:
    environment = ImmutableSandboxedEnvironment()
    body = parse(template[DOCUMENT]).find(w("body"))
    paragraphs = [] if body is None else [b.text for b in blocks(body) if isinstance(b, Paragraph)]
    form, edition = blank_form(settings), edition_view(name, settings)
    for period in settings.periods:
        titled = replace(form, title=f"{form.title}（{period.name}）")
        words: Mapping[str, object]
        for each in (form, titled):
            words = {"form": each, "edition": edition}
            for paragraph in paragraphs:
                try:
                    yield from environment.from_string(paragraph).render(words).split("\n")
                except TemplateError:
                    continue  # a tag for a paragraph as a whole, or one that spans several
        yield REFERENCE.replace("{{ form.before }}", period.name)
