"""A Word file as plain text, for people and for diffs.

`text` shows its words; `look` also shows pages, styles and widths, so that a change made in Word
can be reviewed without Word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from pipeline.ooxml.body import Paragraph, Section, WordCell, WordRow, WordTable, blocks
from pipeline.ooxml.elements import body_of, having, value
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, Parts, parse

_ESCAPES = str.maketrans({"\n": "⏎", "\t": "⇥", "|": "¦"})
_TWIPS_PER_MM = 1440 / 25.4


def text(parts: Parts) -> str:
    """The document's paragraphs as `[style] text` and its tables as `| cell | cell |`."""
    return _joined(_lines(body_of(parse(parts[DOCUMENT])), _style_names(parts), widths=False))


def look(parts: Parts) -> str:
    """The text with column widths and pages, then headers, footers and the styles in use."""
    names = _style_names(parts)
    lines = [*_lines(body_of(parse(parts[DOCUMENT])), names, widths=True)]
    for name in filter(_is_margin, sorted(parts)):
        lines += ["", f"== {name.removeprefix('word/')}"]
        lines += _margin(parse(parts[name]), names)
    lines += ["", "== styles", *_styles(parts)]
    return _joined(lines)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _style_names(parts: Parts) -> dict[str, str]:
    styles = parse(parts["word/styles.xml"]).iter(w("style"))
    return {style.get(w("styleId"), ""): value(style, "name") for style in styles}


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


def _escaped(words: str) -> str:
    return words.translate(_ESCAPES)


def _table(table: WordTable, *, widths: bool) -> Iterator[str]:
    """The widths of the columns if wanted, and a line for each row; # before header rows."""
    if widths:
        yield f"列宽 mm： {_widths(table)}"
    yield from map(_row, table.rows)


def _widths(table: WordTable) -> str:
    """The widths of a table's columns, in millimetres."""
    grid = [int(column.get(w("w"), "0")) for column in table.element.iter(w("gridCol"))]
    return " ".join(f"{width / _TWIPS_PER_MM:.1f}" for width in grid)


def _row(row: WordRow) -> str:
    cells = " | ".join(map(_cell, row.cells))
    return f"{'# ' if row.header else ''}| {cells} |"


def _cell(cell: WordCell) -> str:
    span = f"↔{cell.span} " if cell.span > 1 else ""
    return span + ("〃" if cell.merge == "continue" else _escaped("\n".join(cell.paragraphs)))


def _section(properties: etree._Element) -> str:
    """The end of a section: the size of its pages and their margins."""
    size, margins = properties.find(w("pgSz")), properties.find(w("pgMar"))
    parts = ["---- 节"]
    if size is not None:
        parts.append(_page_size(size))
    if margins is not None:
        parts += _page_margins(margins)
    return " ".join(parts)


def _page_size(size: etree._Element) -> str:
    orientation = "横" if size.get(w("orient")) == "landscape" else "竖"
    return f"{orientation} {_mm(size.get(w('w')))}x{_mm(size.get(w('h')))} mm"


def _page_margins(margins: etree._Element) -> list[str]:
    sides = (("上", "top"), ("下", "bottom"), ("左", "left"), ("右", "right"))
    return [f"{name}{_mm(margins.get(w(side)))}" for name, side in sides]


def _mm(twips: str | None) -> str:
    return f"{int(twips or 0) / _TWIPS_PER_MM:.0f}"


def _styles(parts: Parts) -> Iterator[str]:
    """One line for each paragraph style: fonts, size, pitch, alignment."""
    for style in having(parse(parts["word/styles.xml"]), "style", "type", "paragraph"):
        yield f"{value(style, 'name')}（{style.get(w('styleId'))}）：{_declared(style)}"


def _declared(style: etree._Element) -> str:
    return " ".join(f"{name}={fact}" for name, fact in _facts(style).items() if fact)


def _facts(style: etree._Element) -> dict[str, str]:
    """What a style declares, empty where it inherits."""
    return {
        "基于": value(style, "basedOn"),
        "字体": value(style, "rPr/rFonts", "eastAsia"),
        "西文": value(style, "rPr/rFonts", "ascii"),
        "磅": _points(value(style, "rPr/sz")),
        "行距": value(style, "pPr/spacing", "line"),
        "对齐": value(style, "pPr/jc"),
        "首行": value(style, "pPr/ind", "firstLineChars"),
        "粗": "是" if style.find(f"{w('rPr')}/{w('b')}") is not None else "",
    }


def _points(half_points: str) -> str:
    return f"{int(half_points) / 2:g}" if half_points else ""
