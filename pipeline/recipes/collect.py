"""The recipe of `jixiao collect`: returned files → forms → entries → progress.csv, submissions.csv.

Files are read first; then, under the edition's lock, the tables are read, merged and written whole,
the former ones beside them. What cannot be taken is told and costs nothing else.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.checks.load import checked
from pipeline.checks.run import run_checks
from pipeline.delivery.files import as_output_error, locked, write_files
from pipeline.errors import InputError, PackageError, Problem
from pipeline.forms.parsing.form import read_forms
from pipeline.forms.parsing.lines import Form
from pipeline.forms.returned.boilerplate import Boilerplate
from pipeline.forms.returned.files import documents
from pipeline.forms.returned.merging import Entry, Merge
from pipeline.forms.returned.owner import Choices
from pipeline.forms.returned.reader import FormReader, FormResult, named_editions
from pipeline.recipes.fmt import Change
from pipeline.tables.csv_file import decoded_csv
from pipeline.tables.edition import Edition
from pipeline.tables.reader import read_sheet
from pipeline.typography import flat

FORMER = ".bak"  # added to a table's name; no table is read from such a file
_FOURFOLD = re.compile(r"([^\W\d_][^…—._-]{1,99}?)\1{3}")
TABLES = ("progress", "submissions")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """A form as it was read from a file, or what is wrong with the file."""

    file: str
    form: Form | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOutcome:
    """What became of a form: how many of its answers are new, changed, known, kept out."""

    said: FormResult
    new: int
    changed: int
    same: int
    kept_out: int
    emptied: tuple[str, ...]  # 编号 that are blank now and were not before


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectResult:
    """What a call did: forms, problems, the tables' changes line by line, the files written."""

    taken: tuple[MergeOutcome, ...]
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]
    written: tuple[str, ...]


def read(paths: Iterable[Path], environment: Mapping[str, str]) -> list[FileResult]:
    """Every form in the files; a file that cannot be read is told and costs no other."""
    found: list[FileResult] = []
    for document in documents(paths, environment):
        try:
            if document.error is not None:
                raise document.error
            returned = read_forms(document.data)
        except PackageError as error:
            problem = Problem(file=document.name, rule="file", message=str(error))
            found.append(FileResult(file=document.name, form=None, problems=(problem,)))
            continue
        several = len(returned.forms) > 1
        for number, form in enumerate(returned.forms, 1):
            file = f"{document.name}（第{number}张表）" if several else document.name
            told = [*_told(file, returned.notes if number == 1 else ())]
            told += _fourfold(file, form) if document.converted else ()
            found.append(FileResult(file=file, form=form, problems=tuple(told)))
    return found


def editions(reads: Iterable[FileResult], known: Sequence[str]) -> list[str]:
    """The editions that the forms' marks name."""
    return named_editions([each.form for each in reads if each.form is not None], known)


def collect(
    reads: Sequence[FileResult],
    folder: Path,
    choices: Choices,
    *,
    template: Path,
    replace: bool = False,
    dry_run: bool = False,
) -> CollectResult:
    """Merge what was read into the tables of the edition in `folder`; raises JixiaoError.

    `template` is 附件4's. Values that stand in the tables and differ are conflicts, kept out unless
    `replace`.
    """
    forms = [(each.file, each.form) for each in reads if each.form is not None]
    told = [problem for each in reads for problem in each.problems]
    with nullcontext() if dry_run else locked(folder):
        edition, _ = checked(folder)
        printed = Boilerplate(template.read_bytes(), edition.name, edition.settings)
        reader = FormReader(edition, choices, printed, alone=len(forms) == 1)
        days = _days(edition) if len(forms) > 1 else {}
        merges = {name: Merge(edition[name], replace, days) for name in TABLES}
        taken = _taken([reader.read(file, form) for file, form in forms], merges)
        told += (problem for each in taken for problem in each.said.problems)
        try:
            changes = _changes(edition, folder, merges)
        except InputError as error:  # of a table: what was found in the forms is told as well
            raise InputError([*told, *error.problems]) from error
        if not dry_run:
            _write(folder, changes)
    return CollectResult(
        taken=tuple(taken),
        problems=(
            *told,
            *(_unreadable(each) for each in merges["progress"].unreadable),
            *_conflicts(edition, merges.values()),
        ),
        changes=tuple(changes),
        written=() if dry_run else tuple(each.path.name for each in changes),
    )


def _changes(edition: Edition, folder: Path, merges: Mapping[str, Merge]) -> list[Change]:
    """The tables that change; raises InputError for one that cannot be written, or gets wrong."""
    before = {name: _bytes(folder, edition, name) for name in TABLES}
    after = {name: merge.written(before[name]) for name, merge in merges.items()}
    _refuse_wrong(edition, after)
    return [
        Change(
            path=folder / _file(edition, name),
            before=decoded_csv(before[name], edition[name].table),
            after=after[name],
        )
        for name in TABLES
        if after[name] != before[name]
    ]


def _write(folder: Path, changes: Iterable[Change]) -> None:
    """The tables, and the former ones beside them: these first."""
    changes = [*changes]
    files = {each.path.name + FORMER: each.path.read_bytes() for each in changes}
    files |= {each.path.name: each.after for each in changes}
    with as_output_error(folder):
        write_files(folder, files)


def _days(edition: Edition) -> dict[tuple[str, ...], str]:
    """Period and group → the day of the form that was collected."""
    columns = (edition["submissions"][name] for name in ("period", "group", "day"))
    return {(period, group): str(day or "") for period, group, day in zip(*columns, strict=True)}


