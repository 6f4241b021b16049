"""The scoring method's clauses: numbered in order, with the figures that they print and use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.check import check
from pipeline.errors import Problem
from pipeline.tables.cells import parts
from pipeline.tables.edition import Edition

NUMERALS = "一二三四五六七八九十"

# The algorithms that cannot be computed without an amount.
WITH_AMOUNT = {"每项扣分", "每次扣分", "每人次加分"}

_NUMBER = re.compile(rf"([{NUMERALS}])\.([1-9]\d?)")
_FIGURES = {"分值": "amount", "上限": "cap"}
_TYPED = re.compile(r"(?:扣|加|不超过|最多|封顶)\s*\d+(?:\.\d+)?\s*分")
_PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}%]*[\u4e00-\u9fff][^{}%]*)\}(?!\})")


@check("rules")
def numbered_in_order(edition: Edition) -> Iterator[Problem]:
    """Clauses count from 1 in each chapter, chapters from 一."""
    sheet = edition["rules"]
    expected = [f"{NUMERALS[0]}.1"]
    for index, code in enumerate(sheet["id"]):
        if code is None or not (match := _NUMBER.fullmatch(code)):
            if code:
                message = "要写成章的序号、一个点、条的序号"
                yield sheet.problem(index, "id", "clause-number", message, hint="例如 一.1")
            expected = []
            continue
        if expected and code not in expected:
            wanted = " 或 ".join(expected)
            message = f"序号不连续，这里应当是 {wanted}"
            yield sheet.problem(index, "id", "clause-order", message)
        chapter, number = NUMERALS.index(match[1]), int(match[2])
        expected = [f"{match[1]}.{number + 1}", *(f"{n}.1" for n in NUMERALS[chapter + 1 :][:1])]


@check("rules")
def one_title_a_chapter(edition: Edition) -> Iterator[Problem]:
    """The clauses of a chapter name the same chapter."""
    sheet = edition["rules"]
    titles: dict[str, tuple[str, int]] = {}
    for index, (code, title) in enumerate(zip(sheet["id"], sheet["chapter"], strict=True)):
        if not code or not title:
            continue
        first, row = titles.setdefault(code.partition(".")[0], (title, sheet.rows[index]))
        if title != first:
            message = f"同一章的标题要一样，第{row}行写的是“{first}”"
            yield sheet.problem(index, "chapter", "chapter-title", message)


@check("rules")
def figures_given(edition: Edition) -> Iterator[Problem]:
    """A figure that a clause's text asks for stands in its row, and the other way round."""
    sheet = edition["rules"]
    for header, field in _FIGURES.items():
        for index, (text, figure) in enumerate(zip(sheet["text"], sheet[field], strict=True)):
            asked, given = f"{{{header}}}" in (text or ""), sheet.raw.texts(field)[index]
            if asked and not given:
                message = f"正文里写了 {{{header}}}，这一格就不能空着"
                yield sheet.problem(index, field, "figure", message)
            elif text and figure is not None and not asked:
                message = f"正文里没有 {{{header}}}，这个数不会印出来"
                hint = f"把正文里的数换成 {{{header}}}，免得两处写得不一样"
                yield sheet.problem(
                    index, field, "figure-unused", message, hint=hint, severity="warning"
                )


@check("rules")
def figures_typed(edition: Edition) -> Iterator[Problem]:
    """A figure typed into a clause's text is printed but not counted with."""
    sheet = edition["rules"]
    figures = [sheet.raw.texts(field) for field in _FIGURES.values()]
    for index, (text, *given) in enumerate(zip(sheet["text"], *figures, strict=True)):
        unused = any(given) and not _PLACEHOLDER.search(text or "")  # told by figures_given
        for match in () if unused else _TYPED.finditer(text or ""):
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


@check("rules")
def known_figures(edition: Edition) -> Iterator[Problem]:
    """Braces in a clause's text name one of its figures."""
    sheet = edition["rules"]
    for index, text in enumerate(sheet["text"]):
        for match in _PLACEHOLDER.finditer(text or ""):
            if match[1] not in _FIGURES:
                message = "花括号里只能写 {分值} 或 {上限}，别的会原样印出来"
                yield sheet.problem(index, "text", "figure-unknown", message, value=match[0])


@check("rules")
def amounts_to_compute(edition: Edition) -> Iterator[Problem]:
    """An algorithm that takes or gives points says how many."""
    sheet = edition["rules"]
    texts = sheet.raw.texts("amount")
    for index, (methods, text) in enumerate(zip(sheet["methods"], sheet["text"], strict=True)):
        counted = next((method for method in parts(methods) if method in WITH_AMOUNT), None)
        if counted and not texts[index] and "{分值}" not in (text or ""):
            message = f"算法是“{counted}”，要写分值"
            yield sheet.problem(index, "amount", "amount", message)


CHECKS = (
    numbered_in_order,
    one_title_a_chapter,
    figures_given,
    figures_typed,
    known_figures,
    amounts_to_compute,
)
