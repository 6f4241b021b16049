"""A Word file as plain text, for people and for diffs.

`text` shows what it says; `look` also shows page, styles and widths, so that a change made in
Word can be reviewed without Word.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipeline.ooxml.body import Block, Paragraph, Section, WordRow, WordTable, blocks
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, Parts, parse

_MARKS = str.maketrans({"\n": "⏎", "\t": "⇥", "|": "¦"})
_TWIPS_PER_MM = 1440 / 25.4


def text(parts: Parts) -> str:
    """The document's paragraphs as `[style] text` and its tables as `| cell | cell |`."""
    names = _style_names(parts)
    return _joined(_lines(blocks(_body(parts)), names, widths=False))


def look(parts: Parts) -> str:
    """The text with column widths and pages, then headers, footers and the styles in use."""
    names = _style_names(parts)
    lines = [*_lines(blocks(_body(parts)), names, widths=True)]
    for name in sorted(parts):
        if name.startswith(("word/header", "word/footer")):
            root = parse(parts[name])
            lines += [
                "",
                f"== {name.removeprefix('word/')}",
                *_lines(blocks(root), names, widths=True),
            ]
            for box in root.iter(w("txbxContent")):
                lines += [f"   文本框 {line}" for line in _lines(blocks(box), names, widths=True)]
    lines += ["", "== styles", *_styles(parts)]
    return _joined(lines)


def _joined(lines: list[str] | Iterator[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _body(parts: Parts) -> etree._Element:
    body = parse(parts[DOCUMENT]).find(w("body"))
    assert body is not None, "a document part has a body (ECMA-376, 17.2.2)"
    return body


def _style_names(parts: Parts) -> dict[str, str]:
    return {
        style.get(w("styleId"), ""): _value(style, "name")
        for style in parse(parts["word/styles.xml"]).iter(w("style"))
    }


def _value(element: etree._Element, path: str, attribute: str = "val") -> str:
    found = element.find("/".join(w(name) for name in path.split("/")))
    return "" if found is None else found.get(w(attribute), "")


def _lines(content: Iterator[Block], names: dict[str, str], *, widths: bool) -> Iterator[str]:
    for block in content:
        if isinstance(block, Paragraph):
            field = "".join(f"{{{code.text}}}" for code in block.element.iter(w("instrText")))
            mark = names.get(block.style, block.style) or "Normal"
            yield f"[{mark}] {_escaped(block.text)}{field}"
        elif isinstance(block, WordTable):
            yield from _table(block, widths=widths)
        elif isinstance(block, Section):
            yield _section(block.element)


def _escaped(value: str) -> str:
    return value.translate(_MARKS)


def _table(table: WordTable, *, widths: bool) -> Iterator[str]:
    if widths:
        grid = [int(column.get(w("w"), "0")) for column in table.element.iter(w("gridCol"))]
        yield "列宽 mm： " + " ".join(f"{width / _TWIPS_PER_MM:.1f}" for width in grid)
    for row in table.rows:
        cells = (_cell_text(row, place) for place in range(len(row.cells)))
        yield ("# " if row.header else "") + "| " + " | ".join(cells) + " |"


def _cell_text(row: WordRow, place: int) -> str:
    cell = row.cells[place]
    span = f"↔{cell.span} " if cell.span > 1 else ""
    return span + ("〃" if cell.merge == "continue" else _escaped("\n".join(cell.paragraphs)))


def _section(properties: etree._Element) -> str:
    size, margins = properties.find(w("pgSz")), properties.find(w("pgMar"))
    parts = ["---- 节"]
    if size is not None:
        turned = "横" if size.get(w("orient")) == "landscape" else "竖"
        parts.append(f"{turned} {_mm(size.get(w('w')))}x{_mm(size.get(w('h')))} mm")
    if margins is not None:
        sides = (("上", "top"), ("下", "bottom"), ("左", "left"), ("右", "right"))
        parts += [f"{name}{_mm(margins.get(w(side)))}" for name, side in sides]
    return " ".join(parts)


def _mm(twips: str | None) -> str:
    return f"{int(twips or 0) / _TWIPS_PER_MM:.0f}"


def _styles(parts: Parts) -> Iterator[str]:
    """One line for each paragraph style: fonts, size, pitch, alignment."""
    for style in parse(parts["word/styles.xml"]).iter(w("style")):
        if style.get(w("type")) == "paragraph":
            size = _value(style, "rPr/sz")
            facts = {
                "基于": _value(style, "basedOn"),
                "字体": _value(style, "rPr/rFonts", "eastAsia"),
                "西文": _value(style, "rPr/rFonts", "ascii"),
                "磅": f"{int(size) / 2:g}" if size else "",
                "行距": _value(style, "pPr/spacing", "line"),
                "对齐": _value(style, "pPr/jc"),
                "首行": _value(style, "pPr/ind", "firstLineChars"),
                "粗": "是" if style.find(f"{w('rPr')}/{w('b')}") is not None else "",
            }
            shown = " ".join(f"{key}={value}" for key, value in facts.items() if value)
            yield f"{_value(style, 'name')}（{style.get(w('styleId'))}）：{shown}"
