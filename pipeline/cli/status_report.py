"""A status board as text for a clerk, as Markdown, as reminders, as JSON, as a calendar."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.cli.columns import aligned
from pipeline.transforms.answers import CERTAIN, TO_CHECK

if TYPE_CHECKING:  # for the names of the formats nothing heavy is loaded
    from pipeline.recipes.status import Board
    from pipeline.views.progress import GroupView, PeriodView

HEADINGS = (
    *("组队", "交表", "填报人", "填报时间", "应报", "已报", "未报"),
    *("空行", "缺措施", "过时限", "请核对", "没更新", "迟交天数"),
)


def text(board: Board) -> str:
    """A table for each period, its columns set for characters that are two cells wide."""
    parts = [
        "\n".join([f"{board.edition} {_heading(board, period)}", *_aligned(period)])
        for period in board.periods
    ]
    return "\n\n".join(parts) + "\n"


def markdown(board: Board) -> str:
    """The same tables as Markdown."""
    return "\n\n".join("\n".join(_markdown(board, period)) for period in board.periods) + "\n"


def _markdown(board: Board, period: PeriodView) -> Iterator[str]:
    yield f"## {board.edition} {_heading(board, period)}\n"
    rule = ["---"] * len(HEADINGS)
    for cells in (HEADINGS, rule, *map(_cells, period.groups)):
        yield _markdown_row(cells)


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def reminder_texts(board: Board) -> str:
    """The texts for the groups, a line between each two."""
    texts = [reminder.text for reminder in board.reminders]
    return "\n\n".join(texts) + "\n" if texts else "没有要催的。\n"


def calendar(board: Board) -> str:
    """The days on which forms are due, for a calendar program."""
    from pipeline.forms.calendar import ical

    return ical(board.edition, board.settings).decode()


def as_json(boards: Sequence[Board]) -> str:
    """Everything, for programs, a list of editions; days as 2023-09-30, None for none."""
    return json.dumps([*map(_content, boards)], ensure_ascii=False, indent=2) + "\n"


def _content(board: Board) -> dict[str, Any]:
    """A board for programs."""
    return {
        "edition": board.edition,
        "on": board.on.isoformat(),
        "periods": [_period(period) for period in board.periods],
        "reminders": [
            {"period": each.period, "group": each.group, "text": each.text}
            for each in board.reminders
        ],
    }


def _each(write: Callable[[Board], str], between: str = "") -> Callable[[Sequence[Board]], str]:
    return lambda boards: between.join(map(write, boards))


FORMATS: dict[str, Callable[[Sequence[Board]], str]] = {
    "text": _each(text, "\n"),
    "json": as_json,
    "markdown": _each(markdown, "\n"),
    "reminders": _each(reminder_texts, "\n"),
    "ics": _each(calendar),
}


def _heading(board: Board, period: PeriodView) -> str:
    """A period with its days, and how much has come back."""
    return (
        f"{period.name}（截止 {period.due}，统计到 {board.on}）："
        f"{period.returned}/{len(period.groups)} 个组队交表，"
        f"{period.reported}/{period.expected} 项已报"
    )


def _period(period: PeriodView) -> dict[str, Any]:
    """A period for programs."""
    return {
        "period": period.name,
        "due": period.due.isoformat(),
        "returned": period.returned,
        "expected": period.expected,
        "reported": period.reported,
        "groups": [_group(group) for group in period.groups],
    }


def _group(group: GroupView) -> dict[str, Any]:
    """A group for programs; lists hold 编号."""
    return {
        "group": group.name,
        "returned": group.returned,
        "reporter": group.reporter,
        "day": group.day.isoformat() if group.day else None,
        "owing": group.owing,
        "late": group.late,
        "expected": group.expected,
        "reported": len(group.reports),
        "missing": group.missing,
        "empty": group.empty,
        **{flag: group.flagged(flag) for flag in (*CERTAIN, *TO_CHECK)},
        "unchanged": group.unchanged,
    }


def _cells(group: GroupView) -> list[str]:
    """A group's row under HEADINGS; a 0 is left blank."""
    counts = (
        group.expected,
        len(group.reports),
        len(group.missing) - len(group.empty),
        len(group.empty),
        len(group.flagged("unmeasured")),
        len(group.flagged("overdue")),
        len(group.flagged("to_check")),
        group.unchanged,
        group.late,
    )
    unknown = "没写" if group.returned else ""
    return [
        group.name,
        "已交" if group.returned else "未交",
        group.reporter or unknown,
        str(group.day or unknown),
        *(str(count or "") for count in counts),
    ]


def _aligned(period: PeriodView) -> Iterator[str]:
    """The period's table for a terminal: words begin together, figures end together."""
    rows = [list(HEADINGS), *map(_cells, period.groups)]
    return aligned(rows, right={*range(4, len(HEADINGS))})
