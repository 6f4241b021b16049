"""The one error tree.

    JixiaoError          an expected failure: a message for the user, exit code 1
    ├── InputError       the inputs have problems; carries every one of them
    ├── TemplateError    a Word template cannot be compiled or rendered
    ├── PackageError     a file is not a Word document that can be read
    └── OutputError      a result cannot be written

Anything else that escapes is a defect of this program and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

# An accepted warning is one that somebody has looked at.
Severity = Literal["error", "warning", "accepted"]
_LONGEST_NAME = 500  # characters of a file's name, which may come out of somebody's zip


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with an input, in words with which a clerk can find and mend it.

    `row` counts as Excel does (the header is row 1, a cell with line breaks is still one row);
    `line` is the line of the text file on which that row begins, None in a workbook.
    `column` is the header as the clerk sees it and `cell` the reference, such as D17.
    `rule` is a stable identifier for machines; `message` states the rule in Chinese.
    `also` names the other cells (or rows) where the same thing is wrong with the same value.
    """

    file: str
    rule: str
    message: str
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    value: str | None = None
    hint: str | None = None
    severity: Severity = "error"
    line: int | None = None
    also: tuple[str, ...] = ()

    @property
    def location(self) -> str:
        """Where it is: `indicators.csv 第4行 分值（E4）`, on one line whatever the file's name."""
        parts = [shorten(self.file, _LONGEST_NAME)]
        if self.row is not None:
            parts.append(f"第{self.row}行")
        if self.column is not None:
            parts.append(self.column)
        return " ".join(parts) + (f"（{self.cell}）" if self.cell else "")

    def __str__(self) -> str:
        value = "" if self.value is None else f"，现为“{shorten(self.value)}”"
        hint = f"。{self.hint}" if self.hint else ""
        return f"{self.location}：{self.message}{value}{hint}{_others(self.also)}"


def errors_in(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that stop the work, without the warnings."""
    return [problem for problem in problems if problem.severity == "error"]


def _others(cells: tuple[str, ...], shown: int = 5) -> str:
    """The other cells with the same problem, only the first of them by name."""
    if not cells:
        return ""
    names = "、".join(cells[:shown]) + ("等" if len(cells) > shown else "")
    return f"（另有 {len(cells)} 处也是这样：{names}）"


def shorten(text: str, length: int = 40) -> str:
    """The text on one line, cut to `length` characters, for quoting in a message."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


class JixiaoError(Exception):
    """An expected failure; its text is what the user reads."""


class InputError(JixiaoError):
    """The inputs have problems; nothing was built from them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class TemplateError(JixiaoError):
    """A template cannot be compiled or rendered: where in it, and which tag.

    Every part is optional, because the location is completed on the way up: the tag has its cell,
    the part its name, and only the caller has the template's file.
    """

    def __init__(
        self, message: str, *, template: str = "", location: str = "", tag: str = "", hint: str = ""
    ) -> None:
        """The message, and what else is clear where the error arises."""
        self.message, self.hint = message, hint
        self.template, self.location, self.tag = template, location, tag
        super().__init__(message)

    def __str__(self) -> str:
        head = " ".join(filter(None, ["模板", self.template, self.location]))
        tag = f"，标签 {shorten(self.tag, 80)}" if self.tag else ""
        hint = f"。{self.hint}" if self.hint else ""
        return f"{head}{tag}：{self.message}{hint}"


class PackageError(JixiaoError):
    """A file is not a Word document that this program can read."""


class OutputError(JixiaoError):
    """A result cannot be written."""
