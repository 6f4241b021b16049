"""The recipe of `jixiao site`: what the editions publish, in one folder that a web server shows.

What an edition publishes, and whether people's names stand in it, is said in its [publish]; an
edition that says nothing is left out. Without names, every document is made of an edition that
holds none.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from pipeline import annexes, digest
from pipeline.build import checked, contents
from pipeline.errors import InputError, OutputError, Problem
from pipeline.tables import people
from pipeline.tables.edition import Edition
from pipeline.tables.settings import FILE, Publish
from pipeline.tables.writer import sheet_bytes
from pipeline.web.environment import render

SUMS = "SHA256SUMS"
LATEST = "latest"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedView:
    """An edition on the index page: its files by title, each a path below the site."""

    name: str
    title: str
    files: tuple[tuple[str, str], ...]
    with_names: bool


def site(
    names: Iterable[str],
    *,
    source: Path,
    templates: Path,
    on: date | None,
    revision: Callable[[Path], str],
    step: Callable[[str, str], None],
) -> tuple[dict[str, bytes], list[Problem]]:
    """Path below the site → content, and the warnings of the editions that are published.

    Raises InputError with the problems of every edition that cannot be published.
    """
    word = annexes.Templates(templates / "docx")
    found: dict[str, bytes] = {}
    views: list[PublishedView] = []
    errors: list[Problem] = []
    warnings: list[Problem] = []
    for name in names:
        step(name, "读表")
        try:
            edition, remarks = checked(source / name)
            chosen = edition.settings.publish
            if chosen is None:
                continue
            made = _Edition(edition, chosen, contents(source / name), revision(source / name))
            files = made.documents(word, templates / "html", on, partial(step, name))
        except InputError as error:
            errors += error.problems
            continue
        warnings += remarks
        found |= {f"{name}/{file}": data for file, data in files.items()}
        views.append(made.view(files))
    if errors:
        raise InputError(errors)
    newest_first = views[::-1]
    found["index.html"] = render(
        templates / "html", "site.html.j2", {"editions": newest_first}
    ).encode()
    if latest := next((view.name for view in newest_first if digest.PDF in _files(view)), None):
        found |= {
            f"{LATEST}/{file}": found[f"{latest}/{file}"] for file in (digest.PAGE, digest.PDF)
        }
    found[SUMS] = _sums(found)
    return found, warnings


def _files(view: PublishedView) -> set[str]:
    return {path.rpartition("/")[2] for _, path in view.files}


def _sums(files: Mapping[str, bytes]) -> bytes:
    """The checksums as `sha256sum -c` reads them."""
    lines = (f"{sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items()))
    return "".join(lines).encode()


class _Edition:
    """An edition as it is published: whole, or without names."""

    def __init__(
        self, edition: Edition, chosen: Publish, files: Mapping[str, bytes], revision: str
    ) -> None:
        self._chosen = chosen
        self._names = [] if chosen.names else people.people(edition)
        self._edition = edition if chosen.names else people.without_names(edition)
        tables = files if chosen.names else _tables(self._edition, files, self._names)
        self._source = digest.Source(files=tables, revision=revision)

    def documents(
        self,
        word: annexes.Templates,
        templates: Path,
        on: date | None,
        step: Callable[[str], None],
    ) -> dict[str, bytes]:
        """File name → content; raises OutputError where a name is left that should not be."""
        made = digest.documents(
            self._edition,
            self._source,
            templates=templates,
            on=on,
            with_names=self._chosen.names,
            step=step,
        )
        files: dict[str, bytes] = {}
        if "digest" in self._chosen.contents:
            files |= {name: made[name] for name in (digest.PAGE, digest.PDF)}
        if "annexes" in self._chosen.contents:
            step("附件")
            files |= {
                _readable(name, self._titles): data
                for name, data in sorted(
                    {**word.annexes(self._edition), digest.ANNEXES: made[digest.ANNEXES]}.items()
                )
            }
        self._refuse_names({**self._source.files, **files})
        return files

    def view(self, files: Iterable[str]) -> PublishedView:
        """What the index page shows."""
        name = self._edition.name
        settings = self._edition.settings
        titles = {digest.PAGE: "摘要（网页）", digest.PDF: "摘要（PDF）"}
        return PublishedView(
            name=name,
            title=f"{settings.district}{settings.bureau}{settings.year}年度绩效管理",
            files=tuple((titles.get(file, file), f"{name}/{file}") for file in files),
            with_names=self._chosen.names,
        )

    @property
    def _titles(self) -> dict[str, str]:
        context = annexes.views_of(self._edition)
        return {name: context[view].title for name, view in annexes.ANNEXES.items()}

    def _refuse_names(self, files: Mapping[str, bytes]) -> None:
        """A last look at what can be read as text; the PDFs are made of the same pages."""
        names = people.pattern(self._names)
        for file, data in files.items():
            for text in _texts(file, data):
                if match := names.search(text):
                    raise OutputError(f"{file} 里还有人名“{match[0]}”，没有公布")


def _texts(file: str, data: bytes) -> Iterator[str]:
    if file.endswith(".docx"):
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = [package.read(name) for name in package.namelist()]
        for part in parts:
            paragraphs = part.decode("utf-8", "ignore").split("</w:p>")
            # A name may be split over the runs of a paragraph.
            yield from (re.sub(r"<[^>]*>", "", paragraph) for paragraph in paragraphs)
    elif not file.endswith(".pdf"):
        yield data.decode("utf-8-sig", "ignore")


def _tables(edition: Edition, files: Mapping[str, bytes], names: Sequence[str]) -> dict[str, bytes]:
    """The edition's tables as CSV, and its settings, with no name in them."""
    found = people.pattern(names)
    settings = found.sub(people.SOMEBODY, files[FILE].decode("utf-8-sig")).encode()
    tables = {sheet.table.file: sheet_bytes(sheet) for sheet in edition.sheets.values()}
    return dict(sorted({FILE: settings, **tables}.items()))


def _readable(name: str, titles: Mapping[str, str]) -> str:
    """附件2.docx → 附件2 2023年度区绩效评估指标任务分解表.docx; no sign that a system refuses."""
    stem, _, ending = name.rpartition(".")
    title = re.sub(r'[\\/:*?"<>|\s]+', "", titles.get(stem, ""))[:60]
    return f"{stem} {title}.{ending}" if title else name
