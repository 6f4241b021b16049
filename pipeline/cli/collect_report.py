"""What `jixiao collect` did, as text for a clerk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.errors import errors_in, shorten
from pipeline.forms.returned.merge_forms import MergeOutcome
from pipeline.recipes.collect import CollectResult
from pipeline.recipes.uncollect import FORMER


def summary(done: CollectResult) -> Iterator[str]:
    """A line for each form that was collected, and what was written."""
    for outcome in done.outcomes:
        if outcome.result.group:
            yield _line(outcome, done.names)
    errors = len(errors_in(done.problems))
    if errors:
        yield f"有 {errors} 处没有收（上面带“错误”的），其余的不受影响"
    if done.written:
        yield f"写好 {'、'.join(done.written)}，原来的在旁边，多一个 {FORMER}"
    elif not done.changes:
        yield "表格没有变化"


def _line(outcome: MergeOutcome, names: Mapping[str, str]) -> str:
    """What became of a form's answers, in numbers."""
    result = outcome.result
    counts = {
        "新填": outcome.new,
        "更新": outcome.changed,
        "没有变化": outcome.same,
        "没有收": outcome.kept_out,
        "空着": len(result.blank),
    }
    text = "，".join(f"{word} {count} 项" for word, count in counts.items() if count)
    if outcome.emptied:
        emptied = "、".join(f"{code} {names[code]}" for code in outcome.emptied)
        text += f"（其中 {emptied} 以前填过，没有动）"
    return f"{shorten(result.file, 500)}：{result.group}，{result.period}，{text or '没有内容'}"
