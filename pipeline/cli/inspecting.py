"""Commands to look at documents, and at the machine."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from pipeline.cli import options
from pipeline.cli.console import say, shown


@click.command(options_metavar="[选项]")
@click.argument("files", nargs=-1, required=True, type=options.FILE, metavar="文件...")
@click.option("--look", "in_full", is_flag=True, help="连同页面、列宽、页眉页脚和样式")
@click.option("--write", is_flag=True, help="写到旁边的 .txt 文件里，不显示")
def dump(files: tuple[Path, ...], in_full: bool, write: bool) -> None:
    """把 Word 文件显示成文字，便于比较。"""
    from pipeline.ooxml.dump import look, text
    from pipeline.ooxml.package import read_parts

    as_text = look if in_full else text
    for file in files:
        _show_or_write(as_text(read_parts(file.read_bytes())), file, write=write)


def _show_or_write(content: str, file: Path, *, write: bool) -> None:
    """Print what a Word file contains, or `write` it beside the file."""
    if write:
        file.with_suffix(".txt").write_text(content, encoding="utf-8", newline="\n")
    else:
        say(content, nl=False)


@click.command(options_metavar="[选项]")
@options.editions
@options.out
def preview(editions: list[str], inputs: Path, out: Path) -> None:
    """把生成的附件转成 PDF 和图片，不开 Word 也能看（需要 LibreOffice）。"""
    from pipeline.recipes import preview

    for edition in editions:
        documents = _annexes(out, edition)
        folder = out / edition / "preview"
        pages = preview.pages(documents, folder, options.FONTS, os.environ)
        say(f"{edition}：{len(documents)} 个文件，{len(pages)} 页，在 {shown(folder)} 里")


def _annexes(out: Path, edition: str) -> list[Path]:
    """The annexes of an edition that were made; raises UsageError where there are none."""
    documents = sorted((out / edition).glob("附件*.docx"))
    if not documents:
        raise click.UsageError(f"还没有生成 {edition} 的附件，先运行 jixiao build {edition}")
    return documents


@click.command(options_metavar="[选项]")
@click.option("--packages", is_flag=True, help="只列出缺少的 Debian/Ubuntu 软件包")
@options.inputs
@options.out
def doctor(packages: bool, inputs: Path, out: Path) -> None:
    """看看这台机器上排版 PDF、预览和测试要用的软件齐不齐（生成附件1–4 的 Word 都用不着）。

    也看看有没有中断的程序留下的东西。
    """
    from ctypes.util import find_library

    from pipeline.delivery.files import UNPLACED
    from pipeline.recipes.doctor import NEEDS, installed_fonts, leftovers, missing

    lacking = missing(shutil.which, find_library, installed_fonts())
    names = " ".join(need.package for need in lacking)
    if packages:
        say(names)
        return
    for need in NEEDS:
        say(f"{'缺' if need in lacking else '有'}  {need.name}：{need.purpose}")
    for path in leftovers([inputs, out]):
        todo = "自己看过再删" if path.name.endswith(UNPLACED) else "下一次写的时候会收拾"
        say(f"留下  {shown(path)}：上次写到一半中断了，{todo}")
    if lacking:
        say(f"安装缺少的：sudo apt-get install {names}")
        sys.exit(1)
