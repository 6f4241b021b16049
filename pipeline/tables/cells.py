"""One cell: from what was typed to a value, or the rule that it breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pipeline.errors import Severity
from pipeline.tables.contract import CellKind, Column
from pipeline.tables.suggestions import Vocabulary
from pipeline.typography import FORBIDDEN, HAN, number

LONGEST = 32_767  # characters that a cell of Excel can hold; more are cut off without a word

_NUMERIC = {CellKind.NUMBER, CellKind.COUNT, CellKind.DATE}
_LISTS = {CellKind.WORDS, CellKind.NAMES, CellKind.CODES}

_HALF_WIDTH = {0xFEE0 + ascii_: ascii_ for ascii_ in range(0x21, 0x7F)}  # Ａ → A, １ → 1, （ → (

# Zero-width characters, marks of direction, soft hyphens: nothing shows that they are there.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# In free text the joiners U+200C and U+200D have a use: they make one emoji of several.
INVISIBLE_IN_TEXT = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_EXCEL_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|DIV/0!|N/A|NULL!|NUM!|#+)")
_FORMULA = re.compile(r"[=+\-@]\S")
_GUARDED = re.compile(r"'+[=+\-@]\S")

# Signs of damage. One search over a whole column tells whether any cell needs a closer look.
_ODD = re.compile(
    "[" + "".join(p.pattern[1:-1] for p in (FORBIDDEN, INVISIBLE, _PRIVATE)) + "\ufffd#]"
)
_SIGNS = tuple("=+-@'")
_ODD_BEGINNING = re.compile("\n[=+\\-@']")

_FIGURE = r"(?:\d{1,15}|\d{1,3}(?:,\d{3})+)(?:\.\d{1,6})?"
_NUMBER = re.compile(rf"({_FIGURE})分?|\(({_FIGURE})分\)")
_ACCOUNTING = re.compile(rf"\({_FIGURE}\)")
_NEGATIVE = re.compile(r"[-\u2212]\d+(?:\.\d+)?分?")
_DATE = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:\s+0?0:00(?::00)?)?")
_DATE_BLANKS = re.compile(r"\s*([年月/.-])\s*|\s+(日)")
_SERIAL = re.compile(r"[34]\d{4}")  # 1982 to 2036 as Excel counts days
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE_DAMAGE = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{4}[-/]\d{1,2}[-/]\d{1,2}"
    rf"|\d{{1,2}}-{_MONTH}|{_MONTH}-\d{{1,2}}"
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_EXCEL_PRONE = re.compile(r"\d{1,4}[-/]\d{1,2}|0\d+|\d{12,}|\d+[Ee]\d+")
# One blank between each: 罗　成, 黄 文 献. Four apart may be two people: 林 晨 黄 薇.
_PADDED = re.compile(rf"[{HAN}](?:\s+[{HAN}]){{1,2}}")
_SEPARATOR = re.compile(r"\s*[、，,；;\n]\s*")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a cell: the rule's identifier, what it says, what to do."""

    rule: str
    message: str
    hint: str | None = None
    severity: Severity = "error"


