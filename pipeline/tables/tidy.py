"""A cell as it should be typed: blanks and full-width forms mended, the meaning untouched.

Never NFKC for all of it: that would turn （）：． into ASCII, ① into 1 and ㎡ into m2.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.lookalikes import composed, without_second_forms
from pipeline.tables.cells import INVISIBLE, INVISIBLE_IN_TEXT, parts, unguard, unpadded
from pipeline.tables.contract import CellKind, Column
from pipeline.tables.parsing import canonical
from pipeline.typography import HAN

_MARKS = (
    "\u3001-\u3003\u3008-\u3011\u3014-\u3017\uff01-\uff0f\uff1a-\uff20\u2014\u2018-\u201d\u2026"
)
_WIDE = f"[{HAN}{_MARKS}]"
_BLANK = "[ \u00a0\u3000]"

_BETWEEN = re.compile(f"(?<={_WIDE}){_BLANK}+(?={_WIDE})")
_SEVERAL = re.compile(f"(?<={_WIDE}){_BLANK}{{2,}}(?={_WIDE})")
_BEFORE_LINE_END = re.compile(f"(?:{_BLANK}|\t)+(?=\n)")
_BRACKETS = re.compile(f"\\(([^()\n]*[{HAN}][^()\n]*)\\)")
_SIGN = re.compile(f"(?<={_WIDE})[,;:](?={_WIDE}|$)", re.MULTILINE)
_WIDENED = str.maketrans(",;:", "，；：")

_TYPED = {
    CellKind.CODE,
    CellKind.CODES,
    CellKind.NUMBER,
    CellKind.COUNT,
    CellKind.DATE,
    CellKind.NAME,
}
_LISTS = {CellKind.WORDS, CellKind.NAMES}


def tidy(text: str, column: Column, declared: Collection[str] = ()) -> str:
    """The cleaned text of a cell as it should be typed; tidying it again changes nothing.

    `declared` are texts that edition.toml spells out, such as the names of periods: they stay
    exactly as they are.
    """
    if text in declared:
        return text
    text = unguard(text)
    while (mended := _mended(text, column)) != text:
        text = mended
    return text


def _mended(text: str, column: Column) -> str:
    """The text after one pass."""
    invisible = INVISIBLE_IN_TEXT if column.kind is CellKind.TEXT else INVISIBLE
    text = without_second_forms(invisible.sub("", text)).strip()
    if column.kind is not CellKind.TEXT:
        text = composed(text)
    if column.kind in _TYPED or column.choices:
        return canonical(text, column)
    text = _BEFORE_LINE_END.sub("", text).replace("\u00a0", " ")
    if column.kind is CellKind.TEXT:
        text = _SEVERAL.sub(" ", text)
    elif column.kind is not CellKind.NAMES:
        text = _BETWEEN.sub("", text)
    text = _BRACKETS.sub(r"（\1）", text)
    if column.kind in _LISTS:
        return "\n".join(_list(line) for line in text.split("\n") if parts(line))
    return _SIGN.sub(lambda match: match[0].translate(_WIDENED), text)


def _list(line: str) -> str:
    """The members of a line, unpadded, with 、 between them."""
    return "、".join(unpadded(part) for part in parts(line))
