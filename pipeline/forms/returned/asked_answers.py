"""状态 and 自评分 as people type them: 完成, √已完成。, 18分, 18/20."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from pipeline.forms.asked import CHOOSE
from pipeline.forms.returned.matching import plain
from pipeline.tables.cells import CellError
from pipeline.tables.contract import PROGRESS
from pipeline.tables.parsing import parse
from pipeline.tables.terms import Status
from pipeline.typography import number

# What each status is called beside its own name. 未完成 and 基本完成 are none of the four.
_OTHER_WORDS = {
    Status.NOT_STARTED: ("尚未开始", "还未开始", "没有开始", "未启动", "尚未启动"),
    Status.UNDERWAY: ("正在进行", "正在进行中", "正在推进", "推进中", "开展中", "正在开展"),
    Status.DONE: ("完成", "全部完成", "已全部完成", "已经完成"),
    Status.STUCK: ("困难", "存在困难", "遇到困难"),
}
_STATUSES = {word: status for status in Status for word in (status, *_OTHER_WORDS[status])}
_TICKED = re.compile(r"[√✓✔☑☒■●]\s*(\w+)")
_FULL_SCORE = re.compile(r"[(]?满分[:]?\s*(\d+(?:\.\d+)?)\s*分?[)]?")
_OUT_OF = re.compile(r"(.+?)分?\s*/\s*(\d+(?:\.\d+)?)\s*分?")
_AROUND_SCORE = re.compile(r"^(?:自评(?:得?分)?|得分)?[:]?\s*|[\s。.,;]+$")


def status(text: str) -> str:
    """The status that is meant; raises CellError where that is unclear."""
    ticked = _TICKED.findall(text)
    words = ticked if len(ticked) == 1 else [text.removeprefix(CHOOSE)]
    found = _STATUSES.get(plain(words[0]))
    if found is None:
        hint = f"写{'、'.join(Status)}里的一个"
        raise CellError("choice", "看不出是哪一种，这一格没有收", hint)
    return str(found)


def self_score(text: str, indicator: str, most: Decimal) -> str:
    """The score that a group gives itself on an indicator of `most` points, as printed.

    Raises CellError for what is no number, more than `most`, or out of another full score.
    """
    typed = unicodedata.normalize("NFKC", text)
    own, *full = _without_full_score(typed)
    if any(Decimal(each) != most for each in full):
        raise CellError("range", f"{indicator} 的满分是 {number(most)}，这一格没有收", "改好再收")
    score = _score(_AROUND_SCORE.sub("", own))
    if score > most:
        raise CellError("range", f"超过了 {indicator} 的满分 {number(most)}，这一格没有收")
    return number(score)


def _without_full_score(text: str) -> list[str]:
    """A text without the full score in it, and the full scores: 18/20 → 18, 20."""
    full = _FULL_SCORE.findall(text)
    own = _FULL_SCORE.sub("", text).strip()
    if out_of := _OUT_OF.fullmatch(own):
        own, full = out_of[1], [*full, out_of[2]]
    return [own, *full]


def _score(text: str) -> Decimal:
    """The number that a text is; raises CellError."""
    try:
        score: Decimal | None = parse(text, PROGRESS.column("self_score"))
    except CellError as error:
        flaw = error.flaw
        raise CellError(flaw.rule, f"{flaw.message}，这一格没有收", flaw.hint) from error
    if score is None:
        raise CellError("number", "没有写几分，这一格没有收", "只写数，例如 18")
    return score
