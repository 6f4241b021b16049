"""Commands about the tables: what is wrong, what they come to, how they are written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from pipeline.cli import options
from pipeline.cli.console import print_error, print_problems, shown
from pipeline.cli.problem_report import FORMATS, ProblemReport
from pipeline.errors import JixiaoError
from pipeline.tables.schema import FORMATS as SCHEMAS


@click.command(options_metavar="[选项]")
@options.editions
@click.option("--strict", is_flag=True, help="有提醒也算不通过")
@click.option(
    "--format",
    "style",
    type=click.Choice(sorted(FORMATS)),
    metavar="FORMAT",
    default="text",
    help="text 给人看（默认），json 给程序，github、sarif 给代码平台",
)
def check(editions: list[str], inputs: Path, strict: bool, style: str) -> None:
    """检查表格，一次列出所有问题。"""
    from pipeline.checks.load import problems

    found = [problem for edition in editions for problem in problems(inputs / edition)]
    report = ProblemReport(editions=editions, problems=found, root=shown(inputs))
    click.echo(FORMATS[style](report), nl=False)
    if report.count("error") or (strict and found):
        sys.exit(1)


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
    from pipeline.checks.load import checked
    from pipeline.cli.score_report import FORMATS as STATEMENTS
    from pipeline.views.scored import read_draft, score_of
    from pipeline.word.ledger import NAME, document

    if draft and len(editions) > 1:
        raise click.UsageError(f"草稿是哪个年度的？现有：{'、'.join(editions)}")
    scores, failed = [], False
    for name in editions:
        try:
            edition, warnings = checked(inputs / name)
            tried = read_draft(edition, draft.read_bytes(), draft.name) if draft else None
            scores.append(score_of(edition, tried))
            if style == "docx":
                data = document(scores[-1], edition.settings, options.TEMPLATES / "docx")
                _write(out / name, f"{NAME}{'（试算）' if tried else ''}.docx", data)
            print_problems([*warnings, *(tried.warnings if tried else ())])
        except JixiaoError as error:
            failed = True
            print_error(error)
    if style != "docx" and scores:
        click.echo(STATEMENTS[style](scores), nl=False)
    if failed:
        sys.exit(1)


def _write(folder: Path, name: str, data: bytes) -> None:
    from pipeline.delivery.files import as_output_error, locked, write_files

    with locked(folder), as_output_error(folder):
        write_files(folder, {name: data})
    click.echo(f"写好 {shown(folder / name)}")


@click.command(options_metavar="[选项]")
@options.editions
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写文件")
def fmt(editions: list[str], inputs: Path, dry_run: bool) -> None:
    """整理表格的写法：编码、空格、全角半角、人名、数和日期、先后。不改意思。"""
    from pipeline.delivery.files import locked
    from pipeline.recipes.fmt import changes, write

    with ExitStack() as locks:
        for edition in () if dry_run else sorted(editions):
            locks.enter_context(locked(inputs / edition))
        found = {edition: changes(inputs / edition) for edition in editions}
        for changed in () if dry_run else found.values():
            write(changed)
    for edition, changed in found.items():
        for change in changed:
            recoded = f"编码 {change.encoding} → UTF-8，" if change.encoding else ""
            click.echo(f"{shown(change.path)}：{recoded}{_count(change.lines)}")
            if dry_run:
                click.echo("\n".join(change.lines))
        if not changed:
            click.echo(f"{edition}：不用整理")
    if dry_run and any(found.values()):
        click.echo("没有写文件；去掉 --dry-run 就写")


def _count(diff: Sequence[str]) -> str:
    added, removed = (sum(line.startswith(sign) for line in diff) for sign in "+-")
    return f"{max(added, removed)} 行有改动" if added or removed else "内容不变"


@click.command(options_metavar="[选项]")
@options.editions
@click.option(
    "--format",
    "style",
    type=click.Choice(sorted(SCHEMAS)),
    metavar="FORMAT",
    default="markdown",
    help="markdown 给人看（默认），frictionless 给别的程序（Data Package）",
)
def schema(editions: list[str], inputs: Path, style: str) -> None:
    """每张表有哪些列、怎么填（数据字典），按最近一个年度或者写明的年度的设置。"""
    from pipeline.tables.edition import read_settings, tables

    settings = read_settings(inputs / editions[-1])
    click.echo(SCHEMAS[style](tables(settings.indicators)), nl=False)


@click.command(options_metavar="[选项]")
@click.argument("year", type=click.IntRange(2000, 2100), metavar="年份")
@options.inputs
@click.option("--from", "source", metavar="年度", help="照哪个年度（默认最近的一个）")
def new(year: int, inputs: Path, source: str | None) -> None:
    """新的年度：名单、分工、指标、评分办法照旧，督查、填报和交表记录是空的，日期顺延。"""
    from pipeline.checks.load import problems
    from pipeline.delivery.files import as_output_error, replace_folder
    from pipeline.recipes.new_edition import renewed

    former = options.chosen((source,) if source else (), inputs)[-1]
    folder = inputs / str(year)
    if folder.exists():
        raise click.UsageError(f"已经有 {shown(folder)} 了")
    files = renewed(inputs / former, year)
    with as_output_error(folder):
        replace_folder(folder, files)
    print_problems(problems(folder))
    click.echo(f"做好了 {shown(folder)}，照 {former}。看看 edition.toml 里的日期，再改各张表")
