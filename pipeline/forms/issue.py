"""附件4 out to the groups, each with its own indicators, and back together for a period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.errors import InputError
from pipeline.forms import blank_rows, template, views
from pipeline.forms.asked import asked_fields
from pipeline.forms.calendar import ical
from pipeline.tables import settings
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw
from pipeline.tables.edition import Edition
from pipeline.tables.groups import indicators_of_groups
from pipeline.tables.indicators import full_scores, short_names
from pipeline.typography import file_name
from pipeline.views.annexes import FormView, edition_view
from pipeline.views.periods import periods_of, refuse_unknown
from pipeline.views.progress import PeriodView
from pipeline.word.annexes import Templates
from pipeline.word.source import TemplateSource

FOLDER, CALENDAR = "forms", "交表时间.ics"


def issued(
    edition: Edition, templates: Templates, chosen: Sequence[str], *, earlier: bool = False
) -> dict[str, bytes]:
    """File → document: for each chosen period (none: all) and group its form, and a calendar.

    With `earlier` each form also shows what the group reported in the period before.
    """
    own, most = _names_by_group(edition), full_scores(edition["indicators"])
    use = template.issued(asked_fields(edition.settings))
    file_names = _file_names(edition, [*own])
    files = {CALENDAR: ical(edition.name, edition.settings)}
    measures = blank_rows.measured(templates.form_source(edition, use))
    for before, period in _chosen(edition, chosen):
        folder = _file_names(edition, [period.name])[period.name]
        for group, names in own.items():
            view = views.issued(
                edition.name,
                edition.settings,
                period.name,
                group,
                names,
                most,
                before if earlier else None,
            )
            if measures is not None:
                count, new_page = _blank_rows(edition, measures, view, names)
                view = views.with_blank_rows(view, count, new_page=new_page)
            files[f"{FOLDER}/{folder}/{file_names[group]}.docx"] = _rendered(
                edition, templates, use, form=view
            )
    return files


def _blank_rows(
    edition: Edition,
    measures: blank_rows.FormMeasures,
    view: views.IssuedFormView,
    names: Mapping[str, str],
) -> tuple[int, bool]:
    """How many blank rows a group's form has, and whether they need a new page."""
    settings = edition.settings
    context = {"edition": edition_view(edition.name, settings), "form": view}
    return blank_rows.fitting(measures, names.values(), context, settings.form.blank_rows)


def consolidated(edition: Edition, templates: Templates, chosen: Sequence[str]) -> dict[str, bytes]:
    """File → document: each chosen period (none: each that began) over all groups."""
    names = short_names(edition["indicators"])
    files = {}
    for _, period in _chosen(edition, chosen):
        forms = views.consolidated(edition.settings, period, names)
        if forms and (chosen or period.began):
            file = f"附件4-{_file_names(edition, [period.name])[period.name]}.docx"
            files[file] = _rendered(
                edition, templates, template.consolidated, form=forms[0], forms=forms
            )
    return files


def _names_by_group(edition: Edition) -> dict[str, dict[str, str]]:
    """Group → 编号 → name of what it reports on; without groups that report on nothing."""
    names = short_names(edition["indicators"])
    own = indicators_of_groups(edition)
    return {group: {code: names[code] for code in codes} for group, codes in own.items() if codes}


def _rendered(
    edition: Edition,
    templates: Templates,
    use: Callable[[TemplateSource], TemplateSource],
    *,
    form: FormView,
    **more: Any,
) -> bytes:
    """The document that a use of the template makes of a form; `more` is for its context."""
    settings = edition.settings
    context = {"edition": edition_view(edition.name, settings), "form": form, **more}
    return templates.form(edition, use).render(
        context, title=form.title.replace("\n", ""), author=settings.district + settings.bureau
    )


def _chosen(
    edition: Edition, chosen: Sequence[str]
) -> Iterator[tuple[PeriodView | None, PeriodView]]:
    """The chosen periods, each with the one before; raises InputError for an unknown name."""
    periods = periods_of(edition, None)
    refuse_unknown(edition, chosen)
    for before, period in zip([None, *periods], periods, strict=False):
        if not chosen or period.name in chosen:
            yield before, period


def _file_names(edition: Edition, names: Sequence[str]) -> dict[str, str]:
    """Name → file name; raises InputError for one that cannot be, or that two would share."""
    made: dict[str, str] = {}
    for name in names:
        file = _file_name(edition, name)
        for other, taken in made.items():
            if taken.casefold() == file.casefold():
                raise _no_file(edition, name, f"和“{other}”的文件会同名")
        made[name] = file
    return made


def _file_name(edition: Edition, name: str) -> str:
    """A name as that of a file; raises InputError for one that cannot be."""
    try:
        return file_name(name)
    except ValueError as error:
        raise _no_file(edition, name, str(error)) from error


def _no_file(edition: Edition, name: str, reason: str) -> InputError:
    """The error for a period's or a group's name, in the file where it is defined."""
    flaw = Flaw("file-name", f"不能用作文件名：{reason}", "换一个名称")
    return InputError([problem_at(flaw, _defining_file(edition, name), value=name)])


def _defining_file(edition: Edition, name: str) -> str:
    is_period = name in {period.name for period in edition.settings.periods}
    return f"{edition.name}/{settings.FILE}" if is_period else edition["sections"].file
