"""Word documents as PDF and pictures, by LibreOffice and poppler, to look at without Word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.ooxml import libreoffice
from pipeline.word.printing import Office

_SECONDS = 120


def pages(
    documents: Sequence[Path], folder: Path, fonts: Path, environment: Mapping[str, str]
) -> list[Path]:
    """The pages of the documents as pictures, beside the PDFs in `folder`; raises OutputError."""
    pictures: list[Path] = []
    for pdf in to_pdf(documents, folder, fonts, environment):
        pictures += to_pictures(pdf, environment)
    return pictures


def to_pdf(
    documents: Sequence[Path], folder: Path, fonts: Path, environment: Mapping[str, str]
) -> list[Path]:
    """Convert the documents into `folder`; returns the PDFs.

    `fonts` is the fontconfig file with stand-ins for the official fonts.
    """
    results = Office(fonts=fonts, environment=environment).convert(documents, folder, "pdf")
    for document, result in zip(documents, results, strict=True):
        if result is None:
            raise OutputError(f"LibreOffice 没有把 {document} 转成 PDF")
    return [result for result in results if result is not None]


def to_pictures(pdf: Path, environment: Mapping[str, str], resolution: int = 80) -> list[Path]:
    """One PNG a page, in a folder beside the PDF with its name; returns them in order."""
    folder = pdf.with_suffix("")
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    command = ["pdftoppm", "-r", str(resolution), "-png", str(pdf), str(folder / "page")]
    libreoffice.run(command, environment, _SECONDS)
    return sorted(folder.glob("*.png"))
