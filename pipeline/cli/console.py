"""What the program prints on a terminal beside its results: problems, and what it is doing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from pipeline.errors import InputError, JixiaoError, Problem

# What a terminal acts upon, a name out of somebody's zip with a sequence that wipes the screen for
# one: controls, all but line ends and tabs, and marks that turn the direction of writing.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\r(?!\n)"
)
_PICTURES = 0x2400  # the block of Unicode that shows controls: ␀ and on


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print what may hold texts from outside: what a terminal would act upon is shown as a sign."""
    click.echo(printable(text), err=err, nl=nl)


def printable(text: str) -> str:
    """The text with a sign for each control character: ␛ for U+001B, else its number."""
    return _CONTROLS.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(_PICTURES + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


class Progress:
    """A line on the terminal that shows what is being made; wiped before other lines."""

    def __init__(self, editions: int, shown: bool) -> None:
        self._editions, self._shown, self._finished = editions, shown, 0

    def step(self, edition: str, what: str) -> None:
        """Show what is being made of an edition."""
        if self._shown:
            self.wipe()
            say(f"{self._position()}{edition}：{what}……", nl=False, err=True)

    def _position(self) -> str:
        """Such as [2/3], nothing for a single edition."""
        return f"[{self._finished + 1}/{self._editions}] " if self._editions > 1 else ""

    def done(self) -> None:
        """An edition is finished."""
        self.wipe()
        self._finished += 1

    def wipe(self) -> None:
        """Clear the line."""
        if self._shown:
            click.echo("\r\x1b[2K", nl=False, err=True)


@contextmanager
def progress(editions: int, quiet: bool) -> Iterator[Progress]:
    """The line, shown on a terminal only, and wiped in the end."""
    line = Progress(editions, not quiet and sys.stderr.isatty())
    try:
        yield line
    finally:
        line.wipe()


class Failures:
    """The editions that failed: the others are finished before the process ends with 1."""

    def __init__(self) -> None:
        self._count = 0

    def report(self, error: JixiaoError) -> None:
        """Print what an edition failed with."""
        self._count += 1
        print_error(error)

    def exit_if_any(self) -> None:
        """End the process where an edition failed."""
        exit_if(self._count > 0)


def exit_if(failed: bool) -> None:
    """End the process with exit code 1 where something failed."""
    if failed:
        sys.exit(1)


def print_error(error: JixiaoError) -> None:
    """Print what went wrong to standard error, every problem of the inputs on its own line."""
    if isinstance(error, InputError):
        print_problems(error.problems)
    else:
        say(f"错误 {error}", err=True)


def print_problems(problems: Sequence[Problem]) -> None:
    """Print what was found in the inputs to standard error."""
    if not problems:
        return
    from pipeline.cli.problem_report import lines

    for line in lines(problems):
        say(line, err=True)


def shown(path: Path) -> str:
    """The path from the current folder where it is below it, else as it is."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
