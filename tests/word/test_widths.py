"""附件2's columns follow what stands in them: nothing that must stay whole is broken in print."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pymupdf
import pytest
from lxml import etree

from pipeline.checks.load import checked
from pipeline.cli.options import FONTS
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from pipeline.recipes.preview import to_pdf
from pipeline.tables.edition import Edition
from pipeline.views.edition import annex_views
from pipeline.word.annexes import Templates
from pipeline.word.columns import grid_widths
from tests.conftest import EDITIONS, TEMPLATES, Shared, change

ONE_FACE = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include>/etc/fonts/fonts.conf</include>
  <match target="pattern"><edit name="family" mode="assign" binding="same">
    <string>Noto Serif CJK SC</string></edit></match>
</fontconfig>
"""


def widths(document: bytes) -> list[int]:
    """The widths of the columns of 附件2's table, in twips."""
    root = parse(read_parts(document)[DOCUMENT])
    return grid_widths(next(root.iter(w("tbl"))))


def printed_widths(edition: Path, templates: Templates) -> list[int]:
    return widths(templates.annexes(checked(edition)[0])["附件2.docx"])


def test_the_table_keeps_its_width(templates: Templates) -> None:
    template = widths((TEMPLATES / "附件2.docx").read_bytes())

    for name, folder in EDITIONS.items():
        assert sum(printed_widths(folder, templates)) == sum(template), name


def test_cells_are_as_wide_as_their_columns(templates: Templates) -> None:
    document = templates.annexes(checked(EDITIONS["demo"])[0])["附件1-4.docx"]
    root = parse(read_parts(document)[DOCUMENT])
    found = [each for each in root.iter(w("tbl")) if len(grid_widths(each)) == 10]
    grid = grid_widths(found[0])

    assert len(found) > 1, "one for each page"
    for row in (row for table in found for row in table.iter(w("tr"))):
        column = 0
        for cell in row.iter(w("tc")):
            span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
            covered = 1 if span is None else int(span.get(w("val"), "1"))
            own = cell.find(f"{w('tcPr')}/{w('tcW')}")
            assert own is not None
            assert int(own.get(w("w"), "")) == sum(grid[column : column + covered])
            column += covered


def test_the_template_s_widths_can_be_kept(edition: Path, templates: Templates) -> None:
    change(edition / "edition.toml", '# columns = "template"', 'columns = "template"')

    assert printed_widths(edition, templates) == widths((TEMPLATES / "附件2.docx").read_bytes())


def test_one_compiled_template_serves_editions_of_other_widths(
    edition: Path, templates: Templates
) -> None:
    before = printed_widths(edition, templates)
    compiled = templates._compiled.cache_info().misses  # type: ignore[attr-defined]
    for name in ("indicators.csv", "roster.csv"):
        path = edition / name
        path.write_bytes(path.read_bytes().replace("林晨".encode(), "尉迟恭谨行".encode()))

    after = printed_widths(edition, templates)

    assert after[5] > before[5], "责任领导"
    assert templates._compiled.cache_info().misses == compiled  # type: ignore[attr-defined]


def test_a_list_of_names_is_broken_between_names(edition: Path, templates: Templates) -> None:
    change(edition / "indicators.csv", "曾诸军、李苹苹", "曾诸军、李苹苹、陈锦端、翁莉萍、左安红")
    document = templates.annexes(checked(edition)[0])["附件2.docx"]

    cells = map(typed, parse(read_parts(document)[DOCUMENT]).iter(w("tc")))

    (found,) = {text for text in cells if "翁莉萍" in text and "曾诸军" in text}
    assert all(line.count("、") + line.endswith("左安红") >= 1 for line in found.split("\n"))
    assert "".join(found.split("\n")) == "曾诸军、李苹苹、陈锦端、翁莉萍、左安红"


def typed(cell: etree._Element) -> str:
    """A cell's text with its line breaks."""
    pieces = cell.iter(w("t"), w("br"))
    return "".join("\n" if each.tag == w("br") else each.text or "" for each in pieces)


# --- in print --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdfs(shared: Shared, templates: Templates) -> Callable[[str, str], Path]:
    """The PDF of an edition's 附件2 by LibreOffice, with the project's fonts or another face."""

    def make(name: str, fonts: Path | None, folder: Path) -> None:
        conf = fonts or folder / "fonts.conf"
        if fonts is None:
            conf.write_text(ONE_FACE, encoding="utf-8")
        read = checked(EDITIONS[name])[0]
        document = templates.annexes(read)["附件2.docx"]
        (folder / "附件2.docx").write_bytes(document)
        to_pdf([folder / "附件2.docx"], folder, conf, os.environ)

    def pdf(name: str, face: str) -> Path:
        fonts = FONTS if face == "the project's" else None
        key = f"widths-{name}-{'own' if fonts else 'other'}"
        return shared(key, partial(make, name, fonts)) / "附件2.pdf"

    return pdf


def printed_lines(pdf: Path) -> list[str]:
    """Each printed line of a PDF, without blanks."""
    with pymupdf.open(pdf) as document:
        blocks = [block for page in document for block in page.get_text("dict")["blocks"]]
    lines = [line for block in blocks for line in block.get("lines", ())]
    texts = ("".join(span["text"] for span in line["spans"]) for line in lines)
    return ["".join(text.split()) for text in texts]


def kept_together(edition: Edition) -> dict[str, int]:
    """What may not be broken → how often it stands in the table: names, phrases, totals."""
    view = annex_views(edition)["indicators"]
    phrases = edition.settings.indicators.phrases
    found: dict[str, int] = {}
    for row in view.rows:
        cells = [row.leader, row.person]
        names = [
            each for cell in cells for each in ([cell] if cell in phrases else cell.split("、"))
        ]
        totals = [
            line
            for label in row.labels
            if label.first
            for number, line in enumerate(label.text.split("\n"))
            if number or len(line) <= 4
        ]
        for text in (*names, *totals):
            plain = "".join(text.split())
            found[plain] = found.get(plain, 0) + 1
    return found


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.parametrize("face", ["the project's", "another"])
@pytest.mark.parametrize("name", EDITIONS)
def test_nothing_that_must_stay_whole_is_broken_in_print(
    name: str, face: str, pdfs: Callable[[str, str], Path], needs: Callable[[str], str]
) -> None:
    needs("soffice")
    lines = printed_lines(pdfs(name, face))
    edition = checked(EDITIONS[name])[0]

    broken = {
        text: (times, sum(line.count(text) for line in lines))
        for text, times in kept_together(edition).items()
        if sum(line.count(text) for line in lines) < times
    }

    assert broken == {}
    for heading in ("数据采集责任单位", "责任科室", *edition.settings.indicators.labels):
        assert any(heading in line for line in lines), heading


@pytest.mark.slow
@pytest.mark.system
def test_numbers_and_signs_are_no_lines_of_their_own(
    pdfs: Callable[[str, str], Path], needs: Callable[[str], str]
) -> None:
    needs("soffice")
    lines = printed_lines(pdfs("demo", "the project's"))

    assert not [line for line in lines if re.fullmatch(r"[，。、；：）」』】”]+", line)]
    assert not [line for line in lines if re.search(r"[（“【「『]$", line)]
