"""The recipe: an edition's folder → read → check → view → render → its documents, written whole.

What reads and renders is imported only when something has to be made: an edition that is up to
date costs a few hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipeline.delivery import manifest
from pipeline.delivery.files import finish, locked, write_files
from pipeline.errors import JixiaoError, OutputError, Problem
from pipeline.recipes.deliverables import Deliverable, Step
from pipeline.recipes.stale import Stale, stale
from pipeline.tables.folder import input_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one edition: its documents, those written, or the error that stopped it.

    `stale` is what else lies in the folder and no longer fits the tables; `nothing` says why there
    are no documents, `lacking` what this machine could not make.
    """

    edition: str
    folder: Path
    documents: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    stale: tuple[Stale, ...] = ()
    nothing: str = ""
    lacking: str = ""
    warnings: tuple[Problem, ...] = ()
    error: JixiaoError | None = None


def build(
    names: Iterable[str],
    deliverable: Deliverable,
    *,
    inputs: Path,
    out: Path,
    step: Callable[[str, str], None] = lambda _edition, _part: None,
) -> Iterator[Outcome]:
    """Build the named editions one by one; one that fails leaves its documents as they were.

    `step` is called with an edition and what is being done for it.
    """
    with ExitStack() as stack:
        entered = False
        for name in names:
            source, folder = inputs / name, out / name
            finish(folder)
            origin = _origin(source, deliverable)
            if manifest.is_current(folder, deliverable.name, origin):
                documents = manifest.records(folder)[deliverable.name].documents
                yield _made(name, folder, deliverable, origin, documents)
                continue
            if not entered:
                stack.enter_context(deliverable)
                entered = True
            yield _outcome(source, folder, deliverable, origin, partial(step, name))


def _origin(source: Path, deliverable: Deliverable) -> manifest.Origin:
    """What the documents of the edition in `source` are made from."""
    return manifest.origin(input_files(source), deliverable.templates, deliverable.options(source))


def _outcome(
    source: Path, folder: Path, deliverable: Deliverable, origin: manifest.Origin, step: Step
) -> Outcome:
    """What comes of making the edition in `source` and writing its documents to `folder`."""
    from pipeline.checks.load import checked

    name = source.name
    try:
        step("读表")
        edition, warnings = checked(source)
        deliverable.warnings = []
        documents = deliverable.make(edition, source, step)
        written = _written(documents, folder, deliverable, origin)
    except JixiaoError as error:
        return Outcome(edition=name, folder=folder, error=error)
    made = _made(name, folder, deliverable, origin, documents)
    noticed = (*warnings, *deliverable.warnings)
    return replace(made, written=tuple(written), warnings=noticed)


def _made(
    edition: str,
    folder: Path,
    deliverable: Deliverable,
    origin: manifest.Origin,
    documents: Iterable[str],
) -> Outcome:
    """The outcome of documents that are as they should be."""
    return Outcome(
        edition=edition,
        folder=folder,
        documents=tuple(documents),
        stale=stale(folder, edition, origin.inputs, deliverable.name),
        nothing=deliverable.nothing,
        lacking=deliverable.lacking,
    )


def _written(
    documents: Mapping[str, bytes], folder: Path, deliverable: Deliverable, origin: manifest.Origin
) -> list[str]:
    """Write the documents and the manifest; returns the names of those that changed."""
    with locked(folder):
        if deliverable.fill:
            _refuse_filled(folder, documents)
        listed = manifest.updated(folder, folder.name, deliverable.name, origin, documents)
        return write_files(folder, {**documents, manifest.FILE: listed})


def _refuse_filled(folder: Path, documents: Mapping[str, bytes]) -> None:
    """Raise OutputError where somebody changed a document that would be overwritten."""
    if filled := manifest.changed_since(folder, documents):
        more = f"等 {len(filled)} 个文件" if len(filled) > 1 else ""
        raise OutputError(f"{folder / filled[0]}{more}有人改过，是不是已经填了？先移到别处再生成")
