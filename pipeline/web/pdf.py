"""HTML to PDF by WeasyPrint, closed off and strict.

Closed off: only files of the template folder and of the fonts are served, nothing from the
network. Strict: whatever WeasyPrint warns of is an error, since it shows in the document.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import md5
from pathlib import Path
from typing import Any

from pipeline.errors import OutputError, TemplateError
from pipeline.web.tagging import add_header_scopes, declare_artifacts, target

# Archived (PDF/A-3, ISO 19005-3, level A: tagged, with attachments of any kind) and accessible
# (PDF/UA-1, ISO 14289-1) in one file. WeasyPrint writes the first; what the second adds is its
# identifier, and PDF/A wants the schema of that identifier described (6.6.2.3.3).
_VARIANT = "pdf/a-3a"
_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" \
pdfuaid:part="1"/><rdf:Description rdf:about="" \
xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema\
</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/\
</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property>\
<rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal\
</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\
</rdf:Description>"""


def load() -> None:
    """Load WeasyPrint, which takes as long as laying out a few pages; raises OutputError.

    Without HarfBuzz's subsetting WeasyPrint takes fonts apart by itself: ten times slower, and
    to other bytes.
    """
    try:
        from weasyprint.text.ffi import harfbuzz_subset
    except (OSError, ImportError, KeyError) as error:
        # OSError at first; a second try in the same process finds a module that is half loaded.
        raise OutputError(_LIBRARIES) from error
    if harfbuzz_subset is None:
        raise OutputError(_LIBRARIES)


_LIBRARIES = (
    "这台机器上没有排版 PDF 要用的系统软件，请管理员运行："
    "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


class LaidOutDocument:
    """A document laid out on pages."""

    def __init__(self, html: str, folder: Path) -> None:
        """Lay out, with files of `folder`; raises TemplateError for what WeasyPrint warns of."""
        load()
        import weasyprint

        self._identifier = md5(html.encode(), usedforsecurity=False).digest()

        from pipeline.web.fetcher import LocalFiles

        with _strict(), _without_collecting():
            source = weasyprint.HTML(string=html, url_fetcher=LocalFiles(folder))
            self._document = source.render(pdf_variant=_VARIANT, pdf_tags=True)

    def __len__(self) -> int:
        return len(self._document.pages)

    def page_of(self, anchor: str) -> int | None:
        """The page, from 0, on which the element with this id begins."""
        for number, page in enumerate(self._document.pages):
            if anchor in page.anchors:
                return number
        return None

    def pdf(self, attachments: Mapping[str, bytes], day: datetime) -> bytes:
        """The PDF, with files attached; `day` is their date, since the clock may not be."""
        import weasyprint

        self._document.metadata.attachments = [
            weasyprint.Attachment(
                string=data,
                name=name,
                description=f"本文件依据的表格 {name}",
                created=day,
                modified=day,
                relationship="Source",
            )
            for name, data in attachments.items()
        ]
        with _strict(), _without_collecting(), _pages_listed_once():
            return bytes(
                self._document.write_pdf(
                    finisher=_finish,
                    pdf_variant=_VARIANT,
                    pdf_tags=True,
                    pdf_identifier=self._identifier,
                )
            )


def _finish(document: Any, pdf: Any) -> None:
    """Add what makes the file PDF/UA as well."""
    add_header_scopes(pdf)
    declare_artifacts(pdf)
    stream = target(pdf, pdf.catalog["Metadata"])
    stream.stream = [part.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>") for part in stream.stream]


class _Warnings(logging.Handler):
    """Collects what WeasyPrint logs against a document."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # A font that cannot be loaded is logged on the level of debugging only.
        if record.levelno >= logging.WARNING or "Failed to" in record.msg:
            self.messages.append(record.getMessage())


@contextmanager
def _strict() -> Iterator[None]:
    """Raise TemplateError for whatever WeasyPrint warns of within, OutputError for other files."""
    from weasyprint.urls import FatalURLFetchingError

    logger, warnings = logging.getLogger("weasyprint"), _Warnings()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(warnings)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield
    except FatalURLFetchingError as error:
        raise OutputError(f"PDF 里不能用这个文件：{error.__cause__ or error}") from error
    finally:
        logger.removeHandler(warnings)
        logger.setLevel(level)
        logger.propagate = propagate
    if warnings.messages:
        messages = "；".join(dict.fromkeys(warnings.messages))
        raise TemplateError(f"WeasyPrint 有警告：{messages}", template="templates/html")


@contextmanager
def _pages_listed_once() -> Iterator[None]:
    """Keep pydyf's list of pages while it is the same.

    pydyf 0.13 makes it anew for each tagged element, which costs elements times pages.
    """
    import pydyf

    original = pydyf.PDF.page_references
    lists: dict[tuple[int, int], tuple[bytes, ...]] = {}

    def page_references(pdf: Any) -> tuple[bytes, ...]:
        key = id(pdf), len(pdf.pages["Kids"])
        if key not in lists:
            lists[key] = original.fget(pdf)
        return lists[key]

    pydyf.PDF.page_references = property(page_references)
    try:
        yield
    finally:
        pydyf.PDF.page_references = original


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A layout makes millions of objects that stay: looking for garbage costs a fourth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
