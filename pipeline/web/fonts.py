"""The fonts of the PDFs: free ones from PyPI, so that every machine prints the same.

Noto Sans SC stands for 黑体, Noto Serif SC for 仿宋, 宋体 and 小标宋.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pylopdf_fonts_zh_cn

from pipeline.errors import OutputError
from pipeline.typography import is_gb2312

SCHEME = "font:"  # the fonts' own addresses: a path would differ from machine to machine

# Family → the name in its address, and the SHA-256 of its file: a font parser is no place for a
# file that somebody put there.
_FAMILIES = {
    "Jixiao Sans": (
        "sans",
        pylopdf_fonts_zh_cn.sans_path,
        "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9",
    ),
    "Jixiao Serif": (
        "serif",
        pylopdf_fonts_zh_cn.serif_path,
        "e8f396decc1f0963a016a989c3d8852e863d1350996f573860a80767c83a1cd3",
    ),
}


def font_faces() -> str:
    """The style rules that declare the two fonts."""
    rule = '@font-face {{ font-family: "{}"; src: url("{}{}") }}\n'
    return "".join(rule.format(family, SCHEME, name) for family, (name, *_) in _FAMILIES.items())


def font(address: str) -> bytes:
    """The font at an address such as font:sans; raises ValueError, OutputError for another file."""
    for name, path, expected in _FAMILIES.values():
        if address == SCHEME + name:
            data = Path(path()).read_bytes()
            if sha256(data).hexdigest() != expected:
                file = Path(path()).name
                raise OutputError(f"字体文件 {file} 不是程序要的那一个：删掉 .venv，重新运行 make")
            return with_glyphs_as_cids(data)
    raise ValueError(f"没有 {address} 这个字体")


def with_glyphs_as_cids(data: bytes) -> bytes:
    """The font file with every glyph's CID equal to its index.

    WeasyPrint writes glyphs by their index in the font. In these fonts (CFF, keyed by CID) the
    index and the CID differ, and a viewer that follows the standard (ISO 32000-1, 9.7.4.2) looks
    for the CID: it would show nothing, or another glyph. So the table of CIDs (charset, Adobe
    Technical Note 5176, 13) is overwritten with one range that begins at 1.
    """
    from fontTools.ttLib import TTFont

    with TTFont(BytesIO(data), lazy=True) as font:
        top = font["CFF "].cff.topDictIndex[0]
        offset = font.reader.tables["CFF "].offset + top.rawDict["charset"]
        count = font["maxp"].numGlyphs
    range_format, first, further = 2, 1, count - 2  # .notdef is not in the table
    charset = struct.pack(">BHH", range_format, first, further)
    return data[:offset] + charset + data[offset + len(charset) :]


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
