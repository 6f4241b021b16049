"""附件1's columns follow the longest name and role."""

from __future__ import annotations

from pathlib import Path

from pipeline.checks.load import checked
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from pipeline.word.annexes import Templates
from pipeline.word.columns import grid_widths
from tests.conftest import TEMPLATES, change

SIZE = 320  # twips of 三号


def widths(document: bytes) -> list[int]:
    return grid_widths(next(parse(read_parts(document)[DOCUMENT]).iter(w("tbl"))))


def printed(edition: Path, templates: Templates) -> list[int]:
    return widths(templates.annexes(checked(edition)[0])["附件1.docx"])


def give_a_long_name(edition: Path) -> None:
    for name in ("roster.csv", "indicators.csv", "findings.csv", "submissions.csv"):
        path = edition / name
        path.write_bytes(path.read_bytes().replace("林晨".encode(), "阿卜杜热合曼".encode()))


def test_short_names_leave_the_template_s_widths(edition: Path, templates: Templates) -> None:
    assert printed(edition, templates) == widths((TEMPLATES / "附件1.docx").read_bytes())


def test_a_long_name_has_room_on_one_line(edition: Path, templates: Templates) -> None:
    before = printed(edition, templates)
    change(edition / "edition.toml", "[layout]", '[layout]\nfonts = { "仿宋_GB2312" = "仿宋" }')
    give_a_long_name(edition)

    after = printed(edition, templates)

    assert after[1] >= 6 * SIZE
    assert sum(after) == sum(before)
    assert after[0] == before[0]


def test_the_template_s_widths_can_be_kept(edition: Path, templates: Templates) -> None:
    before = printed(edition, templates)
    change(edition / "edition.toml", '# columns = "template"', 'columns = "template" #')
    change(edition / "edition.toml", "[layout]", '[layout]\nfonts = { "仿宋_GB2312" = "仿宋" }')
    give_a_long_name(edition)

    edited = checked(edition)[0]

    assert widths(templates.annexes(edited)["附件1.docx"]) == before
