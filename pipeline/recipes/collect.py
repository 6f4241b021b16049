"""The recipe of `jixiao collect`: returned files → forms → entries → progress.csv, submissions.csv.

Files are read first; then, under the edition's lock, the tables are read, merged and written whole,
the former ones beside them. What cannot be taken is reported and costs nothing else.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.checks.load import checked
from pipeline.checks.run import run_checks
from pipeline.delivery.files import as_output_error, locked, write_files
from pipeline.errors import InputError, PackageError, Problem, errors_in
from pipeline.forms.parsing.form import read_forms
from pipeline.forms.parsing.lines import Form
from pipeline.forms.returned.boilerplate import Boilerplate
from pipeline.forms.returned.files import Document, documents
from pipeline.forms.returned.merge_forms import TABLES, MergeOutcome, merge_forms, merges_into
from pipeline.forms.returned.merge_problems import conflicts, from_older_forms, unreadable
from pipeline.forms.returned.merging import Merge
from pipeline.forms.returned.owner import CollectOptions
from pipeline.forms.returned.reader import FormReader, FormResult, named_editions
from pipeline.forms.returned.selection import NOTHING, Selection, refuse_unknown_names
from pipeline.ooxml.untrusted import Allowance
from pipeline.recipes.change import Change
from pipeline.recipes.uncollect import FORMER, NOTE, note
from pipeline.tables.csv_file import decoded_csv
from pipeline.tables.edition import Edition
from pipeline.tables.indicators import short_names, titles
from pipeline.tables.reader import read_sheet

_FOURFOLD = re.compile(r"([^\W\d_][^…—._-]{1,99}?)\1{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """A form as it was read from a file, or what is wrong with the file."""

    file: str
    form: Form | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectResult:
    """What a call did: forms, problems, the tables' changes line by line, the files written."""

    outcomes: tuple[MergeOutcome, ...]
    names: Mapping[str, str]  # 编号 → the indicator's short name
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]
    written: tuple[str, ...]


def read(paths: Iterable[Path], environment: Mapping[str, str]) -> list[FileResult]:
    """Every form in the files; a file that cannot be read is reported and costs no other."""
    results: list[FileResult] = []
    allowance = Allowance()
    for document in documents(paths, environment):
        try:
            results += _read_document(document, allowance)
        except PackageError as error:
            problem = Problem(file=document.name, rule="file", message=str(error))
            results.append(FileResult(file=document.name, form=None, problems=(problem,)))
    return results


def editions(files: Iterable[FileResult], names: Sequence[str]) -> list[str]:
    """The editions that the forms' tags name, of those that there are."""
    return named_editions([each.form for each in files if each.form is not None], names)


def collect(
    files: Sequence[FileResult],
    folder: Path,
    options: CollectOptions,
    *,
    template: Path,
    replace: Selection = NOTHING,
    dry_run: bool = False,
) -> CollectResult:
    """Merge what was read into the tables of the edition in `folder`; raises JixiaoError.

    `template` is 附件4's. Values that stand in the tables and differ are conflicts, kept out unless
    `replace` covers them.
    """
    with nullcontext() if dry_run else locked(folder):
        edition, _ = checked(folder)
        refuse_unknown_names(edition, {"--accept": options.accept, "--replace": replace})
        results = _read_entries(edition, files, options, template)
        problems = [*_problems(files), *_problems(results)]
        merges = merges_into(edition.sheets, results)
        outcomes = merge_forms(results, merges, replace)
        changes = _changes(edition, folder, merges, problems)
        if not dry_run:
            _write(folder, changes)
    problems += map(unreadable, merges["progress"].unreadable)
    names = short_names(edition["indicators"])
    problems += conflicts(merges.values(), names)
    problems += from_older_forms(merges["progress"], merges["submissions"], names)
    return CollectResult(
        outcomes=tuple(outcomes),
        names=names,
        problems=tuple(problems),
        changes=tuple(changes),
        written=() if dry_run else tuple(each.path.name for each in changes),
    )


