"""The recipe of `jixiao score`: what each edition comes to, with a draft of findings or without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.checks.load import checked
from pipeline.delivery import manifest
from pipeline.delivery.files import as_output_error, locked, write_files
from pipeline.errors import JixiaoError, Problem
from pipeline.tables.edition import Edition
from pipeline.tables.folder import input_files
from pipeline.tables.settings import Settings
from pipeline.views.score import ScoreView
from pipeline.views.scored import Draft, read_draft, score_of

LEDGER = "ledger"  # as the manifest calls it


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreOutcome:
    """What became of one edition: its score, the ledger if it was written, or the error."""

    score: ScoreView | None = None
    ledger: Path | None = None
    warnings: tuple[Problem, ...] = ()
    error: JixiaoError | None = None


def score(
    names: Iterable[str],
    *,
    inputs: Path,
    templates: Path,
    draft: Path | None = None,
    out: Path | None = None,
) -> Iterator[ScoreOutcome]:
    """Score the named editions one by one.

    `draft` is a file of findings that are tried out. Where `out` is given, each edition's ledger
    is written into its folder below it, by the template in `templates`.
    """
    for name in names:
        folder = out / name if out else None
        try:
            yield _outcome(inputs / name, draft, templates, folder)
        except JixiaoError as error:
            yield ScoreOutcome(error=error)


def _outcome(source: Path, draft: Path | None, templates: Path, out: Path | None) -> ScoreOutcome:
    """The score of the edition in `source`, and its ledger in `out`; raises JixiaoError."""
    origin = manifest.origin(input_files(source), templates.glob("*台账.docx"), {})
    edition, warnings = checked(source)
    trial = _trial(edition, draft)
    score = score_of(edition, trial)
    ledger = _write_ledger(score, edition.settings, templates, out, origin) if out else None
    of_draft = trial.warnings if trial else ()
    return ScoreOutcome(score=score, ledger=ledger, warnings=(*warnings, *of_draft))


def _trial(edition: Edition, draft: Path | None) -> Draft | None:
    """The draft's findings, if there is one; raises InputError where they have errors."""
    return read_draft(edition, draft.read_bytes(), draft.name) if draft else None


def _write_ledger(
    score: ScoreView, settings: Settings, templates: Path, folder: Path, origin: manifest.Origin
) -> Path:
    """Write the ledger as a Word document; returns its path. A draft's is recorded nowhere."""
    from pipeline.word.ledger import NAME, document

    file = f"{NAME}{'（试算）' if score.trial else ''}.docx"
    data = document(score, settings, templates)
    with locked(folder), as_output_error(folder):
        documents = {file: data}
        if not score.trial:
            listed = manifest.updated(folder, score.edition, LEDGER, origin, documents)
            documents[manifest.FILE] = listed
        write_files(folder, documents)
    return folder / file
