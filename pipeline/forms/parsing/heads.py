"""What a form's words mean: the headings of its columns and the fields above its table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# A row is a head when one of its cells is a heading of names, word for word: a name or an answer
# could have any of the other words in it.
_NAME = re.compile(
    "(?:考核|绩效|评估|工作|区|二级|三级)*指标(?:名称|内容|项目)?(?:[（(].*[）)])?|(?:项目|工作|任务)名称"
)
_COLUMNS = (
    ("measures", re.compile("整改|措施|时限|下一步|打算")),
    ("problems", re.compile("问题|困难|不足")),
    ("progress", re.compile("进展|进度|(?:完成|落实|推进)情况")),
    ("number", re.compile("序号?|编号|No\\.?")),
)
_OWN = ("指标工作进展情况", "存在的问题", "下一步整改措施及完成时限")  # of the form itself
_LONGEST = 40  # characters of a heading; what is longer is an answer
_EARLIER = ("上期", "上一期", "上次", "参考")

# 日期 and 组队 are parts of other words too: 截止日期, 各组队.
_LABELS = {
    "group": r"填报组队|填报单位|填报科室|(?<![\u4e00-\u9fff])组\s*队",
    "reporter": r"填\s*报\s*人|填\s*表\s*人",
    "day": r"填报时间|填报日期|填表时间|填表日期|(?<![\u4e00-\u9fff])日\s*期",
}
WORDS = {"group": "填报组队", "reporter": "填报人", "day": "填报时间"}
_FIELD = re.compile(  # 填报人： or 填报人（签字）：
    f"({'|'.join(_LABELS.values())})" + r"(?:[（(][^（）()]{1,8}[）)])?\s*[：:]"
)
# A label that the form does not have, behind a value: 张三 联系电话：123456.
_OTHER_LABEL = re.compile(r"(?<![\s，,；;（(])[\s，,；;（(]+[\u4e00-\u9fff]{2,8}[：:]")
_DAY = re.compile("[日号]|\\d")
_REFERENCE = "供参考，不用填"
_BLANK_DATE = re.compile(r"[\s_]*年[\s_]*月[\s_]*日[\s_]*")


def columns(cells: Sequence[str]) -> dict[int, str] | None:
    """Place in the row → what the column holds, None for a row that is no head.

    A head has a column for the names of indicators and one for answers at least. Of several columns
    that might be the same one, the one that is named as in the form itself is it; columns of what
    was said before (上期…), which a form may show for reference, are not for answers.
    """
    if not _may_be_head(cells):
        return None
    fields = {place: field for place, text in enumerate(cells) if (field := _field(_heading(text)))}
    found = {}
    for field in dict.fromkeys(fields.values()):
        places = [place for place in fields if fields[place] == field]
        own = [place for place in places if _heading(cells[place]) in _OWN]
        found[(own or places)[0]] = field  # 工作进度（%） stands beside 指标工作进展情况
    has_answers = {"progress", "problems", "measures"} & {*found.values()}
    return found if "name" in found.values() and has_answers else None


def _may_be_head(cells: Sequence[str]) -> bool:
    """Most rows are no heads, and a glance shows it."""
    return any("指标" in text or "名称" in text for text in cells if len(text) < 2 * _LONGEST)


def _heading(text: str) -> str:
    """A heading without blanks and without a second language: 指标名称⏎Indicator."""
    return re.sub(r"[A-Za-z]{3,}", "", "".join(text.split())).strip("/")


def _field(heading: str) -> str | None:
    if not heading or len(heading) > _LONGEST or heading.startswith(_EARLIER):
        return None
    if _NAME.fullmatch(heading):
        return "name"
    return next((field for field, words in _COLUMNS if words.search(heading)), None)


def is_header(cells: Sequence[str], *, headed: bool = False) -> bool:
    """Whether a row holds the fields above a table: 填报组队：综合组 begins it.

    Below a head (`headed`) an answer may begin like a field, 日期：6月: there several must.
    """
    texts = [text.strip() for text in cells if text.strip()]
    begins = [("：" in text or ":" in text) and bool(_FIELD.match(text)) for text in texts]
    return any(begins) and (not headed or sum(begins) > 1)


def is_remark(text: str) -> bool:
    """Whether a row of one cell is the form's remark: 备注：请各组队……"""
    return re.match(r"\s*[备附]?注\s*[：:]", text) is not None


def is_earlier(cells: Sequence[str]) -> bool:
    """Whether a row is the head of a table shown for reference, which nobody fills in."""
    if not _may_be_head(cells):
        return False
    headings = [*map(_heading, cells)]
    named = any(map(_NAME.fullmatch, headings))
    return named and columns(cells) is None and any(h.startswith(_EARLIER) for h in headings)


def announces_earlier(text: str) -> bool:
    """Whether a paragraph announces such a table: 附：上半年填报情况（供参考，不用填）."""
    return _REFERENCE in text


def looks_like_head(cells: Sequence[str]) -> bool:
    """Whether a row is the head of some other table about indicators."""
    return any(_NAME.fullmatch(_heading(text)) for text in cells)


def below(upper: Sequence[str], lower: Sequence[str | None]) -> dict[int, str] | None:
    """The columns of a head of two rows, None where the second is no head.

    `lower` has None for the cells that the first row's cells go down into, `upper` what these say.
    """
    said = [own if own is not None else over for own, over in zip(lower, upper, strict=True)]
    own = [text for text in lower if text is not None]
    return columns(said) if own and all(_field(_heading(text)) for text in own) else None


@dataclass(frozen=True, slots=True)
class Header:
    """What the lines above a table say: {"group": "综合组"}, and what belongs to no field."""

    fields: Mapping[str, str]
    others: tuple[str, ...]


def header(text: str) -> Header:
    """The fields in the lines above a table, such as 填报组队：综合组; the nearest to it count."""
    before, *pieces = _FIELD.split(text)
    found: dict[str, str] = {}
    others = [before]
    for label, value in zip(pieces[::2], pieces[1::2], strict=True):
        field = next(f for f, labels in _LABELS.items() if re.fullmatch(labels, label))
        own, other = _parted(value, whole=field == "day")
        if found.get(field) and own and found[field] != own:
            others.append(f"{WORDS[field]}：{found[field]}")  # of a letter, of the form above
        found[field] = own or found.get(field, "")
        others.append(other)
    lines = (line.strip() for text in others for line in re.split("[\n\t]", text))
    return Header(found, tuple(filter(None, lines)))


def _parted(text: str, *, whole: bool) -> tuple[str, str]:
    """A field's value, and what stands behind it: another label, cell, or paragraph.

    A day may go on there (`whole`), when the first line is none.
    """
    line, broken, more = text.strip("\t ").partition("\n")
    cell, parted, beside = line.partition("\t")
    if not whole or _DAY.search(cell):
        line, more = cell, f"{beside}{broken}{more}"
        broken = parted
    elif not _DAY.search(line):
        line, broken, more = text, "", ""
    other = _OTHER_LABEL.search(line)
    own, rest = (line, "") if other is None else (line[: other.start()], line[other.start() :])
    return said(own), f"{rest}{broken}{more}"


def said(text: str) -> str:
    """A field's value on one line; nothing for the form's own 年  月  日."""
    value = " ".join(text.split())
    return "" if _BLANK_DATE.fullmatch(value) else value
