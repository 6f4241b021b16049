"""A Word file as plain text, for people and for diffs.

`text` shows its words; `look` also shows pages, styles and widths, so that a change made in Word
can be reviewed without Word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from pipeline.ooxml.body import Paragraph, Section, WordCell, WordTable, blocks
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, Parts, parse

_ESCAPES = str.maketrans({"\n": "⏎", "\t": "⇥", "|": "¦"})
_TWIPS_PER_MM = 1440 / 25.4


def text(parts: Parts) -> str:
    """The document's paragraphs as `[style] text` and its tables as `| cell | cell |`."""
    return _joined(_lines(_body(parts), _style_names(parts), widths=False))


def look(parts: Parts) -> str:
    """The text with column widths and pages, then headers, footers and the styles in use."""
    names = _style_names(parts)
    lines = [*_lines(_body(parts), names, widths=True)]
    for name in filter(_is_margin, sorted(parts)):
        lines += ["", f"== {name.removeprefix('word/')}"]
        lines += _margin(parse(parts[name]), names)
    lines += ["", "== styles", *_styles(parts)]
    return _joined(lines)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _body(parts: Parts) -> etree._Element:
    body = parse(parts[DOCUMENT]).find(w("body"))
    assert body is not None, "a document part has a body (ECMA-376, 17.2.2)"
    return body


def _style_names(parts: Parts) -> dict[str, str]:
    styles = parse(parts["word/styles.xml"]).iter(w("style"))
    return {style.get(w("styleId"), ""): _value(style, "name") for style in styles}


def _value(element: etree._Element, path: str, attribute: str = "val") -> str:
    found = element.find("/".join(map(w, path.split("/"))))
    return "" if found is None else found.get(w(attribute), "")


def _is_margin(name: str) -> bool:
    return name.startswith(("word/header", "word/footer"))


def _margin(root: etree._Element, names: dict[str, str]) -> Iterator[str]:
    """The lines of a header or footer, then those of the text boxes in it."""
    yield from _lines(root, names, widths=True)
    for box in root.iter(w("txbxContent")):
        for line in _lines(box, names, widths=True):
            yield f"   文本框 {line}"


def _lines(container: etree._Element, names: dict[str, str], *, widths: bool) -> Iterator[str]:
    """The lines of what a body, header, footer or text box contains."""
    for block in blocks(container):
        if isinstance(block, Paragraph):
            yield _paragraph(block, names)
        elif isinstance(block, WordTable):
            yield from _table(block, widths=widths)
        elif isinstance(block, Section):
            yield _section(block.element)


def _paragraph(paragraph: Paragraph, names: dict[str, str]) -> str:
    """`[style] text{field code}`."""
    style = names.get(paragraph.style, paragraph.style) or "Normal"
    return f"[{style}] {_escaped(paragraph.text)}{_field_codes(paragraph.element)}"


def _field_codes(paragraph: etree._Element) -> str:
    return "".join(f"{{{code.text}}}" for code in paragraph.iter(w("instrText")))


def _escaped(value: str) -> str:
    return value.translate(_ESCAPES)


def _table(table: WordTable, *, widths: bool) -> Iterator[str]:
    """The widths of the columns if wanted, and a line for each row; # before header rows."""
    if widths:
        grid = [int(column.get(w("w"), "0")) for column in table.element.iter(w("gridCol"))]
        yield "列宽 mm： " + " ".join(f"{width / _TWIPS_PER_MM:.1f}" for width in grid)
    for row in table.rows:
        cells = " | ".join(map(_cell, row.cells))
        yield f"{'# ' if row.header else ''}| {cells} |"


def _cell(cell: WordCell) -> str:
    span = f"↔{cell.span} " if cell.span > 1 else ""
    return span + ("〃" if cell.merge == "continue" else _escaped("\n".join(cell.paragraphs)))


def _section(properties: etree._Element) -> str:
    """The end of a section: the size of its pages and their margins."""
    size, margins = properties.find(w("pgSz")), properties.find(w("pgMar"))
    parts = ["---- 节"]
    if size is not None:
        orientation = "横" if size.get(w("orient")) == "landscape" else "竖"
        parts.append(f"{orientation} {_mm(size.get(w('w')))}x{_mm(size.get(w('h')))} mm")
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
            facts = " ".join(f"{key}={value}" for key, value in _facts(style).items() if value)
            yield f"{_value(style, 'name')}（{style.get(w('styleId'))}）：{facts}"


def _facts(style: etree._Element) -> dict[str, str]:
    """What a style declares, empty where it inherits."""
    return {
        "基于": _value(style, "basedOn"),
        "字体": _value(style, "rPr/rFonts", "eastAsia"),
        "西文": _value(style, "rPr/rFonts", "ascii"),
        "磅": _points(_value(style, "rPr/sz")),
        "行距": _value(style, "pPr/spacing", "line"),
        "对齐": _value(style, "pPr/jc"),
        "首行": _value(style, "pPr/ind", "firstLineChars"),
        "粗": "是" if style.find(f"{w('rPr')}/{w('b')}") is not None else "",
    }


def _points(half_points: str) -> str:
    return f"{int(half_points) / 2:g}" if half_points else ""
