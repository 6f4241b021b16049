"""What several commands share: where things are, and the options that mean the same everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from pipeline.cli.console import shown
from pipeline.delivery.files import finish

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
FONTS = TEMPLATES / "docx" / "fonts.conf"


class _RegularFile(click.Path):
    """A file that is there: a pipe or a device would be read without end."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a UsageError where there is no such file."""
        path = Path(str(super().convert(value, param, ctx)))
        if not path.is_file():
            self.fail(f"{path} 不是普通的文件", param, ctx)
        return path


FILE = _RegularFile(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_FOLDER = click.Path(file_okay=False, path_type=Path)

Command = Callable[..., Any]


def inputs(command: Command) -> Command:
    """Where the editions are."""
    return click.option(
        "--inputs",
        type=_FOLDER,
        metavar="DIR",
        default=ROOT / "inputs",
        help="各年度所在的文件夹（默认 inputs）",
    )(command)


def editions(command: Command) -> Command:
    """Editions as arguments, all of them by default, and where they are."""

    @click.argument("editions", nargs=-1, metavar="[年度]...")
    @inputs
    @wraps(command)
    def wrapped(editions: tuple[str, ...], inputs: Path, **options: Any) -> Any:
        return command(editions=chosen(editions, inputs), inputs=inputs, **options)

    return wrapped


def open_editions(command: Command) -> Command:
    """Editions as arguments, by default those that are open on the day of the command."""

    @click.argument("editions", nargs=-1, metavar="[年度]...")
    @inputs
    @wraps(command)
    def wrapped(editions: tuple[str, ...], inputs: Path, **options: Any) -> Any:
        there = chosen(editions, inputs)
        meant = there if editions else open_on(day(options.get("on")), there, inputs)
        return command(editions=meant, inputs=inputs, **options)

    return wrapped


def open_on(on: date, names: Sequence[str], inputs: Path) -> list[str]:
    """Of the editions those that are open on a day, else the newest."""
    from pipeline.recipes.open_editions import open_editions

    return open_editions(names, inputs, on) if len(names) > 1 else list(names)


def out(command: Command) -> Command:
    """Where results go."""
    return click.option(
        "--out",
        type=_FOLDER,
        metavar="DIR",
        default=ROOT / "build",
        help="结果放在哪个文件夹（默认 build）",
    )(command)


def on(command: Command) -> Command:
    """The day that is shown: the one given, else that of SOURCE_DATE_EPOCH, else today."""

    @click.option("--on", type=_DAY, metavar="日期", help="算到哪一天，例如 2023-10-08（默认今天）")
    @wraps(command)
    def wrapped(on: datetime | None, **options: Any) -> Any:
        return command(on=day(on), **options)

    return wrapped


def day(on: datetime | None) -> date:
    """The day of a command: the one that was asked for, else `today`."""
    return on.date() if on else today()


def today() -> date:
    """The day of SOURCE_DATE_EPOCH (seconds since 1970, UTC) where it is set, else the clock's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return date.today()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"环境变量 SOURCE_DATE_EPOCH 不是秒数：{epoch}") from error


def chosen(editions: Sequence[str], inputs: Path) -> list[str]:
    """The editions asked for, by default all; raises UsageError where there is none like it.

    What a killed program had ready to be written to them is in its place afterwards.
    """
    finish(inputs)
    there = _found(inputs)
    for edition in editions:
        if edition not in there:
            raise click.UsageError(f"{shown(inputs)} 里没有“{edition}”，现有：{'、'.join(there)}")
    names = list(editions) or there
    for name in names:
        finish(inputs / name)
    return names


def _found(inputs: Path) -> list[str]:
    """The editions in a folder; raises UsageError where there is none."""
    found = sorted(path.parent.name for path in inputs.glob("*/edition.toml"))
    if not found:
        raise click.UsageError(f"{shown(inputs)} 里没有任何年度（含有 edition.toml 的文件夹）")
    return found


def one_or_all(edition: str | None, inputs: Path) -> list[str]:
    """The edition asked for, all where none was; raises UsageError where there is none like it."""
    return chosen((edition,) if edition else (), inputs)


def one_open(edition: str | None, inputs: Path) -> str:
    """The edition asked for, else the only one that is open today; raises UsageError."""
    editions = open_on(today(), one_or_all(edition, inputs), inputs)
    if len(editions) > 1:
        raise click.UsageError(f"哪个年度？用 --edition 写明：{'、'.join(editions)}")
    return editions[0]


def revision_of(folder: Path) -> str:
    """The commit that last changed an edition's tables, empty outside git."""
    from pipeline.delivery.git import last_revision

    return last_revision(folder, os.environ)


quiet = click.option("-q", "--quiet", is_flag=True, help="只在出错时说话")
periods = click.option(
    "--period", "periods", multiple=True, metavar="期次", help="哪一期（可以写几次，默认各期）"
)
