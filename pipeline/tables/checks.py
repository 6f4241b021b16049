"""Rules across an edition's tables: each is a generator of problems, RULES lists them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from difflib import get_close_matches

from pipeline.errors import Problem
from pipeline.formats import number
from pipeline.tables.edition import Edition
from pipeline.tables.settings import FILE

Rule = Callable[[Edition], Iterator[Problem]]


def check(edition: Edition) -> list[Problem]:
    """Every problem that only shows when tables are held against each other."""
    return [problem for rule in RULES for problem in rule(edition)]


def contiguous_labels(edition: Edition) -> Iterator[Problem]:
    """A label that comes back after another one would be merged and summed in two pieces."""
    sheet = edition["indicators"]
    levels = [sheet[f"label{level}"] for level in _levels(edition)]
    seen: dict[tuple[str, ...], int] = {}
    for index, path in enumerate(zip(*levels, strict=True)):
        for depth in range(1, len(path) + 1):
            label = path[:depth]
            last = seen.get(label)
            if label[-1] and last is not None and last < index - 1:
                row = sheet.rows[last]
                yield sheet.problem(
                    index,
                    f"label{depth}",
                    "label-returns",
                    f"这个标签在第{row}行已经结束，不能隔着别的标签再出现",
                    hint=f"把这一行移到第{row}行下面",
                )
            seen[label] = index


def declared_total(edition: Edition) -> Iterator[Problem]:
    """The first score column adds up to the total that edition.toml declares."""
    declared = edition.settings.indicators.total
    total = sum(edition["indicators"]["score1"], Decimal(0))
    if declared is not None and total != declared:
        more = total - declared
        yield Problem(
            file=edition["indicators"].file,
            column=edition.settings.indicators.scores[0],
            rule="total",
            message=f"合计应为 {number(declared)}（{FILE} 的 indicators.total）",
            value=number(total),
            hint=f"{'多' if more > 0 else '少'}了 {number(abs(more))} 分",
        )


def known_sections(edition: Edition) -> Iterator[Problem]:
    """Every wording of 责任科室 stands in sections.csv, which says who reports."""
    known = list(edition["sections"]["section"])
    sheet = edition["indicators"]
    for index, section in enumerate(sheet["section"]):
        if section not in known:
            yield sheet.problem(
                index,
                "section",
                "section-unknown",
                "sections.csv 里没有这种写法",
                hint=_nearest(section, known) or "先在 sections.csv 里加一行",
            )


def known_repeats(edition: Edition) -> Iterator[Problem]:
    """The rows at which labels are to stand again exist."""
    known = list(edition["indicators"]["id"])
    for name in edition.settings.indicators.repeat_labels_at:
        if name not in known:
            yield Problem(
                file=f"{edition.name}/{FILE}",
                column="indicators.repeat_labels_at",
                rule="reference",
                message="indicators.csv 里没有这个编号",
                value=name,
                hint=_nearest(name, known),
            )


def known_label_totals(edition: Edition) -> Iterator[Problem]:
    """The label columns that print a total are label columns."""
    chosen = edition.settings.indicators
    for header in chosen.label_totals or ():
        if header not in chosen.labels:
            yield Problem(
                file=f"{edition.name}/{FILE}",
                column="indicators.label_totals",
                rule="reference",
                message=f"只能是标签列：{'、'.join(chosen.labels)}",
                value=header,
                hint=_nearest(header, list(chosen.labels)),
            )


def given_figures(edition: Edition) -> Iterator[Problem]:
    """A clause whose text asks for a figure has that figure in its own row."""
    sheet = edition["rules"]
    for field, header in (("amount", "分值"), ("cap", "上限")):
        for index, (text, figure) in enumerate(zip(sheet["text"], sheet[field], strict=True)):
            if figure is None and f"{{{header}}}" in text:
                message = f"正文里写了 {{{header}}}，这一格就不能空着"
                yield sheet.problem(index, field, "figure", message)


RULES: tuple[Rule, ...] = (
    contiguous_labels,
    declared_total,
    known_sections,
    known_repeats,
    known_label_totals,
    given_figures,
)


def _levels(edition: Edition) -> range:
    return range(1, len(edition.settings.indicators.labels) + 1)


def _nearest(value: str, known: list[str]) -> str | None:
    near = get_close_matches(value, known, 1, 0.5)  # half: one of two characters
    return f"你是不是想写“{near[0]}”？" if near else None
