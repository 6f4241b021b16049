"""The recipe: an edition's folder → read → check → view → render → its documents, written whole.

What reads and renders is imported only when something has to be built: an edition that is up to
date costs a few hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.checks.load import checked, contents
from pipeline.delivery import manifest
from pipeline.delivery.files import locked, write_files
from pipeline.errors import JixiaoError, OutputError, Problem
from pipeline.tables.folder import input_files

if TYPE_CHECKING:
    from pipeline.tables.edition import Edition

Step = Callable[[str], None]
Documents = Callable[["Edition", Step], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one edition: the files written, or the error that stopped it."""

    edition: str
    folder: Path
    written: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    error: JixiaoError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable:
    """Something that is made of an edition: the annexes, or the digest.

    `prepare` is called when the first document has to be made, and gives what makes it of an
    edition's folder; what it opens, it leaves on the stack to be closed. Documents that people
    `fill` in are not overwritten once somebody did.
    """

    name: str
    templates: Sequence[Path]
    prepare: Callable[[ExitStack], Callable[[Path], Documents]]
    options: Callable[[Path], Mapping[str, str]] = field(default=lambda _: {})
    fill: bool = False


def annexes(templates: Path) -> Deliverable:
    """附件1–4 as Word documents."""

    def prepare(_: ExitStack) -> Callable[[Path], Documents]:
        from pipeline.word.annexes import Templates

        rendering = Templates(templates / "docx")
        return lambda _: lambda edition, _: rendering.annexes(edition)

    return Deliverable(
        name="annexes", templates=sorted((templates / "docx").glob("附件*.docx")), prepare=prepare
    )


def digest(
    templates: Path, *, on: date | None, revision: Callable[[Path], str] = lambda _: ""
) -> Deliverable:
    """The digest as a page and as a PDF, and 附件1–4 as PDF.

    `on` is the day to which lateness is counted, None: the last day in the tables; `revision`
    gives the revision in git of an edition's folder.
    """

    def prepare(stack: ExitStack) -> Callable[[Path], Documents]:
        from pipeline.web.printing import PrinterPool

        printers = stack.enter_context(PrinterPool())  # they load while the tables are read
        from pipeline.web.digest import Provenance, documents

        def of(folder: Path) -> Documents:
            source = Provenance(files=contents(folder), revision=revision(folder))
            return lambda edition, step: documents(
                edition, source, templates=templates / "html", printers=printers, on=on, step=step
            )

        return of

    def options(folder: Path) -> Mapping[str, str]:
        return {"on": str(on or ""), "revision": revision(folder)}

    pages = sorted(path for path in (templates / "html").rglob("*") if path.is_file())
    return Deliverable(name="digest", templates=pages, prepare=prepare, options=options)


def forms(templates: Path, *, periods: Sequence[str], earlier: bool = False) -> Deliverable:
    """附件4 for each group in the chosen periods, none: in all."""

    def prepare(_: ExitStack) -> Callable[[Path], Documents]:
        from pipeline.forms.issue import issued
        from pipeline.word.annexes import Templates

        rendering = Templates(templates / "docx")
        return lambda _: lambda edition, _: issued(edition, rendering, periods, earlier=earlier)

    return Deliverable(
        name="-".join(["forms", *periods]),
        templates=[templates / "docx" / "附件4.docx"],
        prepare=prepare,
        options=lambda _: {"earlier": str(earlier)},
        fill=True,
    )


def consolidated(templates: Path, *, periods: Sequence[str]) -> Deliverable:
    """附件4 over all groups in the chosen periods, none: in those that began."""

    def prepare(_: ExitStack) -> Callable[[Path], Documents]:
        from pipeline.forms.issue import consolidated as made
        from pipeline.word.annexes import Templates

        rendering = Templates(templates / "docx")
        return lambda _: lambda edition, _: made(edition, rendering, periods)

    return Deliverable(
        name="-".join(["consolidated", *periods]),
        templates=[templates / "docx" / "附件4.docx"],
        prepare=prepare,
    )


def build(
    names: Iterable[str],
    deliverable: Deliverable,
    *,
    inputs: Path,
    out: Path,
    step: Callable[[str, str], None] = lambda _edition, _what: None,
) -> Iterator[Outcome]:
    """Build the named editions one by one; one that fails leaves its documents as they were.

    `step` is told which edition is worked on and what is being made of it.
    """
    with ExitStack() as stack:
        make: Callable[[Path], Documents] | None = None
        for name in names:
            origin = _origin(inputs / name, deliverable)
            if manifest.is_current(out / name, deliverable.name, origin):
                yield Outcome(edition=name, folder=out / name)
                continue
            make = make or deliverable.prepare(stack)
            yield _built(inputs / name, out / name, deliverable, origin, make, step)


def _origin(source: Path, deliverable: Deliverable) -> manifest.Origin:
    options = deliverable.options(source)
    return manifest.origin(input_files(source), deliverable.templates, options)


def _built(
    source: Path,
    folder: Path,
    deliverable: Deliverable,
    origin: manifest.Origin,
    make: Callable[[Path], Documents],
    step: Callable[[str, str], None],
) -> Outcome:
    name = source.name
    try:
        step(name, "读表")
        edition, warnings = checked(source)
        documents = make(source)(edition, partial(step, name))
        with locked(folder):
            if deliverable.fill:
                _refuse_filled(folder, documents)
            told = manifest.updated(folder, name, deliverable.name, origin, documents)
            written = write_files(folder, {**documents, manifest.FILE: told})
    except JixiaoError as error:
        return Outcome(edition=name, folder=folder, error=error)
    return Outcome(edition=name, folder=folder, written=tuple(written), warnings=tuple(warnings))


def _refuse_filled(folder: Path, documents: Mapping[str, bytes]) -> None:
    if filled := manifest.changed_since(folder, documents):
        more = f"等 {len(filled)} 个文件" if len(filled) > 1 else ""
        raise OutputError(f"{folder / filled[0]}{more}有人改过，是不是已经填了？先移到别处再生成")
