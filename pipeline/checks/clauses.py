"""The scoring method's clauses: numbered in order, with the figures that they print and use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.check import check
from pipeline.errors import Problem
from pipeline.tables.cells import parts
from pipeline.tables.edition import Edition
from pipeline.tables.sheet import Sheet
from pipeline.tables.terms import STANDARDS
from pipeline.typography import number

_NUMERALS = "一二三四五六七八九十"

_NUMBER = re.compile(rf"([{_NUMERALS}])\.([1-9]\d?)")
_FIGURES = {"分值": "amount", "上限": "cap"}
_TYPED = re.compile(r"(扣|加|不超过|最多|封顶)\s*(\d+(?:\.\d+)?)\s*分")
_LIMITS = {"不超过", "最多", "封顶"}
_PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}%]*[\u4e00-\u9fff][^{}%]*)\}(?!\})")


@check("rules")
def numbered_in_order(edition: Edition) -> Iterator[Problem]:
    """Clauses count from 1 in each chapter, chapters from 一."""
    sheet = edition["rules"]
    expected = [f"{_NUMERALS[0]}.1"]
    for index, code in enumerate(sheet["id"]):
        following = _following(code or "")
        if code and not following:
            message = "要写成章的序号、一个点、条的序号"
            yield sheet.problem(index, "id", "clause-number", message, hint="例如 一.1")
        elif code and expected and code not in expected:
            message = f"序号不连续，这里应当是 {' 或 '.join(expected)}"
            yield sheet.problem(index, "id", "clause-order", message)
        expected = following  # none after a number that cannot be read


def _following(code: str) -> list[str]:
    """The numbers that may come after this one: 一.2 → 一.3 or 二.1; none if it is no number."""
    match = _NUMBER.fullmatch(code)
    if match is None:
        return []
    next_chapter = _NUMERALS.index(match[1]) + 1
    next_numerals = _NUMERALS[next_chapter : next_chapter + 1]
    return [f"{match[1]}.{int(match[2]) + 1}", *(f"{numeral}.1" for numeral in next_numerals)]


@check("rules")
def one_title_a_chapter(edition: Edition) -> Iterator[Problem]:
    """The clauses of a chapter name the same chapter."""
    sheet = edition["rules"]
    titles: dict[str, tuple[str, int]] = {}
    for index, (code, title) in sheet.filled("id", "chapter"):
        first, row = titles.setdefault(code.partition(".")[0], (title, sheet.rows[index]))
        if title != first:
            message = f"同一章的标题要一样，第{row}行写的是“{first}”"
            yield sheet.problem(index, "chapter", "chapter-title", message)


@check("rules")
def figures_given(edition: Edition) -> Iterator[Problem]:
    """A figure that a clause's text asks for stands in its row, and the other way round."""
    sheet = edition["rules"]
    for header, field in _FIGURES.items():
        yield from _figure_given(sheet, f"{{{header}}}", field)


def _figure_given(sheet: Sheet, asked: str, field: str) -> Iterator[Problem]:
    """The clauses whose text asks for the figure in vain, has no use for it, or has another."""
    cells = sheet.raw.texts(field)
    hint = f"把正文里的数换成 {asked}，免得两处写得不一样"
    for index, (text,) in sheet.filled("text"):
        figure, typed = sheet[field][index], _typed(text, field)
        if asked in text and not cells[index]:
            message = f"正文里写了 {asked}，这一格就不能空着"
            yield sheet.problem(index, field, "figure", message)
        elif figure is not None and asked not in text and typed and figure not in typed:
            message = f"和正文里写的不一样：正文是 {'、'.join(map(number, typed))} 分"
            yield sheet.problem(index, field, "figure-differs", message, hint=hint)
        elif figure is not None and asked not in text:
            message = f"正文里没有 {asked}，这个数不会印出来"
            yield sheet.problem(
                index, field, "figure-unused", message, hint=hint, severity="warning"
            )


def _typed(text: str, field: str) -> list[Decimal]:
    """The figures typed into a text that stand where those of a column would."""
    found = _TYPED.finditer(text)
    return [Decimal(match[2]) for match in found if (match[1] in _LIMITS) == (field == "cap")]


@check("rules")
def figures_typed(edition: Edition) -> Iterator[Problem]:
    """A figure typed into a clause's text is printed but not counted with."""
    sheet = edition["rules"]
    for index, match in _found(sheet, _TYPED):
        if not _has_unused_figure(sheet, index):  # or it is reported already, by figures_given
            message = "正文里直接写的数会印出来，算分时用不上"
            hint = "把数写在分值或上限一列，正文里写 {分值} 或 {上限}"
            yield sheet.problem(
                index,
                "text",
                "figure-typed",
                message,
                hint=hint,
                severity="warning",
                value=match[0],
            )


def _found(sheet: Sheet, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Each match of the pattern in the clauses' texts, with the clause's record."""
    for index, (text,) in sheet.filled("text"):
        for match in pattern.finditer(text):
            yield index, match


def _has_unused_figure(sheet: Sheet, index: int) -> bool:
    """Whether the clause has a figure of its own and its text asks for none."""
    has_figure = any(sheet.raw.texts(field)[index] for field in _FIGURES.values())
    return has_figure and not _PLACEHOLDER.search(sheet["text"][index])


@check("rules")
def known_figures(edition: Edition) -> Iterator[Problem]:
    """Braces in a clause's text name one of its figures."""
    sheet = edition["rules"]
    for index, match in _found(sheet, _PLACEHOLDER):
        if match[1] not in _FIGURES:
            message = "花括号里只能写 {分值} 或 {上限}，别的会原样印出来"
            yield sheet.problem(index, "text", "figure-unknown", message, value=match[0])


@check("rules")
def amounts_to_compute(edition: Edition) -> Iterator[Problem]:
    """An algorithm that takes or gives points has its 分值."""
    sheet = edition["rules"]
    texts = sheet.raw.texts("amount")
    for index, (methods, text) in sheet.records("methods", "text"):
        standard = _standard(methods)
        is_asked = "{分值}" in (text or "")  # reported already, by figures_given
        if standard and not texts[index] and not is_asked:
            message = f"算法是“{standard}”，要写分值"
            yield sheet.problem(index, "amount", "amount", message)


def _standard(methods: str | None) -> str | None:
    """The first of the algorithms that takes or gives points."""
    return next((method for method in parts(methods) if method in STANDARDS), None)


CHECKS = (
    numbered_in_order,
    one_title_a_chapter,
    figures_given,
    figures_typed,
    known_figures,
    amounts_to_compute,
)
