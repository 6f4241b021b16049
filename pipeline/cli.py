"""The program `jixiao`: parse, call, print.

Only here, and in `terminal`, is anything printed; only here does the process end, and only here
are the clock and the environment read.
"""

from __future__ import annotations

import gc
import gettext
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Before click is imported: it fetches its words while its modules load.
os.environ.setdefault("LANGUAGE", "zh_CN")
gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))

import click  # noqa: E402 (see above)

from pipeline.errors import JixiaoError  # noqa: E402
from pipeline.report import FORMATS, Report  # noqa: E402
from pipeline.schema import FORMATS as SCHEMAS  # noqa: E402
from pipeline.terminal import complain, progress, shown, tell  # noqa: E402

if TYPE_CHECKING:
    from pipeline.build import Deliverable, Outcome

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
FONTS = TEMPLATES / "docx" / "fonts.conf"

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ANYTHING = click.Path(exists=True, path_type=Path)

Command = Callable[..., Any]


def main() -> None:
    """Run the program; a known error is a line and exit code 1, others keep their traceback."""
    # Loading makes many objects that stay; looking for garbage among them is a tenth of a start.
    gc.set_threshold(50_000)
    try:
        cli(prog_name="jixiao")
    except JixiaoError as error:
        complain(error)
        sys.exit(1)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]...",
)
@click.version_option(package_name="jixiao", message="jixiao %(version)s")
def cli() -> None:
    """绩效：从表格（CSV）生成绩效管理的四个附件。

    一期绩效管理是 inputs 下的一个文件夹，例如 inputs/2023。改好表格以后运行 jixiao build，
    Word 文件在 build/2023 里。
    """


def _inputs(command: Command) -> Command:
    return click.option(
        "--inputs",
        type=_FOLDER,
        metavar="DIR",
        default=ROOT / "inputs",
        help="各年度所在的文件夹（默认 inputs）",
    )(command)


def _editions(command: Command) -> Command:
    """Editions as arguments, all of them by default, and where they are."""

    @click.argument("editions", nargs=-1, metavar="[年度]...")
    @_inputs
    @wraps(command)
    def wrapped(editions: tuple[str, ...], inputs: Path, **options: Any) -> Any:
        return command(editions=_chosen(editions, inputs), inputs=inputs, **options)

    return wrapped


def _out(command: Command) -> Command:
    return click.option(
        "--out",
        type=_FOLDER,
        metavar="DIR",
        default=ROOT / "build",
        help="结果放在哪个文件夹（默认 build）",
    )(command)


def _chosen(editions: Sequence[str], inputs: Path) -> list[str]:
    there = sorted(path.parent.name for path in inputs.glob("*/edition.toml"))
    if not there:
        raise click.UsageError(f"{shown(inputs)} 里没有任何年度（含有 edition.toml 的文件夹）")
    for edition in editions:
        if edition not in there:
            raise click.UsageError(f"{shown(inputs)} 里没有“{edition}”，现有：{'、'.join(there)}")
    return list(editions) or there


_quiet = click.option("-q", "--quiet", is_flag=True, help="只在出错时说话")
_on = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="日期",
    help="逾期算到哪一天，例如 2023-10-08（默认算到表里最后一次交表的日期）",
)


@cli.command(options_metavar="[选项]")
@_editions
@_out
@_quiet
def build(editions: list[str], inputs: Path, out: Path, quiet: bool) -> None:
    """生成附件1–4（Word），四个单份和一个合订本。"""
    from pipeline.build import annexes

    _build(annexes(TEMPLATES), editions, inputs=inputs, out=out, quiet=quiet)


@cli.command(options_metavar="[选项]")
@_editions
@_out
@_on
@_quiet
def digest(editions: list[str], inputs: Path, out: Path, on: datetime | None, quiet: bool) -> None:
    """生成摘要（网页和 PDF），以及附件1–4 的 PDF。"""
    from pipeline.build import digest as deliverable

    day = on.date() if on else None
    made = deliverable(TEMPLATES, on=day, revision=_revision)
    _build(made, editions, inputs=inputs, out=out, quiet=quiet)


def _build(
    deliverable: Deliverable, editions: list[str], *, inputs: Path, out: Path, quiet: bool
) -> None:
    from pipeline.build import build as run

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


def _revision(folder: Path) -> str:
    from pipeline.revision import revision

    return revision(folder, os.environ)


@cli.command(options_metavar="[选项]")
@_editions
@_out
@_on
@_quiet
def site(editions: list[str], inputs: Path, out: Path, on: datetime | None, quiet: bool) -> None:
    """把要公布的内容收进 build/site：首页、各年度的摘要和附件、校验和。

    公布什么、带不带人名，写在各年度 edition.toml 的 [publish] 里；没有写的年度不公布。
    """
    from pipeline.output import locked, replace_folder, told
    from pipeline.site import site as gather

    with progress(len(editions), quiet) as line:
        found = gather(
            editions,
            inputs=inputs,
            templates=TEMPLATES,
            on=on.date() if on else None,
            revision=_revision,
            step=line.step,
        )
    if not quiet:
        tell(found.problems)
    with locked(out), told(out):
        replace_folder(out / "site", found.files)
    if not quiet:
        click.echo(_gathered([view.name for view in found.editions], shown(out / "site")))


