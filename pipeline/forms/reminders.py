"""催报: for each group that owes something, the text to send it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.tables.settings import Settings
from pipeline.transforms.lateness import days_late, days_left
from pipeline.typography import full_date
from pipeline.views.progress import GroupView, PeriodView


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """The text for one group about one period."""

    period: str
    group: str
    text: str


def reminders(
    settings: Settings, periods: Iterable[PeriodView], names: Mapping[str, str], on: date
) -> tuple[Reminder, ...]:
    """The texts as of a day; none for a group that owes nothing. `names` maps 编号 to names."""
    form = settings.title(settings.titles.form).replace("\n", "")
    return_to = settings.form.return_to
    found = []
    for period in periods:
        for group in period.groups:
            text = _text(f"{form}（附件4，{period.name}）", return_to, period, group, names, on)
            if text:
                found.append(Reminder(period=period.name, group=group.name, text=text))
    return tuple(found)


def _text(
    form: str,
    return_to: str,
    period: PeriodView,
    group: GroupView,
    names: Mapping[str, str],
    on: date,
) -> str:
    """The text for a group about a form, empty when it owes nothing."""
    if group.returned:
        return _text_on_gaps(form, return_to, group, names)
    return (
        f"{group.name}：\n{form}{_deadline(period.due, on)}，还没有收到你们的表。"
        f"请填写完整后报送至{return_to}，共 {group.expected} 项指标。"
    )


def _text_on_gaps(form: str, return_to: str, group: GroupView, names: Mapping[str, str]) -> str:
    """The text about what a returned form left open, empty when it left nothing."""
    gaps = [*_gaps(group, names)]
    if not gaps:
        return ""
    first = f"{form}已收到，还有几处请补充："
    return "\n".join([f"{group.name}：", first, *gaps, f"补好后请再报送至{return_to}。"])


def _gaps(group: GroupView, names: Mapping[str, str]) -> Iterator[str]:
    """What a returned form left open, each kind on a line."""
    kinds = (
        ("没有填", group.missing),
        ("写了问题、没有写整改措施", group.flagged("unmeasured")),
        ("写了措施、没有写完成时限", group.flagged("undated")),
        ("过了完成时限、还没有完成", group.flagged("overdue")),
    )
    for what, codes in kinds:
        if codes:
            yield f"· {what}的 {len(codes)} 项：{_named(codes, names)}。"


def _named(codes: Sequence[str], names: Mapping[str, str]) -> str:
    return "；".join(names[code] for code in codes)


def _deadline(due: date, on: date) -> str:
    """When a form is or was due, and in how many days or since how many."""
    days = days_left(due, on)
    if days > 0:
        return f"{full_date(due)}截止，还有 {days} 天"
    if days == 0:
        return f"今天（{full_date(due)}）截止"
    return f"已于{full_date(due)}截止，迟了 {days_late(due, on)} 天"
