"""Commands about the tables: what is wrong, what they come to, how they are written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import change_report, options, problem_report
from pipeline.cli.console import Failures, exit_if, print_problems, say, shown
from pipeline.cli.problem_report import ProblemReport
from pipeline.tables.schema import FORMATS

if TYPE_CHECKING:
    from pipeline.recipes.change import Change
    from pipeline.recipes.score import ScoreOutcome
    from pipeline.views.score import ScoreView


@click.command(options_metavar="[选项]")
@options.editions
@click.option("--strict", is_flag=True, help="有提醒也算不通过")
@click.option(
    "--format",
    "style",
    type=click.Choice(sorted(problem_report.FORMATS)),
    metavar="FORMAT",
    default="text",
    help="text 给人看（默认），json 给程序，github、sarif 给代码平台；"
    "accepted 列出看过的提醒怎样写进 edition.toml",
)
def check(editions: list[str], inputs: Path, strict: bool, style: str) -> None:
    """检查表格，一次列出所有问题；Word 模板改得和国标不一样的也提醒。"""
    from pipeline.recipes.check import problems
    from pipeline.recipes.suspects import with_suspects

    everything = problems(editions, inputs, options.TEMPLATES / "docx")
    found = with_suspects(everything, inputs, os.environ)
    report = ProblemReport(editions=editions, problems=found, root=shown(inputs))
    say(problem_report.FORMATS[style](report), nl=False)
    exit_if(report.count("error") > 0 or (strict and report.count("warning") > 0))


@click.command(options_metavar="[选项]")
@options.editions
@options.out
@click.option(
    "--with",
    "draft",
    type=options.FILE,
    metavar="文件",
    help="连同一张草稿（列和 findings.csv 一样）试算，不改原来的表；编号相同的以草稿为准",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "docx"]),
    metavar="FORMAT",
    default="text",
    help="text 给人看（默认），json 给程序，docx 写成 Word 的督查扣分台账",
)
def score(editions: list[str], inputs: Path, out: Path, draft: Path | None, style: str) -> None:
    """按附件3算督查扣分和加分，连同自评算预计得分。"""
    from pipeline.cli import score_report
    from pipeline.recipes import score

    if draft and len(editions) > 1:
        raise click.UsageError(f"草稿是哪个年度的？现有：{'、'.join(editions)}")
    to_word = style == "docx"
    outcomes = score.score(
        editions,
        inputs=inputs,
        templates=options.TEMPLATES / "docx",
        draft=draft,
        out=out if to_word else None,
    )
    failures = Failures()
    scores = [*_scores(outcomes, failures)]
    if scores and not to_word:
        say(score_report.FORMATS[style](scores), nl=False)
    failures.exit_if_any()


def _scores(outcomes: Iterable[ScoreOutcome], failures: Failures) -> Iterator[ScoreView]:
    """The scores; prints what became of each edition as soon as it is known."""
    for outcome in outcomes:
        _print_score(outcome, failures)
        if outcome.score:
            yield outcome.score


def _print_score(outcome: ScoreOutcome, failures: Failures) -> None:
    """Print what became of an edition, but for the score itself."""
    if outcome.error is not None:
        failures.report(outcome.error)
        return
    if outcome.ledger:
        say(f"写好 {shown(outcome.ledger)}")
    print_problems(outcome.warnings)


@click.command(options_metavar="[选项]")
@options.editions
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写文件")
@change_report.option
def fmt(editions: list[str], inputs: Path, dry_run: bool, style: str) -> None:
    """整理表格的写法：编码、空格、全角半角、人名、数和日期、先后。不改意思。"""
    folders = {edition: inputs / edition for edition in editions}  # each once
    tidied = _tidied([*folders.values()], write=not dry_run)
    for edition, changes in zip(folders, tidied, strict=True):
        _print_changes(edition, changes, style if dry_run else None)
    if dry_run and any(tidied):
        say("没有写文件；去掉 --dry-run 就写")


def _tidied(folders: Sequence[Path], *, write: bool) -> list[list[Change]]:
    """What there is to change in each edition; written when all of them can be, if `write`."""
    from pipeline.delivery.files import locked
    from pipeline.recipes import fmt

    if not write:
        return [fmt.changes(folder) for folder in folders]
    with ExitStack() as locks:
        for folder in sorted(folders):
            locks.enter_context(locked(folder))
        tidied = [fmt.changes(folder) for folder in folders]
        for changes in tidied:
            fmt.write(changes)
    return tidied


def _print_changes(edition: str, changes: Sequence[Change], style: str | None) -> None:
    """Print what changes in an edition, or that nothing does."""
    for change in changes:
        _print_change(change, style)
    if not changes:
        say(f"{edition}：不用整理")


def _print_change(change: Change, style: str | None) -> None:
    """Print which file changes and how much, and in a `style` what."""
    recoded = f"编码 {change.encoding} → UTF-8，" if change.encoding else ""
    say(f"{shown(change.path)}：{recoded}{_count(change.lines)}")
    if style:
        say("\n".join(change_report.FORMATS[style](change)))


@click.command(options_metavar="[选项]")
@click.argument("old", metavar="原来的名称")
@click.argument("new", metavar="新名称")
@options.inputs
@click.option("--edition", metavar="年度", help="改哪个年度（默认当天还没有结束的）")
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写文件")
@change_report.option
def rename(
    old: str, new: str, inputs: Path, edition: str | None, dry_run: bool, style: str
) -> None:
    """组队、科室、人或者指标编号改名：每张表和 edition.toml 一起改，要么都改，要么都不改。"""
    from pipeline.recipes import rename as recipe

    chosen = options.one_open(edition, inputs)
    done = recipe.rename(inputs / chosen, old.strip(), new.strip(), dry_run=dry_run)
    for change in done.changes:
        say("\n".join([f"{shown(change.path)}：", *change_report.FORMATS[style](change)]))
    print_problems(done.left)
    if dry_run:
        say("没有写文件；去掉 --dry-run（make 去掉 DRY=1）就写")
    else:
        say(f"{chosen}：“{old}”改成了“{new}”（{'、'.join(each.noun for each in done.kinds)}）")
        say(f"发出去的表上还是原来的，没有交的重新发：jixiao forms {chosen}")


def _count(diff: Sequence[str]) -> str:
    """How many lines a change touches."""
    added, removed = (sum(line.startswith(sign) for line in diff) for sign in "+-")
    return f"{max(added, removed)} 行有改动" if added or removed else "内容不变"


@click.command(options_metavar="[选项]")
@options.editions
@click.option(
    "--format",
    "style",
    type=click.Choice(sorted(FORMATS)),
    metavar="FORMAT",
    default="markdown",
    help="markdown 给人看（默认），frictionless 给别的程序（Data Package）",
)
def schema(editions: list[str], inputs: Path, style: str) -> None:
    """每张表有哪些列、怎么填（数据字典），按最近一个年度或者写明的年度的设置。"""
    from pipeline.tables.edition import read_settings, tables

    settings = read_settings(inputs / editions[-1])
    say(FORMATS[style](tables(settings.indicators)), nl=False)


@click.command(options_metavar="[选项]")
@click.argument("year", type=click.IntRange(2000, 2100), metavar="年份")
@options.inputs
@click.option("--from", "source", metavar="年度", help="照哪个年度（默认最近的一个）")
def new(year: int, inputs: Path, source: str | None) -> None:
    """新的年度：名单、分工、指标、评分办法照旧，督查、填报和交表记录是空的，日期顺延。"""
    from pipeline.recipes.new_edition import write_new_edition

    former = options.one_or_all(source, inputs)[-1]
    folder = inputs / str(year)
    print_problems(write_new_edition(folder, inputs / former, year))
    say(f"做好了 {shown(folder)}，照 {former}。看看 edition.toml 里的日期，再改各张表")
