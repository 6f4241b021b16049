"""One cell as text: what it lists, and how programs and encodings may have damaged it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import Severity
from pipeline.lookalikes import (
    ACCENTS,
    SECOND_FORMS,
    UNSEEN,
    UNSEEN_IN_TEXT,
    composed,
    without_second_forms,
)
from pipeline.tables.contract import CellKind
from pipeline.typography import FORBIDDEN, HAN

LONGEST = 32_767  # characters that a cell of Excel can hold; more are cut off without a word

# Kinds that are read as numbers and dates; lists are kinds with several values in a cell.
NUMERIC = {CellKind.NUMBER, CellKind.COUNT, CellKind.DATE}
LISTS = {CellKind.WORDS, CellKind.NAMES, CellKind.CODES}

INVISIBLE = re.compile(f"[{UNSEEN}]")
INVISIBLE_IN_TEXT = re.compile(f"[{UNSEEN_IN_TEXT}]")
_SECOND_FORM = re.compile(f"[{SECOND_FORMS}]")
_ACCENT = re.compile(f"[{ACCENTS}]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_EXCEL_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|DIV/0!|N/A|NULL!|NUM!|#+)")
# What Excel runs: a = whatever follows it, another sign with something right behind it.
_RUN = r"\s*(?:=|[+\-@]\S)"
_FORMULA = re.compile(_RUN)
_FORMULA_OR_GUARDED = re.compile(f"'*{_RUN}")
_GUARDED = re.compile(f"'+{_RUN}")

# Signs of damage. One search over a whole column shows whether any cell needs a closer look.
_ODD_SIGNS = (FORBIDDEN, INVISIBLE, _PRIVATE, _SECOND_FORM, _ACCENT)
_ODD = re.compile("[" + "".join(signs.pattern[1:-1] for signs in _ODD_SIGNS) + "\ufffd#]")
_SIGNS = tuple("=+-@'")
_ODD_BEGINNING = re.compile("\n[=+\\-@']")

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
DAMAGED_DATE = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{4}[-/]\d{1,2}[-/]\d{1,2}"
    rf"|\d{{1,2}}-{_MONTH}|{_MONTH}-\d{{1,2}}"
)
# One blank between each: 罗　成, 黄 文 献. Four apart may be two people: 林 晨 黄 薇.
_PADDED = re.compile(rf"[{HAN}](?:\s+[{HAN}]){{1,2}}")
_SEPARATOR = re.compile(r"\s*[、，,；;\n]\s*")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a cell: the rule's identifier, the message, what to do."""

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
    return f"'{text}" if _FORMULA_OR_GUARDED.match(text) else text


def unguard(text: str) -> str:
    """The text without the ' that keeps Excel from running it."""
    return text[1:] if _GUARDED.match(text) else text


def parts(text: str | None) -> list[str]:
    """The members of a list cell: 罗成、左安红 → [罗成, 左安红]; None and blank give none."""
    return [part for part in _SEPARATOR.split(text) if part] if text else []


def with_members(text: str, names: Mapping[str, str]) -> str:
    """A list cell with some of its members replaced, the signs between them as typed."""
    pieces = re.split(rf"({_SEPARATOR.pattern})", text)
    return "".join(names.get(piece, piece) for piece in pieces)


def unpadded(text: str) -> str:
    """Names without the blanks inside them: 罗　成、左安红 → 罗成、左安红."""
    return "".join(map(_without_padding, re.split(rf"({_SEPARATOR.pattern})", text)))


def _without_padding(part: str) -> str:
    """One name without the blanks inside it; any other text as it is."""
    return "".join(part.split()) if _PADDED.fullmatch(part) else part


