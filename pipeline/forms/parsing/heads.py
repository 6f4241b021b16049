"""What a form's words mean: the headings of its columns and the fields above its table."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.forms.control_tags import ANSWERS

# A row is a head when the whole text of one of its cells is a heading of names: any other words of
# a heading may stand in a name or an answer as well.
_NAME = re.compile(
    "(?:考核|绩效|评估|工作|区|二级|三级)*指标(?:名称|内容|项目)?(?:[（(].*[）)])?|(?:项目|工作|任务)名称"
)
_COLUMNS = (
    ("measures", re.compile("整改|措施|时限|下一步|打算")),
    ("problems", re.compile("问题|困难|不足")),
    ("progress", re.compile("进展|进度|(?:完成|落实|推进)情况")),
    ("number", re.compile("序号?|编号|No\\.?")),
)
# Narrow columns: nothing else may stand in their headings but how they are to be filled in.
_NARROW = (
    ("status", re.compile("(?:当前|目前|工作|完成|指标)?状态(?:[（(].*[）)])?")),
    ("self_score", re.compile("自评(?:得?分[数值]?)?(?:[（(].*[）)]|[，,：:]?满分.*)?|自我评分")),
)
_OF_THE_FORM = ("指标工作进展情况", "存在的问题", "下一步整改措施及完成时限")  # its own
_LONGEST = 40  # characters of a heading; what is longer is an answer
_EARLIER = ("上期", "上一期", "上次", "参考")

# 日期 and 组队 are parts of other words too: 截止日期, 各组队.
_LABELS = {
    "group": r"填报组队|填报单位|填报科室|(?<![\u4e00-\u9fff])组\s*队",
    "reporter": r"填\s*报\s*人|填\s*表\s*人",
    "day": r"填报时间|填报日期|填表时间|填表日期|(?<![\u4e00-\u9fff])日\s*期",
}
WORDS = {"group": "填报组队", "reporter": "填报人", "day": "填报时间"}
_LABEL = re.compile(  # 填报人： or 填报人（签字）：
    f"({'|'.join(_LABELS.values())})" + r"(?:[（(][^（）()]{1,8}[）)])?\s*[：:]"
)
# Behind a value, a label that the form does not have: 张三 联系电话：123456.
_OTHER_LABEL = re.compile(r"(?<![\s，,；;（(])[\s，,；;（(]+[\u4e00-\u9fff]{2,8}[：:]")
_DAY = re.compile("[日号]|\\d")
_REFERENCE = "供参考，不用填"
_BLANK_DATE = re.compile(r"[\s_]*年[\s_]*月[\s_]*日[\s_]*")


def columns(cells: Sequence[str]) -> dict[int, str] | None:
    """Index of a cell → what its column holds, None for a row that is no head.

    A head has a column for the names of indicators and one for answers at least. Of several columns
    that might be the same one, the one with the form's own heading is it; columns of what was
    reported earlier (上期…), which a form may show for reference, are not for answers.
    """
    if not _may_be_head(cells):
        return None
    headings = [_heading(text) for text in cells]
    found = {_best(indexes, headings): field for field, indexes in _candidates(headings).items()}
    return found if _make_a_head(found.values()) else None


def _make_a_head(fields: Collection[str]) -> bool:
    return "name" in fields and not {*ANSWERS}.isdisjoint(fields)


def _may_be_head(cells: Sequence[str]) -> bool:
    """Most rows are no heads, and a glance shows it."""
    return any("指标" in text or "名称" in text for text in cells if len(text) < 2 * _LONGEST)


def _heading(text: str) -> str:
    """A heading without blanks and without a second language: 指标名称⏎Indicator."""
    return re.sub(r"[A-Za-z]{3,}", "", "".join(text.split())).strip("/")


def _candidates(headings: Sequence[str]) -> dict[str, list[int]]:
    """Field → the indexes of the columns that might be it."""
    found: dict[str, list[int]] = {}
    for index, heading in enumerate(headings):
        field = _field(heading)
        if field is not None:
            found.setdefault(field, []).append(index)
    return found


def _best(indexes: Sequence[int], headings: Sequence[str]) -> int:
    """The column with the form's own heading (工作进度（%） may stand beside it), or the first."""
    own = (index for index in indexes if headings[index] in _OF_THE_FORM)
    return next(own, indexes[0])


def _field(heading: str) -> str | None:
    """What a column with this heading holds."""
    if not heading or len(heading) > _LONGEST or heading.startswith(_EARLIER):
        return None
    for field, words in (("name", _NAME), *_NARROW):
        if words.fullmatch(heading):
            return field
    return next((field for field, words in _COLUMNS if words.search(heading)), None)


