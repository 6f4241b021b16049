"""What a form's words mean: the headings of its columns and the fields above its table."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A row is a head when one of its cells is a heading of names, word for word: a name or an answer
# could have any of the other words in it.
_NAME = re.compile("(?:考核|绩效|评估|工作|区)*指标(?:名称|内容|项目)?|(?:项目|工作|任务)名称")
_COLUMNS = (
    ("measures", re.compile("整改|措施|时限|下一步|打算")),
    ("problems", re.compile("问题|困难|不足")),
    ("progress", re.compile("进展|进度|(?:完成|落实|推进)情况")),
    ("number", re.compile("序号?|编号|No\\.?")),
)
_LONGEST = 24  # characters of a heading; what is longer is an answer
_EARLIER = ("上期", "上一期", "上次", "参考")

_LABELS = {
    "group": r"填报组队|填报单位|填报科室|组\s*队",
    "reporter": r"填\s*报\s*人|填\s*表\s*人",
    "day": r"填报时间|填报日期|填表时间|填表日期|日\s*期",
}
_FIELD = re.compile("(" + "|".join(f"(?:{labels})" for labels in _LABELS.values()) + r")\s*[：:]")
_BLANK_DATE = re.compile(r"[\s_]*年[\s_]*月[\s_]*日[\s_]*")


def columns(cells: Sequence[str]) -> dict[int, str] | None:
    """Place in the row → what the column holds, None for a row that is no head.

    A head has a column for the names of indicators and one for answers at least. One of what was
    said before (上期…), which a form may show for reference, is none.
    """
    found: dict[int, str] = {}
    for place, text in enumerate(cells):
        heading = "".join(text.split())
        if heading.startswith(_EARLIER):
            return None
        field = _field(heading)
        if field is not None and field not in found.values():
            found[place] = field
    has_answers = {"progress", "problems", "measures"} & {*found.values()}
    return found if "name" in found.values() and has_answers else None


def _field(heading: str) -> str | None:
    if not heading or len(heading) > _LONGEST:
        return None
    if _NAME.fullmatch(heading):
        return "name"
    return next((field for field, words in _COLUMNS if words.search(heading)), None)


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row holds the fields above a table: 填报组队：综合组 begins it."""
    first = next((text.strip() for text in cells if text.strip()), "")
    return _FIELD.match(first) is not None


def is_earlier(cells: Sequence[str]) -> bool:
    """Whether a row is the head of a table shown for reference, which nobody fills in."""
    headings = ["".join(text.split()) for text in cells]
    return any(map(_NAME.fullmatch, headings)) and any(h.startswith(_EARLIER) for h in headings)


def header_fields(text: str) -> dict[str, str]:
    """What the lines above a table say: 填报组队：综合组 → {"group": "综合组"}."""
    pieces = _FIELD.split(text)
    found: dict[str, str] = {}
    for label, value in zip(pieces[1::2], pieces[2::2], strict=True):
        field = next(f for f, labels in _LABELS.items() if re.fullmatch(labels, label))
        line = value.strip("\t ").partition("\n")[0] if field != "day" else value
        found.setdefault(field, _value(line))
    return found


def _value(text: str) -> str:
    value = " ".join(text.split())
    return "" if _BLANK_DATE.fullmatch(value) else value
