"""The form's own words around its table, which are no problem to report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.forms.asked import heading, without_limit
from pipeline.forms.control_tags import ASKED
from pipeline.forms.parsing.form import read_forms
from pipeline.forms.words import ABSENT, DEADLINE, REFERENCE
from pipeline.tables.settings import Settings
from pipeline.typography import date_list, squeezed
from pipeline.views.annexes import blank_form, edition_view

_ABSENT = re.compile(ABSENT.format(group=".+", count=r"\d+"))


class Boilerplate:
    """What 附件4's template has around its tables, for each period of an edition."""

    def __init__(self, template: bytes, name: str, settings: Settings) -> None:
        (form,) = read_forms(template).forms[:1]
        headings = (*form.headings, *map(heading, ASKED))
        self._headings = {squeezed(text) for text in headings} - {""}
        printed = _printed_texts(form.outside, name, settings)
        self._lines = {squeezed(line) for text in printed for line in text.split("\n")}

    def contains(self, text: str) -> bool:
        """Whether a line is the form's own, in whichever widths and blanks."""
        return squeezed(text) in self._lines or _ABSENT.fullmatch(text.strip()) is not None

    def is_extended(self, text: str) -> bool:
        """Whether a heading is one of the form's with more written behind it."""
        own, *more = re.split("[\n：:，,；;]", without_limit(text), maxsplit=1)
        return squeezed(own) in self._headings and "".join(more).strip() != ""


def _printed_texts(lines: Sequence[str], name: str, settings: Settings) -> Iterator[str]:
    """The lines as they stand on forms: with the title, the days, where the form goes back to."""
    environment = ImmutableSandboxedEnvironment()
    form, edition = blank_form(settings), edition_view(name, settings)
    for period in settings.periods:
        own = replace(
            form,
            title=f"{form.title}（{period.name}）",
            periods=(period.name,),
            due_dates=date_list([period.due]),
        )
        for each in (form, own):
            context = {"form": each, "edition": edition}
            for line in (*lines, DEADLINE):
                with suppress(TemplateError):  # a tag for a paragraph as a whole
                    yield environment.from_string(line).render(context)
        yield REFERENCE.replace("{{ form.before }}", period.name)
