"""The recipe of `jixiao site`: what the editions publish, in one folder that a web server shows.

What an edition publishes, and whether people's names stand in it, is said in its [publish]; an
edition that says nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path

from pipeline.checks.load import checked, contents
from pipeline.delivery.anonymise import names_in_texts
from pipeline.delivery.publication import DIGEST, Tools, documents
from pipeline.errors import InputError, JixiaoError, OutputError, Problem
from pipeline.web import digest
from pipeline.web.environment import render
from pipeline.web.printing import Printers
from pipeline.word.annexes import Templates

SUMS = "SHA256SUMS"
LATEST = "latest"  # the folder that always holds the latest edition's digest
RESERVED = {LATEST, "site"}  # folders of the site and of its own beside the editions'

_TITLES = {digest.PAGE: "摘要（网页）", digest.PDF: "摘要（PDF）"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEdition:
    """An edition on the index page: its files by title, each a path below the site."""

    name: str
    year: int
    title: str
    files: tuple[tuple[str, str], ...]
    with_names: bool


@dataclass(slots=True, kw_only=True)
class Site:
    """Path below the site → content; the editions in it; what was remarked on the way."""

    files: dict[str, bytes] = field(default_factory=dict)
    editions: list[PublishedEdition] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def site(
    names: Iterable[str],
    *,
    inputs: Path,
    templates: Path,
    on: date | None,
    revision: Callable[[Path], str],
    step: Callable[[str, str], None],
) -> Site:
    """The published editions, an index page, checksums, and the latest digest at a stable path.

    Raises InputError with the problems of every edition where one cannot be published.
    """
    found = Site()
    with Printers() as printers:
        word = Templates(templates / "docx")
        tools = Tools(templates=templates, word=word, printers=printers)
        for name in names:
            try:
                _add(found, inputs / name, tools, on, revision, partial(step, name))
            except InputError as error:
                found.problems += error.problems
            except JixiaoError as error:
                raise OutputError(f"{name}：{error}") from error
    if any(problem.severity == "error" for problem in found.problems):
        raise InputError(found.problems)
    newest_first = sorted(found.editions, key=lambda edition: edition.year, reverse=True)
    found.files |= _latest(newest_first, found.files)
    index = render(templates / "html", "site.html.j2", {"editions": newest_first})
    found.files["index.html"] = index.encode()
    found.files[SUMS] = _sums(found.files)
    return found


def _add(
    found: Site,
    folder: Path,
    tools: Tools,
    on: date | None,
    revision: Callable[[Path], str],
    step: Callable[[str], None],
) -> None:
    """Add the edition in `folder` where it publishes anything."""
    if folder.name in RESERVED:
        raise OutputError("这个名字公布时另有用处，换一个文件夹名")
    step("读表")
    edition, warnings = checked(folder)
    settings = edition.settings
    if settings.publish is None:
        return
    source = digest.Provenance(files=contents(folder), revision=revision(folder))
    files = documents(edition, settings.publish, source, tools, on=on, step=step)
    found.problems += warnings
    if not settings.publish.names:
        found.problems += names_in_texts(edition)
    found.files |= {f"{edition.name}/{file}": data for file, data in files.items()}
    found.editions.append(
        PublishedEdition(
            name=edition.name,
            year=settings.year,
            title=f"{settings.district}{settings.bureau}{settings.year}年度绩效管理",
            files=tuple((_TITLES.get(file, file), f"{edition.name}/{file}") for file in files),
            with_names=settings.publish.names,
        )
    )


def _latest(
    newest_first: Sequence[PublishedEdition], files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The digest of the newest edition that publishes one, once more."""
    for edition in newest_first:
        if f"{edition.name}/{digest.PDF}" in files:
            return {f"{LATEST}/{file}": files[f"{edition.name}/{file}"] for file in DIGEST}
    return {}


def _sums(files: Mapping[str, bytes]) -> bytes:
    """The checksums as `sha256sum -c` reads them."""
    lines = (f"{sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items()))
    return "".join(lines).encode()
