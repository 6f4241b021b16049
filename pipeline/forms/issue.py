"""附件4 out to the groups, each with its own indicators, and back together for a period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pipeline.errors import InputError
from pipeline.forms import template as ready
from pipeline.forms import views
from pipeline.forms.calendar import ical
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw
from pipeline.tables.edition import Edition
from pipeline.tables.settings import FILE as SETTINGS
from pipeline.transforms.annexes import frame
from pipeline.typography import file_name
from pipeline.views.annexes import FormView, edition_view
from pipeline.views.digest import short_names
from pipeline.views.periods import own_indicators, periods_of, refuse_unknown
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
    own, settings = own_indicators(edition), edition.settings
    names = _file_names(edition, [*own])
    files = {CALENDAR: ical(edition.name, settings)}
    for before, period in _chosen(edition, chosen):
        folder = _file_names(edition, [period.name])[period.name]
        for group, indicators in own.items():
            view = views.issued(
                edition.name,
                settings,
                period.name,
                group,
                indicators,
                before if earlier else None,
            )
            files[f"{FOLDER}/{folder}/{names[group]}.docx"] = _rendered(
                edition, templates, ready.issued, form=view
            )
    return files


def consolidated(edition: Edition, templates: Templates, chosen: Sequence[str]) -> dict[str, bytes]:
    """File → document: each chosen period (none: each that began) over all groups."""
    names = short_names(frame(edition["indicators"]))
    files = {}
    for _, period in _chosen(edition, chosen):
        forms = views.consolidated(edition.settings, period, names)
        if forms and (chosen or period.began):
            file = f"附件4-{_file_names(edition, [period.name])[period.name]}.docx"
            files[file] = _rendered(
                edition, templates, ready.consolidated, form=forms[0], forms=forms
            )
    return files


def _rendered(
    edition: Edition,
    templates: Templates,
    use: Callable[[TemplateSource], TemplateSource],
    *,
    form: FormView,
    **more: Any,
) -> bytes:
    settings = edition.settings
    whole = {"edition": edition_view(edition.name, settings), "form": form, **more}
    return templates.form(edition, use).render(
        whole, title=form.title.replace("\n", ""), author=settings.district + settings.bureau
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
        try:
            file = file_name(name)
        except ValueError as error:
            raise _no_file(edition, name, str(error)) from error
        twin = next((n for n, other in made.items() if other.casefold() == file.casefold()), None)
        if twin is not None:
            raise _no_file(edition, name, f"和“{twin}”的文件会同名")
        made[name] = file
    return made


def _no_file(edition: Edition, name: str, why: str) -> InputError:
    flaw = Flaw("file-name", f"不能用作文件名：{why}", "换一个名称")
    groups = name not in {period.name for period in edition.settings.periods}
    file = edition["sections"].file if groups else f"{edition.name}/{SETTINGS}"
    return InputError([problem_at(flaw, file, value=name)])
