"""The fonts of the PDFs: free ones from PyPI, so that every machine prints the same.

Noto Sans SC stands for 黑体, Noto Serif SC for 仿宋, 宋体 and 小标宋.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn

from pipeline.typography import is_gb2312

SANS, SERIF = "Jixiao Sans", "Jixiao Serif"
FOLDER = Path(pylopdf_fonts_zh_cn.__file__).parent


def font_faces() -> str:
    """The style rules that declare the two fonts."""
    files = {SANS: pylopdf_fonts_zh_cn.sans_path(), SERIF: pylopdf_fonts_zh_cn.serif_path()}
    rule = '@font-face {{ font-family: "{}"; src: url("{}") }}\n'
    return "".join(rule.format(family, path.as_uri()) for family, path in files.items())


def with_glyphs_as_cids(path: Path) -> bytes:
    """The font file with every glyph's CID equal to its index.

    WeasyPrint writes glyphs by their index in the font. In these fonts (CFF, keyed by CID) the
    index and the CID differ, and a viewer that follows the standard (ISO 32000-1, 9.7.4.2) looks
    for the CID: it would show nothing, or another glyph. So the table of CIDs (charset, Adobe
    Technical Note 5176, 13) is overwritten with one range that begins at 1.
    """
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        top = font["CFF "].cff.topDictIndex[0]
        offset = font.reader.tables["CFF "].offset + top.rawDict["charset"]
        count = font["maxp"].numGlyphs
    data = bytearray(path.read_bytes())
    range_format, first, further = 2, 1, count - 2  # .notdef is not in the table
    charset = struct.pack(">BHH", range_format, first, further)
    data[offset : offset + len(charset)] = charset
    return bytes(data)


def unprintable(text: Iterable[str]) -> set[str]:
    """The characters that one of the two fonts lacks."""
    # Both fonts have all of GB 2312, which spares opening them for most texts.
    rare = {each for each in set(text) if not is_gb2312(each)}
    if not rare:
        return rare
    return {each for each in rare - _printable() if not _invisible(each)}


@cache
def _printable() -> frozenset[str]:
    """The characters that both fonts have."""
    from fontTools.ttLib import TTFont

    paths = (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path())
    characters = []
    for path in paths:
        with TTFont(path, lazy=True) as font:
            characters.append(set(font.getBestCmap()))
    return frozenset(map(chr, set.intersection(*characters)))


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