def is_header(cells: Sequence[str], *, headed: bool = False) -> bool:
    """Whether a row holds the fields above a table: 填报组队：综合组 begins it.

    Below a head (`headed`) an answer may begin like a field, 日期：6月: there several must.
    """
    count = sum(map(_begins_with_label, cells))
    return count > 1 if headed else count > 0


def _begins_with_label(text: str) -> bool:
    return ("：" in text or ":" in text) and _LABEL.match(text.strip()) is not None


def is_remark(text: str) -> bool:
    """Whether a row of one cell is the form's remark: 备注：请各组队……"""
    return re.match(r"\s*[备附]?注\s*[：:]", text) is not None


def is_earlier_head(cells: Sequence[str]) -> bool:
    """Whether a row is the head of a table with what was reported earlier, shown for reference."""
    if not _may_be_head(cells):
        return False
    headings = [_heading(text) for text in cells]
    return _has_earlier(headings) and _has_name(headings) and columns(cells) is None


def announces_earlier(text: str) -> bool:
    """Whether a paragraph announces such a table: 附：上半年填报情况（供参考，不用填）."""
    return _REFERENCE in text


def looks_like_head(cells: Sequence[str]) -> bool:
    """Whether a row is the head of some other table about indicators."""
    return _has_name(map(_heading, cells))


def _has_earlier(headings: Iterable[str]) -> bool:
    return any(heading.startswith(_EARLIER) for heading in headings)


def _has_name(headings: Iterable[str]) -> bool:
    return any(map(_NAME.fullmatch, headings))


def columns_of_two_rows(upper: Sequence[str], lower: Sequence[str | None]) -> dict[int, str] | None:
    """The columns of a head of two rows, None where the second is no head.

    `lower` has None for the cells that the first row's cells go down into, `upper` the texts of
    these.
    """
    own = [text for text in lower if text is not None]
    if not own or not all(_field(_heading(text)) for text in own):
        return None
    pairs = zip(upper, lower, strict=True)
    return columns([above if below is None else below for above, below in pairs])


@dataclass(frozen=True, slots=True)
class Header:
    """What the lines above a table say: {"group": "综合组"}, and what belongs to no field."""

    fields: Mapping[str, str]
    others: tuple[str, ...]


def header(text: str) -> Header:
    """The fields in the lines above a table, such as 填报组队：综合组; the nearest to it count."""
    before, *pieces = _LABEL.split(text)
    fields: dict[str, str] = {}
    others = [before]
    for label, behind in zip(pieces[::2], pieces[1::2], strict=True):
        field = _field_of_label(label)
        value, rest = _parted(behind, is_day=field == "day")
        earlier = fields.get(field, "")
        if earlier and value and earlier != value:
            others.append(f"{WORDS[field]}：{earlier}")  # of a letter, of the form above
        fields[field] = value or earlier
        others.append(rest)
    return Header(fields, tuple(_lines(others)))


def _field_of_label(label: str) -> str:
    return next(field for field, words in _LABELS.items() if re.fullmatch(words, label))


def _lines(texts: Sequence[str]) -> Iterator[str]:
    """The lines and cells in the texts that are not blank."""
    pieces = re.split("[\n\t]", "\n".join(texts))
    return filter(None, map(str.strip, pieces))


def _parted(text: str, *, is_day: bool) -> tuple[str, str]:
    """A field's value, and what stands behind it: another label, cell, or paragraph."""
    piece, behind = _day_and_rest(text) if is_day else _first_cell(text)
    end = _end_of_value(piece)
    return field_value(piece[:end]), piece[end:] + behind


def _end_of_value(text: str) -> int:
    """Where another label begins, or the text ends."""
    label = _OTHER_LABEL.search(text)
    return len(text) if label is None else label.start()


def _first_cell(text: str) -> tuple[str, str]:
    """What stands before the first tab or line break, and what stands from there on."""
    stripped = text.strip("\t ")
    cell = re.split("[\n\t]", stripped, maxsplit=1)[0]
    return cell, stripped[len(cell) :]


def _day_and_rest(text: str) -> tuple[str, str]:
    """A day goes on in the next cell when the first has none, and then in the next lines."""
    cell, rest = _first_cell(text)
    if _DAY.search(cell):
        return cell, rest
    line, broken, more = text.strip("\t ").partition("\n")
    return (line, broken + more) if _DAY.search(line) else (text, "")


def filled(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a header in which something stands."""
    return {name: text for name, text in fields.items() if text}


def field_value(text: str) -> str:
    """A field's value on one line; nothing for the form's own 年  月  日."""
    value = " ".join(text.split())
    return "" if _BLANK_DATE.fullmatch(value) else value
