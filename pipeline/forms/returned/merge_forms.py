"""The forms of one call into both tables, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.forms.returned.merging import Entry, Key, Merge
from pipeline.forms.returned.reader import FormResult
from pipeline.forms.returned.selection import Selection
from pipeline.tables.sheet import Sheet

PROGRESS, SUBMISSIONS = TABLES = ("progress", "submissions")


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOutcome:
    """What became of a form: how many of its answers are new, changed, the same, kept out."""

    result: FormResult
    new: int
    changed: int
    same: int
    kept_out: int
    emptied: tuple[str, ...]  # 编号 that are blank now and were not before


def merges_into(sheets: Mapping[str, Sheet], results: Sequence[FormResult]) -> dict[str, Merge]:
    """A merge for each table, in the order of TABLES, for these forms.

    A form that came alone may be older than the one collected, where it is to replace that.
    """
    days = _days(sheets[SUBMISSIONS])
    older_too = len({_owner_and_day(result) for result in results}) == 1
    return {name: Merge(sheets[name], days=days, older_too=older_too) for name in TABLES}


def merge_forms(
    results: Sequence[FormResult], merges: Mapping[str, Merge], replace: Selection
) -> list[MergeOutcome]:
    """Merge the forms, the latest first: what it says no older one changes.

    The outcomes stand in the order of the forms.
    """
    outcomes: dict[int, MergeOutcome] = {}
    for number, result in sorted(enumerate(results), key=_day_of_numbered, reverse=True):
        outcomes[number] = _merge(result, merges, replace)
    return [outcomes[number] for number in range(len(results))]


def _days(submissions: Sheet) -> dict[Key, str]:
    """Period and group → the day of the form that was collected."""
    rows = submissions.values("period", "group", "day")
    return {(period, group): str(day or "") for period, group, day in rows}


def _owner_and_day(result: FormResult) -> tuple[str, str, str]:
    return result.period, result.group, _day(result)


def _day_of_numbered(numbered: tuple[int, FormResult]) -> str:
    _, result = numbered
    return _day(result)


def _day(result: FormResult) -> str:
    return result.submission.day if result.submission else ""


def _merge(result: FormResult, merges: Mapping[str, Merge], replace: Selection) -> MergeOutcome:
    """Merge a form into both tables."""
    progress = merges[PROGRESS]
    before = _counts(progress)
    for entry in result.entries:
        progress.take(entry, replace=replace.covers(result.group, entry.key[-1]))
    after = _counts(progress)
    new, changed, same, kept_out = (now - then for now, then in zip(after, before, strict=True))
    if result.submission is not None:
        as_a_whole = replace.covers_group(result.group)
        rows_only = not kept_out and any(_is_chosen(entry, replace) for entry in result.entries)
        merges[SUBMISSIONS].take(result.submission, replace=as_a_whole or rows_only)
    key = (result.period, result.group)
    return MergeOutcome(
        result=result,
        new=new,
        changed=changed,
        same=same,
        kept_out=kept_out,
        emptied=tuple(code for code in result.blank if progress.has((*key, code))),
    )


def _is_chosen(entry: Entry, replace: Selection) -> bool:
    """Whether an entry's own row was named; with all its rows in, the form's day is as well."""
    _, group, code = entry.key
    return replace.covers(group, code)


def _counts(merge: Merge) -> tuple[int, int, int, int]:
    """How many entries are new, changed, the same and kept out up to now."""
    contradicting = {(each.entry.key, each.entry.source) for each in merge.conflicts}
    kept_out = len(contradicting) + len(merge.unreadable)
    return len(merge.added), len(merge.changed), len(merge.same), kept_out
