"""What a machine must have beyond Python, what it lacks, and what killed programs left on it.

附件1–4 as Word files need nothing of this. PDFs, previews, and the tests that look at pages do.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.delivery.files import LEFTOVERS, UNPLACED


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something from the system: how it is recognised, and the Debian package that brings it."""

    name: str
    package: str
    purpose: str
    command: str = ""
    beside: str = ""  # a file in the folder in which the command really lies
    font: str = ""
    library: str = ""


NEEDS = (
    Need(
        name="Pango",
        library="pangoft2-1.0",
        package="libpangoft2-1.0-0",
        purpose="排版摘要的 PDF",
    ),
    Need(
        name="HarfBuzz 字体子集",
        library="harfbuzz-subset",
        package="libharfbuzz-subset0",
        purpose="只把用到的字放进 PDF；没有它要慢几十倍",
    ),
    Need(
        name="LibreOffice Writer",
        command="soffice",
        package="libreoffice-writer-nogui",
        purpose="把附件印成 PDF；收 .doc、.wps、.odt 的表",
    ),
    Need(
        name="LibreOffice Calc",
        command="soffice",
        beside="libsclo.so",
        package="libreoffice-calc-nogui",
        purpose="测试时把表格另存成各种格式",
    ),
    Need(
        name="poppler",
        command="pdftoppm",
        package="poppler-utils",
        purpose="把 PDF 转成图片，读出 PDF 里的文字",
    ),
    Need(name="Chromium", command="chromium", package="chromium", purpose="测试时打开网页"),
    Need(name="qpdf", command="qpdf", package="qpdf", purpose="测试时检查 PDF"),
    Need(name="Java", command="java", package="default-jre-headless", purpose="测试时检查网页"),
    Need(name="fontconfig", command="fc-list", package="fontconfig", purpose="查找字体"),
    Need(
        name="霞鹜文楷",
        font="LXGW WenKai",
        package="fonts-lxgw-wenkai",
        purpose="印成 PDF 时代替仿宋、楷体",
    ),
    Need(
        name="思源黑体、思源宋体",
        font="Noto Serif CJK SC",
        package="fonts-noto-cjk",
        purpose="PDF 里字库没有的字",
    ),
)


Find = Callable[[str], str | None]


def installed_fonts() -> str:
    """The families that fontconfig lists, a line each; empty where there is no fontconfig."""
    if shutil.which("fc-list") is None:
        return ""
    return subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True).stdout


def missing(find_command: Find, find_library: Find, fonts: str) -> list[Need]:
    """What of NEEDS is not there.

    The two give the path of a command or the name of a library, None where it is not installed;
    `fonts` are the installed font families, as `installed_fonts` lists them.
    """
    return [need for need in NEEDS if not _is_there(need, find_command, find_library, fonts)]


def _is_there(need: Need, find_command: Find, find_library: Find, fonts: str) -> bool:
    """Whether a need is met."""
    if need.font:
        return need.font in fonts
    if need.library:
        return find_library(need.library) is not None
    path = find_command(need.command)
    if path is None or not need.beside:
        return path is not None
    return (Path(path).resolve().parent / need.beside).exists()


def leftovers(folders: Iterable[Path]) -> Iterator[Path]:
    """What killed programs left in the folders, and in the folders right below them."""
    for folder in folders:
        for each in (folder, *sorted(filter(Path.is_dir, folder.glob("*")))):
            yield from (each / name for name in LEFTOVERS if (each / name).exists())
            yield from sorted(each.glob(f"*{UNPLACED}"))
