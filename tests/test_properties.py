"""The whole way: any text, typed into a table, stands in the document or is refused by its cell."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.checks.load import checked
from pipeline.errors import InputError
from pipeline.ooxml.body import WordTable, blocks
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from pipeline.recipes.fmt import changes, write
from pipeline.tables.cells import clean
from pipeline.tables.writer import csv_bytes
from pipeline.word.annexes import Templates
from tests.conftest import EDITIONS, TEMPLATES

# Table and header of a cell that is printed, the document that prints it, and where in its table.
PRINTED = {
    ("roster", "职务"): ("附件1", 0, 2),
    ("indicators", "二级指标"): ("附件2", 1, 2),
    ("indicators", "数据采集责任单位"): ("附件2", 1, 4),
}

# Naughty strings of this trade: each must survive or be refused.
NAUGHTY = [
    "=1+1",
    "'=1",
    "''@x",
    "-已完成",
    "1月2日",
    "#REF!",
    "{{ x }}",
    "a\u200bb",
    "\ufeffa",
    "\x00",
]
NAUGHTY += [
    "a\x85b\u2028c",
    '"a,b"',
    "a\r\nb\rc",
    "  ",
    "\u3000x\u00a0",
    "𬭳\ue000\ufffd",
    "NA",
    "007",
]

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@cache
def templates() -> Templates:
    return Templates(TEMPLATES)


@contextmanager
def edition_with(table: str, header: str, text: str) -> Iterator[Path]:
    """The 2023 edition with `text` in the first record of a column."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(EDITIONS["2023"], Path(temporary) / "2023"))
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        rows[1][rows[0].index(header)] = text
        path.write_bytes(csv_bytes(rows))
        yield folder


def printed(document: bytes, row: int, place: int) -> str:
    body = parse(read_parts(document)[DOCUMENT])[0]
    table = next(block for block in blocks(body) if isinstance(block, WordTable))
    return table.rows[row].cells[place].text


@pytest.mark.slow
@pytest.mark.parametrize(("table", "header"), PRINTED)
@given(text=any_text | st.sampled_from(NAUGHTY))
@settings(max_examples=60, deadline=None)
def test_a_text_is_printed_as_typed_or_refused_by_its_cell(
    table: str, header: str, text: str
) -> None:
    name, row, place = PRINTED[table, header]
    with edition_with(table, header, text) as folder:
        try:
            edition, _ = checked(folder)
        except InputError as error:
            wrong = [problem for problem in error.problems if problem.severity == "error"]
            assert {(problem.row, problem.column) for problem in wrong} == {(2, header)}
        else:
            document = templates().annexes(edition)[f"{name}.docx"]
            assert printed(document, row, place) == clean(text)


@pytest.mark.slow
@pytest.mark.parametrize(("table", "header"), PRINTED)
@given(text=any_text | st.sampled_from(NAUGHTY))
@example(text="区委办(区委改革办), 区法院")
@example(text="\ufb2a")  # a letter that is two in the canonical form
@settings(max_examples=40, deadline=None)
def test_fmt_is_done_in_one_go_and_keeps_every_letter(table: str, header: str, text: str) -> None:
    with edition_with(table, header, text) as folder:
        before = folder / f"{table}.csv"
        typed = letters(before)

        write(changes(folder))

        assert letters(before) == typed
        assert changes(folder) == []


def letters(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [normalize("NFC", cell) for row in csv.reader(file) for cell in row]
    return [each for cell in cells for each in cell if each.isalnum()]
