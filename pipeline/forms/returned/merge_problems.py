"""What could not be merged into a table, as problems of the forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.errors import Problem
from pipeline.forms.returned.merging import Conflict, Entry, Key, Merge
from pipeline.tables.sheet import Sheet
from pipeline.typography import flat


def conflicts(merges: Iterable[Merge], days: Mapping[Key, str]) -> Iterator[Problem]:
    """What stands there and differs, each value with where it stands and how to settle it.

    `days` maps period and group to the day of the form that was collected before.
    """
    for merge in merges:
        for conflict in merge.conflicts:
            collected = days.get(conflict.entry.key[:2], "")
            day = conflict.old_day if conflict.old_source else collected
            yield _problem(conflict, merge, day)


def _problem(conflict: Conflict, merge: Merge, day: str) -> Problem:
    """A conflict as a problem; `day` is that of the form with the other value."""
    entry = conflict.entry
    is_older = bool(entry.day) and entry.day < day
    return Problem(
        file=entry.source,
        row=entry.row,
        column=merge.sheet.table.column(conflict.field).header,
        rule="conflict",
        message=_message(conflict, merge.sheet),
        hint=_older(day) if is_older else _hint(conflict, replace=merge.replace),
        severity="warning" if is_older and merge.replace else "error",
    )


def _message(conflict: Conflict, sheet: Sheet) -> str:
    """Both values, and what is kept out with the new one."""
    entry = conflict.entry
    where = _where(conflict, sheet)
    new = _new_value(entry.texts[conflict.field])
    others = (
        f"；一起没有收的{sheet.table.column(name).header}：{flat(entry.texts[name])}"
        for name in conflict.also_kept_out
    )
    key = " ".join(entry.key)
    return f"{key}：{where} 里是“{flat(conflict.old)}”，{new}，没有收{''.join(others)}"


def _where(conflict: Conflict, sheet: Sheet) -> str:
    return f"同一次收的 {conflict.old_source}" if conflict.old_source else sheet.file


def _new_value(text: str) -> str:
    return f"这份表是“{flat(text)}”" if text else "这份表这一格空着"


def _older(day: str) -> str:
    return f"这份表是较早的，已经收了 {day} 的；确实要用这份，单独收，加 REPLACE=1"


def _hint(conflict: Conflict, *, replace: bool) -> str:
    """How to settle a conflict with a form that is not older."""
    if conflict.old_source and replace:
        return "两份的填报时间一样，或者没有写：挑出要用的那一份，单独收"
    return "要用这份表的，加 --replace（make 写 REPLACE=1）再收一次"


def unreadable(entry: Entry) -> Problem:
    """The problem of an entry that a CSV would not give back."""
    key, texts = " ".join(entry.key), "｜".join(map(flat, entry.texts.values()))
    message = f"{key}：英文逗号和换行排得像几行表格，存进 CSV 读不回来，没有收：{texts}"
    hint = "把英文逗号换成中文的“，”"
    return Problem(file=entry.source, row=entry.row, rule="quote", message=message, hint=hint)
