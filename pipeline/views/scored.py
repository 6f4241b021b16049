"""The score of an edition, with or without a draft of findings."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from pipeline.checks.run import run_checks
from pipeline.errors import InputError, Problem, errors_in
from pipeline.tables.contract import FINDINGS
from pipeline.tables.edition import Edition, in_order
from pipeline.tables.indicators import short_names
from pipeline.tables.reader import read_sheet
from pipeline.tables.sheet import Sheet
from pipeline.transforms.annexes import frame
from pipeline.transforms.assessment import self_scores
from pipeline.transforms.scoring import score
from pipeline.views.score import ScoreView, TrialView, score_view


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Findings that are only tried out, and the warnings about them."""

    sheet: Sheet
    warnings: tuple[Problem, ...]


def read_draft(edition: Edition, data: bytes, file: str) -> Draft:
    """The findings in `data`, checked against the edition's other tables.

    `file` names them in messages. Raises InputError with every problem when they have errors.
    """
    sheet, problems = read_sheet(data, FINDINGS, file)
    if sheet is not None:
        problems += _problems_with(edition, sheet)
    if sheet is None or errors_in(problems):
        raise InputError(in_order(problems))
    return Draft(sheet=sheet, warnings=tuple(in_order(problems)))


def _problems_with(edition: Edition, findings: Sheet) -> list[Problem]:
    """What the checks find in these findings, were they the edition's own."""
    tried = replace(edition, sheets={**edition.sheets, "findings": findings})
    return [problem for problem in run_checks(tried) if problem.file == findings.file]


def score_of(edition: Edition, draft: Draft | None = None) -> ScoreView:
    """The edition's score; a finding of `draft` replaces the recorded one with its number."""
    recorded = frame(edition["findings"])
    if draft is None:
        return _score(edition, recorded)
    tried = frame(draft.sheet)
    replaced = recorded["id"].isin(tried["id"])
    before = _score(edition, recorded)
    trial = TrialView(
        file=draft.sheet.file,
        added=tuple(tried["id"][~tried["id"].isin(recorded["id"])]),
        replaced=tuple(recorded["id"][replaced]),
        deducted=before.deducted,
        bonus=before.bonus,
    )
    return _score(edition, pd.concat([recorded[~replaced], tried], ignore_index=True), trial)


def _score(edition: Edition, findings: pd.DataFrame, trial: TrialView | None = None) -> ScoreView:
    """The edition's score with these findings for its own."""
    settings, indicators = edition.settings, frame(edition["indicators"])
    return score_view(
        edition.name,
        settings,
        findings=findings,
        entries=score(findings, frame(edition["rules"]), settings.scoring).entries,
        indicators=indicators.assign(own=_self_scores(edition, indicators)["own"]),
        names=short_names(edition["indicators"]),
        trial=trial,
    )


def _self_scores(edition: Edition, indicators: pd.DataFrame) -> pd.DataFrame:
    """What the groups gave themselves for each indicator."""
    sections = edition["sections"]
    return self_scores(
        frame(edition["progress"]),
        indicators,
        leads=dict(zip(sections["section"], sections["lead"], strict=True)),
        periods=[period.name for period in edition.settings.periods],
        interpretation=edition.settings.scoring.self_score,
    )
