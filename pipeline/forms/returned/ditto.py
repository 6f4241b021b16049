"""同上 in an answer's cell: what stands in the row above of the same form, or nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.errors import Problem
from pipeline.forms.parsing.lines import Line
from pipeline.tables.contract import PROGRESS
from pipeline.typography import flat

_DITTO = re.compile(
    "[（(]?(?:(?:内容)?(?:同上|同前)(?:一?[行栏格项条])?|如上|〃+|″+|＂+|[“”\"']{1,2})[）)]?[。．.]?"
)


def resolve(file: str, lines: Iterable[Line]) -> tuple[list[Line], list[Problem]]:
    """The lines with each 同上 as what it stands for, and what that is.

    Where nothing stands above, the cell is reported and counts as not read.
    """
    resolved: list[Line] = []
    problems: list[Problem] = []
    above: Line | None = None
    for line in lines:
        own, found = _resolved(file, line, above)
        resolved.append(own)
        problems += found
        above = own
    return resolved, problems


def _resolved(file: str, line: Line, above: Line | None) -> tuple[Line, list[Problem]]:
    """A line with what the one above has in place of its 同上, and a problem for each."""
    problems = []
    for field, text in line.answers.items():
        if _DITTO.fullmatch(text.strip()):
            meant = _text_above(field, line, above)
            problems.append(_problem(file, line, field, meant))
            line = line.with_text(field, meant) if meant else line.without(field)
    return line, problems


def _text_above(field: str, line: Line, above: Line | None) -> str:
    """What the row above has under a field; rows that nobody filled in are no lines."""
    if above is None or line.continued or line.row > above.row + 1:
        return ""
    return above.answers.get(field, "")


def _problem(file: str, line: Line, field: str, meant: str) -> Problem:
    """What a cell with 同上 was taken for, or that it was not taken."""
    text = line.answers[field].strip()
    message = f"按上一行的收：{flat(meant)}" if meant else "上一行这一栏没有内容，这一格没有收"
    return Problem(
        file=file,
        row=line.row,
        column=PROGRESS.column(field).header,
        rule="ditto",
        message=message,
        value=text,
        hint=None if meant else "把要填的写全再收",
        severity="warning" if meant else "error",
    )
