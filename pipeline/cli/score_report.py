"""A score as a table for a clerk, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from pipeline.cli.columns import aligned
from pipeline.typography import number
from pipeline.views.score import AssessmentView, FindingView, ScoreView, TrialView


def text(scores: Sequence[ScoreView]) -> str:
    """What a clerk reads: the ledger, the self-assessment by label, and what they make."""
    return "\n".join("\n".join(_lines(score)) + "\n" for score in scores)


def _lines(score: ScoreView) -> Iterator[str]:
    """The lines about one edition."""
    yield score.title
    if score.trial:
        yield from _trial(score, score.trial)
    if score.entries:
        yield from _ledger(score)
    else:
        yield "没有督查发现的问题，没有扣分和加分。"
    yield ""
    if score.assessment.assessed:
        yield from _assessment(score)
    yield from _outcome(score)


def _trial(score: ScoreView, trial: TrialView) -> Iterator[str]:
    yield f"连同草稿 {trial.file}：{_named('新增', trial.added)}，{_named('替换', trial.replaced)}"
    deducted, bonus = score.deducted - trial.deducted, score.bonus - trial.bonus
    yield f"比不算草稿{_change(deducted, '扣')}，{_change(bonus, '加')}"


def _named(what: str, ids: Sequence[str]) -> str:
    return f"{what} {len(ids)} 条" + (f"（{'、'.join(ids)}）" if ids else "")


def _change(points: Decimal, verb: str) -> str:
    return f"{'少' if points < 0 else '多'}{verb} {number(abs(points))} 分"


def _ledger(score: ScoreView) -> Iterator[str]:
    head = ["编号", "日期", "问题编号", "扣分", "加分", "依据"]
    rows = [_cells(entry) for entry in score.entries]
    total = ["合计", "", "", number(score.deducted), number(score.bonus), ""]
    yield from aligned([head, *rows, total], right={3, 4})


def _cells(entry: FindingView) -> list[str]:
    points = [_or_blank(entry.deducted), _or_blank(entry.bonus)]
    return [entry.id, str(entry.day), entry.issue, *points, entry.basis.removeprefix("依据：")]


def _or_blank(points: Decimal) -> str:
    return number(points) if points else ""


def _assessment(score: ScoreView) -> Iterator[str]:
    """The self-assessment by label as a table, and a blank line."""
    head = ["、".join(score.label_headings), "分值", "自评", "已评指标", "未评分值"]
    rows = [*_tree(score.assessment.parts, score.label_headings, 0)]
    total = ["合计", *_figures(score.assessment)]
    yield from aligned([head, *rows, total], right={1, 2, 3, 4})
    yield ""


def _tree(
    parts: Sequence[AssessmentView], headings: Sequence[str], level: int
) -> Iterator[list[str]]:
    """The cells of the parts, each followed by its own parts, which are set in."""
    for part in parts:
        name = part.name or f"（不分{headings[level]}）"
        yield ["  " * level + name, *_figures(part)]
        yield from _tree(part.parts, headings, level + 1)


def _figures(part: AssessmentView) -> list[str]:
    own = number(part.own) if part.assessed else ""
    counts = f"{part.assessed}/{part.count}"
    return [number(part.points), own, counts, _or_blank(part.unassessed)]


def _outcome(score: ScoreView) -> Iterator[str]:
    """What the edition can expect, and what is left out of it."""
    whole = score.assessment
    points = f"扣 {number(score.deducted)} 分，加 {number(score.bonus)} 分"
    if score.expected is None:
        yield f"{points}；还没有一个指标自评，不能算预计得分。"
        return
    assessed = f"自评 {number(whole.own)} 分（{whole.assessed}/{whole.count} 个指标）"
    out_of = f"已评 {number(whole.assessed_points)} 分中得 {number(score.expected)}"
    yield f"预计得分 {number(score.expected)} 分：{out_of}（{assessed}，{points}）。"
    if score.missing:
        left = f"另有 {number(whole.unassessed)} 分（{len(score.missing)} 个指标）"
        named = "；".join(f"{code} {score.names[code]}" for code in score.missing)
        yield f"{left}没有自评，不在内：{named}"


def as_json(scores: Sequence[ScoreView]) -> str:
    """Everything, for programs; points that are no whole numbers keep their decimals."""
    content = {"editions": [_content(score) for score in scores]}
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n"


_FINDING = (
    "id",
    "day",
    "issue",
    "note",
    "level",
    "clause",
    "section",
    "person",
    "deducted",
    "bonus",
    "basis",
)


def _content(score: ScoreView) -> dict[str, Any]:
    """An edition's score as JSON has it."""
    return {
        "edition": score.edition,
        "draft": _draft(score.trial) if score.trial else None,
        "deducted": score.deducted,
        "bonus": score.bonus,
        "expected": score.expected,
        "findings": [_finding(entry) for entry in score.entries],
        "assessment": _part(score.assessment),
        "missing": score.missing,
    }


def _finding(entry: FindingView) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _FINDING}


def _draft(trial: TrialView) -> dict[str, Any]:
    """What a draft changes, and the sums without it."""
    return {
        "file": trial.file,
        "added": trial.added,
        "replaced": trial.replaced,
        "deducted_before": trial.deducted,
        "bonus_before": trial.bonus,
    }


def _part(part: AssessmentView) -> dict[str, Any]:
    """A part of the self-assessment, with its own parts."""
    names = ("name", "points", "count", "own", "assessed", "unassessed")
    content = {name: getattr(part, name) for name in names}
    return {**content, "parts": [_part(each) for each in part.parts]}


def _plain(value: Any) -> Any:
    """A number or a day as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return str(value)


FORMATS: dict[str, Callable[[Sequence[ScoreView]], str]] = {"text": text, "json": as_json}
