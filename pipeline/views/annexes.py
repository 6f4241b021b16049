"""What the templates of 附件1–4 see, and the digest with them: one record for each annex.

Numbers are still numbers; the templates and `typography` print them. Every text is ready to print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline import typography

if TYPE_CHECKING:  # the processes that print unpickle the records and need no pandas
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
    """附件2; `score_totals` are those of the score columns, empty where no such row is printed.

    `phrases` are texts under 责任人 that name nobody.
    """

    title: str
    label_headings: tuple[str, ...]
    name_heading: str
    score_headings: tuple[str, ...]
    extra_headings: tuple[str, ...]
    rows: tuple[IndicatorView, ...]
    score_totals: tuple[Decimal, ...]
    phrases: tuple[str, ...] = ()


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
    status: str = ""
    self_score: str = ""


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


def edition_view(name: str, settings: Settings) -> EditionView:
    """The edition as a whole."""
    return EditionView(
        name=name, year=settings.year, district=settings.district, bureau=settings.bureau
    )


def roster_view(members: pd.DataFrame, settings: Settings) -> RosterView:
    """The leading group, from `transforms.annexes.leading_group`."""
    first = ~members["role"].duplicated()
    columns = (members["role"], first, members["name"], members["post"])
    return RosterView(
        title=settings.title(settings.titles.roster),
        members=tuple(
            MemberView(role=role, first=begins, name=typography.padded_name(name), post=post)
            for role, begins, name, post in zip(*columns, strict=True)
        ),
    )


def indicators_view(
    merged: pd.DataFrame, totals: Sequence[Decimal], settings: Settings
) -> IndicatorsView:
    """The table of indicators, from `merged_indicators` and `score_totals` of transforms."""
    chosen = settings.indicators
    return IndicatorsView(
        title=settings.title(settings.titles.indicators),
        label_headings=chosen.labels,
        name_heading=chosen.name,
        score_headings=chosen.scores,
        extra_headings=chosen.extra,
        rows=tuple(_indicators(merged, settings)),
        score_totals=tuple(totals) if chosen.total_row else (),
        phrases=chosen.phrases,
    )


def _indicators(merged: pd.DataFrame, settings: Settings) -> Iterator[IndicatorView]:
    """The rows of the table, in its order."""
    chosen = settings.indicators
    labels = _label_rows(merged, settings)
    scores = zip(*_columns(merged, "score", chosen.scores), strict=True)
    extras = _extras(merged, chosen.extra)
    texts = merged[["id", "name", "unit", "leader", "section", "person"]].itertuples(index=False)
    for row, row_labels, row_scores, extra in zip(texts, labels, scores, extras, strict=True):
        id_, name, unit, leader, section, person = row
        yield IndicatorView(
            id=id_,
            labels=row_labels,
            name=name,
            scores=row_scores,
            unit=unit,
            leader=typography.names_cell(leader, chosen.phrases),
            section=section,
            person=typography.names_cell(person, chosen.phrases),
            extra=extra,
        )


def _extras(merged: pd.DataFrame, headings: Sequence[str]) -> Iterator[dict[str, str]]:
    """For each row heading → text, of the columns that the edition declares."""
    columns = _columns(merged, "extra", headings)
    for index in range(len(merged)):
        yield {heading: column[index] for heading, column in zip(headings, columns, strict=True)}


def _columns(merged: pd.DataFrame, kind: str, headings: Sequence[str]) -> list[pd.Series[Any]]:
    """The columns of a kind, such as score1 and score2, one for each heading."""
    return [merged[f"{kind}{number}"] for number in _numbers(headings)]


def _label_rows(merged: pd.DataFrame, settings: Settings) -> Iterator[tuple[LabelView, ...]]:
    """For each row its labels, from the outermost level on."""
    levels = _numbers(settings.indicators.labels)
    return zip(*(_labels(merged, level, settings) for level in levels), strict=True)


def _numbers(headings: Sequence[str]) -> range:
    """The numbers, from 1, of the columns with these headings."""
    return range(1, len(headings) + 1)


def _labels(merged: pd.DataFrame, level: int, settings: Settings) -> list[LabelView]:
    """The label cells of a level, with their totals where the edition prints these."""
    prints_total = _prints_total(level, settings)
    name = f"label{level}"
    columns = [merged[f"{name}{part}"] for part in ("", "_first", "_span", "_total")]
    return [
        LabelView(
            text=typography.label(text, total if prints_total else None),
            first=bool(first),
            span=int(span),
        )
        for text, first, span, total in zip(*columns, strict=True)
    ]


def _prints_total(level: int, settings: Settings) -> bool:
    """Whether the labels of a level show their totals; all levels do unless some are named."""
    chosen = settings.indicators
    with_totals = chosen.labels if chosen.label_totals is None else chosen.label_totals
    return chosen.labels[level - 1] in with_totals


def rules_view(clauses: pd.DataFrame, settings: Settings) -> RulesView:
    """The scoring method, from `transforms.annexes.numbered_clauses`.

    The figures in a clause's text come from its own columns.
    """
    chapters = clauses.groupby(["chapter_number", "chapter"], sort=False)
    return RulesView(
        title=settings.title(settings.titles.rules),
        chapters=tuple(
            ChapterView(number=str(number), title=str(title), clauses=tuple(_clauses(chapter)))
            for (number, title), chapter in chapters
        ),
    )


def _clauses(chapter: pd.DataFrame) -> Iterator[ClauseView]:
    """The clauses of a chapter, in its order."""
    columns = ["number", "title", "text", "amount", "cap"]
    for number, title, text, amount, cap in chapter[columns].itertuples(index=False):
        figures = {"分值": amount, "上限": cap}
        yield ClauseView(number=number, title=title, text=with_figures(text, figures))


def with_figures(text: str, figures: Mapping[str, Decimal | None]) -> str:
    """A clause's text with {分值} and {上限} printed; other braces, and blanks, stay as typed."""

    def figure(match: re.Match[str]) -> str:
        value = figures[match[1]]
        return match[0] if value is None else typography.number(value)

    return re.sub("{(" + "|".join(figures) + ")}", figure, text)


def blank_form(settings: Settings) -> FormView:
    """The official blank 附件4."""
    return FormView(
        title=settings.title(settings.titles.form),
        group="",
        reporter="",
        date=typography.blank_date(),
        rows=(FormRowView(),) * settings.form.blank_rows,
        periods=tuple(period.name for period in settings.periods),
        due_dates=typography.date_list(period.due for period in settings.periods),
        return_to=settings.form.return_to,
    )
