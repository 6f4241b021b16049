"""The PDFs, looked into by tools that others wrote: structure, fonts, texts, attachments."""

from __future__ import annotations

import io
import itertools
import json
import multiprocessing
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pylopdf_fonts_zh_cn
import pymupdf
import pytest
from fontTools.ttLib import TTFont

from pipeline.checks.load import checked, contents
from pipeline.cli import ROOT
from pipeline.errors import InputError, OutputError, TemplateError
from pipeline.web import digest, fonts
from pipeline.web.pdf import LaidOutDocument, load
from pipeline.web.printing import PendingPdf, Printer, PrintJob
from tests.conftest import EDITIONS, change
from tests.web.records import rows

BIN = Path(sys.executable).parent
TEMPLATES = ROOT / "templates" / "html"
DAY = datetime(2023, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.slow

pdfs = pytest.mark.parametrize(("edition", "name"), [(e, digest.PDF) for e in EDITIONS])


@pytest.fixture(scope="module")
def folder(digests: dict[str, dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pdf")
    for edition, files in digests.items():
        (folder / f"{edition}-{digest.PDF}").write_bytes(files[digest.PDF])
    return folder


def text(path: Path) -> str:
    """All of the text, without white space."""
    run = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return re.sub(r"\s+", "", run.stdout.decode())


@pdfs
@pytest.mark.system
def test_qpdf_finds_nothing(
    edition: str, name: str, folder: Path, needs: Callable[[str], str]
) -> None:
    run = subprocess.run(
        [needs("qpdf"), "--check", folder / f"{edition}-{name}"], capture_output=True, text=True
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "No syntax or stream encoding errors found" in run.stdout


# A table of which one row stands on the last page: five column heads, one row head, four cells.
FALSE_ALARMS = {"TBL-010"}


@pdfs
def test_outloud_finds_no_error(edition: str, name: str, folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    subprocess.run(
        [BIN / "outloud", folder / f"{edition}-{name}", "--json", report], capture_output=True
    )

    (result,) = json.loads(report.read_text(encoding="utf-8"))["results"]
    errors = [each for each in result["findings"] if each["severity"] == "error"]
    assert [each for each in errors if each["rule"] not in FALSE_ALARMS] == []
    # Page numbers and running headers are no content; the heads of tables, repeated, are.
    running = [each["evidence"] for each in result["findings"] if each["rule"] == "PAG-001"]
    assert [each for each in running if not each.startswith("指标 ")] == []
    assert result["error"] is None


@pdfs
def test_the_file_says_that_it_is_archived_and_accessible(
    edition: str, name: str, folder: Path
) -> None:
    with pikepdf.open(folder / f"{edition}-{name}") as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert str(pdf.Root.Lang) == "zh-CN"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFA1"
        assert edition_year(edition) in str(pdf.docinfo["/Title"])
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        assert "/Encrypt" not in pdf.trailer


def edition_year(edition: str) -> str:
    return {"2023": "2023", "demo": "2024"}[edition]


@pdfs
def test_every_font_is_embedded_and_its_glyphs_are_found_by_cid(
    edition: str, name: str, folder: Path
) -> None:
    """A viewer that follows ISO 32000 looks glyphs up by CID, WeasyPrint writes their index."""
    with pikepdf.open(folder / f"{edition}-{name}") as pdf:
        found = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Subtype") == "/CIDFontType0"
        ]

        assert len(found) == 2
        for font in found:
            file = TTFont(io.BytesIO(font.FontDescriptor.FontFile3.read_bytes()))
            order = file["CFF "].cff.topDictIndex[0].charset
            used = list(cids(font.W))
            assert len(used) > 30
            assert [int(order[cid].removeprefix("cid")) for cid in used] == used


def cids(widths: pikepdf.Object) -> Iterator[int]:
    """The CIDs that have a width: 12 [500 600] gives those of 12 and 13."""
    items = list(widths)
    for first, given in itertools.pairwise(items):
        if isinstance(given, pikepdf.Array):
            yield from range(int(first), int(first) + len(given))


@pdfs
def test_another_viewer_shows_the_same(edition: str, name: str, folder: Path) -> None:
    """MuPDF and poppler read fonts by code of their own; ink is compared, page by page."""
    path = folder / f"{edition}-{name}"
    subprocess.run(["pdftoppm", "-r", "36", "-gray", path, path.with_suffix("")], check=True)
    pictures = sorted(folder.glob(f"{path.stem}-*.pgm"))

    with pymupdf.open(path) as document:
        inks = [
            ink(page.get_pixmap(dpi=36, colorspace=pymupdf.csGRAY).samples) for page in document
        ]

    others = [ink(pymupdf.Pixmap(str(picture)).samples) for picture in pictures]
    assert len(inks) == len(others) > 8
    for one, other in zip(inks, others, strict=True):
        assert one == pytest.approx(other, rel=0.45), "one of them misses glyphs"


def ink(samples: bytes) -> float:
    return sum(255 - sample for sample in samples) / len(samples)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_chinese_character_of_the_tables_can_be_read_again(
    edition: str, folder: Path
) -> None:
    """As often as the tables have it: columns part words, but lose no character."""
    columns = (
        "二级指标",
        "数据采集责任单位",
        "责任人",
        "进展情况",
        "存在的问题",
        "整改措施及完成时限",
    )
    written = Counter(
        character
        for table in ("indicators", "progress")
        for row in rows(edition, table)
        for column in columns
        for character in row.get(column) or ""
        if character >= "\u3400"
    )

    printed = Counter(text(folder / f"{edition}-{digest.PDF}"))

    assert written.total() > 1000
    assert written - printed == Counter()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_tables_are_attached_byte_for_byte(edition: str, folder: Path) -> None:
    with pikepdf.open(folder / f"{edition}-{digest.PDF}") as pdf:
        attached = {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}
        relationships = {str(pdf.attachments[name].relationship) for name in pdf.attachments}

    assert attached == contents(EDITIONS[edition])
    assert len(attached) == 8
    assert relationships == {"/Source"}


def test_contents_bookmarks_and_page_numbers_agree(folder: Path) -> None:
    path = folder / f"demo-{digest.PDF}"
    shown = subprocess.run(["pdftotext", "-layout", "-l", "1", path, "-"], capture_output=True)
    with pymupdf.open(path) as document:
        bookmarks = {title: page for level, title, page in document.get_toc() if level == 2}
        last, count = document[-1].get_text(), len(document)

    listed = dict(re.findall(r"^ *(\S+) {3,}(\d+)$", shown.stdout.decode(), re.MULTILINE))

    assert [*bookmarks] == [title for _, title in digest.SECTIONS]
    assert {title: int(listed[title]) for title in bookmarks} == bookmarks
    assert f"第 {count} 页，共 {count} 页" in last


def test_each_page_of_the_table_carries_its_labels(folder: Path) -> None:
    labels = {row["二级指标"].split("\n")[0]: row["项目"] for row in rows("2023", "indicators")}
    with pymupdf.open(folder / f"2023-{digest.PDF}") as document:
        wide = [page.get_text() for page in document if page.rect.width > page.rect.height]
    tables = [re.sub(r"\s", "", page) for page in wide if "责任科室" in page]

    assert len(tables) >= 3
    for number, page in enumerate(tables):
        first = min((page.find(name), name) for name in labels if name in page)[1]
        assert labels[first] in page
        assert ("（续）" in page) is (number > 0)


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_page_is_blank_and_none_is_cut(edition: str, folder: Path) -> None:
    with pymupdf.open(folder / f"{edition}-{digest.PDF}") as document:
        for page in document:
            words = page.get_text("words")
            assert len(words) > 5
            assert whole(page)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_bar_stands_beside_its_figures(edition: str, folder: Path) -> None:
    """What is moved to the next page takes its bar with it."""
    with pymupdf.open(folder / f"{edition}-{digest.PDF}") as document:
        for page in document:
            lines = [pymupdf.Rect(word[:4]) for word in page.get_text("words")]
            bars = [
                drawing["rect"]
                for drawing in page.get_drawings()
                if drawing["fill"] and 4 < drawing["rect"].height < 8 and drawing["rect"].x0 > 250
            ]
            for bar in bars:
                middle = (bar.y0 + bar.y1) / 2
                assert any(line.y0 - 8 < middle < line.y1 + 8 for line in lines), page.number


def job_of(edition: Path, *only: str) -> PrintJob:
    """The digest of an edition, still to be printed, with all indicators in its table or a few."""
    read, source = checked(edition)[0], digest.Provenance(files=contents(edition))
    context = digest.context_of(read, source, on=date(2024, 10, 8), with_names=True)
    view = context["indicators"]
    rows = tuple(row for row in view.rows if row.id in only or not only)
    context["indicators"] = replace(view, rows=rows)
    return digest.print_job(read, source, context, TEMPLATES)


def whole(page: pymupdf.Page) -> bool:
    """Whether no word reaches over the page's edge."""
    return all(page.rect.contains(pymupdf.Rect(word[:4])) for word in page.get_text("words"))


def test_long_latin_words_stay_in_their_cells(edition: Path, printer: Printer) -> None:
    change(edition / "indicators.csv", "禁毒工作", "ULTRALONG" * 20)

    made = digest.documents(
        checked(edition)[0],
        digest.Provenance(files=contents(edition)),
        templates=TEMPLATES,
        printer=printer,
        on=date(2023, 3, 1),
    )

    with pymupdf.open(stream=made[digest.PDF]) as document:
        assert all(whole(page) for page in document)


def laid_out(body: str, head: str = "") -> LaidOutDocument:
    html = f'<html lang="zh-CN"><head><title>t</title>{head}</head><body>{body}</body></html>'
    return LaidOutDocument(html, TEMPLATES)


# WeasyPrint leaves the file of a colour profile to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<style>p { colour: red }</style>", "<p>x"),
        ("", '<p><a href="#nowhere">x</a>'),
    ],
    ids=["an unknown property", "a link to nowhere"],
)
def test_whatever_weasyprint_warns_of_is_an_error(head: str, body: str) -> None:
    with pytest.raises(TemplateError, match="WeasyPrint 有警告"):
        laid_out(body, head).pdf({}, DAY)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "ftp://127.0.0.1/x.png"],
)
def test_nothing_but_the_templates_and_fonts_is_read(address: str) -> None:
    with pytest.raises(OutputError, match="不能用这个文件"):
        laid_out(f'<img alt="x" src="{address}">')


