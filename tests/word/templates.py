"""Small Word templates, written where the test can be read beside them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from xml.sax.saxutils import escape

import jinja2
from docxtpl import DocxTemplate
from lxml import etree

from pipeline import typography
from pipeline.ooxml.body import Paragraph, Section, WordTable, blocks
from pipeline.ooxml.ns import W_URI, w
from pipeline.ooxml.package import DOCUMENT, archive, parse, read_parts
from pipeline.word.layout import Switches
from pipeline.word.merge import FILTERS
from pipeline.word.source import TemplateSource, prepare
from pipeline.word.template import compile_template
from tests.conftest import TEMPLATES


@dataclass(frozen=True)
class Label:
    text: str
    first: bool
    span: int


@dataclass(frozen=True)
class Row:
    name: str
    labels: tuple[Label, ...] = field(default=())


def template(*content: str | list[list[str]]) -> bytes:
    """A template of paragraphs (texts) and tables (rows of cells), on a real one's base."""
    body = "".join(
        table_xml(part) if isinstance(part, list) else paragraph_xml(part) for part in content
    )
    parts = read_parts((TEMPLATES / "附件1.docx").read_bytes())
    section = etree.tostring(next(parse(parts[DOCUMENT]).iter(w("sectPr")))).decode()
    xml = f'<w:document xmlns:w="{W_URI}"><w:body>{body}{section}</w:body></w:document>'
    return archive({**parts, DOCUMENT: xml.encode()})


def paragraph_xml(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table_xml(rows: list[list[str]]) -> str:
    width = max(map(len, rows))
    grid = '<w:gridCol w:w="1000"/>' * width
    return (
        '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(row_xml(row, width) for row in rows)}</w:tbl>"
    )


def row_xml(cells: list[str], width: int) -> str:
    span = f'<w:gridSpan w:val="{width}"/>' if len(cells) == 1 < width else ""
    size = f'<w:tcW w:w="{1000 * (width if span else 1)}" w:type="dxa"/>'
    return (
        "<w:tr>"
        + "".join(f"<w:tc><w:tcPr>{size}{span}</w:tcPr>{paragraph_xml(c)}</w:tc>" for c in cells)
        + "</w:tr>"
    )


def prepared(data: bytes, columns: Mapping[str, int] | None = None) -> TemplateSource:
    return prepare(data, "试.docx", Switches(), columns)


def render(data: bytes, **context: object) -> bytes:
    return compile_template(prepared(data)).render(context)


def stock(source: TemplateSource, context: Mapping[str, object]) -> bytes:
    """What docxtpl itself makes of a prepared template."""
    env = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: (
            typography.number(value) if isinstance(value, Decimal) else value or ""
        ),
    )
    env.filters.update(FILTERS)
    document = DocxTemplate(io.BytesIO(archive(source.parts)))
    document.render(dict(context), env)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def plain(document: bytes) -> str:
    """Everything a reader sees in the body, in reading order."""
    texts: list[str] = []
    for block in blocks(parse(read_parts(document)[DOCUMENT])[0]):
        if isinstance(block, Paragraph):
            texts.append(block.text)
        elif isinstance(block, WordTable):
            texts += [cell.text for row in block.rows for cell in row.cells]
    return "".join(texts)


def lines(document: bytes) -> list[str]:
    """Paragraphs as texts, rows as `a|b`, a continued cell as 〃."""
    found: list[str] = []
    for block in blocks(parse(read_parts(document)[DOCUMENT])[0]):
        if isinstance(block, Paragraph):
            found.append(block.text)
        elif isinstance(block, WordTable):
            found += [
                "|".join("〃" if cell.merge == "continue" else cell.text for cell in row.cells)
                for row in block.rows
            ]
        else:
            assert isinstance(block, Section)
    return found
