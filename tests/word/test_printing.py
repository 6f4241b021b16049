"""附件1-4.pdf: what LibreOffice prints of the Word document, archived, tagged, page by page."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pikepdf
import pymupdf
import pytest

from pipeline.checks.load import checked
from pipeline.cli.options import FONTS
from pipeline.delivery import annexes_pdf
from pipeline.errors import Problem
from pipeline.ooxml.body import WordTable, blocks
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from pipeline.recipes.preview import to_pdf
from pipeline.word.annexes import Templates
from pipeline.word.printing import Office, overflowing
from tests.conftest import EDITIONS, Shared, change
from tests.word.templates import plain

OFFICE = Office(fonts=FONTS, environment=os.environ)
BIN = Path(sys.executable).parent

pytestmark = [pytest.mark.slow, pytest.mark.system]


@pytest.fixture(autouse=True)
def _programs(needs: Callable[[str], str]) -> None:
    needs("soffice")


@pytest.fixture(scope="module")
def pdfs(shared: Shared, templates: Templates) -> dict[str, Path]:
    """Edition → its annexes as PDF."""

    def make(folder: Path) -> None:
        for name, edition in EDITIONS.items():
            data, warnings = printed(edition, templates)
            assert warnings == []
            (folder / f"{name}.pdf").write_bytes(data)

    return {path.stem: path for path in shared("annexes-pdf", make).glob("*.pdf")}


def printed(edition: Path, templates: Templates) -> tuple[bytes, list[Problem]]:
    return annexes_pdf.begin(checked(edition)[0], templates, OFFICE).result()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def body_text(page: pymupdf.Page) -> str:
    """A page's text without its number."""
    return re.sub(r"—\d+—", "", squeezed(page.get_text()))


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_pdf_says_what_the_word_document_says(
    edition: str, pdfs: dict[str, Path], documents: dict[str, dict[str, bytes]]
) -> None:
    document = documents[edition]["附件1-4.docx"]
    with pymupdf.open(pdfs[edition]) as pdf:
        found = "".join(map(body_text, pdf))

    assert sorted(found) == sorted(squeezed(plain(document)))