def test_a_path_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "x.svg"
    outside.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")

    with pytest.raises(OutputError, match="不在模板的文件夹里"):
        laid_out(f'<img alt="x" src="{TEMPLATES.as_uri()}/../../../../../..{outside}">')


def test_the_fonts_have_all_of_gb2312() -> None:
    """What spares opening them for common characters."""
    common = [
        bytes([high, low]).decode("gb2312", "ignore")
        for high in range(0xA1, 0xF8)
        for low in range(0xA1, 0xFF)
    ]

    lacking = {ord(each) for each in common if each} - font_characters()

    assert len([each for each in common if each]) > 7000
    assert lacking == set()


def font_characters() -> set[int]:
    sets = []
    for name in ("sans", "serif"):
        with TTFont(io.BytesIO(fonts.font(f"font:{name}")), lazy=True) as font:
            sets.append(set(font.getBestCmap()))
    return set.intersection(*sets)


def test_a_character_without_a_glyph_is_reported_by_its_cell(
    edition: Path, printer: Printer
) -> None:
    change(edition / "indicators.csv", "禁毒工作", "禁毒工作🙂")

    with pytest.raises(InputError) as raised:
        digest.documents(
            checked(edition)[0],
            digest.Provenance(files=contents(edition)),
            templates=TEMPLATES,
            printer=printer,
            on=date(2023, 3, 1),
        )

    assert [str(each) for each in raised.value.problems] == [
        "2023/indicators.csv 第17行 二级指标（D17）：PDF 的字体里没有这个字，现为“🙂”。换一个写法"
    ]


