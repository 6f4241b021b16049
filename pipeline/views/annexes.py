"""What the templates of 附件1–4 see, and the digest with them: one record for each annex.

Numbers are still numbers; the templates and `formats` print them. Every text is ready to print.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline import typography as formats

if TYPE_CHECKING:  # the processes that print read records only, without what made them
    import pandas as pd

    from pipeline.tables.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """The edition as a whole."""

    name: str
    year: int
    district: str
    bureau: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One line of 附件1; `first` of its role prints the role."""

    role: str
    first: bool
    name: str
    post: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterView:
    """附件1."""

    title: str
    members: tuple[MemberView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelView:
    """A label cell: the row that begins a merged cell prints the text, the others continue it."""

    text: str
    first: bool
    span: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorView:
    """One row of 附件2; `labels` from the outermost in, `scores` as the edition's columns."""

    id: str
    labels: tuple[LabelView, ...]
    name: str
    scores: tuple[Decimal | None, ...]
    unit: str
    leader: str
    section: str
    person: str
    extra: Mapping[str, str]  # heading → text, of the columns that the edition declares

    def __getitem__(self, heading: str) -> str:
        """What stands under a declared heading: row["完成时限"]; raises KeyError."""
        return self.extra[heading]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorsView:
    """附件2; `score_totals` are those of the score columns, empty where no such row is printed."""

    title: str
    label_headings: tuple[str, ...]
    name_heading: str
    score_headings: tuple[str, ...]
    extra_headings: tuple[str, ...]
    rows: tuple[IndicatorView, ...]
    score_totals: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseView:
    """One clause of 附件3."""

    number: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterView:
    """A chapter of 附件3."""

    number: str
    title: str
    clauses: tuple[ClauseView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesView:
    """附件3."""

    title: str
    chapters: tuple[ChapterView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRowView:
    """One row of 附件4."""

    number: str = ""
    name: str = ""
    progress: str = ""
    problems: str = ""
    measures: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """附件4; a blank form has an empty `group` and rows without text."""

    title: str
    group: str
    reporter: str
    date: str
    rows: tuple[FormRowView, ...]
    periods: tuple[str, ...]
    due_dates: str
    return_to: str


def edition(name: str, settings: Settings) -> EditionView:
    """The edition as a whole."""
    return EditionView(
        name=name, year=settings.year, district=settings.district, bureau=settings.bureau
    )


def roster(members: pd.DataFrame, settings: Settings) -> RosterView:
    """The leading group, from `shape.members`."""
    first = ~members["role"].duplicated()
    return RosterView(
        title=settings.title(settings.titles.roster),
        members=tuple(
            MemberView(role=role, first=begins, name=formats.padded_name(name), post=post)
            for role, begins, name, post in zip(
                members["role"], first, members["name"], members["post"], strict=True
            )
        ),
    )


def indicators(
    shaped: pd.DataFrame, totals: Sequence[Decimal], settings: Settings
) -> IndicatorsView:
    """The table of indicators, from `shape.indicators` and `shape.score_totals`."""
    chosen = settings.indicators
    labels = zip(
        *(_labels(shaped, level, settings) for level in _count(chosen.labels)), strict=True
    )
    scores = zip(*(shaped[f"score{place}"] for place in _count(chosen.scores)), strict=True)
    extras = _extras(shaped, chosen.extra)
    texts = shaped[["id", "name", "unit", "leader", "section", "person"]].itertuples(index=False)
    return IndicatorsView(
        title=settings.title(settings.titles.indicators),
        label_headings=chosen.labels,
        name_heading=chosen.name,
        score_headings=chosen.scores,
        extra_headings=chosen.extra,
        rows=tuple(
            IndicatorView(
                id=id_,
                labels=row_labels,
                name=name,
                scores=row_scores,
                unit=unit,
                leader=formats.names_cell(leader, chosen.phrases),
                section=section,
                person=formats.names_cell(person, chosen.phrases),
                extra=extra,
            )
            for (id_, name, unit, leader, section, person), row_labels, row_scores, extra in zip(
                texts, labels, scores, extras, strict=True
            )
        ),
        score_totals=tuple(totals) if chosen.total_row else (),
    )


def _extras(shaped: pd.DataFrame, headings: Sequence[str]) -> Iterator[dict[str, str]]:
    """For each row heading → text, of the columns that the edition declares."""
    columns = [shaped[f"extra{number}"] for number in _count(headings)]
    for index in range(len(shaped)):
        yield {heading: column[index] for heading, column in zip(headings, columns, strict=True)}


def _count(headers: Iterable[str]) -> list[int]:
    return [place for place, _ in enumerate(headers, 1)]


def _labels(shaped: pd.DataFrame, level: int, settings: Settings) -> list[LabelView]:
    name, chosen = f"label{level}", settings.indicators
    printed = chosen.labels if chosen.label_totals is None else chosen.label_totals
    with_total = chosen.labels[level - 1] in printed
    return [
        LabelView(
            text=formats.label(text, total if with_total else None),
            first=bool(first),
            span=int(span),
        )
        for text, first, span, total in zip(
            *(
                shaped[column]
                for column in (name, f"{name}_first", f"{name}_span", f"{name}_total")
            ),
            strict=True,
        )
    ]


def rules(clauses: pd.DataFrame, settings: Settings) -> RulesView:
    """The scoring method, from `shape.clauses`; figures come from the clause's own columns."""
    return RulesView(
        title=settings.title(settings.titles.rules),
        chapters=tuple(
            ChapterView(number=str(number), title=str(title), clauses=tuple(_clauses(chapter)))
            for (number, title), chapter in clauses.groupby(
                ["chapter_number", "chapter"], sort=False
            )
        ),
    )


def _clauses(chapter: pd.DataFrame) -> Iterator[ClauseView]:
    columns = ("number", "title", "text", "amount", "cap")
    for number, title, text, amount, cap in zip(*(chapter[c] for c in columns), strict=True):
        figures = {"分值": amount, "上限": cap}
        yield ClauseView(number=number, title=title, text=with_figures(text, figures))


def with_figures(text: str, figures: Mapping[str, Decimal | None]) -> str:
    """A clause's text with {分值} and {上限} printed; other braces, and blanks, stay as typed."""

    def figure(match: re.Match[str]) -> str:
        value = figures[match[1]]
        return match[0] if value is None else formats.number(value)

    return re.sub("{(" + "|".join(figures) + ")}", figure, text)


def blank_form(settings: Settings) -> FormView:
    """The official blank 附件4."""
    return FormView(
        title=settings.title(settings.titles.form),
        group="",
        reporter="",
        date=formats.blank_date(),
        rows=(FormRowView(),) * settings.form.blank_rows,
        periods=tuple(period.name for period in settings.periods),
        due_dates=formats.date_list(period.due for period in settings.periods),
        return_to=settings.form.return_to,
    )
