"""附件1–4 as PDF: printed from the Word document, and held against the plan of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date

from pipeline.errors import Problem
from pipeline.tables.edition import Edition
from pipeline.word.annexes import Combined, Templates
from pipeline.word.printing import FILE, Office, overflowing


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingAnnexes:
    """The PDF of an edition's annexes, while LibreOffice makes it."""

    edition: str
    combined: Combined
    printed: Future[bytes]

    def result(self) -> tuple[bytes, list[Problem]]:
        """The PDF, and a warning for each page that is not as planned; raises OutputError."""
        data = self.printed.result()
        return data, [*_not_as_planned(self.edition, self.combined.pages, data)]


def begin(edition: Edition, word: Templates, office: Office) -> PendingAnnexes:
    """Begin to print an edition's annexes."""
    combined = word.combined(edition)
    day = date(edition.settings.year, 1, 1)
    printed = office.begin(combined.document, day)
    return PendingAnnexes(edition=edition.name, combined=combined, printed=printed)


def _not_as_planned(
    edition: str, pages: tuple[tuple[str, ...], ...], data: bytes
) -> Iterator[Problem]:
    """A warning for each page of 附件2 that ended before it was planned to."""
    for number, row in overflowing(data, [len(page) + 1 for page in pages]):
        codes = pages[number]
        first = codes[min(row, len(codes)) - 1]  # the head is the first row
        yield Problem(
            file=f"{edition}/{FILE}",
            rule="page-plan",
            message=f"附件2的第{number + 1}页放不下，从 {first} 起到了下一页",
            hint=f"在 edition.toml 的 repeat_labels_at 里写上 {first}，或者缩短这一页的文字",
            severity="warning",
        )