def test_a_character_without_a_glyph_in_the_settings_is_reported(
    edition: Path, printer: Printer
) -> None:
    change(edition / "edition.toml", 'bureau = "统计局"', 'bureau = "统计局🙂"')

    with pytest.raises(InputError, match=r"2023/edition.toml：PDF 的字体里没有这个字，现为“🙂”"):
        digest.documents(
            checked(edition)[0],
            digest.Provenance(files=contents(edition)),
            templates=TEMPLATES,
            printer=printer,
            on=date(2023, 3, 1),
        )


def test_a_machine_without_the_libraries_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint.text.ffi", None)

    with pytest.raises(OutputError, match="apt-get install libpango"):
        load()


def test_the_processes_that_print_need_no_pandas() -> None:
    edition = checked(EDITIONS["demo"])[0]
    source = digest.Provenance(files=contents(EDITIONS["demo"]))
    context = digest.context_of(edition, source, on=date(2024, 10, 8), with_names=True)
    job = digest.print_job(edition, source, context, TEMPLATES)
    code = "import pickle, sys; pickle.load(sys.stdin.buffer); sys.exit('pandas' in sys.modules)"

    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, input=pickle.dumps(job))

    assert run.returncode == 0


def test_a_process_that_is_killed_is_replaced(edition: Path) -> None:
    job, others = job_of(edition, "CY16"), multiprocessing.active_children()
    with Printer() as printer:
        before = printer.print(job).result()
        for child in {*multiprocessing.active_children()} - {*others}:
            os.kill(child.pid or 0, signal.SIGKILL)
            child.join()
        time.sleep(1)  # until the pool has noticed

        assert printer.print(job).result() == before


