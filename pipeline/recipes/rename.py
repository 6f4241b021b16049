"""The recipe of `jixiao rename`: a group, a section, a person or an 编号 gets another name.

Every table and edition.toml change at once, all or none. Free text that mentions the old name is
left as it is and reported.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.checks.load import readable
from pipeline.checks.run import run_checks
from pipeline.delivery.files import as_output_error, locked, write_files
from pipeline.errors import InputError, OutputError, Problem, errors_in
from pipeline.recipes.change import Change
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import LISTS, Flaw, parts, unguard, with_members
from pipeline.tables.csv_file import decoded_csv, read_csv
from pipeline.tables.decode import OWN, Decoded
from pipeline.tables.edition import Edition
from pipeline.tables.folder import BOOK
from pipeline.tables.groups import names_of_groups
from pipeline.tables.indicators import titles
from pipeline.tables.reader import read_sheet
from pipeline.tables.settings import FILE
from pipeline.tables.sheet import Sheet
from pipeline.tables.suggestions import Vocabulary
from pipeline.tables.toml_file import parse_settings
from pipeline.tables.writer import csv_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a name can be the name of: the columns and the settings in which it stands."""

    noun: str
    columns: tuple[tuple[str, str], ...]  # table and field
    setting: str = ""
    single: bool = True  # it can stand in a list, and so has no 、 in it