def oddities(text: str, kind: CellKind) -> Iterator[Flaw]:
    """What is odd about a cell, and may print or be saved in another way than it looks."""
    if kind is CellKind.TEXT and (bad := INVISIBLE_IN_TEXT.search(text)):
        message = f"{_which(bad)}看不见（{_code(bad)}）"
        yield Flaw("invisible", message, "运行 make fmt 可以去掉", "warning")
    if kind is CellKind.TEXT and (bad := _SECOND_FORM.search(text)):
        yield Flaw("second-form", _second_form(bad), "运行 make fmt 可以换成平常的字", "warning")
    if bad := _PRIVATE.search(text):
        message = f"{_which(bad)}是本机造的字（{_code(bad)}），换一台电脑就显示不出来"
        yield Flaw("private-character", message, "换成标准字", "warning")
    if kind not in NUMERIC and _FORMULA.match(text):
        message = f"以“{text.strip()[0]}”开头，用 Excel 打开再保存会变成公式或者 #NAME?"
        yield Flaw("formula", message, "运行 make fmt 会在前面加一个单引号，打印时不带", "warning")


def refuse_damage(text: str, kind: CellKind) -> None:
    """Raise CellError on characters that were lost or that no document can hold."""
    if len(text) > LONGEST:
        raise CellError("too-long", f"超过 {LONGEST} 个字，Excel 保存时会截断", "分成几格或者精简")
    if is_suspect(text):
        _refuse_character(text, kind)
    if "?" in text and kind is not CellKind.TEXT and kind not in NUMERIC:
        raise CellError(
            "lost-character",
            "有问号，多半是 GBK 里没有的字，保存时丢了",
            "补上这个字，另存为“CSV UTF-8（逗号分隔）”或者 .xlsx",
        )


def _refuse_character(text: str, kind: CellKind) -> None:
    """Raise CellError on the first character, or error value of Excel, that may not stand here."""
    if bad := FORBIDDEN.search(text):
        raise CellError(
            "forbidden-character",
            f"{_which(bad)}是 Word 文件不能有的控制字符（{_code(bad)}）",
            "删掉这个看不见的字符，重新输入",
        )
    if "\ufffd" in text:
        raise CellError("lost-character", "有一个字已经变成了乱码“\ufffd”", "补上原来的字")
    if bad := _EXCEL_ERROR.match(text):
        raise CellError("excel-error", f"Excel 的错误值 {bad[0]} 代替了原来的内容", "重新输入")
    if kind is not CellKind.TEXT and (bad := INVISIBLE.search(text)):
        message = f"{_which(bad)}看不见（{_code(bad)}），会和别处的写法对不上"
        raise CellError("invisible", message, "运行 make fmt 可以去掉")
    if kind is not CellKind.TEXT:
        _refuse_twin(text)


def _refuse_twin(text: str) -> None:
    """Raise CellError on a character that looks like another one, or like two."""
    if bad := _SECOND_FORM.search(text):
        raise CellError("second-form", _second_form(bad), "运行 make fmt 可以换成平常的字")
    if bad := _ACCENT.search(text):
        message = f"{_which(bad)}是单独的附加符号（{_code(bad)}），会和别处的写法对不上"
        can_be_mended = _ACCENT.search(composed(text)) is None
        raise CellError(
            "accent", message, "运行 make fmt 可以合成一个字" if can_be_mended else "删掉"
        )


def _second_form(match: re.Match[str]) -> str:
    """What is wrong with a radical that stands for a character."""
    plain = without_second_forms(match[0])
    return (
        f"{_which(match)}（{_code(match)}）看上去是“{plain}”，其实是另一个字，会和别处的写法对不上"
    )


def _which(match: re.Match[str]) -> str:
    """Which character of the cell it is, counted from 1."""
    return f"第{match.start() + 1}个字符"


def _code(match: re.Match[str]) -> str:
    return f"U+{ord(match[0]):04X}"


def date_damage() -> CellError:
    """What Excel does to 1-2: it stores a date."""
    hint = "把这一列的格式改成“文本”，重新输入"
    return CellError("date-damage", "Excel 把这里的内容变成了日期", hint)
