"""One cell: from its text to a value, or the rule that it breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pipeline.tables.cells import (
    DAMAGED_DATE,
    LISTS,
    NUMERIC,
    CellError,
    Flaw,
    date_damage,
    is_suspect,
    oddities,
    parts,
    refuse_damage,
    unguard,
    unpadded,
)
from pipeline.tables.contract import CellKind, Column
from pipeline.tables.suggestions import Vocabulary
from pipeline.typography import number

_HALF_WIDTH = {0xFEE0 + ascii_: ascii_ for ascii_ in range(0x21, 0x7F)}  # Ａ → A, １ → 1, （ → (

_FIGURE = r"(?:\d{1,15}|\d{1,3}(?:,\d{3})+)(?:\.\d{1,6})?"
_NUMBER = re.compile(rf"({_FIGURE})分?|\(({_FIGURE})分\)")
_ACCOUNTING = re.compile(rf"\({_FIGURE}\)")
_NEGATIVE = re.compile(r"[-\u2212]\d+(?:\.\d+)?分?")
_DATE = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:\s+0?0:00(?::00)?)?")
_DATE_BLANKS = re.compile(r"\s*([年月/.-])\s*|\s+(日)")
_SERIAL = re.compile(r"[34]\d{4}")  # 1982 to 2036 as Excel counts days
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_EXCEL_PRONE = re.compile(r"\d{1,4}[-/]\d{1,2}|0\d+|\d{12,}|\d+[Ee]\d+")


def judge(text: str, column: Column) -> tuple[Any, tuple[Flaw, ...]]:
    """The value of a cleaned cell (None when it is wrong) and what is wrong or odd about it."""
    if column.kind is CellKind.CODE and _is_plain_code(text):
        return text, ()
    try:
        return parse(text, column), tuple(remarks(text, column))
    except CellError as error:
        return None, (error.flaw,)


def _is_plain_code(text: str) -> bool:
    """Letters and a few digits, as nearly all codes are: nothing can be wrong with it."""
    return text.isalnum() and text.isascii() and text[0] > "9" and len(text) < 20


def parse(text: str, column: Column) -> Any:
    """The value of a cleaned cell (its type by `column.kind`); raises CellError."""
    text = unguard(text)
    if not text:
        if column.filled:
            raise CellError("filled", "不能空着")
        return None if column.kind in NUMERIC else ""
    refuse_damage(text, column.kind)
    if column.choices:
        several = parts(text) if column.kind in LISTS else [text]
        return "、".join(_choice(each, column.choices) for each in several)
    value = _PARSERS[column.kind](text)
    _refuse_range(value, column)
    return value


def remarks(text: str, column: Column) -> Iterator[Flaw]:
    """What is odd about a cell that can be read."""
    if not text:
        if column.expected:
            yield Flaw("blank", "空着，是不是漏填了", "确实没有就写“——”", "warning")
        return
    if column.kind is CellKind.CODE and column.unique and _EXCEL_PRONE.fullmatch(text):
        message = "这样的编号用 Excel 打开再保存会变样（变成日期，或者丢掉前面的 0）"
        yield Flaw("excel-prone", message, "编号用字母开头，例如 A1-2", "warning")
    if column.kind in LISTS and (repeated := _repeated(parts(text))):
        yield Flaw("list-twice", f"“{repeated}”写了两次", "删去一个")
    if is_suspect(text):
        yield from oddities(text, column.kind)


def _repeated(words: list[str]) -> str | None:
    """The first word that stands twice."""
    repeated = (word for index, word in enumerate(words) if word in words[:index])
    return next(repeated, None)


def _choice(text: str, choices: tuple[str, ...]) -> str:
    """The choice that is meant."""
    value = "".join(text.split())
    if value not in choices:
        raise CellError("choice", f"只能是{'、'.join(choices)}", Vocabulary(choices).hint(value))
    return value


def _refuse_range(value: Any, column: Column) -> None:
    """Raise CellError on a number that the column does not take."""
    if column.positive and value is not None and value <= 0:
        raise CellError("range", "必须大于 0")
    if column.at_most is not None and value is not None and value > column.at_most:
        raise CellError("range", f"不能大于 {column.at_most}")


def _identifier(text: str) -> str:
    """A number such as CY01, in ASCII and without blanks."""
    if "\n" in text:
        raise CellError("code", "一格只写一个编号", "多出来的换一行写，或者删去")
    value = "".join(text.translate(_HALF_WIDTH).split())
    if DAMAGED_DATE.fullmatch(value):
        raise date_damage()
    if _SCIENTIFIC.fullmatch(value):
        message = "Excel 把长编号变成了科学计数，后面的数字已经丢了"
        raise CellError("scientific", message, "把这一列的格式改成“文本”，重新输入")
    return value


def _identifiers(text: str) -> str:
    """Several numbers such as CY01, with one sign between them."""
    return "、".join(_identifier(part) for part in parts(text))


def _name(text: str) -> str:
    """One person's name."""
    value = unpadded(text)
    if bad := re.search(r"[0-9０-９、，,；;/／()（）\n]", value):
        hint = "一格只写一个人；同名的人用“编号”一列区分"
        raise CellError("name", f"人名里不能有“{bad[0].strip() or '换行'}”", hint)
    return value