GROUP = Kind(
    noun="组队",
    columns=(
        *(("sections", "lead"), ("sections", "participants"), ("findings", "section")),
        *(("progress", "group"), ("submissions", "group")),
    ),
    setting="return_to",
)
SECTION = Kind(
    noun="科室",
    columns=(("sections", "section"), ("indicators", "section"), ("findings", "section")),
    single=False,
)
PERSON = Kind(
    noun="人",
    columns=(
        *(("roster", "name"), ("indicators", "leader"), ("indicators", "person")),
        *(("findings", "person"), ("submissions", "reporter")),
    ),
)
CODE = Kind(
    noun="编号",
    columns=(("indicators", "id"), ("progress", "indicator")),
    setting="repeat_labels_at",
)
KINDS = (GROUP, SECTION, PERSON, CODE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """What a name is the name of, the files that change, and where the old name is left."""

    kinds: tuple[Kind, ...]
    changes: tuple[Change, ...]
    left: tuple[Problem, ...]


def rename(folder: Path, old: str, new: str, *, dry_run: bool = False) -> Renaming:
    """Rename in the edition in `folder`; raises JixiaoError, and then nothing was written.

    A name that one table has already by hand, such as sections.csv, is brought into the others.
    """
    with nullcontext() if dry_run else locked(folder):
        edition = readable(folder)
        kinds = _kinds(edition, old)
        _refuse(edition, kinds, old, new)
        names = {kind: {old: new} for kind in kinds}
        if GROUP in kinds:
            wordings = _wordings(edition, old, new)
            names[SECTION] = {**names.get(SECTION, {}), **wordings}
        changes = [
            *_table_changes(folder, edition, names),
            *_settings_changes(folder, kinds, old, new),
        ]
        after = _changed_edition(edition, changes)
        if not dry_run:
            with as_output_error(folder):
                write_files(folder, {change.path.name: change.after for change in changes})
    return Renaming(kinds=tuple(kinds), changes=tuple(changes), left=tuple(_left(after, old, new)))


def _kinds(edition: Edition, name: str) -> list[Kind]:
    """What the name is the name of; raises OutputError where it is nothing's."""
    words = {kind: _words(edition, kind) for kind in KINDS}
    found = [kind for kind in KINDS if name in words[kind]]
    if not found:
        near = Vocabulary(word for each in words.values() for word in each).hint(name) or ""
        nouns = "、".join(kind.noun for kind in KINDS)
        raise OutputError(f"{edition.name} 里没有叫“{name}”的{nouns}。{near}".removesuffix("。"))
    return found


def _words(edition: Edition, kind: Kind) -> Vocabulary:
    """Every name of a kind in the tables."""
    return Vocabulary(
        word for table, field in kind.columns for word in _members(edition[table], field)
    )


def _members(sheet: Sheet, field: str) -> Iterator[str]:
    """The names in a column: the members of lists, else the cells."""
    is_list = sheet.table.column(field).kind in LISTS
    for cell in filter(None, sheet[field]):
        yield from parts(cell) if is_list else [cell]


def _refuse(edition: Edition, kinds: Sequence[Kind], old: str, new: str) -> None:
    """Raise OutputError for a new name that cannot be, or that is another's."""
    nouns = "、".join(kind.noun for kind in kinds)
    if not new or old == new:
        raise OutputError("新名称要和原来的不一样，也不能空着")
    if any(kind.single for kind in kinds) and parts(new) != [new]:
        raise OutputError(f"“{new}”不能作{nouns}的名称：里面不能有顿号、逗号、分号和换行")
    if re.search(r"[\"'\\]", new):
        raise OutputError(f"“{new}”不能作{nouns}的名称：里面不能有英文引号和反斜线")
    groups = names_of_groups(edition)
    if GROUP in kinds and old in groups and new in groups:
        raise OutputError(f"已经有叫“{new}”的组队了，两个组队合成一个要手工改")
    if PERSON in kinds and [*edition["roster"]["name"]].count(old) > 1:
        raise OutputError(f"roster.csv 里有几个人叫“{old}”，分不清是哪一个，要手工改")


def _wordings(edition: Edition, old: str, new: str) -> dict[str, str]:
    """The wordings of 责任科室 that name a group, with its new name: 综合组牵头 → 办公室牵头.

    Left out: those in which it may be a part of another group's name.
    """
    longer = [name for name in names_of_groups(edition) if old in name and name != old]
    found = {}
    for wording, lead, others in edition["sections"].values("section", "lead", "participants"):
        is_named = bool(wording) and old in wording and old in [*parts(lead), *parts(others)]
        if is_named and not any(name in wording for name in longer):
            found[wording] = wording.replace(old, new)
    return found


def _table_changes(
    folder: Path, edition: Edition, names: Mapping[Kind, Mapping[str, str]]
) -> Iterator[Change]:
    """The tables in which names change; raises InputError for a workbook."""
    for table, sheet in edition.sheets.items():
        cells = dict(_cells(sheet, table, names))
        if cells:
            if sheet.source == BOOK:
                hint = "另存为“CSV UTF-8（逗号分隔）”"
                flaw = Flaw("workbook", "是 Excel 工作簿，程序不改写", hint)
                raise InputError([problem_at(flaw, sheet.file)])
            known = titles(edition["indicators"])
            yield replace(_table_change(folder / Path(sheet.file).name, sheet, cells), titles=known)


def _cells(
    sheet: Sheet, table: str, names: Mapping[Kind, Mapping[str, str]]
) -> Iterator[tuple[tuple[int, int], str]]:
    """Record of the file and column → the text of each cell that changes."""
    fields: dict[str, dict[str, str]] = {}
    for kind, renamed in names.items():
        for each, field in kind.columns:
            if each == table and field in sheet.column_index:
                fields.setdefault(field, {}).update(renamed)
    for field, renamed in fields.items():
        is_list = sheet.table.column(field).kind in LISTS
        for index, (cell,) in sheet.filled(field):
            text = with_members(cell, renamed) if is_list else renamed.get(cell, cell)
            if text != cell:
                yield (sheet.rows[index] - 2, sheet.column_index[field]), text


def _table_change(path: Path, sheet: Sheet, cells: Mapping[tuple[int, int], str]) -> Change:
    """The file with some cells changed; every other row and cell stays, blank ones too."""
    data = path.read_bytes()
    grid = read_csv(data, sheet.table)
    columns = [[unguard(cell) for cell in column] for column in grid.columns]
    for (record, column_index), text in cells.items():
        columns[column_index][record] = text
    after = csv_bytes([grid.top[0], *zip(*columns, strict=True)])
    before = decoded_csv(data, sheet.table)
    return Change(path=path, before=before, after=after, table=sheet.table)


def _settings_changes(folder: Path, kinds: Iterable[Kind], old: str, new: str) -> Iterator[Change]:
    """edition.toml, where a setting names what is renamed."""
    data = (folder / FILE).read_bytes()
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    before = text = data.decode("utf-8-sig")
    for kind in kinds:
        if kind.setting:
            text = _with_setting(text, kind.setting, old, new)
    if text != before:
        yield Change(path=folder / FILE, before=Decoded(before, OWN), after=mark + text.encode())


def _with_setting(text: str, key: str, old: str, new: str) -> str:
    """The text of edition.toml with a name changed in the value of a key, comments kept."""
    value = re.compile(rf"^(\s*{key}\s*=\s*)(\[[^\]]*\]|[^#\n]*)", re.MULTILINE)
    quoted = re.compile(rf"([\"']){re.escape(old)}\1")
    return value.sub(
        lambda found: found[1] + quoted.sub(lambda match: f"{match[1]}{new}{match[1]}", found[2]),
        text,
    )


def _changed_edition(edition: Edition, changes: Iterable[Change]) -> Edition:
    """The edition as it will be; raises InputError where it has errors that it had not before."""
    before = {*map(_place, errors_in(run_checks(edition)))}
    sheets, settings, problems = dict(edition.sheets), edition.settings, list[Problem]()
    for change in changes:
        if change.table is None:
            made, wrong = parse_settings(change.after, f"{edition.name}/{FILE}")
            settings = made or settings
        else:
            before |= {*map(_place, _errors_of(edition[change.table.name], change))}
            file = edition[change.table.name].file
            sheet, wrong = read_sheet(change.after, change.table, file)
            if sheet is not None:
                sheets[change.table.name] = sheet
        problems += wrong
    after = replace(edition, sheets=sheets, settings=settings)
    problems += run_checks(after)
    fresh = [problem for problem in errors_in(problems) if _place(problem) not in before]
    if fresh:
        raise InputError(fresh)
    return after


def _errors_of(sheet: Sheet, change: Change) -> list[Problem]:
    """The errors of single cells that a table has already."""
    _, problems = read_sheet(change.path.read_bytes(), sheet.table, sheet.file)
    return errors_in(problems)


def _place(problem: Problem) -> tuple[str, int | None, str | None, str]:
    """Where a problem is, and its rule: its words may change with the name."""
    return problem.file, problem.row, problem.column, problem.rule


def _left(edition: Edition, old: str, new: str) -> Iterator[Problem]:
    """The cells of free text that still mention the old name."""
    mention = re.compile(rf"(?<![A-Za-z0-9]){re.escape(old)}(?![A-Za-z0-9])")
    flaw = Flaw("rename", f"还写着“{old}”，没有改", "要改的手工改", "warning")
    for sheet in edition.sheets.values():
        for column in sheet.table.columns:
            for index, text in enumerate(sheet.raw.texts(column.field)):
                if mention.search(text.replace(new, "")):
                    yield sheet.raw.problem(index, column, flaw)
    for view, title in vars(edition.settings.titles).items():
        if old in title.replace(new, ""):
            yield edition.problem(f"titles.{view}", flaw)
    for phrase in edition.settings.indicators.phrases:
        if old in phrase.replace(new, ""):
            yield edition.problem("indicators.phrases", flaw)
