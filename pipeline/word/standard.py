"""What of a Word template is not as GB/T 9704-2012 has official documents.

Somebody may have changed margins or type in Word without wanting to. The standard says nothing of
tables and forms: those are left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lxml import etree

from pipeline.errors import PackageError, Problem
from pipeline.ooxml.body import texts
from pipeline.ooxml.elements import value
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from pipeline.tables.settings import StandardRule
from pipeline.word.lengths import TWIPS, line_of, said_of

_MM = 72 / 25.4
_PAPER = (210, 297)  # mm, 5.1
# mm, 5.2 and 8: a landscape page is a portrait one turned, so that its top is at the binding.
_MARGINS = {
    "竖页": {"top": 37, "bottom": 35, "left": 28, "right": 26},
    "横页": {"top": 28, "bottom": 26, "left": 35, "right": 37},
}
_SIDES = {"top": "上边距", "bottom": "下边距", "left": "左边距", "right": "右边距"}
_NEAR = 1.0  # mm, as 5.2 allows for the binding; Word rounds what is typed
_TEXT, _TITLE, _NUMBER = 16.0, 22.0, 14.0  # pt: 三号 (5.2.4, 7.3), 二号 (7.3.1), 四号 (7.5)
_PITCH = (28.0, 29.0)  # pt: 22 lines fill the 225 mm of the text area (5.2.4)
_SIZES = {
    22.0: "二号",
    18.0: "小二",
    16.0: "三号",
    15.0: "小三",
    14.0: "四号",
    12.0: "小四",
    10.5: "五号",
}
_HINT = "用 Word 改回来；本单位就要这样的，在 edition.toml 的 [layout] 里写 standard = false"


def deviations(data: bytes, file: str, rules: Collection[StandardRule]) -> Iterator[Problem]:
    """A warning for each way in which the template `file` is not by the standard.

    Only of the given rules. A file that cannot be read has none: building tells of it.
    """
    try:
        parts = read_parts(data)
        root, styles = parse(parts[DOCUMENT]), parse(parts["word/styles.xml"])
    except (PackageError, KeyError):
        return
    margins = [parse(part) for name, part in parts.items() if _is_margin(name)]
    found: dict[StandardRule, Iterator[str]] = {
        "paper": _paper(root),
        "margins": _margins(root),
        "mark": _mark(root, styles),
        "title": _title(root, styles),
        "text": _text(root, styles),
        "page-number": _page_number(margins, styles),
    }
    for rule, messages in found.items():
        if rule in rules:
            for message in dict.fromkeys(messages):
                yield Problem(
                    file=file,
                    rule=f"standard-{rule}",
                    message=message,
                    hint=_HINT,
                    severity="warning",
                )


def _is_margin(name: str) -> bool:
    return name.startswith(("word/header", "word/footer"))


def _paper(root: etree._Element) -> Iterator[str]:
    """What is not A4."""
    for section in root.iter(w("sectPr")):
        size = sorted(_mm(section, "pgSz", each) for each in ("w", "h"))
        if any(abs(is_ - wanted) > _NEAR for is_, wanted in zip(size, _PAPER, strict=True)):
            shown = " × ".join(f"{each:.0f}" for each in size)
            yield f"纸张是 {shown} 毫米，国标（GB/T 9704）用 A4（210 × 297 毫米）"


def _margins(root: etree._Element) -> Iterator[str]:
    """Margins that are not the standard's."""
    for section in root.iter(w("sectPr")):
        wide = _mm(section, "pgSz", "w") > _mm(section, "pgSz", "h")
        page = "横页" if wide else "竖页"
        for side, wanted in _MARGINS[page].items():
            is_ = _mm(section, "pgMar", side)
            if abs(is_ - wanted) > _NEAR:
                yield f"{page}的{_SIDES[side]}是 {is_:.0f} 毫米，国标（GB/T 9704）是 {wanted} 毫米"


def _mm(section: etree._Element, name: str, attribute: str) -> float:
    return float(value(section, name, attribute) or 0) / TWIPS / _MM


def _mark(root: etree._Element, styles: etree._Element) -> Iterator[str]:
    """附件 and its number, where they are not 三号黑体 at the left."""
    for paragraph in _paragraphs(root):
        if _words(paragraph).startswith("附件"):
            yield from _type("“附件”两个字", paragraph, styles, _TEXT, "黑体")
            return


def _title(root: etree._Element, styles: etree._Element) -> Iterator[str]:
    """The title, where it is not 二号小标宋 in the middle."""
    for paragraph in _paragraphs(root):
        if ".title }}" in _words(paragraph):
            yield from _type("标题", paragraph, styles, _TITLE, "小标宋")
            if said_of(paragraph, styles, "jc", "val") != "center":
                yield "标题没有居中，国标（GB/T 9704）要居中"
            return


def _text(root: etree._Element, styles: etree._Element) -> Iterator[str]:
    """Running text that is not 三号, 22 lines a page; a document with tables has none."""
    if next(root.iter(w("tbl")), None) is not None:
        return
    for paragraph in _paragraphs(root):
        words = _words(paragraph)
        if not words or words.startswith(("附件", "{%")) or ".title }}" in words[:40]:
            continue
        yield from _type("正文", paragraph, styles, _TEXT)
        pitch = line_of(paragraph, styles).pitch
        if not _PITCH[0] <= pitch <= _PITCH[1]:
            yield f"正文的行距是 {pitch:g} 磅，国标（GB/T 9704）一页 22 行，是固定值 28.95 磅"


def _page_number(margins: list[etree._Element], styles: etree._Element) -> Iterator[str]:
    """Page numbers that are missing or not 四号."""
    numbers = [
        paragraph
        for root in margins
        for paragraph in root.iter(w("p"))
        if any("PAGE" in (each.text or "") for each in paragraph.iter(w("instrText")))
        or any("PAGE" in each.get(w("instr"), "") for each in paragraph.iter(w("fldSimple")))
    ]
    if not numbers:
        yield "没有页码，国标（GB/T 9704）要有，四号半角宋体，左右各一条一字线"
    for paragraph in numbers:
        yield from _type("页码", paragraph, styles, _NUMBER)


def _type(
    what: str, paragraph: etree._Element, styles: etree._Element, size: float, font: str = ""
) -> Iterator[str]:
    """What of a paragraph's size and font is not as wanted."""
    is_ = line_of(paragraph, styles).size
    if is_ != size:
        yield f"{what}是{_size(is_)}，国标（GB/T 9704）是{_size(size)}"
    used = said_of(paragraph, styles, "rFonts", "eastAsia")
    if font and font not in used:
        yield f"{what}用的是{used or '默认字体'}，国标（GB/T 9704）用{font}"


def _size(points: float) -> str:
    """A size as people say it: 三号（16 磅）."""
    return f"{_SIZES.get(points, '')}（{points:g} 磅）" if points in _SIZES else f" {points:g} 磅"


def _paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs outside of tables."""
    for paragraph in root.iter(w("p")):
        if next(paragraph.iterancestors(w("tbl")), None) is None:
            yield paragraph


def _words(paragraph: etree._Element) -> str:
    return "".join(texts(paragraph)).strip()