def _number(text: str) -> Decimal:
    """A number that is not negative, also with 分 behind it or commas in it."""
    half = text.translate(_HALF_WIDTH)
    if re.search(r"\d\s+\d", half):
        raise CellError("number", "一格只写一个数", "多出来的数换一行写，或者删去")
    typed = "".join(half.split())
    if match := _NUMBER.fullmatch(typed):
        return Decimal((match[1] or match[2]).replace(",", ""))
    if _ACCOUNTING.fullmatch(typed):
        raise CellError("number", "Excel 里括号里的数是负数", "是正数就去掉括号")
    if _NEGATIVE.fullmatch(typed):
        raise CellError("range", "不能小于 0")
    if DAMAGED_DATE.fullmatch(typed):
        raise date_damage()
    raise CellError("number", "必须是不小于 0 的数", "只写数，例如 30 或 2.5")


def _count(text: str) -> int:
    """A whole number that is not negative."""
    try:
        value = _number(text)
    except CellError as error:
        if error.flaw.rule != "number":
            raise
        value = Decimal("0.5")
    if value != int(value):
        raise CellError("count", "必须是不小于 0 的整数", "只写整数，例如 3")
    return int(value)


def _date(text: str) -> date:
    """A day: 2023-09-30, 2023/9/30, 2023.9.30, 2023年9月30日."""
    typed = _DATE_BLANKS.sub(lambda match: match[1] or match[2], text.translate(_HALF_WIDTH))
    if match := _DATE.fullmatch(typed):
        return _day(match)
    if _SERIAL.fullmatch(typed):
        day = date(1899, 12, 30) + timedelta(days=int(typed))
        raise CellError("date", "必须是日期，这是 Excel 里日期的内部数", f"是不是 {day}？")
    raise CellError("date", "必须是日期", "只写年月日，写成 2023-09-30 的样子")


def _day(match: re.Match[str]) -> date:
    """The day of this year, month and day of the month; raises CellError."""
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        raise CellError("date", "没有这一天", "写成 2023-09-30 的样子") from None


_PARSERS: dict[CellKind, Callable[[str], Any]] = {
    CellKind.TEXT: str,
    CellKind.WORD: str,
    CellKind.WORDS: str,
    CellKind.NAME: _name,
    CellKind.NAMES: unpadded,
    CellKind.CODE: _identifier,
    CellKind.CODES: _identifiers,
    CellKind.NUMBER: _number,
    CellKind.COUNT: _count,
    CellKind.DATE: _date,
}


def canonical(text: str, column: Column) -> str:
    """A cleaned cell as this program would write it: numbers plain, dates as 2023-09-30.

    What cannot be read stays as it is.
    """
    try:
        return as_text(parse(text, column))
    except CellError:
        return text


def as_text(value: Any) -> str:
    """A cell's value as this program writes it."""
    if isinstance(value, Decimal):
        return number(value)
    return "" if value is None else str(value)
