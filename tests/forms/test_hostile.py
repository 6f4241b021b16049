"""Files that are broken or mean harm: a line each, exit code 1, the others collected."""

from __future__ import annotations

import io
import os
import random
import resource
import socketserver
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import FrameType

import pytest
from click.testing import CliRunner

from pipeline.checks.load import checked
from pipeline.cli import ROOT, cli
from pipeline.errors import PackageError
from pipeline.forms.parsing.form import read_forms
from pipeline.forms.returned.boilerplate import Boilerplate
from pipeline.forms.returned.owner import CollectOptions
from pipeline.forms.returned.reader import FormReader
from pipeline.ooxml.ns import W_URI
from pipeline.ooxml.package import CONTENT_TYPES, DOCUMENT, archive, read_parts, serialize
from tests.conftest import EDITIONS, TEMPLATES
from tests.forms.collecting import answers
from tests.forms.mishaps import ANSWERS, A, filled, form, nested_in_a_frame, relate
from tests.forms.paper import Paper, cells, paragraph, say, xml

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
EDITION, _ = checked(EDITIONS["demo"])
PRINTED = Boilerplate((TEMPLATES / "附件4.docx").read_bytes(), EDITION.name, EDITION.settings)
READER = FormReader(EDITION, CollectOptions(), PRINTED)
SECONDS = 60  # of processor time, after which the system ends the program
MEGABYTES = 512  # what reading any file may take, the program included


def with_document(xml: str) -> bytes:
    return archive({**read_parts(form()), DOCUMENT: xml.encode()})


