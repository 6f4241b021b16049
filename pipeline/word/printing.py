"""Word documents as PDF, printed by LibreOffice: what is read is what would be sent.

Archived (PDF/A-3, ISO 19005-3) and tagged. LibreOffice writes the time into a file in four places;
they are set to a given day, so that the same document gives the same bytes.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pipeline.errors import OutputError
from pipeline.ooxml import libreoffice
from pipeline.tables import annexes

FILE = f"{annexes.combined()}.pdf"
LACKING = f"这台机器上没有 LibreOffice，没有做 {FILE}；要的话运行 make deps 装上，再来一次"

_SECONDS = 120
_FILTER = {
    "SelectPdfVersion": {"type": "long", "value": "3"},  # PDF/A-3
    "UseTaggedPDF": {"type": "boolean", "value": "true"},
}
_CREATED = re.compile(rb"(<xmp:(?:Create|Modify|Metadata)Date>)[^<]*")
_ICC_DATE = slice(24, 36)  # of a colour profile: when it was made (ICC.1, 7.2.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """LibreOffice as a printer; `fonts` is a fontconfig file with stand-ins for official fonts."""

    fonts: Path
    environment: Mapping[str, str]

    @property
    def is_there(self) -> bool:
        """Whether this machine has it."""
        return shutil.which("soffice", path=self.environment.get("PATH")) is not None

    def begin(self, document: bytes, day: date) -> Future[bytes]:
        """The PDF of a document that LibreOffice begins to print, dated a day.

        Its result raises OutputError where that went wrong.
        """
        thread = ThreadPoolExecutor(1)
        try:
            return thread.submit(self._print, document, day)
        finally:
            thread.shutdown(wait=False)

    def _print(self, document: bytes, day: date) -> bytes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = folder / "annexes.docx"
            path.write_bytes(document)
            to = f"pdf:writer_pdf_Export:{json.dumps(_FILTER, separators=(',', ':'))}"
            (made,) = self.convert([path], folder, to)
            if made is None:
                raise OutputError("LibreOffice 没有把附件转成 PDF")
            return _dated(made.read_bytes(), day)

    def convert(self, documents: Sequence[Path], folder: Path, to: str) -> list[Path | None]:
        """Convert documents into `folder`, with the stand-ins; None for one that did not work."""
        with tempfile.TemporaryDirectory() as name:
            fonts = Path(name) / "fonts.conf"
            fonts.write_text(_with_own_fonts(self.fonts), encoding="utf-8")
            with_fonts = {**self.environment, "FONTCONFIG_FILE": str(fonts)}
            return libreoffice.convert(documents, folder, to, with_fonts, _SECONDS)


def _with_own_fonts(fonts: Path) -> str:
    """The fontconfig file, and the fonts that the program brings: a bare machine has no others."""
    import pylopdf_fonts_zh_cn

    folder = Path(pylopdf_fonts_zh_cn.sans_path()).parent
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig><include>{escape(str(fonts.resolve()))}</include>"
        f"<dir>{escape(str(folder))}</dir></fontconfig>\n"
    )


def _dated(data: bytes, day: date) -> bytes:
    """The PDF as if it were made on a day, in Chinese, which LibreOffice does not say of itself."""
    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.Root.Lang = pikepdf.String("zh-CN")
        pdf.docinfo["/CreationDate"] = pikepdf.String(f"D:{day:%Y%m%d}000000Z")
        metadata = pdf.Root.Metadata
        dated = _CREATED.sub(
            rb"\g<1>" + f"{day:%Y-%m-%d}T00:00:00Z".encode(), metadata.read_bytes()
        )
        metadata.write(dated)
        for intent in pdf.Root.get("/OutputIntents", []):
            profile = bytearray(intent.DestOutputProfile.read_bytes())
            profile[_ICC_DATE] = bytes(12)
            intent.DestOutputProfile.write(bytes(profile))
        for key in ("/DocChecksum", "/ID"):
            if key in pdf.trailer:
                del pdf.trailer[key]
        whole = BytesIO()
        pdf.save(whole, deterministic_id=True)
        return whole.getvalue()


def overflowing(data: bytes, planned: Sequence[int]) -> list[tuple[int, int]]:
    """The planned pages that a printed document did not keep to.

    `planned` are the rows, the head's among them, of the tables of successive pages. Each finding
    is the number of such a page, and of the first of its rows, from 0, that stands on a later one.
    Tables are found by their tags; nothing is found in a document that has them otherwise.
    """
    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        tables = [
            [min(_pages_of(row, numbers), default=-1) for row in _tagged(table, "/TR")]
            for table in _tagged(pdf.Root.get("/StructTreeRoot", {}), "/Table")
        ]
    for first in range(len(tables) - len(planned) + 1):
        own = tables[first : first + len(planned)]
        if all(len(rows) >= count for rows, count in zip(own, planned, strict=True)):
            return [*_moved(own)]
    return []


def _moved(tables: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """The first row of each table that is not on the page with its first one."""
    for number, pages in enumerate(tables):
        for row, page in enumerate(pages):
            if page > pages[0]:
                yield number, row
                break


def _tagged(element: Any, name: str) -> Iterator[Any]:
    """The outermost elements with a tag below one."""
    for kid in _kids(element):
        if kid.get("/S") == name:
            yield kid
        else:
            yield from _tagged(kid, name)


def _pages_of(element: Any, numbers: Mapping[Any, int]) -> Iterator[int]:
    """The pages on which an element's content stands."""
    if "/Pg" in element:
        yield numbers[element.Pg.objgen]
    for kid in _kids(element):
        yield from _pages_of(kid, numbers)


def _kids(element: Any) -> list[Any]:
    """The elements below one."""
    import pikepdf

    kids = element.get("/K", [])
    found = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in found if isinstance(kid, pikepdf.Dictionary)]
