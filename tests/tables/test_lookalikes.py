"""Two texts that look alike and are not: refused by cell in names and codes, mended by fmt."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from pipeline import lookalikes
from pipeline.checks.load import problems
from pipeline.errors import errors_in
from pipeline.tables.contract import CellKind, Column
from pipeline.tables.tidy import tidy
from pipeline.typography import squeezed
from tests.conftest import Jixiao, change

UNSEEN = [
    *("\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200d", "\u2060", "\u206f", "\u2800"),
    *("\u3164", "\ufe00", "\ufe0f", "\ufff9", "\uffa0", "\U000e0041", "\U000e0100", "\U0001d173"),
]
SECOND_FORMS = {"\u2f00": "一", "\u2ea0": "民", "\u2ee2": "马", "\uf9d1": "六", "\U0002f800": "丽"}


@pytest.mark.parametrize("character", UNSEEN, ids=lambda each: f"U+{ord(each):04X}")
def test_what_nothing_shows_is_refused_by_cell_and_mended(
    character: str, edition: Path, jixiao: Jixiao
) -> None:
    change(edition / "roster.csv", "黄薇,成员", f"黄{character}薇,成员")

    (found,) = [each for each in errors_in(problems(edition)) if each.file.endswith("roster.csv")]
    assert (found.rule, found.column) == ("invisible", "姓名")
    assert f"U+{ord(character):04X}" in found.message
    assert jixiao("fmt").exit_code == 0
    assert not errors_in(problems(edition))
    assert "黄薇,成员" in (edition / "roster.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(("character", "plain"), SECOND_FORMS.items())
def test_a_radical_that_stands_for_a_character_is_refused_and_mended(
    character: str, plain: str, edition: Path, jixiao: Jixiao
) -> None:
    change(edition / "roster.csv", "黄薇,成员", f"黄{character},成员")

    assert {"second-form"} <= {each.rule for each in errors_in(problems(edition))}
    jixiao("fmt")
    assert f"黄{plain},成员" in (edition / "roster.csv").read_text(encoding="utf-8-sig")


def test_an_accent_by_itself_is_refused_and_composed(edition: Path, jixiao: Jixiao) -> None:
    change(edition / "roster.csv", "黄薇,成员", "Rene\u0301,成员")

    assert {"accent"} <= {each.rule for each in errors_in(problems(edition))}
    jixiao("fmt")
    assert "Ren\u00e9,成员" in (edition / "roster.csv").read_text(encoding="utf-8-sig")
    assert "accent" not in {each.rule for each in problems(edition)}


def test_free_text_keeps_what_has_a_use_there() -> None:
    column = Column("内容", "text", "", kind=CellKind.TEXT)

    assert tidy("葛\U000e0100 👨‍👩‍👧 ❤️", column) == "葛\U000e0100 👨‍👩‍👧 ❤️"
    assert tidy("完\u200b成⼀项", column) == "完成一项"


def test_the_characters_are_those_of_unicode() -> None:
    """Every second form has another first form, which has none itself; unseen ones are no letters."""
    pattern = lookalikes._SECOND_FORM
    for code in range(0x110000):
        each = chr(code)
        if pattern.match(each) and unicodedata.category(each) != "Cn":
            first = lookalikes.without_second_forms(each)
            assert first != each, hex(code)
            assert lookalikes.without_second_forms(first) == first, hex(code)
        if lookalikes._UNSEEN.match(each):
            assert unicodedata.category(each) in {"Cf", "Cn", "Mn", "Lo", "So"}, hex(code)


def test_what_is_compared_is_what_is_seen() -> None:
    assert squeezed("综\u200b合⼀组　Ａ") == squeezed("综合一组 a")