def document(body: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<w:document xmlns:w="{W_URI}"><w:body>{body}</w:body></w:document>'


def bomb() -> bytes:
    """A zip of 200 kB whose main part says nothing for 200 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in read_parts(form()).items():
            if name != DOCUMENT:
                target.writestr(name, data)
        with target.open(DOCUMENT, "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(bytes(1 << 20))
    return buffer.getvalue()


def lying_bomb() -> bytes:
    """The same, with a directory that says that the part has 1,000 bytes."""
    data = bytearray(bomb())
    place = data.rindex(DOCUMENT.encode())
    data[place - 22 : place - 18] = (1_000).to_bytes(4, "little")
    return bytes(data)


def many_entries() -> bytes:
    parts = {f"word/{number}.bin": b"" for number in range(1_200)}
    return archive({**read_parts(form()), **parts})


def twins() -> bytes:
    buffer = io.BytesIO(form())
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as target:
        target.writestr(DOCUMENT, b"<x/>")
    return buffer.getvalue()


def entities(secret: str) -> bytes:
    kind = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file://{secret}">]>'
    return with_document(document("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", kind))


def laughs() -> bytes:
    inner = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    kind = f'<!DOCTYPE w:document [<!ENTITY a0 "ha">{inner}]>'
    return with_document(document("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", kind))


def external(kind: str) -> bytes:
    paper = filled()
    relate(paper, kind, "http://127.0.0.1:9/x.dotm", "External")
    return paper.bytes


def macros() -> bytes:
    parts = read_parts(form())
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    other = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    return archive({**parts, CONTENT_TYPES: parts[CONTENT_TYPES].replace(main, other)})


def rows(count: int) -> bytes:
    head = "".join(
        f"<w:tc><w:p><w:r><w:t>{t}</w:t></w:r></w:p></w:tc>" for t in ("指标名称", "进展情况")
    )
    row = "<w:tr><w:tc><w:p><w:r><w:t>一</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
    return with_document(document(f"<w:tbl><w:tr>{head}</w:tr>{row * count}</w:tbl>"))


def nested(depth: int) -> bytes:
    opened, closed = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    return with_document(document(opened * depth + "<w:p/>" + closed * depth))


def odd_number() -> bytes:
    paper = filled()
    return archive(
        {**paper.parts, DOCUMENT: serialize(paper.root).replace(b'w:w="760"', b'w:w="many"')}
    )


def workbook() -> bytes:
    return archive({CONTENT_TYPES: b"<x/>", "xl/workbook.xml": b"<x/>"})


def zip_in_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("inner.zip", archive({"a.txt": b"a"}))
    return buffer.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "文件是空的"),
    "not a zip": (lambda: b"hello", "不是 Word 文件，或者文件已经损坏"),
    "PDF": (lambda: b"%PDF-1.7", "是PDF，不是 Word 文件"),
    "web page": (lambda: b"<html>", "是网页或 XML"),
    "truncated": (lambda: form()[:4000], "文件没有收全，或者已经损坏"),
    "damaged inside": (lambda: form()[:600] + bytes(2000) + form()[2600:], "已经损坏"),
    "zip bomb": (bomb, "解开以后超过了 100 MB"),
    "zip bomb that lies": (lying_bomb, "已经损坏"),
    "many entries": (many_entries, "超过了 1000 个"),
    "two parts of one name": (twins, "压缩包里有同名的文件"),
    "external entity": (lambda: entities("/etc/passwd"), "不允许的文档类型声明"),
    "billion laughs": (laughs, "XML 已经损坏"),
    "external template": (
        lambda: external("attachedTemplate"),
        "文件引用外面的内容（attachedTemplate",
    ),
    "external picture": (lambda: external("image"), "文件引用外面的内容（image"),
    "external object": (lambda: external("oleObject"), "文件引用外面的内容（oleObject"),
    "macros": (macros, "文件带宏，不收"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "文件加了密码"),
    "old workbook": (lambda: OLE + "Workbook".encode("utf-16-le"), "不是 Word 文件（可能是 .xls"),
    "macros in .doc": (
        lambda: OLE + "WordDocument_VBA_PROJECT".encode("utf-16-le"),
        "文件带宏，不收",
    ),
    "text included in .doc": (
        lambda: OLE + "WordDocument".encode("utf-16-le") + b' INCLUDETEXT "/etc/passwd" ',
        "文件引用外面的内容（INCLUDETEXT）",
    ),
    "new workbook": (workbook, "是表格或者幻灯片"),
    "100,000 rows": (lambda: rows(100_000), "文件太复杂"),
    "10,000 rows": (lambda: rows(10_000), "表格超过了 5000 行"),
    "nested tables": (lambda: nested(60), "没有找到附件4的表格"),
    "tables nested without end": (lambda: nested(2_000), "XML 已经损坏"),
    "no table": (
        lambda: with_document(document("<w:p><w:r><w:t>无</w:t></w:r></w:p>")),
        "没有找到附件4的表格",
    ),
    "no body": (lambda: with_document(f'<w:document xmlns:w="{W_URI}"/>'), "不是 Word 文档"),
    "EBCDIC": (
        lambda: archive({**read_parts(form()), DOCUMENT: document("").encode("cp037")}),
        "不认识的编码",
    ),
    "number that is none": (odd_number, "不合规定的数"),
    "zip in a zip": (zip_in_zip, "压缩包里还有压缩包"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_reported_in_a_line_and_the_others_are_collected(
    name: str, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, message = HOSTILE[name]
    (tmp_path / "坏.docx").write_bytes(make())
    (tmp_path / "好.docx").write_bytes(filled().bytes)
    monkeypatch.setattr("socket.socket.connect", forbidden)
    command = [
        "collect",
        str(tmp_path / "坏.docx"),
        str(tmp_path / "好.docx"),
        "--inputs",
        str(inputs.parent),
    ]

    done = CliRunner().invoke(cli, command, catch_exceptions=False)

    (line,) = (each for each in done.output.splitlines() if each.startswith("错误"))
    assert "坏.docx" in line
    assert message in line
    assert done.exit_code == 1
    assert answers(inputs) == ANSWERS


def forbidden(*_: object) -> None:
    raise AssertionError("something was fetched")


def test_a_secret_file_is_not_read(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("机密", encoding="utf-8")
    (tmp_path / "坏.docx").write_bytes(entities(str(tmp_path / "secret")))
    command = ["collect", str(tmp_path / "坏.docx"), "--inputs", str(inputs.parent)]

    done = CliRunner().invoke(cli, command, catch_exceptions=False)

    assert "机密" not in done.output
    assert "机密" not in (inputs / "progress.csv").read_bytes().decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["zip bomb", "zip bomb that lies", "billion laughs", "100,000 rows"]
)
def test_memory_is_bounded(name: str, inputs: Path, tmp_path: Path) -> None:
    """In a process that may not have more."""
    path = tmp_path / "坏.docx"
    path.write_bytes(HOSTILE[name][0]())

    done = limited(["collect", str(path), "--inputs", str(inputs.parent)])

    assert done.returncode == 1
    assert HOSTILE[name][1] in done.stderr.decode()


@pytest.mark.slow
def test_the_most_that_is_read_fits_into_the_limit(inputs: Path, tmp_path: Path) -> None:
    """A part with as many tags and attributes as are allowed: elements with an attribute each."""
    path = tmp_path / "大.docx"
    runs = '<w:r w:a=""/>' * 490_000
    path.write_bytes(with_document(document(f"<w:p>{runs}</w:p>")))

    done = limited(["collect", str(path), "--inputs", str(inputs.parent)])

    assert "没有找到附件4的表格" in done.stderr.decode()


def numbered(levels: int, text: str) -> bytes:
    """A form with 300 list paragraphs, of a list with so many levels, declared as often."""
    paper = filled()
    item = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    for _ in range(300):
        paper.table.addprevious(xml(f"<w:p>{item}<w:r><w:t>一</w:t></w:r></w:p>"))
    kinds = "".join(
        f'<w:lvl w:ilvl="{n}"><w:lvlText w:val="{text}"/></w:lvl>' for n in range(levels)
    )
    kinds = f'<w:abstractNum w:abstractNumId="0">{kinds}</w:abstractNum>'
    lists = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>' * levels
    paper.extra["word/numbering.xml"] = (
        f'<w:numbering xmlns:w="{W_URI}">{kinds}{lists}</w:numbering>'.encode()
    )
    relate(paper, "numbering", "numbering.xml")
    return paper.bytes


def under_a_head(rows: str, before: str = "") -> bytes:
    head = "<w:tr><w:tc><w:p><w:r><w:t>指标名称</w:t></w:r></w:p></w:tc>"
    head += "<w:tc><w:p><w:r><w:t>进展情况</w:t></w:r></w:p></w:tc></w:tr>"
    return with_document(document(f"{before}<w:tbl>{head}{rows}</w:tbl>"))


def merged_downwards(length: int, rows: int) -> bytes:
    restart = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>'
    name = "<w:tr><w:tc><w:p><w:r><w:t>没有的事</w:t></w:r></w:p></w:tc>"
    below = f"{name}<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>"
    return under_a_head(f"{name}{restart.format('长' * length)}</w:tr>{below * rows}")


STRUCTURES = {
    "controls side by side": lambda: under_a_head("", "<w:p>" + "<w:sdt/>" * 64_000 + "</w:p>"),
    "placeholders in one control": lambda: under_a_head(
        "",
        f"<w:p><w:sdt><w:sdtPr>{'<w:showingPlcHdr/>' * 30_000}</w:sdtPr>"
        f"<w:sdtContent>{'<w:r><w:t/></w:r>' * 30_000}</w:sdtContent></w:sdt></w:p>",
    ),
    "deleted ends": lambda: under_a_head(
        "", "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r/></w:p>" * 60_000
    ),
    "raised in one run": lambda: under_a_head(
        "", f"<w:p><w:r>{'<w:rPr><w:vertAlign/></w:rPr><w:t/>' * 60_000}</w:r></w:p>"
    ),
    "a row of many cells": lambda: under_a_head(f"<w:tr>{'<w:tc><w:p/></w:tc>' * 30_000}</w:tr>"),
    "a wide cell": lambda: under_a_head(
        '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="300000000"/><w:vMerge/></w:tcPr></w:tc></w:tr>'
    ),
    "a long list number": lambda: numbered(1, "一" * 300_000),
    "many lists of many levels": lambda: numbered(8_000, "%1"),
    "a long text merged downwards": lambda: merged_downwards(300_000, 4_000),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", STRUCTURES)
def test_no_structure_takes_squared_time_or_much_memory(
    name: str, inputs: Path, tmp_path: Path
) -> None:
    """Small files; what is squared in them would run for minutes, or for gigabytes."""
    path = tmp_path / "怪.docx"
    path.write_bytes(STRUCTURES[name]())

    done = limited(["collect", str(path), "--inputs", str(inputs.parent)])

    assert done.returncode in (0, 1), done.stderr[-400:]
    assert b"Traceback" not in done.stderr


def limited(arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    command = [sys.executable, "-m", "pipeline", *arguments]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, preexec_fn=limit, env=environment)


class InGbk(zipfile.ZipInfo):
    """A member whose name is written in GBK, without the flag that says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 (zipfile's name)
        return self.filename.encode("gbk"), self.flag_bits


def test_a_zip_of_attachments(inputs: Path, tmp_path: Path) -> None:
    """With names in GBK, as Chinese Windows writes them, and what systems put beside files."""
    path = tmp_path / "附件.zip"
    with zipfile.ZipFile(path, "w") as target:
        for name in ("表.docx", "~$表.docx", "__MACOSX/._表.docx", "Thumbs.db"):
            target.writestr(InGbk(name), filled().bytes if name == "表.docx" else b"x")
        target.writestr("../../坏.docx", b"x")

    done = CliRunner().invoke(cli, ["collect", str(path), "--inputs", str(inputs.parent)])

    assert done.exit_code == 1
    assert answers(inputs) == ANSWERS
    assert "附件.zip/../../坏.docx：不是 Word 文件" in done.output


def test_an_unlikely_folder_costs_nothing(inputs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "收到的"
    (folder / "子文件夹").mkdir(parents=True)
    (folder / "子文件夹" / "a.docx").write_bytes(filled().bytes)
    (folder / "~$a.docx").write_bytes(b"owner")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "link.docx").symlink_to("/etc/passwd")

    done = CliRunner().invoke(cli, ["collect", str(folder), "--inputs", str(inputs.parent)])

    assert done.exit_code == 0, done.output
    assert answers(inputs) == ANSWERS


def test_without_libreoffice_old_formats_are_reported(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "旧.wps").write_bytes(OLE + "WordDocument".encode("utf-16-le"))
    (tmp_path / "好.docx").write_bytes(filled().bytes)
    monkeypatch.setenv("PATH", str(tmp_path))
    command = [
        "collect",
        str(tmp_path / "旧.wps"),
        str(tmp_path / "好.docx"),
        "--inputs",
        str(inputs.parent),
    ]

    done = CliRunner().invoke(cli, command, catch_exceptions=False)

    assert "旧.wps：是 .doc、.wps 或 .odt，转换不了：这台机器上没有 soffice" in done.output
    assert "另存为 .docx" in done.output
    assert done.exit_code == 1
    assert answers(inputs) == ANSWERS


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """A web server's address and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    for method in ("HEAD", "OPTIONS", "PROPFIND"):
        setattr(Handler, f"do_{method}", Handler.do_GET)
    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


LINKED = """<?xml version="1.0"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>
<draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm"><draw:image
 xlink:href="ADDRESS/x.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>
</draw:frame></text:p></office:text></office:body></office:document>"""


@pytest.mark.slow
@pytest.mark.system
def test_libreoffice_fetches_nothing(
    inputs: Path, tmp_path: Path, needs: Callable[[str], str], visits: tuple[str, list[str]]
) -> None:
    """A .doc with a picture that lies elsewhere, which LibreOffice left to itself would fetch."""
    needs("soffice")
    address, asked = visits
    source, profile = tmp_path / "旧.fodt", (tmp_path / "profile").as_uri()
    source.write_text(LINKED.replace("ADDRESS", address), encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "doc"]
    subprocess.run([*command, "--outdir", tmp_path, source], check=True, timeout=60)
    assert asked
    asked.clear()

    done = CliRunner().invoke(
        cli, ["collect", str(tmp_path / "旧.doc"), "--inputs", str(inputs.parent)]
    )

    assert f"旧.doc：文件引用外面的内容（image：{address}/x.png），不收" in done.output
    assert asked == []


def test_an_odt_that_links_to_elsewhere_is_refused(inputs: Path, tmp_path: Path) -> None:
    content = '<a xmlns:x="http://www.w3.org/1999/xlink" x:href="http://127.0.0.1:9/x.png"/>'
    path = tmp_path / "a.odt"
    path.write_bytes(
        archive(
            {
                "mimetype": b"application/vnd.oasis.opendocument.text",
                "content.xml": content.encode(),
            }
        )
    )

    done = CliRunner().invoke(cli, ["collect", str(path), "--inputs", str(inputs.parent)])

    assert "a.odt：文件引用外面的内容（http://127.0.0.1:9/x.png），不收" in done.output
    assert done.exit_code == 1


def test_a_local_template_and_links_to_click_are_no_harm(inputs: Path, tmp_path: Path) -> None:
    paper = filled()
    relate(paper, "attachedTemplate", "file:///C:/Users/a/公文.dotx", "External")
    relate(paper, "hyperlink", "https://example.org", "External")
    (tmp_path / "a.docx").write_bytes(paper.bytes)

    done = CliRunner().invoke(
        cli, ["collect", str(tmp_path / "a.docx"), "--inputs", str(inputs.parent)]
    )

    assert done.exit_code == 0, done.output


# Signs that a pattern could go back over again and again, where each is followed by the next.
RUNS: dict[str, Callable[[int], str]] = {
    "blanks": lambda count: f"甲{' ' * count}乙",
    "combining marks": lambda count: "甲" + "\u0301\u0323" * (count // 2),
    "brackets": lambda count: "（" * count,
    "figures": lambda count: "二" * count,
    "half a label": lambda count: "填" + " " * count,
    "half a score": lambda count: "(" + "1" * count,
    "colons": lambda count: "：" * count,
}


def with_runs(text: str) -> bytes:
    """A form with a text in the header, in a name, in a heading: where texts are looked into."""
    paper = filled()
    paper.header(reporter=text, day=text)
    say(cells(paper.row(A))[1], text)
    paper.table.addprevious(paragraph(text))
    return archive({**read_parts(paper.bytes), "word/header1.xml": b"<w:t " * len(text)})


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_long_runs_of_one_sign_take_no_squared_time(
    name: str, inputs: Path, tmp_path: Path
) -> None:
    """What is squared in 300,000 signs is ended by the system, before its result is written."""
    path = tmp_path / "长.docx"
    path.write_bytes(with_runs(RUNS[name](300_000)))

    done = limited(["collect", str(path), "--inputs", str(inputs.parent)])

    assert done.returncode == 1, done.stderr[-400:]
    assert "没有“" in done.stderr.decode(), "the name that became one long run is no indicator's"
    assert answers(inputs) == {code: row for code, row in ANSWERS.items() if code != A}


@pytest.mark.parametrize("name", RUNS)
def test_no_step_is_taken_for_each_sign_of_a_run(name: str) -> None:
    short, long = (steps(with_runs(RUNS[name](count))) for count in (10_000, 20_000))

    assert 1_000 < long < short + 1_000


def steps(form: bytes) -> int:
    """How many functions are called, Python's own as well, while a form is read."""
    count = 0

    def watch(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    former = sys.getprofile()
    sys.setprofile(watch)
    try:
        for found in read_forms(form).forms:
            READER.read("x", found)
    finally:
        sys.setprofile(former)
    return count


def test_nested_forms_are_no_harm(inputs: Path, tmp_path: Path) -> None:
    paper: Paper = filled()
    nested_in_a_frame(paper)
    (tmp_path / "a.docx").write_bytes(paper.bytes)

    done = CliRunner().invoke(
        cli, ["collect", str(tmp_path / "a.docx"), "--inputs", str(inputs.parent)]
    )

    assert done.exit_code == 0, done.output
    assert answers(inputs) == ANSWERS


@pytest.mark.slow
def test_no_mutilated_form_ends_in_anything_but_a_result_or_a_reason() -> None:
    """Elements deleted, doubled, moved, emptied; attributes changed: 300 forms, from a seed."""
    dice = random.Random(4)
    read = 0
    for _ in range(300):
        paper = filled()
        for _ in range(dice.randrange(1, 12)):
            mutilate(dice, paper)
        try:
            returned = read_forms(paper.bytes)
        except PackageError as error:
            assert str(error)
        else:
            read += 1
            for each in returned.forms:
                result = READER.read("x.docx", each)
                assert result.entries or result.problems or result.blank
    assert 100 < read < 300


def mutilate(dice: random.Random, paper: Paper) -> None:
    elements = [each for each in paper.root.iter() if each.getparent() is not None]
    victim, other = dice.choice(elements), dice.choice(elements)
    match dice.randrange(5):
        case 0:
            victim.getparent().remove(victim)
        case 1:
            victim.addnext(deepcopy(victim))
        case 2 if victim is not other and other not in victim.iterancestors():
            victim.append(other)
        case 3:
            victim.clear()
        case _:
            for name in victim.attrib:
                victim.set(name, dice.choice(["", "0", "-1", "99999999999", "x", "true"]))
