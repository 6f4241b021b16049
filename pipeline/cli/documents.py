"""Commands that make documents from the tables."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options
from pipeline.cli.console import complain, progress, shown, tell

if TYPE_CHECKING:
    from pipeline.recipes.build import Deliverable, Outcome


@click.command(options_metavar="[选项]")
@options.editions
@options.out
@options.quiet
def build(editions: list[str], inputs: Path, out: Path, quiet: bool) -> None:
    """生成附件1–4（Word），四个单份和一个合订本。"""
    from pipeline.recipes.build import annexes

    _build(annexes(options.TEMPLATES), editions, inputs=inputs, out=out, quiet=quiet)


@click.command(options_metavar="[选项]")
@options.editions
@options.out
@options.on
@options.quiet
def digest(editions: list[str], inputs: Path, out: Path, on: datetime | None, quiet: bool) -> None:
    """生成摘要（网页和 PDF），以及附件1–4 的 PDF。"""
    from pipeline.recipes.build import digest as deliverable

    day = on.date() if on else None
    made = deliverable(options.TEMPLATES, on=day, revision=options.revision_of)
    _build(made, editions, inputs=inputs, out=out, quiet=quiet)


@click.command(options_metavar="[选项]")
@options.editions
@options.out
@options.periods
@click.option("--earlier", is_flag=True, help="表后附上该组队上一期填的，供参考")
@click.option("--consolidated", is_flag=True, help="不发空表，把各组队填好的汇总成一份附件4")
@options.quiet
def forms(
    editions: list[str],
    inputs: Path,
    out: Path,
    periods: tuple[str, ...],
    earlier: bool,
    consolidated: bool,
    quiet: bool,
) -> None:
    """给每个组队生成附件4，写好各自的指标；或者把填好的汇总成一份。"""
    from pipeline.recipes import build as make

    if consolidated:
        made = make.consolidated(options.TEMPLATES, periods=periods)
    else:
        made = make.forms(options.TEMPLATES, periods=periods, earlier=earlier)
    _build(made, editions, inputs=inputs, out=out, quiet=quiet)


def _build(
    deliverable: Deliverable, editions: list[str], *, inputs: Path, out: Path, quiet: bool
) -> None:
    from pipeline.recipes.build import build as run

    failed = False
    with progress(len(editions), quiet) as line:
        for outcome in run(editions, deliverable, inputs=inputs, out=out, step=line.step):
            line.done()
            if not quiet:
                tell(outcome.warnings)
            if outcome.error is not None:
                failed = True
                complain(outcome.error)
                click.echo(f"{outcome.edition}：没有生成，原来的文件没有动", err=True)
            elif not quiet:
                click.echo(_told(outcome))
    if failed:
        sys.exit(1)


def _told(outcome: Outcome) -> str:
    documents = [name for name in outcome.written if name != "manifest.json"]
    if not documents:
        return f"{outcome.edition}：没有变化，{shown(outcome.folder)} 里的文件都是最新的"
    return f"{outcome.edition}：写好 {'、'.join(documents)}，在 {shown(outcome.folder)} 里"