def _refuse_wrong(edition: Edition, after: Mapping[str, bytes]) -> None:
    """Raise InputError for tables that would not pass the checks: they passed before."""
    sheets, found = dict(edition.sheets), []
    for name, data in after.items():
        sheet, problems = read_sheet(data, edition[name].table, edition[name].file)
        found += problems
        if sheet is not None:
            sheets[name] = sheet
    found += run_checks(dataclasses.replace(edition, sheets=sheets))
    if wrong := [problem for problem in found if problem.severity == "error"]:
        raise InputError(wrong)


def summary(done: CollectResult) -> Iterator[str]:
    """A line for each form that was taken, and what was written."""
    for each in done.taken:
        if each.said.group:
            counts = {"新填": each.new, "更新": each.changed, "没有变化": each.same}
            counts |= {"没有收": each.kept_out, "空着": len(each.said.blank)}
            told = "，".join(f"{word} {count} 项" for word, count in counts.items() if count)
            if each.emptied:
                told += f"（其中 {'、'.join(each.emptied)} 以前填过，没有动）"
            yield f"{each.said.file}：{each.said.group}，{each.said.period}，{told or '没有内容'}"
    if left := sum(problem.severity == "error" for problem in done.problems):
        yield f"有 {left} 处没有收（上面带“错误”的），其余的不受影响"
    if done.written:
        yield f"写好 {'、'.join(done.written)}，原来的在旁边，多一个 {FORMER}"
    elif not done.changes:
        yield "表格没有变化"


def _taken(said: Sequence[FormResult], merges: Mapping[str, Merge]) -> list[MergeOutcome]:
    """Take the forms in the order of their days, so that of two the later one comes last."""
    days = [each.submission.day if each.submission else "" for each in said]
    became = {
        place: _take(said[place], merges)
        for place in sorted(range(len(said)), key=days.__getitem__)
    }
    return [became[place] for place in range(len(said))]


def _take(said: FormResult, merges: Mapping[str, Merge]) -> MergeOutcome:
    merge = merges["progress"]
    counts = [*map(len, _counted(merge))]
    for entry in said.entries:
        merge.take(entry)
    if said.submission is not None:
        merges["submissions"].take(said.submission)
    new, changed, same, kept_out = (
        len(now) - then for now, then in zip(_counted(merge), counts, strict=True)
    )
    emptied = tuple(code for code in said.blank if merge.has((said.period, said.group, code)))
    return MergeOutcome(
        said=said, new=new, changed=changed, same=same, kept_out=kept_out, emptied=emptied
    )


def _counted(merge: Merge) -> tuple[Sequence[Any], ...]:
    against = {(each.entry.key, each.entry.source) for each in merge.conflicts}
    return merge.added, merge.changed, merge.same, [*against, *merge.unreadable]


def _unreadable(entry: Entry) -> Problem:
    texts = "｜".join(map(flat, entry.texts.values()))
    message = (
        f"{' '.join(entry.key)}：英文逗号和换行排得像几行表格，存进 CSV 读不回来，没有收：{texts}"
    )
    hint = "把英文逗号换成中文的“，”"
    return Problem(file=entry.source, row=entry.row, rule="quote", message=message, hint=hint)


def _conflicts(edition: Edition, merges: Iterable[Merge]) -> Iterator[Problem]:
    """What stands there and differs, each value with where it stands and how to settle it."""
    days = _days(edition)
    for merge in merges:
        for conflict in merge.conflicts:
            entry, column = conflict.entry, merge.sheet.table.column
            stands = f"同一次收的 {conflict.since}" if conflict.since else merge.sheet.file
            new = entry.texts[conflict.field]
            said = f"这份表是“{flat(new)}”" if new else "这份表这一格空着"
            message = f"{' '.join(entry.key)}：{stands} 里是“{flat(conflict.old)}”，{said}，没有收"
            for name in conflict.beside:
                message += f"；一起没有收的{column(name).header}：{flat(entry.texts[name])}"
            hint = "要用这份表的，加 --replace（make 写 REPLACE=1）再收一次"
            day = conflict.since_day if conflict.since else days.get(entry.key[:2], "")
            older = bool(entry.day) and entry.day < day
            if older:
                hint = f"这份表是较早的，已经收了 {day} 的；确实要用这份，单独收，加 REPLACE=1"
            elif conflict.since and merge.replace:
                hint = "两份的填报时间一样，或者没有写：挑出要用的那一份，单独收"
            yield Problem(
                file=entry.source,
                row=entry.row,
                column=column(conflict.field).header,
                rule="conflict",
                message=message,
                hint=hint,
                severity="warning" if older and merge.replace else "error",
            )


def _told(file: str, texts: Iterable[str]) -> Iterable[Problem]:
    for text in texts:
        yield Problem(file=file, rule="document", message=text, severity="warning")


def _fourfold(file: str, form: Form) -> Iterator[Problem]:
    """What LibreOffice 7.4 leaves in a .doc of a control over a paragraph."""
    message = "同样的话写了四遍，是不是存坏了，看看原件"
    for line in form.lines:
        for answer in line.answers:
            if _FOURFOLD.search("".join(answer.split())):
                yield Problem(
                    file=file,
                    row=line.row,
                    rule="fourfold",
                    message=message,
                    value=answer,
                    severity="warning",
                )


def _file(edition: Edition, name: str) -> str:
    return Path(edition[name].file).name


def _bytes(folder: Path, edition: Edition, name: str) -> bytes:
    return (folder / _file(edition, name)).read_bytes()