def _gathered(editions: Sequence[str], where: str) -> str:
    if not editions:
        return f"没有一个年度写了 [publish]，{where} 里只有一个空的首页"
    return f"{'、'.join(editions)}：收好了，在 {where} 里，首页是 index.html"


@cli.command(options_metavar="[选项]")
@_out
@click.option("--remote", required=True, metavar="地址", help="git 仓库的地址或路径")
@click.option("--branch", default="pages", metavar="分支", help="推送到哪个分支（默认 pages）")
@_quiet
def publish(out: Path, remote: str, branch: str, quiet: bool) -> None:
    """把 build/site 提交到一个 git 仓库的分支上；没有变化就什么都不做。"""
    from pipeline.publish import publish as push

    changed = push(
        out / "site",
        remote=remote,
        branch=branch,
        message="公布绩效管理摘要",
        environment=os.environ,
    )
    if not quiet:
        click.echo(f"已经推送到 {remote} 的 {branch} 分支" if changed else "没有变化，不用推送")


_periods = click.option(
    "--period", "periods", multiple=True, metavar="期次", help="哪一期（可以写几次，默认各期）"
)


@cli.command(options_metavar="[选项]")
@_editions
@_out
@_periods
@click.option("--earlier", is_flag=True, help="表后附上该组队上一期填的，供参考")
@click.option("--consolidated", is_flag=True, help="不发空表，把各组队填好的汇总成一份附件4")
@_quiet
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
    from pipeline import build as make

    if consolidated:
        made = make.consolidated(TEMPLATES, periods=periods)
    else:
        made = make.forms(TEMPLATES, periods=periods, earlier=earlier)
    _build(made, editions, inputs=inputs, out=out, quiet=quiet)


@cli.command(options_metavar="[选项]")
@click.argument("files", nargs=-1, required=True, type=_ANYTHING, metavar="文件...")
@_inputs
@click.option("--edition", metavar="年度", help="收进哪个年度（默认看表里的标记）")
@click.option("--period", metavar="期次", help="这些表是哪一期的（默认看表）")
@click.option("--group", metavar="组队", help="这些表是哪个组队的（默认看表）")
@click.option("--accept", is_flag=True, help="名称相近的指标也收")
@click.option("--replace", is_flag=True, help="和已有内容不同的，用新的换掉旧的")
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写文件")
@_quiet
def collect(
    files: tuple[Path, ...],
    inputs: Path,
    edition: str | None,
    period: str | None,
    group: str | None,
    accept: bool,
    replace: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """把填好的附件4收进 progress.csv 和 submissions.csv。

    文件可以是 .docx、.doc、.wps、.odt，也可以是文件夹和邮件附件的 .zip。
    """
    from pipeline import collect as recipe
    from pipeline.returned import Choices

    reads = recipe.read(files, os.environ)
    name = _edition_of(edition, recipe.editions(reads, _chosen((), inputs)), inputs)
    choices = Choices(period=period, group=group, accept=accept)
    done = recipe.collect(reads, inputs / name, choices, replace=replace, dry_run=dry_run)
    tell(done.problems)
    if not quiet:
        for line in recipe.summary(done):
            click.echo(line)
    if dry_run:
        for change in done.changes:
            click.echo("\n".join([f"{shown(change.path)}：", *change.lines]))
        click.echo("没有写文件；去掉 --dry-run 就写")
    if any(problem.severity == "error" for problem in done.problems):
        sys.exit(1)


@cli.command(options_metavar="[选项]")
@_editions
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="日期",
    help="统计到哪一天，例如 2023-10-01（默认今天）",
)
@_periods
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "markdown", "reminders", "ics"]),
    metavar="FORMAT",
    default="text",
    help="text 看板（默认）、json、markdown、reminders 催报的话、ics 交表日历",
)
def status(
    editions: list[str], inputs: Path, on: datetime | None, periods: tuple[str, ...], style: str
) -> None:
    """看板：各组队交没交、哪天交的、迟几天、哪些没填、哪些问题没有措施或时限。"""
    from pipeline.status import FORMATS as STYLES
    from pipeline.status import board

    day = on.date() if on else date.today()
    for edition in editions:
        click.echo(STYLES[style](board(inputs / edition, day, periods)), nl=False)


def _edition_of(wanted: str | None, marked: list[str], inputs: Path) -> str:
    """The edition to collect into: the one asked for, the only one, or the forms' own."""
    there = _chosen((wanted,) if wanted else (), inputs)
    if len(there) == 1:
        return there[0]
    if len(marked) == 1:
        return marked[0]
    raise click.UsageError(f"看不出收进哪个年度，用 --edition 写明：{'、'.join(there)}")


@cli.command(options_metavar="[选项]")
@_editions
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
    from pipeline.build import problems

    found = [problem for edition in editions for problem in problems(inputs / edition)]
    report = Report(editions=editions, problems=found, root=shown(inputs))
    click.echo(FORMATS[style](report), nl=False)
    if report.count("error") or (strict and found):
        sys.exit(1)


