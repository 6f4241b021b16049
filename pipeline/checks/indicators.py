"""Labels in one piece, scores that add up, settings that name rows and columns that exist."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal

from pipeline.checks.check import check
from pipeline.errors import Problem
from pipeline.tables.cells import Flaw
from pipeline.tables.edition import Edition
from pipeline.tables.settings import FILE
from pipeline.tables.sheet import Sheet
from pipeline.tables.suggestions import Vocabulary
from pipeline.typography import number

_TOTAL = re.compile(r"[（(]\s*[\d.]+\s*分\s*[）)]$")


def label_paths(edition: Edition) -> list[tuple[str, ...]]:
    """Each indicator's labels from the outermost in; a label that could not be read is blank."""
    sheet = edition["indicators"]
    levels = range(1, len(edition.settings.indicators.labels) + 1)
    columns = (_blank_for_none(sheet[f"label{level}"]) for level in levels)
    return list(zip(*columns, strict=True))


def _blank_for_none(labels: Iterable[str | None]) -> list[str]:
    """The labels, blank where one could not be read."""
    return [label or "" for label in labels]


@check("indicators")
def contiguous_labels(edition: Edition) -> Iterator[Problem]:
    """A label that comes back after another one would be merged and summed in two pieces."""
    sheet = edition["indicators"]
    ended: dict[tuple[str, ...], int] = {}  # label → the record with which it ended
    former: tuple[str, ...] = ()
    for index, path in enumerate(label_paths(edition)):
        if path == former:
            continue
        ended.update({former[:depth]: index - 1 for depth in range(1, len(former) + 1)})
        depth = _returning_depth(path, former, ended)
        if depth is not None:
            yield _returned(sheet, index, depth, sheet.rows[ended[path[:depth]]])
        former = path


def _returning_depth(
    path: tuple[str, ...], former: tuple[str, ...], ended: Collection[tuple[str, ...]]
) -> int | None:
    """The outermost level that comes back after it ended; what is below comes back with it."""
    for depth in range(1, len(path) + 1):
        label = path[:depth]
        begins = bool(label[-1]) and label != former[:depth]
        if begins and label in ended:
            return depth
    return None


def _returned(sheet: Sheet, index: int, depth: int, row: int) -> Problem:
    """The problem of a label that ended in an earlier row."""
    message = f"这个标签在第{row}行已经结束，不能隔着别的标签再出现"
    hint = f"把这一行移到第{row}行下面"
    return sheet.problem(index, f"label{depth}", "label-returns", message, hint=hint)


@check("indicators")
def declared_total(edition: Edition) -> Iterator[Problem]:
    """The first score column adds up to the total that edition.toml declares."""
    sheet, chosen = edition["indicators"], edition.settings.indicators
    scores = list(sheet["score1"])
    if chosen.total is not None and None not in scores:
        header = chosen.scores[0]
        yield from _sum(sheet, header, scores, chosen.total, "合计", "indicators.total")


@check("indicators")
def declared_label_totals(edition: Edition) -> Iterator[Problem]:
    """The scores under a label add up to what edition.toml declares for it."""
    sheet, chosen = edition["indicators"], edition.settings.indicators
    if not chosen.totals:
        return
    scores = _scores_under(label_paths(edition), sheet["score1"])
    labels = Vocabulary(scores)
    for label, declared in chosen.totals.items():
        if label not in labels:
            flaw = Flaw("reference", "indicators.csv 里没有这个标签", labels.hint(label))
            yield edition.problem("indicators.totals", flaw, label)
        elif None not in scores[label]:
            what = f"“{label}”的合计"
            header = chosen.scores[0]
            yield from _sum(sheet, header, scores[label], declared, what, "indicators.totals")


def _scores_under(
    paths: Iterable[tuple[str, ...]], scores: Iterable[Decimal | None]
) -> Mapping[str, list[Decimal | None]]:
    """Label → the scores of the indicators that stand under it."""
    found: dict[str, list[Decimal | None]] = defaultdict(list)
    for path, score in zip(paths, scores, strict=True):
        for label in dict.fromkeys(filter(None, path)):
            found[label].append(score)
    return found


def _sum(
    sheet: Sheet,
    header: str,
    scores: list[Decimal | None],
    declared: Decimal,
    what: str,
    key: str,
) -> Iterator[Problem]:
    """The problem, if any, that the scores do not add up to what `key` of edition.toml declares."""
    total = sum(filter(None, scores), Decimal(0))
    if total != declared:
        yield Problem(
            file=sheet.file,
            column=header,
            rule="total",
            message=f"{what}应为 {number(declared)}（{FILE} 的 {key}）",
            value=number(total),
            hint=_difference(total - declared),
        )


def _difference(more: Decimal) -> str:
    """How far a total is from what was declared."""
    return f"{'多' if more > 0 else '少'}了 {number(abs(more))} 分"


@check("indicators")
def known_repeats(edition: Edition) -> Iterator[Problem]:
    """The rows at which labels are to stand again exist."""
    codes = edition["indicators"].vocabulary("id")
    repeats = edition.settings.indicators.repeat_labels_at
    message = "indicators.csv 里没有这个编号"
    yield from _unknown(edition, "repeat_labels_at", repeats, codes, message)


@check()
def known_label_columns(edition: Edition) -> Iterator[Problem]:
    """The label columns that print a total are label columns."""
    chosen = edition.settings.indicators
    message = f"只能是标签列：{'、'.join(chosen.labels)}"
    printed, labels = chosen.label_totals or (), Vocabulary(chosen.labels)
    yield from _unknown(edition, "label_totals", printed, labels, message)


def _unknown(
    edition: Edition, key: str, words: Iterable[str], known: Vocabulary, message: str
) -> Iterator[Problem]:
    """The words under a key of [indicators] that are not among the known ones."""
    for word in words:
        if word not in known:
            flaw = Flaw("reference", message, known.hint(word))
            yield edition.problem(f"indicators.{key}", flaw, word)


@check("indicators")
def totals_in_labels(edition: Edition) -> Iterator[Problem]:
    """A label with its total typed in, which the program adds by itself."""
    sheet = edition["indicators"]
    for column in sheet.table.columns:
        if column.spanning:
            yield from _totals_in(sheet, column.field)


def _totals_in(sheet: Sheet, field: str) -> Iterator[Problem]:
    """The labels of a column that end with a total."""
    with_total = set(filter(_TOTAL.search, sheet.vocabulary(field)))
    for index, label in enumerate(sheet[field]):
        if label in with_total:
            message, hint = "标签里不写合计分，程序会自己加上", "删掉括号和里面的分数"
            yield sheet.problem(index, field, "label-total", message, hint=hint)


CHECKS = (
    contiguous_labels,
    declared_total,
    declared_label_totals,
    known_repeats,
    known_label_columns,
    totals_in_labels,
)
