"""Commands that publish what was made."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from pipeline.cli import options
from pipeline.cli.console import print_problems, printable, progress, say, shown
from pipeline.delivery.git import Target, without_secrets


@click.command(options_metavar="[选项]")
@options.editions
@options.out
@options.on
@click.option("--list", "only_list", is_flag=True, help="只列出会公布什么，不写文件")
@options.quiet
def site(
    editions: list[str], inputs: Path, out: Path, on: date, only_list: bool, quiet: bool
) -> None:
    """把要公布的内容收进 build/site：首页、各年度的摘要和附件、校验和。

    公布什么、带不带人名，写在各年度 edition.toml 的 [publish] 里；没有写的年度不公布。
    """
    from pipeline.cli import listing_report
    from pipeline.recipes.site import gather, listings, write
    from pipeline.word.printing import LACKING, Office

    office = Office(fonts=options.FONTS, environment=os.environ)
    if only_list:
        found = listings(editions, inputs, printed=office.is_there)
        say(listing_report.text(found), nl=False)
        return
    with progress(len(editions), quiet) as line:
        gathered = gather(
            editions,
            inputs=inputs,
            templates=options.TEMPLATES,
            on=on,
            revision=options.revision_of,
            office=office,
            step=line.step,
        )
    if not quiet:
        print_problems(gathered.problems)
    folder = write(gathered, out, listing_report.text(gathered.listings))
    if not quiet:
        say(_summary([edition.name for edition in gathered.editions], shown(folder)))
        if not office.is_there and gathered.listings:
            say(f"提醒：{LACKING}", err=True)


def _summary(editions: Sequence[str], folder: str) -> str:
    """Which editions are in the site, and where it is."""
    if not editions:
        return f"没有一个年度写了 [publish]，{folder} 里只有一个空的首页"
    return f"{'、'.join(editions)}：收好了，在 {folder} 里，首页是 index.html"


_remote = click.option("--remote", required=True, metavar="地址", help="git 仓库的地址或路径")
_branch = click.option(
    "--branch", default="pages", metavar="分支", help="推送到哪个分支（默认 pages）"
)
_yes = click.option("-y", "--yes", is_flag=True, help="不用问，直接推送")


@click.command(options_metavar="[选项]")
@options.out
@_remote
@_branch
@click.option("--no-history", is_flag=True, help="不留以前的版本：从带人名改成不带时必须这样")
@_yes
@options.quiet
def publish(out: Path, remote: str, branch: str, no_history: bool, yes: bool, quiet: bool) -> None:
    """把 build/site 提交到一个 git 仓库的分支上；没有变化就什么都不做。

    先列出要公布什么；在终端里运行时问一次。
    """
    from pipeline.recipes.publish import push
    from pipeline.recipes.site import listed

    content = listed(out)
    if not quiet:
        say(content, nl=False)
    _ask(f"推送到 {_where(remote, branch)}？", yes=yes)
    changed = push(
        out / "site",
        Target(remote=remote, branch=branch, environment=os.environ),
        message="公布绩效管理摘要",
        history=not no_history,
    )
    if not quiet:
        where = _where(remote, branch)
        say(f"已经推送到 {where}" if changed else "没有变化，不用推送")


@click.command(options_metavar="[选项]")
@click.argument("edition", metavar="年度")
@options.out
@_remote
@_branch
@_yes
def unpublish(edition: str, out: Path, remote: str, branch: str, yes: bool) -> None:
    """把一个年度从公布的分支上拿掉，连同历史里的；本机的文件不动。"""
    from pipeline.recipes.publish import take_out

    where = _where(remote, branch)
    _ask(f"从 {where} 拿掉 {edition}，分支的历史也不留？", yes=yes)
    was_latest = take_out(
        edition,
        Target(remote=remote, branch=branch, environment=os.environ),
        out=out,
        templates=options.TEMPLATES,
        message="拿掉一个年度",
    )
    say(f"已经从 {where} 拿掉 {edition}。别人以前下载、克隆的收不回来")
    if was_latest:
        say(
            "GitHub 发布页（latest）上的 digest.pdf 也是它的：下一次公布时换掉，"
            "急的话现在运行 gh release delete-asset latest digest.pdf --yes"
        )


def _ask(question: str, *, yes: bool) -> None:
    """Ask once on a terminal; where nobody can answer, whoever called has decided."""
    if not yes and sys.stdin.isatty():
        click.confirm(printable(question), abort=True)


def _where(remote: str, branch: str) -> str:
    """The branch, without what a password in the address would give away."""
    return f"{without_secrets(remote)} 的 {branch} 分支"
