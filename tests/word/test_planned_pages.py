"""附件2 in print: every page begins with the planned row and its labels, with whatever fonts.

Six editions of random shape, and those of the repository; `make pages` tries forty.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pymupdf
import pytest

from pipeline.checks.load import checked
from pipeline.cli.options import FONTS
from pipeline.ooxml.body import WordTable, blocks
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from pipeline.recipes.preview import to_pdf
from pipeline.word.annexes import Templates
from tests.conftest import EDITIONS, TEMPLATES, Shared
from tests.word.random_editions import random_edition
from tests.word.test_widths import ONE_FACE

FEW, MANY = range(6), range(6, 40)

Pages = list[list[list[str]]]  # page → row → cell


@pytest.fixture(scope="module")
def printed(shared: Shared) -> Callable[[str, range, str], dict[str, tuple[Pages, Path]]]:
    """The planned pages and the PDF of 附件2, by the edition's name, with a choice of fonts."""

    @cache
    def made(kind: str, seeds: range, face: str) -> dict[str, tuple[Pages, Path]]:
        folder = shared(f"planned-{kind}-{seeds}-{face}", partial(_print, seeds, face))
        return {
            path.stem: (_planned(path.read_bytes()), path.with_suffix(".pdf"))
            for path in sorted(folder.glob("*.docx"))
        }

    return made


def _print(seeds: range, face: str, folder: Path) -> None:
    """Make 附件2 of each edition, and its PDF in one run of LibreOffice."""
    templates, fonts = Templates(TEMPLATES), FONTS
    if face == "another":
        fonts = folder / "fonts.conf"
        fonts.write_text(ONE_FACE, encoding="utf-8")
    for name, edition in _editions(seeds, folder):
        document = templates.annexes(checked(edition)[0])["附件2.docx"]
        (folder / f"{name}.docx").write_bytes(document)
    to_pdf(sorted(folder.glob("*.docx")), folder, fonts, os.environ)


def _editions(seeds: range, folder: Path) -> Iterator[tuple[str, Path]]:
    if seeds == FEW:
        yield from EDITIONS.items()
    for seed in seeds:
        edition = random_edition(seed, folder / f"edition{seed}")
        yield f"random{seed:02}", edition
        shutil.rmtree(edition)


def _planned(document: bytes) -> Pages:
    """The cells of each page's rows, head and totals left out."""
    found = blocks(parse(read_parts(document)[DOCUMENT])[0])
    tables = [block for block in found if isinstance(block, WordTable)]
    return [
        [
            [squeezed(cell.text) for cell in row.cells]
            for row in table.rows[1:]
            if "合计" not in row.cells[0].text
        ]
        for table in tables
    ]


def squeezed(text: str) -> str:
    return "".join(text.split())


def check_pages(name: str, planned: Pages, pdf: Path) -> None:
    """Hold each printed page against the planned one."""
    with pymupdf.open(pdf) as document:
        texts = [squeezed(page.get_text()) for page in document]
        bottoms = [max(word[3] for word in page.get_text("words")) for page in document]
        height = document[0].rect.height
    names = name_column(planned)
    assert len(texts) == len(planned), name
    for number, (text, rows) in enumerate(zip(texts, planned, strict=True)):
        missing = [row[names] for row in rows if row[names] not in text]
        assert not missing, (name, number)
        assert all(label in text for label in rows[0][:names]), (name, number, "labels")
        assert "责任科室" in text, (name, number, "head")
    assert max(bottoms) < height


def name_column(pages: Pages) -> int:
    """The column with the names: the first that no row leaves blank, whichever page it is on."""
    rows = [row for page in pages for row in page]
    return next(index for index in range(4) if all(row[index] for row in rows))


@pytest.fixture(autouse=True)
def _programs(needs: Callable[[str], str]) -> None:
    needs("soffice")


@pytest.mark.system
@pytest.mark.parametrize("face", ["the project's", "another"])
@pytest.mark.parametrize(
    ("kind", "seeds", "count"),
    [
        pytest.param("few", FEW, len(EDITIONS) + len(FEW), marks=pytest.mark.slow),
        pytest.param("many", MANY, len(MANY), marks=pytest.mark.pages),
    ],
)
def test_pages_begin_where_they_are_planned_to(
    kind: str,
    seeds: range,
    count: int,
    face: str,
    printed: Callable[[str, range, str], dict[str, tuple[Pages, Path]]],
) -> None:
    found = printed(kind, seeds, face)

    assert len(found) == count
    for name, (planned, pdf) in found.items():
        check_pages(name, planned, pdf)
