"""What an answer says, over the phrases that officials write: nothing is claimed that is not said.

phrases.csv holds what each phrase says to a person who reads it: 是, 否, 说不准; of a deadline its
day, 有 (named, of a day that cannot be counted), 没有 or 说不准. Texts are of 28 September 2023.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.transforms.answers import has_measure, has_problem, is_done
from pipeline.transforms.deadlines import deadline

PHRASES = [
    tuple(row)
    for row in csv.reader(
        Path(__file__)
        .with_name("phrases.csv")
        .read_text(encoding="utf-8")
        .splitlines(keepends=True)
    )
][1:]
WORDS = {True: "是", False: "否", None: "说不准"}
DUE, WRITTEN = date(2023, 9, 30), date(2023, 9, 28)


def _deadline(text: str) -> str:
    found = deadline(text, DUE, WRITTEN)
    if found.named:
        return str(found.day or "有")
    return "说不准" if found.named is None else "没有"


READ: dict[str, Callable[[str], str]] = {
    "完成": lambda text: WORDS[is_done(text)],
    "问题": lambda text: WORDS[has_problem(text)],
    "措施": lambda text: WORDS[has_measure(text)],
    "时限": _deadline,
}


def test_there_are_enough_phrases() -> None:
    assert len(set(PHRASES)) >= 250


@pytest.mark.parametrize(("kind", "phrase", "expected"), PHRASES)
def test_nothing_is_claimed_that_a_phrase_does_not_say(
    kind: str, phrase: str, expected: str
) -> None:
    assert READ[kind](phrase) in {expected, "说不准"}


def test_few_phrases_are_left_open() -> None:
    told = [(kind, phrase) for kind, phrase, expected in PHRASES if expected != "说不准"]
    left = [phrase for kind, phrase in told if READ[kind](phrase) == "说不准"]
    assert len(left) <= 0.15 * len(told), left


_PIECES = [
    *"一二三十两〇0123456789年月日号周季度底末前内上下本明今完成已未无问题，。；/-—~.%",
    "星期",
    "春节",
    "工作日",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join) | st.text(max_size=20))
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_is_read(text: str) -> None:
    for read in READ.values():
        assert read(text)
