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

from pipeline import output
from pipeline.build import checked
from pipeline.docx.form import read_forms
from pipeline.docx.lines import Form
from pipeline.errors import InputError, PackageError, Problem
from pipeline.fmt import Change
from pipeline.formats import flat
from pipeline.returned.files import documents
from pipeline.returned.reader import Reader, Said, named_editions
from pipeline.returned.whose import Choices
from pipeline.tables.checks import check
from pipeline.tables.edition import Edition
from pipeline.tables.grid import decoded_csv
from pipeline.tables.merging import Conflict, Entry, Merge
from pipeline.tables.reader import read_sheet

FORMER = ".bak"  # added to a table's name; no table is read from such a file
_FOURFOLD = re.compile(r"(\w[^…—.-]{1,99}?)\1{3}")
TABLES = ("progress", "submissions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A form as it was read from a file, or what is wrong with the file."""

    file: str
    form: Form | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a form: how many of its answers are new, changed, known, kept out."""

    said: Said
    new: int
    changed: int
    same: int
    kept_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What a call did: forms, problems, the tables' changes line by line, the files written."""

    taken: tuple[Taken, ...]
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]
    written: tuple[str, ...]


def read(paths: Iterable[Path], environment: Mapping[str, str]) -> list[Read]:
    """Every form in the files; a file that cannot be read is told and costs no other."""
    found: list[Read] = []
    for document in documents(paths, environment):
        try:
            if document.error is not None:
                raise document.error
            returned = read_forms(document.data)
        except PackageError as error:
            problem = Problem(file=document.name, rule="file", message=str(error))
            found.append(Read(file=document.name, form=None, problems=(problem,)))
            continue
        several = len(returned.forms) > 1
        for number, form in enumerate(returned.forms, 1):
            file = f"{document.name}（第{number}张表）" if several else document.name
            told = [*_told(file, returned.told if number == 1 else ())]
            told += _fourfold(file, form) if document.converted else ()
            found.append(Read(file=file, form=form, problems=tuple(told)))
    return found


def editions(reads: Iterable[Read], known: Sequence[str]) -> list[str]:
    """The editions that the forms' marks name."""
    return named_editions([each.form for each in reads if each.form is not None], known)


def collect(
    reads: Sequence[Read],
    folder: Path,
    choices: Choices,
    *,
    replace: bool = False,
    dry_run: bool = False,
) -> Collected:
    """Merge what was read into the tables of the edition in `folder`; raises JixiaoError.

    Values that stand in the tables and differ are conflicts, kept out unless `replace`.
    """
    with nullcontext() if dry_run else output.locked(folder):
        edition, _ = checked(folder)
        forms = [(each.file, each.form) for each in reads if each.form is not None]
        reader = Reader(edition, choices, alone=len(forms) == 1)
        merges = {name: Merge(edition[name], replace) for name in TABLES}
        taken = [_take(reader.read(file, form), merges) for file, form in forms]
        before = {name: _bytes(folder, edition, name) for name in TABLES}
        after = {name: merge.written(before[name]) for name, merge in merges.items()}
        _refuse_wrong(edition, after)
        changed = [name for name in TABLES if after[name] != before[name]]
        files = {_file(edition, name) + FORMER: before[name] for name in changed}
        files |= {_file(edition, name): after[name] for name in changed}
        if not dry_run:
            with output.told(folder):
                output.write_files(folder, files)
    return Collected(
        taken=tuple(taken),
        problems=(
            *(problem for each in reads for problem in each.problems),
            *(problem for each in taken for problem in each.said.problems),
            *(_unreadable(each) for each in merges["progress"].unreadable),
            *(_conflict(edition, each) for name in TABLES for each in merges[name].conflicts),
        ),
        changes=tuple(
            Change(
                path=folder / _file(edition, name),
                before=decoded_csv(before[name], edition[name].table),
                after=after[name],
            )
            for name in changed
        ),
        written=() if dry_run else tuple(_file(edition, name) for name in changed),
    )


def _refuse_wrong(edition: Edition, after: Mapping[str, bytes]) -> None:
    """Raise InputError for tables that would not pass the checks: they passed before."""
    sheets, found = dict(edition.sheets), []
    for name, data in after.items():
        sheet, problems = read_sheet(data, edition[name].table, edition[name].file)
        found += problems
        if sheet is not None:
            sheets[name] = sheet
    found += check(dataclasses.replace(edition, sheets=sheets))
    if wrong := [problem for problem in found if problem.severity == "error"]:
        raise InputError(wrong)


def summary(done: Collected) -> Iterator[str]:
    """A line for each form that was taken, and what was written."""
    for each in done.taken:
        if each.said.group:
            counts = {"新填": each.new, "更新": each.changed, "没有变化": each.same}
            counts |= {"没有收": each.kept_out, "空着": each.said.blank}
            told = "，".join(f"{word} {count} 项" for word, count in counts.items() if count)
            yield f"{each.said.file}：{each.said.group}，{each.said.period}，{told or '没有内容'}"
    if done.written:
        yield f"写好 {'、'.join(done.written)}，原来的在旁边，多一个 {FORMER}"
    elif not done.changes:
        yield "表格没有变化"


def _take(said: Said, merges: Mapping[str, Merge]) -> Taken:
    merge = merges["progress"]
    counts = [*map(len, _counted(merge))]
    for entry in said.entries:
        merge.take(entry)
    if said.submission is not None:
        merges["submissions"].take(said.submission)
    new, changed, same, kept_out = (
        len(now) - then for now, then in zip(_counted(merge), counts, strict=True)
    )
    return Taken(said=said, new=new, changed=changed, same=same, kept_out=kept_out)


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


def _conflict(edition: Edition, conflict: Conflict) -> Problem:
    entry, sheet = conflict.entry, edition["progress" if len(conflict.entry.key) > 2 else TABLES[1]]
    column = sheet.table.column(conflict.field)
    stands = f"同一次收的 {conflict.since}" if conflict.since else sheet.file
    new = entry.texts[conflict.field]
    return Problem(
        file=entry.source,
        row=entry.row,
        column=column.header,
        rule="conflict",
        message=f"{' '.join(entry.key)}：{stands} 里是“{flat(conflict.old)}”，"
        f"这份表是“{flat(new)}”，没有收",
        hint="要用这份表的，加 --replace（make 写 REPLACE=1）再收一次",
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
