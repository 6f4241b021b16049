"""What a machine must have beyond Python, and what it lacks.

附件1–4 need nothing of this. Previews, and the tests that look at pages, do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something from the system: how it is recognised, and the Debian package that brings it."""

    name: str
    package: str
    purpose: str
    command: str = ""
    font: str = ""


NEEDS = (
    Need(
        name="LibreOffice Writer",
        command="soffice",
        package="libreoffice-writer-nogui",
        purpose="把 Word 文件转成 PDF 预览",
    ),
    Need(
        name="poppler",
        command="pdftoppm",
        package="poppler-utils",
        purpose="把 PDF 转成图片，读出 PDF 里的文字",
    ),
    Need(name="fontconfig", command="fc-list", package="fontconfig", purpose="查找字体"),
    Need(
        name="霞鹜文楷",
        font="LXGW WenKai",
        package="fonts-lxgw-wenkai",
        purpose="预览时代替仿宋、楷体",
    ),
    Need(
        name="思源黑体、思源宋体",
        font="Noto Serif CJK SC",
        package="fonts-noto-cjk",
        purpose="预览时代替黑体、宋体、小标宋",
    ),
)


def missing(find_command: Callable[[str], object], fonts: str) -> list[Need]:
    """What of NEEDS is not there.

    `find_command` gives a false value for a command that is not installed; `fonts` is the list
    of the installed font families, as `fc-list` prints it.
    """
    return [
        need
        for need in NEEDS
        if (need.command and not find_command(need.command))
        or (need.font and need.font not in fonts)
    ]
