"""The recipe: an edition's folder → read → check → view → render → its annexes, written whole.

What reads and renders is imported only when something has to be built: an edition that is up to
date costs a few hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import manifest, output
from pipeline.errors import InputError, JixiaoError, Problem
from pipeline.tables import files

if TYPE_CHECKING:
    from pipeline.annexes import Templates
    from pipeline.tables.edition import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one edition: the files written, or the error that stopped it."""

    edition: str
    folder: Path
    written: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    error: JixiaoError | None = None


def build(names: Iterable[str], *, inputs: Path, out: Path, templates: Path) -> Iterator[Outcome]:
    """Build the named editions one by one; one that fails leaves its documents as they were."""
    rendering: Templates | None = None
    for name in names:
        folder = out / name
        source = manifest.origin(files.inputs(inputs / name), templates.glob("*.docx"))
        if manifest.is_current(folder, source):
            yield Outcome(edition=name, folder=folder)
            continue
        try:
            from pipeline.annexes import Templates

            rendering = rendering or Templates(templates)
            edition, warnings = checked(inputs / name)
            documents = rendering.annexes(edition)
            contents = {**documents, manifest.FILE: manifest.manifest(name, source, documents)}
            with output.locked(folder):
                written = output.write_files(folder, contents)
        except JixiaoError as error:
            yield Outcome(edition=name, folder=folder, error=error)
        else:
            yield Outcome(
                edition=name, folder=folder, written=tuple(written), warnings=tuple(warnings)
            )


def checked(folder: Path) -> tuple[Edition, list[Problem]]:
    """The edition in `folder` and its warnings; raises InputError when it has errors."""
    edition, found = _read(folder)
    if edition is None or any(problem.severity == "error" for problem in found):
        raise InputError(found)
    return edition, found


def problems(folder: Path) -> list[Problem]:
    """Every problem of the edition in `folder`, errors and warnings, by place."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[Edition | None, list[Problem]]:
    from pipeline.tables.checks import check
    from pipeline.tables.edition import in_order, read_edition

    edition, found = read_edition(folder)
    return edition, in_order([*found, *(check(edition) if edition else ())])
