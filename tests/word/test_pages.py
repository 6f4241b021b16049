"""The pages as LibreOffice lays them out: nothing cut off, no blank page, no tofu."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli.options import FONTS
from pipeline.recipes.preview import to_pdf, to_pictures
from tests.conftest import EDITIONS, Shared

pytestmark = [pytest.mark.slow, pytest.mark.system]

# From the typographic to the file's point: pages as (width, height) in points, rounded.
PORTRAIT, LANDSCAPE = (595, 842), (842, 595)
REPEATED_AT = {"2023": ("市对区绩效指标得分情况", "依法行政", "保密工作")}


@pytest.fixture(scope="module")
def pdfs(documents: dict[str, dict[str, bytes]], shared: Shared) -> dict[str, Path]:
    """Edition → its combined annexes as PDF; 附件4 → the one of 2023 by itself."""

    def make(folder: Path) -> None:
        for edition in EDITIONS:
            (folder / f"{edition}.docx").write_bytes(documents[edition]["附件1-4.docx"])
        (folder / "附件4.docx").write_bytes(documents["2023"]["附件4.docx"])
        to_pdf(sorted(folder.glob("*.docx")), folder, FONTS, os.environ)

    return {path.stem: path for path in shared("preview", make).glob("*.pdf")}


@pytest.fixture(autouse=True)
def _programs(needs: Callable[[str], str]) -> None:
    needs("soffice")
    needs("pdftotext")


def pages(pdf: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    return text.stdout.decode().split("\f")[:-1]


def sizes(pdf: Path) -> list[tuple[int, int]]:
    text = subprocess.run(["pdfinfo", "-l", "99", pdf], capture_output=True, check=True).stdout
    found = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", text.decode())
    return [(round(float(width)), round(float(height))) for width, height in found]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_page_is_blank_and_each_section_is_turned_as_it_should_be(
    edition: str, pdfs: dict[str, Path]
) -> None:
    texts, shapes = pages(pdfs[edition]), sizes(pdfs[edition])

    for text, shape in zip(texts, shapes, strict=True):
        assert len(squeezed(text)) > 30
        wide = any(word in squeezed(text) for word in ("责任科室", "填报组队"))
        assert shape == (LANDSCAPE if wide else PORTRAIT)


def test_pages_are_numbered_through(pdfs: dict[str, Path]) -> None:
    """The demo edition has plain numbers in the footer, which pdftotext reads as lines."""
    numbers = [re.findall(r"—\s*(\d+)\s*—", text) for text in pages(pdfs["demo"])]

    assert numbers == [[str(number)] for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("document", ["2023", "附件4"])
def test_turned_page_numbers_keep_away_from_the_edge(document: str, pdfs: dict[str, Path]) -> None:
    """Without a:spAutoFit LibreOffice forgets the place of a box on a document's only page."""
    command = ["pdftotext", "-bbox", pdfs[document], "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    dashes = re.findall(r'xMin="([-\d.]+)" yMin="([-\d.]+)"[^>]*>—</word>', text)

    assert len(dashes) >= 2
    assert all(float(x) > 40 and float(y) > 40 for x, y in dashes)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_head_row_stands_on_every_page_of_annex_2(edition: str, pdfs: dict[str, Path]) -> None:
    found = [text for text in pages(pdfs[edition]) if "责任科室" in text]

    assert len(found) >= 4
    assert all("责任人" in squeezed(text) and "名称" in squeezed(text) for text in found)


def test_labels_stand_again_at_the_top_of_each_page(pdfs: dict[str, Path]) -> None:
    found = [squeezed(text) for text in pages(pdfs["2023"]) if "责任科室" in text]

    for text, first in zip(found[1:], REPEATED_AT["2023"], strict=True):
        assert text.index(first) < 120, first
        assert re.search("345分|655分", text)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_character_has_a_glyph(edition: str, pdfs: dict[str, Path]) -> None:
    """The stand-in fonts are used for the styles they stand for, and no other face comes in."""
    listed = subprocess.run(["pdffonts", pdfs[edition]], capture_output=True, check=True)
    fonts = [line.split()[0].partition("+")[2] for line in listed.stdout.decode().splitlines()[2:]]

    families = {re.match(r"[A-Za-z]+", name)[0] for name in fonts}  # type: ignore[index]  # every name begins with letters
    assert families <= {
        "LXGWWenKai",
        "NotoSansSC",
        "NotoSerifSC",
        "NotoSansCJKjp",
        "NotoSerifCJKjp",
        "NotoSansCJKsc",
        "NotoSerifCJKsc",
    }
    assert len(families) >= 3


def test_a_picture_is_made_of_each_page(pdfs: dict[str, Path]) -> None:
    pictures = to_pictures(pdfs["2023"], os.environ, resolution=40)

    assert len(pictures) == len(sizes(pdfs["2023"]))
