"""The fonts of the PDFs: free ones from PyPI, so that every machine prints the same.

Noto Sans SC stands for 黑体, Noto Serif SC for 仿宋, 宋体 and 小标宋.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn

SANS, SERIF = "Jixiao Sans", "Jixiao Serif"
FOLDER = Path(pylopdf_fonts_zh_cn.__file__).parent


def font_faces() -> str:
    """The style rules that make the two fonts known."""
    files = {SANS: pylopdf_fonts_zh_cn.sans_path(), SERIF: pylopdf_fonts_zh_cn.serif_path()}
    rule = '@font-face {{ font-family: "{}"; src: url("{}") }}\n'
    return "".join(rule.format(family, path.as_uri()) for family, path in files.items())


def unprintable(text: Iterable[str]) -> set[str]:
    """The characters that one of the two fonts lacks."""
    rare = {each for each in set(text) if not _is_common(each)}
    return {each for each in rare - _printable() if not _invisible(each)} if rare else rare


def _is_common(character: str) -> bool:
    """Whether GB 2312 has it: both fonts have all of that, which spares opening them."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _printable() -> frozenset[str]:
    from fontTools.ttLib import TTFont

    paths = (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path())
    characters = []
    for path in paths:
        with TTFont(path, lazy=True) as font:
            characters.append(set(font.getBestCmap()))
    return frozenset(map(chr, set.intersection(*characters)))


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