def _read_document(document: Document, allowance: Allowance) -> Iterator[FileResult]:
    """Each form in a document; raises PackageError for one that cannot be read."""
    if document.error is not None:
        raise document.error
    parsed = read_forms(document.data, allowance)
    several = len(parsed.forms) > 1
    for number, form in enumerate(parsed.forms, 1):
        file = f"{document.name}（第{number}张表）" if several else document.name
        problems = [*_document_warnings(file, parsed.notes)] if number == 1 else []
        if document.converted:
            problems += _fourfold(file, form)
        yield FileResult(file=file, form=form, problems=tuple(problems))


def _document_warnings(file: str, texts: Iterable[str]) -> Iterator[Problem]:
    for text in texts:
        yield Problem(file=file, rule="document", message=text, severity="warning")


def _fourfold(file: str, form: Form) -> Iterator[Problem]:
    """Warnings about what LibreOffice 7.4 leaves in a .doc of a control over a paragraph."""
    message = "同样的话写了四遍，是不是存坏了，看看原件"
    for line in form.lines:
        for answer in filter(_is_fourfold, line.answers.values()):
            yield Problem(
                file=file,
                row=line.row,
                rule="fourfold",
                message=message,
                value=answer,
                severity="warning",
            )


def _is_fourfold(text: str) -> bool:
    return _FOURFOLD.search("".join(text.split())) is not None


def _read_entries(
    edition: Edition, files: Iterable[FileResult], options: CollectOptions, template: Path
) -> list[FormResult]:
    """What each form has for the tables of the edition."""
    forms = [(each.file, each.form) for each in files if each.form is not None]
    boilerplate = Boilerplate(template.read_bytes(), edition.name, edition.settings)
    reader = FormReader(edition, options, boilerplate, alone=len(forms) == 1)
    return [reader.read(file, form) for file, form in forms]


def _problems(results: Iterable[FileResult | FormResult]) -> list[Problem]:
    return list(chain.from_iterable(each.problems for each in results))


def _changes(
    edition: Edition, folder: Path, merges: Mapping[str, Merge], problems: Iterable[Problem]
) -> list[Change]:
    """The tables that change; raises InputError for one that cannot be written, or gets wrong.

    The error also has the `problems` of the forms, so that all are reported in one run.
    """
    paths = _paths(edition, folder)
    before = {name: path.read_bytes() for name, path in paths.items()}
    try:
        after = {name: merge.written(before[name]) for name, merge in merges.items()}
        _refuse_wrong(edition, after)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from error
    changed = [name for name in TABLES if after[name] != before[name]]
    return [
        Change(
            path=paths[name],
            before=decoded_csv(before[name], edition[name].table),
            after=after[name],
            table=edition[name].table,
            titles=titles(edition["indicators"]),
        )
        for name in changed
    ]


def _paths(edition: Edition, folder: Path) -> dict[str, Path]:
    """Table → its file in the edition's folder."""
    return {name: folder / Path(edition[name].file).name for name in TABLES}


def _refuse_wrong(edition: Edition, after: Mapping[str, bytes]) -> None:
    """Raise InputError for tables that would not pass the checks: they passed before."""
    sheets, problems = dict(edition.sheets), []
    for name, data in after.items():
        sheet, wrong = read_sheet(data, edition[name].table, edition[name].file)
        problems += wrong
        if sheet is not None:
            sheets[name] = sheet
    problems += run_checks(dataclasses.replace(edition, sheets=sheets))
    errors = errors_in(problems)
    if errors:
        raise InputError(errors)


def _write(folder: Path, changes: Sequence[Change]) -> None:
    """Write the tables, and the former ones beside them: these first."""
    before = {each.path.name: each.path.read_bytes() for each in changes}
    after = {each.path.name: each.after for each in changes}
    files = {name + FORMER: data for name, data in before.items()}
    if changes:
        files[NOTE] = note(before, after)
    files |= after
    with as_output_error(folder):
        write_files(folder, files)
