"""The recipe of `jixiao new`: a year's edition made of the one before.

People, sections, indicators and clauses stay; what happened in the old year is left out. The
settings keep their comments: of their text only the year and the days are changed.
"""

from __future__ import annotations

import codecs
import re
from datetime import date
from pathlib import Path

from pipeline.checks.load import checked, contents
from pipeline.errors import OutputError
from pipeline.tables import settings
from pipeline.tables.toml_file import parse_settings
from pipeline.tables.writer import csv_bytes

HAPPENED = ("findings", "progress", "submissions")

_YEAR = re.compile(r"^(year\s*=\s*)\d{4}", re.MULTILINE)
_DAY = re.compile(r"^((?:#\s*)?(?:due|last_day)\s*=\s*)(\d{4})-(\d\d)-(\d\d)", re.MULTILINE)


def renewed(folder: Path, year: int) -> dict[str, bytes]:
    """File → content of the edition of `year`, from the one in `folder`; raises JixiaoError."""
    edition, _ = checked(folder)
    files = contents(folder)
    for name in HAPPENED:
        sheet = edition[name]
        del files[Path(sheet.file).name]
        files[sheet.table.file] = csv_bytes([[head for head in sheet.raw.headers if head]])
    text = files[settings.FILE].decode("utf-8-sig")
    moved = _moved(text, year, year - edition.settings.year)
    mark = codecs.BOM_UTF8 if files[settings.FILE].startswith(codecs.BOM_UTF8) else b""
    files[settings.FILE] = mark + moved.encode()
    made, _ = parse_settings(files[settings.FILE])
    if made is None or made.year != year:
        raise OutputError(f"{settings.FILE} 里的年份改不了，是不是写法特别")
    return files


def _moved(text: str, year: int, by: int) -> str:
    """The settings with another year, and every day so many years later."""
    text = _YEAR.sub(rf"\g<1>{year}", text, count=1)
    return _DAY.sub(lambda match: f"{match[1]}{_later(*map(int, match.groups()[1:]), by=by)}", text)


def _later(year: int, month: int, day: int, *, by: int) -> date:
    """29 February becomes 28 February in a year that has none."""
    try:
        return date(year + by, month, day)
    except ValueError:
        return date(year + by, month, 28)