@cli.command(options_metavar="[选项]")
@_editions
@_out
@click.option(
    "--with",
    "draft",
    type=_FILE,
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
    from pipeline.build import checked
    from pipeline.ledger import NAME, document
    from pipeline.score import read_draft, score_of
    from pipeline.statement import FORMATS as STATEMENTS

    if draft and len(editions) > 1:
        raise click.UsageError(f"草稿是哪个年度的？现有：{'、'.join(editions)}")
    scores, failed = [], False
    for name in editions:
        try:
            edition, warnings = checked(inputs / name)
            tried = read_draft(edition, draft.read_bytes(), draft.name) if draft else None
            scores.append(score_of(edition, tried))
            if style == "docx":
                data = document(scores[-1], edition.settings, TEMPLATES / "docx")
                _write(out / name, f"{NAME}{'（试算）' if tried else ''}.docx", data)
            tell([*warnings, *(tried.warnings if tried else ())])
        except JixiaoError as error:
            failed = True
            complain(error)
    if style != "docx" and scores:
        click.echo(STATEMENTS[style](scores), nl=False)
    if failed:
        sys.exit(1)


def _write(folder: Path, name: str, data: bytes) -> None:
    from pipeline.output import locked, told, write_files

    with locked(folder), told(folder):
        write_files(folder, {name: data})
    click.echo(f"写好 {shown(folder / name)}")


@cli.command(options_metavar="[选项]")
@_editions
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写文件")
def fmt(editions: list[str], inputs: Path, dry_run: bool) -> None:
    """整理表格的写法：编码、空格、全角半角、人名、数和日期、先后。不改意思。"""
    from pipeline.fmt import changes, write

    found = {edition: changes(inputs / edition) for edition in editions}
    for edition, changed in found.items():
        for change in changed:
            recoded = f"编码 {change.encoding} → UTF-8，" if change.encoding else ""
            click.echo(f"{shown(change.path)}：{recoded}{_count(change.lines)}")
            if dry_run:
                click.echo("\n".join(change.lines))
        if not changed:
            click.echo(f"{edition}：不用整理")
        if not dry_run:
            write(changed)
    if dry_run and any(found.values()):
        click.echo("没有写文件；去掉 --dry-run 就写")


def _count(diff: Sequence[str]) -> str:
    added, removed = (sum(line.startswith(sign) for line in diff) for sign in "+-")
    return f"{max(added, removed)} 行有改动" if added or removed else "内容不变"


@cli.command(options_metavar="[选项]")
@_editions
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


@cli.command(options_metavar="[选项]")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="文件...")
@click.option("--look", is_flag=True, help="连同页面、列宽、页眉页脚和样式")
@click.option("--write", is_flag=True, help="写到旁边的 .txt 文件里，不显示")
def dump(files: tuple[Path, ...], look: bool, write: bool) -> None:
    """把 Word 文件显示成文字，便于比较。"""
    from pipeline.docx import dump as views
    from pipeline.docx.package import read_parts

    for file in files:
        parts = read_parts(file.read_bytes())
        text = views.look(parts) if look else views.text(parts)
        if write:
            file.with_suffix(".txt").write_text(text, encoding="utf-8", newline="\n")
        else:
            click.echo(text, nl=False)


@cli.command(options_metavar="[选项]")
@_editions
@_out
def preview(editions: list[str], inputs: Path, out: Path) -> None:
    """把生成的附件转成 PDF 和图片，不开 Word 也能看（需要 LibreOffice）。"""
    from pipeline.preview import to_pdf, to_pictures

    for edition in editions:
        documents = sorted((out / edition).glob("附件*.docx"))
        if not documents:
            raise click.UsageError(f"还没有生成 {edition} 的附件，先运行 jixiao build {edition}")
        folder = out / edition / "preview"
        pages = [
            page
            for pdf in to_pdf(documents, folder, FONTS, os.environ)
            for page in to_pictures(pdf, os.environ)
        ]
        click.echo(f"{edition}：{len(documents)} 个文件，{len(pages)} 页，在 {shown(folder)} 里")


@cli.command(options_metavar="[选项]")
@click.option("--packages", is_flag=True, help="只列出缺少的 Debian/Ubuntu 软件包")
def doctor(packages: bool) -> None:
    """看看这台机器上排版 PDF、预览和测试要用的软件齐不齐（生成附件1–4 的 Word 都用不着）。"""
    from ctypes.util import find_library

    from pipeline.doctor import NEEDS, missing

    lacking = missing(shutil.which, find_library, _fonts())
    if packages:
        click.echo(" ".join(need.package for need in lacking))
        return
    for need in NEEDS:
        click.echo(f"{'缺' if need in lacking else '有'}  {need.name}：{need.purpose}")
    if lacking:
        names = " ".join(need.package for need in lacking)
        click.echo(f"安装缺少的：sudo apt-get install {names}")
        sys.exit(1)


def _fonts() -> str:
    if shutil.which("fc-list") is None:
        return ""
    return subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True).stdout
