"""An edition: a folder of tables and edition.toml, read as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from pipeline.errors import InputError, Problem, Severity
from pipeline.tables import contract
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw
from pipeline.tables.contract import Table
from pipeline.tables.folder import READ, UNREAD, input_files
from pipeline.tables.reader import read_sheet
from pipeline.tables.settings import FILE, IndicatorSettings, Settings
from pipeline.tables.sheet import Sheet
from pipeline.tables.suggestions import Vocabulary
from pipeline.tables.toml_file import key_lines, line_of, parse_settings

_LARGEST = 100 << 20  # bytes of a table; one of 40,000 rows has 10 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one edition's folder holds; `sheets` is keyed by table name, such as "roster".

    A table that could not be read is missing from `sheets`: such an edition is only good for
    being checked.
    """

    name: str
    settings: Settings
    lines: Mapping[str, int]  # key of edition.toml → its line
    sheets: Mapping[str, Sheet]

    def __getitem__(self, table: str) -> Sheet:
        return self.sheets[table]

    def problem(self, key: str, flaw: Flaw, value: str | None = None) -> Problem:
        """A flaw in edition.toml, at a key such as indicators.total."""
        line = line_of(key, self.lines)
        return problem_at(flaw, f"{self.name}/{FILE}", line=line, header=key, value=value)


def tables(indicators: IndicatorSettings) -> tuple[Table, ...]:
    """The contracts of an edition's tables, in reading order."""
    return (
        contract.ROSTER,
        contract.SECTIONS,
        contract.indicators(
            indicators.labels, indicators.name, indicators.scores, indicators.extra
        ),
        contract.CLAUSES,
        contract.FINDINGS,
        contract.PROGRESS,
        contract.SUBMISSIONS,
    )


def read_edition(folder: Path) -> tuple[Edition | None, list[Problem]]:
    """The edition in `folder` and every problem of its files, each by itself.

    None when edition.toml, which names the columns, cannot be used.
    """
    chosen, lines, problems = _settings(folder)
    files = list(input_files(folder))
    problems += _strays(files)
    sheets: dict[str, Sheet] = {}
    for table in tables(chosen.indicators if chosen else IndicatorSettings()):
        if chosen is None and table.name == "indicators":
            continue  # its columns are unknown: complaints about them would be false alarms
        sheet, found = _sheet(folder, files, table)
        problems += found
        if sheet is not None:
            sheets[table.name] = sheet
    if chosen is None:
        return None, problems
    return Edition(name=folder.name, settings=chosen, lines=lines, sheets=sheets), problems


def read_settings(folder: Path) -> Settings:
    """The settings of the edition in `folder`; raises InputError."""
    chosen, _, problems = _settings(folder)
    if chosen is None:
        raise InputError(problems)
    return chosen


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems as a reader goes: edition.toml, then table by table, down and across."""
    files = [PurePath(FILE).stem, *_table_names()]
    return sorted(problems, key=lambda problem: _reading_position(problem, files))


def _reading_position(problem: Problem, files: Sequence[str]) -> tuple[int, int, int, str]:
    """File, row and column (first how many letters it has: Z before AA) of a problem."""
    stem = PurePath(problem.file).stem.lower()
    letters = (problem.cell or "").rstrip("0123456789")
    return _rank(stem, files), problem.row or 0, len(letters), letters


def _rank(stem: str, files: Sequence[str]) -> int:
    """Where a file comes in reading order: one that nobody reads comes last."""
    return files.index(stem) if stem in files else len(files)


def _table_names() -> list[str]:
    """The names of an edition's tables, in reading order."""
    return [table.name for table in tables(IndicatorSettings())]


def _settings(folder: Path) -> tuple[Settings | None, dict[str, int], list[Problem]]:
    """The settings, the line of each of their keys, and what is wrong with them."""
    path = folder / FILE
    file = f"{folder.name}/{path.name}"
    if not path.is_file():
        return None, {}, [_missing(path)]
    data = _content(path, file)
    if isinstance(data, Problem):
        return None, {}, [data]
    lines = key_lines(data.decode("utf-8-sig", "replace"))
    chosen, problems = parse_settings(data, file)
    return chosen, lines, [_with_line(problem, lines) for problem in problems]


def _with_line(problem: Problem, lines: Mapping[str, int]) -> Problem:
    """A problem of edition.toml with the line of its key."""
    if problem.column is None or problem.line is not None:
        return problem
    return replace(problem, line=line_of(problem.column, lines))


def _sheet(folder: Path, files: list[Path], table: Table) -> tuple[Sheet | None, list[Problem]]:
    """The table as read from the one file that holds it, and its problems."""
    found = _named(files, table)
    readable = [path for path in found if path.suffix.lower() in READ]
    if len(readable) > 1:
        names = "、".join(path.name for path in readable)
        flaw = Flaw("file-twice", f"同一张表有 {len(readable)} 个文件：{names}", "只留最新的一个")
        return None, [problem_at(flaw, f"{folder.name}/{readable[0].name}")]
    if not readable:
        return None, [] if found else [_missing(folder / table.file)]
    file = f"{folder.name}/{readable[0].name}"
    data = _content(readable[0], file)
    return (None, [data]) if isinstance(data, Problem) else read_sheet(data, table, file)


def _content(path: Path, file: str) -> bytes | Problem:
    """The bytes of a file, or why it cannot be read."""
    try:
        size = path.stat().st_size
        if size <= _LARGEST:
            return path.read_bytes()
    except OSError:
        return _unreadable(file)
    message = f"文件有 {size >> 20} MB，不像是一张表"
    return problem_at(Flaw("file-size", message, "看看是不是放错了文件"), file)


def _named(files: Sequence[Path], table: Table) -> list[Path]:
    """The files that are called as a table is, whatever their format."""
    return [path for path in files if path.stem.lower() == table.name]


def _missing(path: Path) -> Problem:
    if path.exists():  # a pipe would be waited for without end
        flaw = Flaw("file", "不是普通的文件", "换成真正的表格文件")
        return problem_at(flaw, f"{path.parent.name}/{path.name}")
    hint = "没有内容的表也要有文件，只写表头一行；可以从去年的文件夹里拷一份来改"
    return problem_at(Flaw("file", "没有这个文件", hint), f"{path.parent.name}/{path.name}")


def _unreadable(file: str) -> Problem:
    return problem_at(Flaw("file", "文件读不了", "是不是在 Excel、WPS 里开着，或者没有权限"), file)


def _strays(files: list[Path]) -> Iterator[Problem]:
    """Files that look like tables and that nobody reads."""
    names = Vocabulary(_table_names())
    for path in files:
        file, stem = f"{path.parent.name}/{path.name}", path.stem.lower()
        if path.suffix.lower() in UNREAD:
            yield problem_at(_other_format(is_table=stem in names), file)
        elif stem not in names and path.name != FILE:
            yield problem_at(_unknown_file(names.nearest(stem), path.suffix), file)


def _other_format(*, is_table: bool) -> Flaw:
    """What is wrong with a file in a format that is not read: worse if it is called as a table."""
    severity: Severity = "error" if is_table else "warning"
    hint = "另存为 .xlsx 或者“CSV UTF-8（逗号分隔）”"
    return Flaw("file-format", "程序不读这种格式", hint, severity)


def _unknown_file(near: str | None, suffix: str) -> Flaw:
    """What is wrong with a file that nobody reads; `near` is the table that may be meant."""
    hint = f"是不是应当叫 {near}{suffix}？" if near else "不用的表请移出这个文件夹"
    return Flaw("file-unknown", "程序不认识这个文件", hint, "warning")