@pytest.mark.parametrize("edition", EDITIONS)
def test_its_pages_are_those_of_the_word_document(
    edition: str, pdfs: dict[str, Path], documents: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    """Printed on another way: without tags, without archiving."""
    path = tmp_path / "whole.docx"
    path.write_bytes(documents[edition]["附件1-4.docx"])
    (other,) = to_pdf([path], tmp_path, FONTS, os.environ)

    with pymupdf.open(pdfs[edition]) as ours, pymupdf.open(other) as theirs:
        assert [*map(body_text, ours)] == [*map(body_text, theirs)]


@pytest.mark.parametrize("edition", EDITIONS)
def test_annex_2_has_a_page_for_each_of_its_tables(
    edition: str, pdfs: dict[str, Path], documents: dict[str, dict[str, bytes]]
) -> None:
    root = parse(read_parts(documents[edition]["附件2.docx"])[DOCUMENT])
    tables = [block for block in blocks(root[0]) if isinstance(block, WordTable)]
    with pymupdf.open(pdfs[edition]) as pdf:
        texts = [text for text in map(body_text, pdf) if "数据采集责任单位" in text]

    assert len(texts) == len(tables) >= 4
    for text, table in zip(texts, tables, strict=True):
        assert all(squeezed(cell.text) in text for row in table.rows for cell in row.cells)


@pytest.mark.parametrize("edition", EDITIONS)
def test_it_is_archived_tagged_and_in_chinese(edition: str, pdfs: dict[str, Path]) -> None:
    with pikepdf.open(pdfs[edition]) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "zh-CN"
        assert pdf.Root.OutputIntents
    assert re.search(r"<pdfaid:part>3</pdfaid:part>", metadata)
    assert f"{checked(EDITIONS[edition])[0].settings.year}-01-01T00:00:00Z" in metadata


@pytest.mark.parametrize("edition", EDITIONS)
def test_it_is_a_sound_file(
    edition: str, pdfs: dict[str, Path], needs: Callable[[str], str]
) -> None:
    run = subprocess.run([needs("qpdf"), "--check", pdfs[edition]], capture_output=True, text=True)

    assert run.returncode == 0, run.stdout + run.stderr


def test_the_same_document_gives_the_same_bytes(
    pdfs: dict[str, Path], templates: Templates
) -> None:
    again, _ = printed(EDITIONS["2023"], templates)

    assert again == pdfs["2023"].read_bytes()


def test_a_changed_template_changes_the_pdf(
    documents: dict[str, dict[str, bytes]], edition: Path, templates: Templates
) -> None:
    change(
        edition / "edition.toml",
        '# orientation = { indicators = "landscape", form = "landscape" }',
        'orientation = { indicators = "portrait" } #',
    )

    data, warnings = printed(edition, templates)

    with pymupdf.open(stream=data) as pdf:
        turned = [
            page.rect.width < page.rect.height for page in pdf if "责任科室" in body_text(page)
        ]
    assert len(turned) >= 4
    assert all(turned)
    assert warnings == []


def test_a_page_that_has_no_room_for_its_rows_is_told_with_the_first_of_them(
    edition: Path, templates: Templates
) -> None:
    change(edition / "edition.toml", '# repeat_labels_at = ["GT18"]', 'repeat_labels_at = ["GT18"]')

    data, warnings = printed(edition, templates)

    with pymupdf.open(stream=data) as pdf:
        tables = [text for text in map(body_text, pdf) if "责任科室" in text]
    assert len(tables) > 2
    assert [str(each) for each in warnings] == [
        "2023/附件1-4.pdf：附件2的第1页放不下，从 CY08 起到了下一页。"
        "在 edition.toml 的 repeat_labels_at 里写上 CY08，或者缩短这一页的文字",
        "2023/附件1-4.pdf：附件2的第2页放不下，从 GT34 起到了下一页。"
        "在 edition.toml 的 repeat_labels_at 里写上 GT34，或者缩短这一页的文字",
    ]


def test_a_document_without_such_tables_has_nothing_to_tell(pdfs: dict[str, Path]) -> None:
    assert overflowing(pdfs["2023"].read_bytes(), [999]) == []
    whole = io.BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(whole)
    assert overflowing(whole.getvalue(), [3]) == []


def test_the_digest_goes_without_it_on_a_machine_without_libreoffice(
    edition: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "pipeline", "digest", "2023", "--on", "2023-10-08"]
    folders = ["--inputs", str(edition.parent), "--out", str(tmp_path / "build")]
    bare = {**os.environ, "PATH": str(BIN)}

    ran = subprocess.run([*command, *folders], env=bare, capture_output=True, text=True, check=True)

    assert "写好 digest.html、digest.pdf，在" in ran.stdout
    assert "没有 LibreOffice，没有做 附件1-4.pdf" in ran.stderr
    assert not (tmp_path / "build" / "2023" / "附件1-4.pdf").exists()

    ran = subprocess.run([*command, *folders], capture_output=True, text=True, check=True)

    assert "附件1-4.pdf" in ran.stdout, "once LibreOffice is there it is made"


def test_the_fonts_that_the_program_brings_are_enough(templates: Templates, tmp_path: Path) -> None:
    """On a machine that has no Chinese font every character has a glyph all the same."""
    fonts = tmp_path / "fonts.conf"
    bare = FONTS.read_text(encoding="utf-8").replace("/etc/fonts/fonts.conf", "/nowhere")
    fonts.write_text(bare, encoding="utf-8")
    document = templates.combined(checked(EDITIONS["2023"])[0]).document

    data = Office(fonts=fonts, environment=os.environ).begin(document, date(2023, 1, 1)).result()

    with pymupdf.open(stream=data) as pdf:
        used = {font[3].partition("+")[2] for page in pdf for font in page.get_fonts()}
        text = "".join(map(body_text, pdf))
    assert {re.match("NotoS(ans|erif)SC", font) is not None for font in used} == {True}, used
    assert "领导小组成员名单" in text
