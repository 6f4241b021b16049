"""The first row of a table: is it the head, and which column is which?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.errors import Problem, shorten
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import Flaw
from pipeline.tables.contract import Table
from pipeline.tables.grid import heading
from pipeline.tables.suggestions import Vocabulary


def no_head(top: Sequence[Sequence[str]], table: Table) -> Flaw | None:
    """Why the first row is not the table's head, where it shows none of its headers."""
    headers = set(table.headers)
    first = [heading(cell) for cell in top[0]] if top else []
    if headers.intersection(first):
        return None
    if headers.intersection("".join(first).split("，")):
        hint = "换成英文逗号，或者用 Excel、WPS 编辑"
        return Flaw("header", "表头是用中文逗号“，”隔开的", hint)
    for index, record in enumerate(top):
        if headers.intersection(map(heading, record)):
            message = f"第1行不是表头，表头在第{index + 1}行"
            return Flaw("header", message, "删掉表头上面的各行")
    expected = Vocabulary(table.headers)
    if any(map(expected.nearest, filter(None, first))):
        return None  # each wrong header is reported by itself
    read = "、".join(filter(None, first))
    message = f"表头认不出来，读到的是“{shorten(read)}”" if read else "没有表头"
    return Flaw("header", message, f"第1行写上表头：{'、'.join(table.headers)}")


def missing_columns(headers: Sequence[str], table: Table, file: str) -> Iterator[Problem]:
    """Columns that the contract demands and the head lacks."""
    known = {"", *table.headers}
    strays = Vocabulary(header for header in headers if header not in known)
    for column in table.columns:
        if column.present and column.header not in headers:
            flaw = Flaw("column", "缺少这一列", _missing_hint(column.header, strays))
            yield problem_at(flaw, file, row=1, line=1, header=column.header)


def _missing_hint(header: str, strays: Vocabulary) -> str:
    """What to do about a header that the head lacks, unless it is there misspelt."""
    near = strays.nearest(header)
    return f"表头里的“{near}”是不是应当写成“{header}”？" if near else "在第1行补上这一列"


def stray_columns(headers: Sequence[str], table: Table, file: str) -> Iterator[Problem]:
    """Columns that nobody reads, and columns that stand twice."""
    expected = Vocabulary(table.headers)
    for index, header in enumerate(headers):
        if header and header not in expected:
            flaw = _unknown(header, headers, table, expected)
            yield problem_at(flaw, file, row=1, line=1, column_index=index, header=header)
        elif header and header in headers[:index]:
            flaw = Flaw("column-twice", "这一列出现了两次", "删去多余的一列")
            yield problem_at(flaw, file, row=1, line=1, column_index=index, header=header)


def _unknown(header: str, headers: Sequence[str], table: Table, known: Vocabulary) -> Flaw:
    """A column that nobody reads: an error where all that it may lack is a declaration."""
    message, near = "程序不认识这一列，它的内容不会用到", known.hint(header)
    if not table.extensible:
        return Flaw("column-unknown", message, near, "warning")
    misspelt = known.nearest(header) not in {None, *headers}
    return Flaw("column-unknown", message, near if misspelt else _declare(headers, table, near))


def _declare(headers: Sequence[str], table: Table, near: str | None) -> str:
    """The hint that says how edition.toml declares all columns beside the known ones."""
    others = ", ".join(f'"{header}"' for header in _undeclared(headers, table))
    line = f"extra = [{others}]"
    return f"{near or ''}要用这一列，在 edition.toml 的 [indicators] 里写 {line}；不用就删去"


def _undeclared(headers: Sequence[str], table: Table) -> list[str]:
    """The headers that the program knows only where edition.toml declares them."""
    known = {column.header for column in table.columns if not column.declared}
    return [header for header in headers if header and header not in known]