class CellError(ValueError):
    """A cell breaks a rule."""

    def __init__(self, rule: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.flaw = Flaw(rule, message, hint)


def is_suspect(text: str) -> bool:
    """Whether a cell, or cells joined by line ends, may be damaged or odd, to look closer then."""
    begins_odd = text[:1] in _SIGNS or _ODD_BEGINNING.search(text) is not None
    return begins_odd or _ODD.search(text) is not None


def clean(text: str) -> str:
    """A cell as stored: no blanks around it, one kind of line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def guard(text: str) -> str:
    """The text with a ' before what Excel would run as a formula; `unguard` takes it off."""
    return f"'{text}" if _FORMULA.match(text) or _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """The text without the ' that keeps Excel from running it."""
    return text[1:] if _GUARDED.match(text) else text


def parts(text: str | None) -> list[str]:
    """The members of a list cell: 罗成、左安红 → [罗成, 左安红]; None and blank give none."""
    return [part for part in _SEPARATOR.split(text) if part] if text else []


def unpadded(text: str) -> str:
    """Names without the blanks inside them: 罗　成、左安红 → 罗成、左安红."""
    return "".join(
        "".join(part.split()) if _PADDED.fullmatch(part) else part
        for part in re.split(rf"({_SEPARATOR.pattern})", text)
    )


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
        return None if column.kind in _NUMERIC else ""
    _refuse_damage(text, column.kind)
    if column.choices:
        several = parts(text) if column.kind in _LISTS else [text]
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
    if column.kind in _LISTS and (twice := _twice(parts(text))):
        yield Flaw("list-twice", f"“{twice}”写了两次", "删去一个")
    if is_suspect(text):
        yield from _oddities(text, column.kind)


def _twice(words: list[str]) -> str | None:
    return next((word for place, word in enumerate(words) if word in words[:place]), None)


def _oddities(text: str, kind: CellKind) -> Iterator[Flaw]:
    if kind is CellKind.TEXT and (bad := INVISIBLE_IN_TEXT.search(text)):
        message = f"第{bad.start() + 1}个字符看不见（{_code(bad)}）"
        yield Flaw("invisible", message, "运行 make fmt 可以去掉", "warning")
    if bad := _PRIVATE.search(text):
        message = f"第{bad.start() + 1}个字符是本机造的字（{_code(bad)}），换一台电脑就显示不出来"
        yield Flaw("private-character", message, "换成标准字", "warning")
    if kind not in _NUMERIC and _FORMULA.match(text):
        message = f"以“{text[0]}”开头，用 Excel 打开再保存会变成公式或者 #NAME?"
        yield Flaw("formula", message, "运行 make fmt 会在前面加一个单引号，打印时不带", "warning")


def _refuse_damage(text: str, kind: CellKind) -> None:
    """Raise on characters that were lost or that no document can hold."""
    if len(text) > LONGEST:
        raise CellError("too-long", f"超过 {LONGEST} 个字，Excel 保存时会截断", "分成几格或者精简")
    if is_suspect(text):
        _refuse_character(text, kind)
    if "?" in text and kind is not CellKind.TEXT and kind not in _NUMERIC:
        raise CellError(
            "lost-character",
            "有问号，多半是 GBK 里没有的字，保存时丢了",
            "补上这个字，另存为“CSV UTF-8（逗号分隔）”或者 .xlsx",
        )


def _refuse_character(text: str, kind: CellKind) -> None:
    if bad := FORBIDDEN.search(text):
        raise CellError(
            "forbidden-character",
            f"第{bad.start() + 1}个字符是 Word 文件不能有的控制字符（{_code(bad)}）",
            "删掉这个看不见的字符，重新输入",
        )
    if "\ufffd" in text:
        raise CellError("lost-character", "有一个字已经变成了乱码“\ufffd”", "补上原来的字")
    if bad := _EXCEL_ERROR.match(text):
        raise CellError("excel-error", f"Excel 的错误值 {bad[0]} 代替了原来的内容", "重新输入")
    if kind is not CellKind.TEXT and (bad := INVISIBLE.search(text)):
        message = f"第{bad.start() + 1}个字符看不见（{_code(bad)}），会和别处的写法对不上"
        raise CellError("invisible", message, "运行 make fmt 可以去掉")


def _code(match: re.Match[str]) -> str:
    return f"U+{ord(match[0]):04X}"


def _choice(text: str, choices: tuple[str, ...]) -> str:
    value = "".join(text.split())
    if value not in choices:
        raise CellError("choice", f"只能是{'、'.join(choices)}", Vocabulary(choices).hint(value))
    return value


def _refuse_range(value: Any, column: Column) -> None:
    if column.positive and value is not None and value <= 0:
        raise CellError("range", "必须大于 0")
    if column.at_most is not None and value is not None and value > column.at_most:
        raise CellError("range", f"不能大于 {column.at_most}")


def _identifier(text: str) -> str:
    if "\n" in text:
        raise CellError("code", "一格只写一个编号", "多出来的换一行写，或者删去")
    value = "".join(text.translate(_HALF_WIDTH).split())
    if _DATE_DAMAGE.fullmatch(value):
        raise date_damage()
    if _SCIENTIFIC.fullmatch(value):
        message = "Excel 把长编号变成了科学计数，后面的数字已经丢了"
        raise CellError("scientific", message, "把这一列的格式改成“文本”，重新输入")
    return value


def date_damage() -> CellError:
    """What Excel does to 1-2: it stores a date."""
    hint = "把这一列的格式改成“文本”，重新输入"
    return CellError("date-damage", "Excel 把这里的内容变成了日期", hint)


def _identifiers(text: str) -> str:
    return "、".join(_identifier(part) for part in parts(text))


def _name(text: str) -> str:
    value = unpadded(text)
    if bad := re.search(r"[0-9０-９、，,；;/／()（）\n]", value):
        hint = "一格只写一个人；同名的人用“编号”一列区分"
        raise CellError("name", f"人名里不能有“{bad[0].strip() or '换行'}”", hint)
    return value


def _number(text: str) -> Decimal:
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
    if _DATE_DAMAGE.fullmatch(typed):
        raise date_damage()
    raise CellError("number", "必须是不小于 0 的数", "只写数，例如 30 或 2.5")


def _count(text: str) -> int:
    value = _number(text)
    if value != int(value):
        raise CellError("count", "必须是整数")
    return int(value)


def _date(text: str) -> date:
    typed = _DATE_BLANKS.sub(lambda match: match[1] or match[2], text.translate(_HALF_WIDTH))
    match = _DATE.fullmatch(typed)
    try:
        if match is not None:
            return date(*map(int, match.groups()))
    except ValueError:
        raise CellError("date", "没有这一天", "写成 2023-09-30 的样子") from None
    if _SERIAL.fullmatch(typed):
        day = date(1899, 12, 30) + timedelta(days=int(typed))
        raise CellError("date", "必须是日期，这是 Excel 里日期的内部数", f"是不是 {day}？")
    raise CellError("date", "必须是日期", "只写年月日，写成 2023-09-30 的样子")


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
        value = parse(text, column)
    except CellError:
        return text
    if isinstance(value, Decimal):
        return number(value)
    return "" if value is None else str(value)
