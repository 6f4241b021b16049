"""Commands about forms that come back."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import change_report, options
from pipeline.cli.console import Failures, exit_if, print_problems, shown
from pipeline.cli.status_report import FORMATS
from pipeline.errors import JixiaoError, errors_in

if TYPE_CHECKING:  # recipes are loaded when a command runs
    from pipeline.recipes.collect import CollectResult

_ANYTHING = click.Path(exists=True, path_type=Path)


@click.command(options_metavar="[选项]")
@click.argument("files", nargs=-1, required=True, type=_ANYTHING, metavar="文件...")
@options.inputs
@click.option("--edition", metavar="年度", help="收进哪个年度（默认看表里的标记）")
@click.option("--period", metavar="期次", help="这些表是哪一期的（默认看表）")
@click.option("--group", metavar="组队", help="这些表是哪个组队的（默认看表）")
@click.option("--accept", is_flag=True, help="名称相近的指标也收")
@click.option("--replace", is_flag=True, help="和已有内容不同的，用新的换掉旧的")
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写文件")
@change_report.option
@options.quiet
def collect(
    files: tuple[Path, ...],
    inputs: Path,
    edition: str | None,
    period: str | None,
    group: str | None,
    accept: bool,
    replace: bool,
    dry_run: bool,
    style: str,
    quiet: bool,
) -> None:
    """把填好的附件4收进 progress.csv 和 submissions.csv。

    文件可以是 .docx、.doc、.wps、.odt，也可以是文件夹和邮件附件的 .zip。
    """
    from pipeline.forms.returned.owner import CollectOptions
    from pipeline.recipes import collect as recipe

    read = recipe.read(files, os.environ)
    named = recipe.editions(read, options.chosen((), inputs))
    done = recipe.collect(
        read,
        inputs / _edition_of(edition, named, inputs),
        CollectOptions(period=period, group=group, accept_near=accept),
        template=options.TEMPLATES / "docx" / "附件4.docx",
        replace=replace,
        dry_run=dry_run,
    )
    _print(done, style if dry_run else None, quiet=quiet)
    exit_if(bool(errors_in(done.problems)))


def _print(done: CollectResult, style: str | None, *, quiet: bool) -> None:
    """Print the problems, what was collected unless `quiet`, and in a `style` the changes."""
    print_problems(done.problems)
    if not quiet:
        _print_summary(done)
    if style:
        _print_changes(done, style)


def _edition_of(wanted: str | None, named: list[str], inputs: Path) -> str:
    """The edition to collect into: the one asked for, the only one, or the forms' own."""
    editions = options.one_or_all(wanted, inputs)
    if len(editions) == 1:
        return editions[0]
    if len(named) == 1:
        return named[0]
    raise click.UsageError(f"看不出收进哪个年度，用 --edition 写明：{'、'.join(editions)}")


def _print_summary(done: CollectResult) -> None:
    from pipeline.cli.collect_report import summary

    for line in summary(done):
        click.echo(line)


def _print_changes(done: CollectResult, style: str) -> None:
    """Print what would change."""
    for change in done.changes:
        lines = change_report.FORMATS[style](change)
        click.echo("\n".join([f"{shown(change.path)}：", *lines]))
    click.echo("没有写文件；去掉 --dry-run（make 去掉 DRY=1）就写")


@click.command(options_metavar="[选项]")
@options.editions
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
        click.echo(FORMATS[style](boards), nl=False)
    failures.exit_if_any()
