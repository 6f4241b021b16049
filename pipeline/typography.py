"""Numbers, dates, names and labels as official documents print them.

Shared by the Word documents and the web pages, so that both read the same. Pure functions of
text and numbers; nothing here knows a table or a template.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pipeline.lookalikes import folded

IDEOGRAPHIC_SPACE = "\u3000"

# XML 1.0, section 2.2: no document can hold these, so no Word file and no page can.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# Chinese characters, for a class of a regular expression.
HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_LONG = 10_000
_TWO_HAN = re.compile(f"[{HAN}]{{2}}")


def number(value: Decimal | int | float) -> str:
    """A number without padding: 30.0 → 30, 2.50 → 2.5, 1000 → 1000."""
    text = f"{value if isinstance(value, Decimal) else Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def padded_name(name: str) -> str:
    """A name of two characters with one ideographic space between, so that it is as wide as three.

    For name columns and lists of members only, never in running text. Other texts stay as they
    are: 林晨 → 林　晨, 黄文献 → 黄文献.
    """
    return IDEOGRAPHIC_SPACE.join(name) if _TWO_HAN.fullmatch(name) else name


def names_cell(cell: str, phrases: Iterable[str] = ()) -> str:
    """A cell of a name column: a single person padded, lists and declared phrases as typed."""
    return cell if cell in phrases else padded_name(cell)


def label(text: str, total: Decimal | None) -> str:
    """A merged label, with its total on a line of its own: 科学 → 科学⏎（140分）."""
    return text if total is None else f"{text}\n（{number(total)}分）"


def flat(text: str) -> str:
    """A text of several lines on one, for messages: 一⏎二."""
    return text.replace("\n", "⏎")


def is_gb2312(text: str) -> bool:
    """Whether GB 2312 has every character: the fonts of official documents have no others."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def squeezed(text: str) -> str:
    """A text without blanks, width, case and what nothing shows, for comparing, never to print."""
    if len(text) < _LONG:  # to put combining marks in order takes squared time
        text = folded(text)
    return re.sub(r"\s", "", text).casefold()


def full_date(day: date) -> str:
    """2023-09-30 → 2023年9月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def date_list(days: Iterable[date]) -> str:
    """Dates in a sentence, the year only where it changes: 2023年9月30日、12月31日."""
    parts: list[str] = []
    year = None
    for day in days:
        parts.append(full_date(day) if day.year != year else f"{day.month}月{day.day}日")
        year = day.year
    return "、".join(parts)


def blank_date() -> str:
    """A date to be filled in by hand, with room for two characters before each unit."""
    room = IDEOGRAPHIC_SPACE * 2
    return f"{room}年{room}月{room}日"


# What Windows, and so zip files made there, does not take in names, and what looks the same.
_FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in '<>:"/\\|?*'}
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST_NAME = 200  # bytes in UTF-8; file systems take 255, and an ending is added


def file_name(text: str, *, shorten: bool = False) -> str:
    """A name as one that files can have everywhere: 人事/老干科 → 人事／老干科.

    A name that is too long is cut where `shorten`; else raises ValueError, in Chinese.
    """
    name = unicodedata.normalize("NFC", re.sub(r"[\s\x00-\x1f]+", " ", text))
    name = name.translate(_FULL_WIDTH).strip(" .") or "_"
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    if not shorten:
        raise ValueError(f"太长，不能作文件名（{len(name)} 个字）")
    return name.encode()[:_LONGEST_NAME].decode(errors="ignore").rstrip(" .")
