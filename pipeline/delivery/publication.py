"""One edition as it is published: what it chose to publish, with people's names or without.

Without names, every document is made of an edition that holds none, by the same steps.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from pipeline.delivery.anonymise import SOMEBODY, without_names
from pipeline.errors import OutputError
from pipeline.tables import annexes
from pipeline.tables.edition import Edition
from pipeline.tables.people import name_pattern, people_in
from pipeline.tables.settings import FILE, Publish, Settings
from pipeline.tables.writer import sheet_bytes
from pipeline.typography import file_name
from pipeline.web import digest
from pipeline.web.printing import PrinterPool
from pipeline.word.annexes import Templates

DIGEST = (digest.PAGE, digest.PDF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What makes the documents, shared by all editions.

    `templates` is the folder of all templates; `on` is the day that the digests show.
    """

    templates: Path
    word: Templates
    printers: PrinterPool
    on: date


def documents(
    edition: Edition,
    chosen: Publish,
    source: digest.Provenance,
    tools: Tools,
    *,
    step: Callable[[str], None],
) -> dict[str, bytes]:
    """Readable file name → content; raises OutputError where a name is left that should not be."""
    names = [] if chosen.names else people_in(edition)
    if not chosen.names:
        edition, source = _without(names, edition, source)
    made = digest.documents(
        edition,
        source,
        templates=tools.templates / "html",
        printers=tools.printers,
        on=tools.on,
        with_names=chosen.names,
        step=step,
    )
    found: dict[str, bytes] = {}
    if "digest" in chosen.contents:
        found |= {name: made[name] for name in DIGEST}
    if "annexes" in chosen.contents:
        step("附件")
        printed = {**tools.word.annexes(edition), digest.ANNEXES: made[digest.ANNEXES]}
        found |= _readable(printed, edition.settings)
    _refuse_names(names, {digest.PAGE: made[digest.PAGE], **source.files, **found})
    return found


def _without(
    names: list[str], edition: Edition, source: digest.Provenance
) -> tuple[Edition, digest.Provenance]:
    """The edition and its files without names."""
    nameless = without_names(edition)
    files = _tables(nameless, source.files, names)
    return nameless, digest.Provenance(files=files, revision=source.revision)


def _readable(documents: Mapping[str, bytes], settings: Settings) -> dict[str, bytes]:
    """The annexes by names that show their titles: 附件2 2023年度区绩效评估指标任务分解表.docx."""
    titles = _titles(settings)
    return {_with_title(name, titles): data for name, data in sorted(documents.items())}


def _titles(settings: Settings) -> dict[str, str]:
    """Template → the title of its annex."""
    return {annex.template: settings.title_of(annex) for annex in annexes.ANNEXES}


def _with_title(name: str, titles: Mapping[str, str]) -> str:
    """The name of a file with the title of its annex behind it, where it holds a single one."""
    path = Path(name)
    title = "".join(titles.get(path.stem, "").split())
    return file_name(f"{path.stem} {title}", shorten=True) + path.suffix if title else name


def _tables(edition: Edition, files: Mapping[str, bytes], names: list[str]) -> dict[str, bytes]:
    """The edition's tables as CSV, and its settings, with no name in them."""
    settings = name_pattern(names).sub(SOMEBODY, files[FILE].decode("utf-8-sig"))
    tables = {sheet.table.file: sheet_bytes(sheet) for sheet in edition.sheets.values()}
    return dict(sorted({FILE: settings.encode(), **tables}.items()))


def _refuse_names(names: list[str], files: Mapping[str, bytes]) -> None:
    """A last look at all that can be read as text; the PDFs are made of the same views."""
    pattern = name_pattern(names)
    for file, data in files.items():
        for text in _texts(file, data):
            if match := pattern.search(text):
                raise OutputError(f"{file} 里还有人名“{match[0]}”，没有公布")


def _texts(file: str, data: bytes) -> Iterator[str]:
    """What can be read in a file as text; nothing of a PDF."""
    if file.endswith(".docx"):
        yield from _paragraphs(data)
    elif not file.endswith(".pdf"):
        yield data.decode("utf-8-sig", "ignore")


def _paragraphs(document: bytes) -> Iterator[str]:
    """The paragraphs of all parts of a Word file; a name may be split over the runs of one."""
    for part in _parts(document):
        for paragraph in part.split("</w:p>"):
            yield re.sub(r"<[^>]*>", "", paragraph)


def _parts(document: bytes) -> list[str]:
    """All parts of a Word file, each as text."""
    with zipfile.ZipFile(BytesIO(document)) as package:
        return [package.read(name).decode("utf-8", "ignore") for name in package.namelist()]
