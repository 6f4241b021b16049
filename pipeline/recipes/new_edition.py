"""The recipe of `jixiao new`: a year's edition made of the one before.

People, sections, indicators and clauses stay; what happened in the old year is left out. The
settings keep their comments: of their text only the year and the days are changed, and the forms
ask for 状态 and 自评分 where the old year's settings say nothing about it.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from datetime import date
from pathlib import Path

from pipeline.checks.load import checked, contents, problems
from pipeline.delivery.files import locked, replace_folder
from pipeline.errors import OutputError, Problem
from pipeline.tables.settings import FILE
from pipeline.tables.toml_file import parse_settings
from pipeline.tables.writer import csv_bytes

HAPPENED = ("findings", "progress", "submissions")

_YEAR = re.compile(r"^(year\s*=\s*)\d{4}", re.MULTILINE)
_DAY = re.compile(r"^((?:#\s*)?(?:due|last_day)\s*=\s*)(\d{4})-(\d\d)-(\d\d)", re.MULTILINE)
# What forms of a new year ask for; an edition may have the same line behind a #.
_ASK = 'ask = ["状态", "自评分"]'
_UNUSED_ASK = re.compile(r"^#\s*(ask\s*=\s*\[)", re.MULTILINE)
_FORM = re.compile(r"^\[form\][^\n]*\n", re.MULTILINE)


def write_new_edition(folder: Path, source: Path, year: int) -> list[Problem]:
    """Write the edition of `year`, made of the one in `source`, to `folder`.

    Returns the problems that the new one has; raises JixiaoError, also where it is there already.
    """
    files = renewed(source, year)
    with locked(folder.parent):
        if folder.exists():
            raise OutputError(f"已经有 {folder} 了")
        replace_folder(folder, files)
    return problems(folder)


def renewed(folder: Path, year: int) -> dict[str, bytes]:
    """File → content of the edition of `year`, from the one in `folder`; raises JixiaoError."""
    edition, _ = checked(folder)
    files = contents(folder)
    for name in HAPPENED:
        sheet = edition[name]
        del files[Path(sheet.file).name]
        files[sheet.table.file] = csv_bytes([list(filter(None, sheet.raw.headers))])
    files[FILE] = _moved(_asking(files[FILE]), year, year - edition.settings.year)
    made, _ = parse_settings(files[FILE])
    if made is None or made.year != year:
        raise OutputError(f"{FILE} 里的年份改不了，是不是写法特别")
    return files


def _asking(settings: bytes) -> bytes:
    """The settings with what the forms ask for; what they say about it themselves stays."""
    if "ask" in tomllib.loads(settings.decode("utf-8-sig"))["form"]:
        return settings
    text = settings.decode("utf-8-sig")
    asking, found = _UNUSED_ASK.subn(r"\1", text, count=1)
    if not found:
        asking = _FORM.sub(rf"\g<0>{_ASK}\n", text, count=1)
    return _with_mark(asking, settings)


def _with_mark(text: str, like: bytes) -> bytes:
    """A text as bytes, with a byte order mark where the other file has one."""
    mark = codecs.BOM_UTF8 if like.startswith(codecs.BOM_UTF8) else b""
    return mark + text.encode()


def _moved(settings: bytes, year: int, by: int) -> bytes:
    """The settings with another year, and every day so many years later."""
    text = _YEAR.sub(rf"\g<1>{year}", settings.decode("utf-8-sig"), count=1)
    return _with_mark(_DAY.sub(lambda match: _moved_day(match, by), text), settings)


def _moved_day(match: re.Match[str], by: int) -> str:
    """A day's setting so many years later; 29 February becomes 28 where there is none."""
    year, month, day = (int(match[number]) for number in (2, 3, 4))
    try:
        return f"{match[1]}{date(year + by, month, day)}"
    except ValueError:
        return f"{match[1]}{date(year + by, month, 28)}"