LEFT_ALONE = """
import multiprocessing, sys, time
from pipeline.web.pdf import load
from pipeline.web.printing import Printer
if __name__ == "__main__":
    with Printer() as printer:
        printer._process.submit(load).result()
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        time.sleep(600)
"""


def test_a_killed_program_takes_its_printer_with_it(tmp_path: Path) -> None:
    script = tmp_path / "digest.py"
    script.write_text(LEFT_ALONE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as running:
        assert running.stdout is not None
        children = [int(pid) for pid in running.stdout.readline().split()]
        running.kill()

    assert len(children) == 1
    for _ in range(100):
        if not any(map(is_running, children)):
            break
        time.sleep(0.1)
    assert not any(map(is_running, children))


def is_running(pid: int) -> bool:
    """Whether a process is there and not only waits for somebody to take note of its end."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


ELSEWHERE = """
import sys
from datetime import datetime, UTC
from hashlib import sha256
from pathlib import Path
from markupsafe import Markup
from pipeline.web import fonts
from pipeline.web.environment import render
from pipeline.web.pdf import LaidOutDocument
import pylopdf_fonts_zh_cn
assert str(Path(pylopdf_fonts_zh_cn.__file__)).startswith(sys.argv[1]), pylopdf_fonts_zh_cn.__file__
folder = Path(sys.argv[1]) / "templates"
html = render(folder, "page.html", {"faces": Markup(fonts.font_faces())})
pdf = LaidOutDocument(html, folder).pdf({"a.csv": b"1"}, datetime(2023, 1, 1, tzinfo=UTC))
print(sha256(pdf).hexdigest())
"""


@pytest.mark.slow
def test_the_folders_of_the_project_and_of_the_fonts_leave_no_trace(tmp_path: Path) -> None:
    package = Path(pylopdf_fonts_zh_cn.__file__).parent
    page = (
        '<html lang="zh-CN"><head><title>t</title><style>{{ faces }} p { font-family: "Jixiao Sans" }'
        ' b { font-family: "Jixiao Serif" }</style></head><body><p>统计局<b>绩效</b></p></body></html>'
    )
    found = set()
    for place in (tmp_path / "here", tmp_path / "somewhere" / "else"):
        shutil.copytree(package, place / package.name)
        (place / "templates").mkdir()
        (place / "templates" / "page.html").write_text(page, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": f"{place}{os.pathsep}{ROOT}"}
        done = subprocess.run(
            [sys.executable, "-c", ELSEWHERE, str(place)],
            env=environment,
            capture_output=True,
            check=True,
        )
        found.add(done.stdout)

    assert len(found) == 1


def test_another_font_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The font parser is written in C: no place for a file that somebody put there."""
    families = {}
    for family, (name, path, expected) in fonts._FAMILIES.items():
        other = tmp_path / Path(path()).name
        other.write_bytes(Path(path()).read_bytes()[:-1] + b"x")
        families[family] = (name, lambda other=other: other, expected)
    monkeypatch.setattr(fonts, "_FAMILIES", families)

    with pytest.raises(OutputError, match=r"NotoSans.*不是程序要的那一个"):
        fonts.font("font:sans")
    style = f'<style>{fonts.font_faces()} p {{ font-family: "Jixiao Sans" }}</style>'
    with pytest.raises(OutputError, match="不是程序要的那一个"):
        laid_out("<p>x", style)


def test_a_process_that_is_killed_while_it_prints_is_reported() -> None:
    future: Future[bytes] = Future()
    future.set_exception(BrokenProcessPool())

    with pytest.raises(OutputError, match="进程被中止了"):
        PendingPdf(future).result()


def test_a_row_higher_than_a_page_is_refused(edition: Path, printer: Printer) -> None:
    change(edition / "indicators.csv", "禁毒工作", "禁" * 2000)

    with pytest.raises(OutputError, match="指标 CY16 的文字太长"):
        printer.print(job_of(edition, "CY16", "GT01")).result()
