"""What could not be merged into a table, as problems of the forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.errors import Problem
from pipeline.forms.returned.merging import Conflict, Entry, Merge, is_older
from pipeline.tables.sheet import Sheet
from pipeline.typography import flat


def conflicts(merges: Iterable[Merge], names: Mapping[str, str]) -> Iterator[Problem]:
    """What stands there and differs, each value with where it stands and how to settle it.

    `names` maps 编号 to the names of the indicators.
    """
    for merge in merges:
        for conflict in merge.conflicts:
            yield _problem(conflict, merge.sheet, names)


def _problem(conflict: Conflict, sheet: Sheet, names: Mapping[str, str]) -> Problem:
    """A conflict as a problem."""
    entry = conflict.entry
    return Problem(
        file=entry.source,
        row=entry.row,
        column=sheet.table.column(conflict.field).header,
        rule="conflict",
        message=_message(conflict, sheet, names),
        hint=_older(conflict.old_day) if conflict.is_older else _hint(conflict),
        severity="warning" if conflict.is_older and conflict.asked else "error",
    )


def _message(conflict: Conflict, sheet: Sheet, names: Mapping[str, str]) -> str:
    """Both values, and what is kept out with the new one."""
    entry = conflict.entry
    where = _where(conflict, sheet)
    new = _new_value(entry.texts[conflict.field])
    others = (
        f"；一起没有收的{sheet.table.column(name).header}：{flat(entry.texts[name])}"
        for name in conflict.also_kept_out
    )
    key = _key(entry, names)
    old = f"里是“{flat(conflict.old)}”" if conflict.old else "里空着"
    return f"{key}：{where} {old}，{new}，没有收{''.join(others)}"


def _key(entry: Entry, names: Mapping[str, str]) -> str:
    """Period, group and, of an answer, the indicator with its name."""
    period, group, *code = entry.key
    return " ".join([period, group, *code, *(names[each] for each in code if each in names)])


def _where(conflict: Conflict, sheet: Sheet) -> str:
    return f"同一次收的 {conflict.old_source}" if conflict.old_source else sheet.file


def _new_value(text: str) -> str:
    return f"这份表是“{flat(text)}”" if text else "这份表这一格空着"


def _older(day: str) -> str:
    return f"这份表是较早的，已经收了 {day} 的；确实要用这份，单独收，加 REPLACE=1"


def _hint(conflict: Conflict) -> str:
    """How to settle a conflict with a form that is not older."""
    if conflict.old_source and conflict.asked:
        return "两份的填报时间一样，或者没有写：挑出要用的那一份，单独收"
    return "要用这份表的，加 --replace（make 写 REPLACE=1）再收一次"


def from_older_forms(
    progress: Merge, submissions: Merge, names: Mapping[str, str]
) -> Iterator[Problem]:
    """The warnings about rows of which the latest form says nothing, and an older one does."""
    for entry in progress.added:
        day = submissions.text(entry.key[:2], "day")
        if is_older(entry.day, day):
            key = _key(entry, names)
            yield Problem(
                file=entry.source,
                row=entry.row,
                rule="older",
                message=f"{key}：{day} 的那份表没有填这一行，收了这份 {entry.day} 的",
                hint="看看还作不作数",
                severity="warning",
            )


def unreadable(entry: Entry) -> Problem:
    """The problem of an entry that a CSV would not give back."""
    key, texts = " ".join(entry.key), "｜".join(map(flat, entry.texts.values()))
    message = f"{key}：英文逗号和换行排得像几行表格，存进 CSV 读不回来，没有收：{texts}"
    hint = "把英文逗号换成中文的“，”"
    return Problem(file=entry.source, row=entry.row, rule="quote", message=message, hint=hint)
