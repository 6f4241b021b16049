"""One cell: from what was typed to a value, or the rule that it breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.formats import FORBIDDEN
from pipeline.tables.contract import Column, Kind

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．（）", "0123456789.()")
_NUMBER = re.compile(r"\(?(\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?)分?\)?")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class CellError(ValueError):
    """A cell breaks a rule: its identifier and what it says in Chinese."""

    def __init__(self, rule: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.rule, self.message, self.hint = rule, message, hint


def clean(text: str) -> str:
    """A cell as stored: no blanks around it, one kind of line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def parse(text: str, column: Column) -> Any:
    """The value of a cleaned cell (its type by `column.kind`); raises CellError."""
    if not text:
        if column.filled:
            raise CellError("filled", "不能空着")
        return "" if column.kind is Kind.TEXT else None
    if (bad := FORBIDDEN.search(text)) is not None:
        raise CellError(
            "forbidden-character",
            f"第{bad.start() + 1}个字符是 Word 文件不能有的控制字符（U+{ord(bad[0]):04X}）",
            "删掉这个看不见的字符，重新输入",
        )
    if column.choices and text not in column.choices:
        raise CellError("choice", f"只能是{'、'.join(column.choices)}")
    return _PARSERS[column.kind](text)


def _number(text: str) -> Decimal:
    match = _NUMBER.fullmatch(text.translate(_FULL_WIDTH).replace(" ", ""))
    if match is None:
        raise CellError("number", "必须是不小于 0 的数", "只写数，例如 30 或 2.5")
    return Decimal(match[1].replace(",", ""))


def _count(text: str) -> int:
    value = _number(text)
    if value != int(value):
        raise CellError("count", "必须是整数")
    return int(value)


def _date(text: str) -> date:
    match = _DATE.fullmatch(text.translate(_FULL_WIDTH).replace(" ", ""))
    try:
        if match is not None:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise CellError("date", "必须是日期", "写成 2023-09-30 的样子")


_PARSERS: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.NUMBER: _number,
    Kind.COUNT: _count,
    Kind.DATE: _date,
}
