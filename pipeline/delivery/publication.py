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

from pipeline.delivery import annexes_pdf
from pipeline.delivery.anonymise import without_names
from pipeline.delivery.attachments import attachments
from pipeline.errors import OutputError
from pipeline.tables import annexes
from pipeline.tables.edition import Edition
from pipeline.tables.names import Names
from pipeline.tables.people import people_in
from pipeline.tables.settings import Publish, Settings
from pipeline.typography import file_name
from pipeline.web import digest
from pipeline.web.printing import Printer
from pipeline.word.annexes import Templates
from pipeline.word.printing import FILE, Office

DIGEST = (digest.PAGE, digest.PDF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What makes the documents, shared by all editions.

    `templates` is the folder of all templates; `on` is the day that the digests show. Without
    `office` on this machine there is no PDF of the annexes.
    """

    templates: Path
    word: Templates
    printer: Printer
    office: Office
    on: date


def documents(
    edition: Edition,
    chosen: Publish,
    tools: Tools,
    *,
    revision: str,
    step: Callable[[str], None],
) -> dict[str, bytes]:
    """Readable file name → content; raises OutputError where a name is left that should not be.

    `revision` is the edition's in git.
    """
    names = Names([] if chosen.names else people_in(edition))
    if not chosen.names:
        edition = without_names(edition)
    source = digest.Provenance(files=attachments(edition), revision=revision)
    with_annexes = "annexes" in chosen.contents
    pending = None
    if with_annexes and tools.office.is_there:
        pending = annexes_pdf.begin(edition, tools.word, tools.office)
    made = digest.documents(
        edition,
        source,
        templates=tools.templates / "html",
        printer=tools.printer,
        on=tools.on,
        with_names=chosen.names,
        forbidden=tuple(names),
        step=step,
    )
    found: dict[str, bytes] = {}
    if "digest" in chosen.contents:
        found |= {name: made[name] for name in DIGEST}
    if with_annexes:
        step("附件")
        printed = tools.word.annexes(edition)
        if pending is not None:
            printed[FILE], _ = pending.result()
        found |= _readable(printed, edition.settings)
    _refuse_names(names, {digest.PAGE: made[digest.PAGE], **source.files, **found})
    return found


def file_names(edition: Edition, chosen: Publish, *, printed: bool) -> list[str]:
    """The names of the documents, without making any; `printed`: with the annexes as PDF."""
    if not chosen.names:
        edition = without_names(edition)
    singly = [f"{annex.template}.docx" for annex in annexes.ANNEXES]
    names = [*singly, f"{annexes.combined()}.docx", *([FILE] if printed else [])]
    titles = _titles(edition.settings)
    return [
        *(DIGEST if "digest" in chosen.contents else ()),
        *(
            (_with_title(each, titles) for each in sorted(names))
            if "annexes" in chosen.contents
            else ()
        ),
    ]


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


def _refuse_names(names: Names, files: Mapping[str, bytes]) -> None:
    """A last look at file names and contents; a PDF is looked at while it is printed."""
    for file, data in files.items():
        for text in (file, *_texts(file, data)):
            if found := names.first(text):
                raise OutputError(f"{file} 里还有人名“{found}”，没有公布")


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
