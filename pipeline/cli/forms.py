"""Commands about forms that come back."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.cli import change_report, options
from pipeline.cli.console import Failures, exit_if, print_problems, say, shown
from pipeline.cli.status_report import FORMATS
from pipeline.errors import JixiaoError, errors_in

if TYPE_CHECKING:  # recipes are loaded when a command runs
    from pipeline.forms.returned.selection import Selection
    from pipeline.recipes.change import Change
    from pipeline.recipes.collect import CollectResult

_Command = TypeVar("_Command", bound=Callable[..., Any])
_ALL = "*"  # what an option without names stands for
_ANYTHING = click.Path(exists=True, path_type=Path)


def _selecting(name: str, help_text: str) -> Callable[[_Command], _Command]:
    """An option that holds for everything or, with names behind it, for these."""
    return click.option(
        name,
        is_flag=False,
        flag_value=_ALL,
        metavar="[组队或编号]",
        help=f"{help_text}；写明组队或编号（可多个，用顿号隔开）就只管这些",
    )


@click.command(options_metavar="[选项]")
@click.argument("files", nargs=-1, type=_ANYTHING, metavar="文件...")
@click.option("--words", hidden=True, help="一个或几个文件，写在一起：make 的 FILES")
@options.inputs
@click.option("--edition", metavar="年度", help="收进哪个年度（默认看表里的标记）")
@click.option("--period", metavar="期次", help="这些表是哪一期的（默认看表）")
@click.option("--group", metavar="组队", help="这些表是哪个组队的（默认看表）")
@_selecting("--accept", "名称相近的指标也收")
@_selecting("--replace", "和已有内容不同的，用新的换掉旧的")
@click.option("--undo", is_flag=True, help="撤回最近一次收表，表格变回收表以前的样子")
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写文件")
@change_report.option
@options.quiet
def collect(
    files: tuple[Path, ...],
    words: str | None,
    inputs: Path,
    edition: str | None,
    period: str | None,
    group: str | None,
    accept: str | None,
    replace: str | None,
    undo: bool,
    dry_run: bool,
    style: str,
    quiet: bool,
) -> None:
    """把填好的附件4收进 progress.csv 和 submissions.csv。

    文件可以是 .docx、.doc、.wps、.odt，也可以是文件夹和邮件附件的 .zip。
    """
    from pipeline.forms.returned.owner import CollectOptions
    from pipeline.recipes import collect as recipe

    if undo:
        _undo(edition, inputs, files, style if dry_run else None, quiet=quiet)
        return
    chosen, strays = _selections({"--accept": accept, "--replace": replace})
    files = (*strays, *files, *_files_in(words or ""))
    if not files:
        raise click.UsageError("写明收什么：文件、文件夹或者 .zip")
    read = recipe.read(files, os.environ)
    named = recipe.editions(read, options.chosen((), inputs))
    done = recipe.collect(
        read,
        inputs / _edition_of(edition, named, inputs),
        CollectOptions(period=period, group=group, accept=chosen["--accept"]),
        template=options.TEMPLATES / "docx" / "附件4.docx",
        replace=chosen["--replace"],
        dry_run=dry_run,
    )
    _print(done, style if dry_run else None, quiet=quiet)
    exit_if(bool(errors_in(done.problems)))


def _files_in(words: str) -> list[Path]:
    """One file where there is such a one, else several: in quotes where a name has blanks, or *."""
    if not words or Path(words).exists():
        return [Path(words)] if words else []
    try:
        names = shlex.split(words)
    except ValueError as error:
        raise click.UsageError(f"引号不成对：{words}") from error
    found = [path for name in names for path in sorted(glob(name)) or [name]]  # noqa: PTH207 (Path has none for absolute patterns)
    for path in found:
        if not Path(path).exists():
            raise click.UsageError(f"没有这个文件：{path}")
    return [Path(path) for path in found]


def _selections(given: Mapping[str, str | None]) -> tuple[dict[str, Selection], list[Path]]:
    """What each option holds for; a file behind an option without names is one to be collected."""
    from pipeline.forms.returned.selection import EVERYTHING, NOTHING, selection

    chosen, files = {}, []
    for option, text in given.items():
        if text is None:
            chosen[option] = NOTHING
        elif text in (_ALL, "1"):  # as make has it: REPLACE=1
            chosen[option] = EVERYTHING
        elif Path(text).exists():
            chosen[option] = EVERYTHING
            files.append(Path(text))
        else:
            chosen[option] = selection(text)
    return chosen, files


def _print(done: CollectResult, style: str | None, *, quiet: bool) -> None:
    """Print the problems, what was collected unless `quiet`, and in a `style` the changes."""
    print_problems(done.problems)
    if not quiet:
        _print_summary(done)
    if style:
        _print_changes(done.changes, style)


def _edition_of(wanted: str | None, named: list[str], inputs: Path) -> str:
    """The edition to collect into: the one asked for, the forms' own, the only one that is open."""
    editions = options.one_or_all(wanted, inputs)
    if len(editions) > 1 and len(named) == 1:
        return named[0]
    if not named:
        editions = options.open_on(options.day(None), editions, inputs)
    if len(editions) == 1:
        return editions[0]
    raise click.UsageError(f"看不出收进哪个年度，用 --edition 写明：{'、'.join(named or editions)}")


def _print_summary(done: CollectResult) -> None:
    from pipeline.cli.collect_report import summary

    for line in summary(done):
        say(line)


def _undo(
    edition: str | None, inputs: Path, files: tuple[Path, ...], style: str | None, *, quiet: bool
) -> None:
    """Take the last collection back, or show what would change."""
    from pipeline.recipes import uncollect as recipe

    if files:
        raise click.UsageError("撤回收表不用写文件")
    folders = [inputs / name for name in options.one_or_all(edition, inputs)]
    changes = recipe.undo(_only_collected(folders, recipe.was_collected), dry_run=bool(style))
    if style:
        _print_changes(changes, style)
    elif not quiet:
        say(f"撤回了最近一次收表：{'、'.join(shown(change.path) for change in changes)}")


def _only_collected(folders: list[Path], was_collected: Callable[[Path], bool]) -> Path:
    """The only edition, or the only one into which forms were collected."""
    collected = folders if len(folders) == 1 else [each for each in folders if was_collected(each)]
    if len(collected) != 1:
        names = "、".join(folder.name for folder in folders)
        raise click.UsageError(f"看不出撤回哪个年度的，用 --edition 写明：{names}")
    return collected[0]


def _print_changes(changes: Iterable[Change], style: str) -> None:
    """Print what would change."""
    for change in changes:
        lines = change_report.FORMATS[style](change)
        say("\n".join([f"{shown(change.path)}：", *lines]))
    say("没有写文件；去掉 --dry-run（make 去掉 DRY=1）就写")


@click.command(options_metavar="[选项]")
@options.open_editions
@options.on
@options.periods
@click.option(
    "--format",
    "style",
    type=click.Choice([*FORMATS]),
    metavar="FORMAT",
    default="text",
    help="text 看板（默认）、json、markdown、reminders 催报的话、ics 交表日历",
)
def status(
    editions: list[str], inputs: Path, on: date, periods: tuple[str, ...], style: str
) -> None:
    """看板：各组队交没交、哪天交的、迟几天、哪些没填、哪些要核对。"""
    from pipeline.recipes.status import board

    boards, failures = [], Failures()
    for edition in editions:
        try:
            boards.append(board(inputs / edition, on, periods))
        except JixiaoError as error:
            failures.report(error)
    if boards:
        say(FORMATS[style](boards), nl=False)
    failures.exit_if_any()
