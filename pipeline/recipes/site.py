"""The recipe of `jixiao site`: what the editions publish, in one folder that a web server shows.

What an edition publishes, and whether people's names stand in it, is written in its [publish]; an
edition without one is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from pipeline.checks.load import checked
from pipeline.checks.personal import RULE as PERSONAL_NUMBER
from pipeline.checks.personal import check_personal_numbers
from pipeline.delivery.anonymise import names_in_texts, texts_of_settings, without_names
from pipeline.delivery.attachments import attached_headers
from pipeline.delivery.files import locked, replace_folder
from pipeline.delivery.listing import Listing, listing
from pipeline.delivery.publication import Tools, documents
from pipeline.delivery.site_index import LATEST, PublishedEdition, with_index
from pipeline.errors import InputError, JixiaoError, OutputError, Problem, errors_in
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw
from pipeline.tables.edition import Edition
from pipeline.tables.personal_numbers import personal_numbers
from pipeline.tables.settings import FILE, Publish
from pipeline.web import digest
from pipeline.web.printing import Printer
from pipeline.word.annexes import Templates
from pipeline.word.printing import Office

FOLDER = "site"  # beside the editions' own folders
LIST = "site.txt"  # beside it: what is in it, for whoever publishes it
RESERVED = {FOLDER, LATEST}

_TITLES = {digest.PAGE: "摘要（网页）", digest.PDF: "摘要（PDF）"}


@dataclass(slots=True, kw_only=True)
class Site:
    """Path below the site → content; the editions in it, and what of them is shown; problems."""

    files: dict[str, bytes] = field(default_factory=dict)
    editions: list[PublishedEdition] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def gather(
    names: Iterable[str],
    *,
    inputs: Path,
    templates: Path,
    on: date,
    revision: Callable[[Path], str],
    office: Office,
    step: Callable[[str, str], None],
) -> Site:
    """The published editions, an index page, checksums, and the latest digest at a stable path.

    `office` prints the annexes, where this machine has it. Raises InputError with the problems of
    every edition where one cannot be published.
    """
    site = Site()
    with Printer() as printer:
        word = Templates(templates / "docx")
        tools = Tools(templates=templates, word=word, printer=printer, office=office, on=on)
        for name in names:
            _add_or_note(site, inputs / name, tools, revision, partial(step, name))
    if errors_in(site.problems):
        raise InputError(site.problems)
    site.files = with_index(site.files, site.editions, templates)
    return site


def listings(names: Iterable[str], inputs: Path, *, printed: bool) -> list[Listing]:
    """What of each edition would be published, without making anything.

    `printed` tells whether annexes can be printed on this machine. Raises InputError with the
    problems of every edition that has errors.
    """
    found: list[Listing] = []
    problems: list[Problem] = []
    for name in names:
        try:
            edition, _ = checked(inputs / name)
        except InputError as error:
            problems += error.problems
        else:
            chosen = edition.settings.publish
            found += [listing(edition, chosen, inputs / name, printed=printed)] if chosen else []
    if problems:
        raise InputError(problems)
    return found


def write(site: Site, out: Path, shown: str) -> Path:
    """Write the site to its folder in `out`, with nothing else in it; returns the folder.

    `shown` is its listing as text, which is kept beside it for whoever publishes it.
    """
    with locked(out):
        replace_folder(out / FOLDER, site.files, {LIST: shown.encode()})
    return out / FOLDER


def listed(out: Path) -> str:
    """The listing of the site that was written to `out`; raises OutputError where there is none."""
    try:
        return (out / LIST).read_text(encoding="utf-8")
    except OSError as error:
        raise OutputError(f"没有 {out / FOLDER}，先运行 make site") from error


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
    site.problems += warnings
    if not chosen.names:
        _refuse_numbers(edition)
        site.problems += names_in_texts(edition)
    files = documents(edition, chosen, tools, revision=revision(folder), step=step)
    site.listings.append(listing(edition, chosen, folder, printed=tools.office.is_there))
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


def _refuse_numbers(edition: Edition) -> None:
    """Raise InputError for numbers of people in what is to be published without names."""
    nameless = without_names(edition)
    shown = {header for headers in attached_headers(edition).values() for header in headers}
    found = [each for each in check_personal_numbers(nameless) if each.column in shown]
    for key, text in texts_of_settings(nameless):
        found += [
            problem_at(
                Flaw(PERSONAL_NUMBER, f"里面有{what}", "不带人名的公布里不能有，删掉"),
                f"{edition.name}/{FILE}",
                header=key,
                value=number,
            )
            for what, number in personal_numbers(text)
        ]
    if found:
        raise InputError([replace(each, severity="error") for each in found])
