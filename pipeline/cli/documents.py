"""Commands that make documents from the tables."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options
from pipeline.cli.console import Failures, print_problems, progress, say, shown
from pipeline.errors import InputError, JixiaoError

if TYPE_CHECKING:
    from pipeline.recipes.build import Outcome
    from pipeline.recipes.deliverables import Deliverable

_LISTED = 6  # documents that are named one by one


@click.command(options_metavar="[选项]")
@options.editions
@options.out
@options.quiet
def build(editions: list[str], inputs: Path, out: Path, quiet: bool) -> None:
    """生成附件1–4（Word），四个单份和一个合订本。"""
    from pipeline.recipes.deliverables import Annexes

    _build(Annexes(options.TEMPLATES), editions, inputs=inputs, out=out, quiet=quiet)


@click.command(options_metavar="[选项]")
@options.editions
@options.out
@options.on
@options.quiet
def digest(editions: list[str], inputs: Path, out: Path, on: date, quiet: bool) -> None:
    """生成摘要（网页和 PDF），以及附件1–4 的 PDF。"""
    from pipeline.recipes.deliverables import Digest

    deliverable = Digest(
        options.TEMPLATES, on=on, revision=options.revision_of, environment=os.environ
    )
    _build(deliverable, editions, inputs=inputs, out=out, quiet=quiet)


@click.command(options_metavar="[选项]")
@options.open_editions
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
    from pipeline.recipes.deliverables import Consolidated, Forms

    deliverable: Deliverable
    if consolidated:
        deliverable = Consolidated(options.TEMPLATES, periods=periods)
    else:
        deliverable = Forms(options.TEMPLATES, periods=periods, earlier=earlier)
    _build(deliverable, editions, inputs=inputs, out=out, quiet=quiet)


def _build(
    deliverable: Deliverable, editions: list[str], *, inputs: Path, out: Path, quiet: bool
) -> None:
    """Build the editions and print what became of each; exits with 1 where one failed."""
    from pipeline.recipes import build

    failures = Failures()
    with progress(len(editions), quiet) as line:
        for outcome in build.build(editions, deliverable, inputs=inputs, out=out, step=line.step):
            line.done()
            _print(outcome, quiet, failures, inputs)
    failures.exit_if_any()


def _print(outcome: Outcome, quiet: bool, failures: Failures, inputs: Path) -> None:
    """Print the warnings, and what was written or why nothing was."""
    if not quiet:
        print_problems(outcome.warnings)
    if outcome.error is not None:
        failures.report(_explained(outcome.error, inputs))
        say(f"{outcome.edition}：没有生成，原来的文件没有动", err=True)
    elif not quiet:
        say(_summary(outcome))
        for line in (*_on_lacking(outcome), *_on_stale(outcome)):
            say(line, err=True)


def _explained(error: JixiaoError, inputs: Path) -> JixiaoError:
    """The error; a total that is off with the rows that were changed."""
    from pipeline.recipes.suspects import with_suspects

    if not isinstance(error, InputError):
        return error
    return InputError(with_suspects(error.problems, inputs, os.environ))


def _summary(outcome: Outcome) -> str:
    """The documents that were written, or that there was nothing to write."""
    written = [name for name in outcome.written if name != "manifest.json"]
    if not outcome.documents:
        return f"{outcome.edition}：{outcome.nothing}"
    if not written:
        documents = _listed(outcome.documents)
        return f"{outcome.edition}：没有变化，{shown(outcome.folder)} 里的 {documents} 是最新的"
    return f"{outcome.edition}：写好 {'、'.join(written)}，在 {shown(outcome.folder)} 里"


def _listed(documents: Sequence[str]) -> str:
    """The documents, only the first few of many by name."""
    more = f" 等 {len(documents)} 个文件" if len(documents) > _LISTED else ""
    return "、".join(documents[:_LISTED]) + more


def _on_lacking(outcome: Outcome) -> Iterator[str]:
    """A line for what this machine could not make."""
    if outcome.lacking:
        yield f"提醒 {outcome.edition}：{outcome.lacking}"


def _on_stale(outcome: Outcome) -> Iterator[str]:
    """A line for what no longer fits the tables, with the command that renews it."""
    for each in outcome.stale:
        documents = _listed(each.documents)
        yield f"提醒 {outcome.edition}：表格改过以后 {documents} 没有重新生成，运行 {each.command}"
