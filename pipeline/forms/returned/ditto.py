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
_MORE = re.compile("(?:同上|同前)[，,；;。、：:].+")  # 同上，另走访 5 家


def resolve(file: str, lines: Iterable[Line]) -> tuple[list[Line], list[Problem]]:
    """The lines with each 同上 as what it stands for, and what that is.

    Where nothing stands above, or more than 同上 in the cell, it is reported and is as not read.
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
        typed = "".join(text.split())
        if _DITTO.fullmatch(typed):
            meant = _text_above(field, line, above)
            problems.append(
                _taken(file, line, field, meant) if meant else _refused(file, line, field)
            )
            line = line.with_text(field, meant) if meant else line.without(field)
        elif _MORE.fullmatch(typed):
            problems.append(_refused(file, line, field, "“同上”后面还写了别的"))
            line = line.without(field)
    return line, problems


def _text_above(field: str, line: Line, above: Line | None) -> str:
    """What the row above has under a field; rows that nobody filled in are no lines."""
    if above is None or line.continued or line.row > above.row + 1:
        return ""
    return above.answers.get(field, "")


def _taken(file: str, line: Line, field: str, meant: str) -> Problem:
    """What a cell with 同上 was taken for."""
    return Problem(
        file=file,
        row=line.row,
        column=PROGRESS.column(field).header,
        rule="ditto",
        message=f"按上一行的收：{flat(meant)}",
        value=line.answers[field].strip(),
        severity="warning",
    )


def _refused(file: str, line: Line, field: str, reason: str = "上一行这一栏没有内容") -> Problem:
    """Why a cell with 同上 was not taken."""
    return Problem(
        file=file,
        row=line.row,
        column=PROGRESS.column(field).header,
        rule="ditto",
        message=f"{reason}，这一格没有收",
        value=line.answers[field].strip(),
        hint="把要填的写全再收",
    )
