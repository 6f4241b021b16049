"""List numbers as text, counted as Word counts them."""

from __future__ import annotations

import pytest
from lxml import etree

from pipeline.ooxml.ns import w
from pipeline.ooxml.numbering import write_numbers
from tests.forms.paper import paragraph, text_of, xml

NUMBERS = {
    "decimal": ("1", "2", "12"),
    "chineseCounting": ("一", "二", "十二"),
    "chineseCountingThousand": ("一", "二", "十二"),
    "upperRoman": ("I", "II", "XII"),
    "lowerLetter": ("a", "b", "l"),
    "decimalEnclosedCircle": ("①", "②", "⑫"),
    "ideographTraditional": ("甲", "乙", "12"),
    "decimalZero": ("01", "02", "12"),
    "unheardOf": ("1", "2", "12"),
}


@pytest.mark.parametrize("style", NUMBERS)
def test_lists_are_numbered_as_word_numbers_them(style: str) -> None:
    """Two levels; the inner one begins anew under each number of the outer one."""
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, text in enumerate(("%1、", "%1.%2、"))
    )
    lists = f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
    numbering = xml(
        f'<w:numbering>{lists}<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    body = etree.Element(w("body"))
    for level in (*[0] * 2, *[1] * 2, *[0] * 10, 1):
        each = paragraph("文")
        each.insert(
            0,
            xml(f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr>'),
        )
        body.append(each)

    write_numbers(body, numbering, None)

    one, two, twelve = NUMBERS[style]
    lines = [text_of(each) for each in body]
    assert lines[:4] == [f"{one}、文", f"{two}、文", f"{two}.{one}、文", f"{two}.{two}、文"]
    assert lines[-2:] == [f"{twelve}、文", f"{twelve}.{one}、文"]
