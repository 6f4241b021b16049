"""催报: for each group that owes something, the text to send it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.tables.settings import Settings
from pipeline.transforms.lateness import days_left
from pipeline.typography import full_date
from pipeline.views.progress import GroupView, PeriodView


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """The text for one group about one period."""

    period: str
    group: str
    text: str


def reminders(
    settings: Settings,
    asked: Iterable[tuple[PeriodView, GroupView]],
    names: Mapping[str, str],
    on: date,
) -> tuple[Reminder, ...]:
    """The texts as of a day to the groups that are `asked` about a period.

    None for a group that owes nothing. `names` maps 编号 to names.
    """
    title = settings.title(settings.titles.form).replace("\n", "")
    return_to = settings.form.return_to
    found = []
    for period, group in asked:
        form = f"{title}（附件4，{period.name}）"
        lines = [*_lines(form, return_to, period, group, names, on)]
        if lines:
            text = "\n".join([f"{group.name}：", *lines])
            found.append(Reminder(period=period.name, group=group.name, text=text))
    return tuple(found)


def _lines(
    form: str,
    return_to: str,
    period: PeriodView,
    group: GroupView,
    names: Mapping[str, str],
    on: date,
) -> Iterator[str]:
    """The lines to a group about a form, none when it owes nothing."""
    if not group.returned:
        deadline = _deadline(period.due, on, group.late)
        yield (
            f"{form}{deadline}，还没有收到你们的表。"
            f"请填写完整后报送至{return_to}，共 {group.expected} 项指标。"
        )
        return
    open_ones = [*_listed(group, _OPEN, names)]
    to_check = [*_listed(group, _TO_CHECK, names)]
    if open_ones:
        yield from (f"{form}已收到，还有几处请补充：", *open_ones)
    if to_check:
        yield (
            "另外，下面几项是从文字里看的，请核对："
            if open_ones
            else f"{form}已收到，下面几项是从文字里看的，请核对："
        )
        yield from to_check
    if open_ones or to_check:
        yield f"{'补好' if open_ones else '有要改的，改好'}后请再报送至{return_to}。"


# What a report leaves open for certain, and what is only read from its texts.
_OPEN = (
    ("missing", "没有填"),
    ("unmeasured", "状态是有困难、没有写整改措施"),
    ("overdue", "自己写的完成时限已过、状态不是已完成"),
)
_TO_CHECK = (
    ("seems_unmeasured", "写了问题、没有看出整改措施"),
    ("seems_undated", "写了整改措施、没有看出完成时限"),
    ("seems_overdue", "写的完成时限已过、没有看出是不是已完成"),
)


def _listed(
    group: GroupView, kinds: Iterable[tuple[str, str]], names: Mapping[str, str]
) -> Iterator[str]:
    """The indicators of each kind, each kind on a line."""
    for flag, what in kinds:
        codes = group.missing if flag == "missing" else group.flagged(flag)
        if codes:
            yield f"· {what}的 {len(codes)} 项：{'；'.join(names[code] for code in codes)}。"


def _deadline(due: date, on: date, late: int) -> str:
    """When a form is or was due, and in how many days or since how many where they are counted."""
    days = days_left(due, on)
    if days > 0:
        return f"{full_date(due)}截止，还有 {days} 天"
    if days == 0:
        return f"今天（{full_date(due)}）截止"
    return f"已于{full_date(due)}截止" + (f"，迟了 {late} 天" if late else "")
