"""The recipe of `jixiao site`: what the editions publish, in one folder that a web server shows.

What an edition publishes, and whether people's names stand in it, is written in its [publish]; an
edition without one is left out.
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
from pipeline.delivery.files import as_output_error, locked, replace_folder
from pipeline.delivery.publication import DIGEST, Tools, documents
from pipeline.errors import InputError, JixiaoError, OutputError, Problem, errors_in
from pipeline.tables.edition import Edition
from pipeline.tables.settings import Publish
from pipeline.web import digest
from pipeline.web.environment import render
from pipeline.web.printing import PrinterPool
from pipeline.word.annexes import Templates

SUMS = "SHA256SUMS"
FOLDER = "site"  # beside the editions' own folders
LATEST = "latest"  # the folder in it that always holds the latest edition's digest
RESERVED = {FOLDER, LATEST}

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
    """Path below the site → content; the editions in it; the problems of all editions."""

    files: dict[str, bytes] = field(default_factory=dict)
    editions: list[PublishedEdition] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def gather(
    names: Iterable[str],
    *,
    inputs: Path,
    templates: Path,
    on: date,
    revision: Callable[[Path], str],
    step: Callable[[str, str], None],
) -> Site:
    """The published editions, an index page, checksums, and the latest digest at a stable path.

    Raises InputError with the problems of every edition where one cannot be published.
    """
    site = Site()
    with PrinterPool() as printers:
        word = Templates(templates / "docx")
        tools = Tools(templates=templates, word=word, printers=printers, on=on)
        for name in names:
            _add_or_note(site, inputs / name, tools, revision, partial(step, name))
    if errors_in(site.problems):
        raise InputError(site.problems)
    newest_first = sorted(site.editions, key=lambda edition: edition.year, reverse=True)
    site.files |= _latest(newest_first, site.files)
    index = render(templates / "html", "site.html.j2", {"editions": newest_first})
    site.files["index.html"] = index.encode()
    site.files[SUMS] = _sums(site.files)
    return site


def write(site: Site, out: Path) -> Path:
    """Write the site to its folder in `out`, with nothing else in it; returns the folder."""
    with locked(out), as_output_error(out):
        replace_folder(out / FOLDER, site.files)
    return out / FOLDER


def _add_or_note(
    site: Site,
    folder: Path,
    tools: Tools,
    revision: Callable[[Path], str],
    step: Callable[[str], None],
) -> None:
    """Add the edition in `folder`, or its problems; raises OutputError, which names it."""
    try:
        _add(site, folder, tools, revision, step)
    except InputError as error:
        site.problems += error.problems
    except JixiaoError as error:
        raise OutputError(f"{folder.name}：{error}") from error


def _add(
    site: Site,
    folder: Path,
    tools: Tools,
    revision: Callable[[Path], str],
    step: Callable[[str], None],
) -> None:
    """Add the edition in `folder` where it publishes anything; raises JixiaoError."""
    if folder.name in RESERVED:
        raise OutputError("这个名字公布时另有用处，换一个文件夹名")
    step("读表")
    edition, warnings = checked(folder)
    chosen = edition.settings.publish
    if chosen is None:
        return
    source = digest.Provenance(files=contents(folder), revision=revision(folder))
    files = documents(edition, chosen, source, tools, step=step)
    site.problems += warnings
    if not chosen.names:
        site.problems += names_in_texts(edition)
    site.files |= {f"{edition.name}/{file}": data for file, data in files.items()}
    site.editions.append(_published(edition, chosen, files))


def _published(edition: Edition, chosen: Publish, files: Iterable[str]) -> PublishedEdition:
    """The edition as the index page lists it."""
    settings = edition.settings
    return PublishedEdition(
        name=edition.name,
        year=settings.year,
        title=f"{settings.district}{settings.bureau}{settings.year}年度绩效管理",
        files=tuple((_TITLES.get(file, file), f"{edition.name}/{file}") for file in files),
        with_names=chosen.names,
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
