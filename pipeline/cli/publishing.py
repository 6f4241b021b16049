"""Commands that publish what was made."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from pipeline.cli import options
from pipeline.cli.console import print_problems, progress, say, shown


@click.command(options_metavar="[选项]")
@options.editions
@options.out
@options.on
@options.quiet
def site(editions: list[str], inputs: Path, out: Path, on: date, quiet: bool) -> None:
    """把要公布的内容收进 build/site：首页、各年度的摘要和附件、校验和。

    公布什么、带不带人名，写在各年度 edition.toml 的 [publish] 里；没有写的年度不公布。
    """
    from pipeline.recipes.site import gather, write

    with progress(len(editions), quiet) as line:
        found = gather(
            editions,
            inputs=inputs,
            templates=options.TEMPLATES,
            on=on,
            revision=options.revision_of,
            step=line.step,
        )
    if not quiet:
        print_problems(found.problems)
    folder = write(found, out)
    if not quiet:
        say(_summary([edition.name for edition in found.editions], shown(folder)))


def _summary(editions: Sequence[str], folder: str) -> str:
    """Which editions are in the site, and where it is."""
    if not editions:
        return f"没有一个年度写了 [publish]，{folder} 里只有一个空的首页"
    return f"{'、'.join(editions)}：收好了，在 {folder} 里，首页是 index.html"


@click.command(options_metavar="[选项]")
@options.out
@click.option("--remote", required=True, metavar="地址", help="git 仓库的地址或路径")
@click.option("--branch", default="pages", metavar="分支", help="推送到哪个分支（默认 pages）")
@options.quiet
def publish(out: Path, remote: str, branch: str, quiet: bool) -> None:
    """把 build/site 提交到一个 git 仓库的分支上；没有变化就什么都不做。"""
    from pipeline.delivery.git import without_secrets
    from pipeline.recipes.publish import push

    changed = push(
        out / "site",
        remote=remote,
        branch=branch,
        message="公布绩效管理摘要",
        environment=os.environ,
    )
    if not quiet:
        where = f"{without_secrets(remote)} 的 {branch} 分支"
        say(f"已经推送到 {where}" if changed else "没有变化，不用推送")
