"""The owner of a form: its period and its group.

From the tags in the form's header, its words, the tags of its rows, the file's name, in this
order. Where the header's tags and words contradict each other it is unclear: a form that went to
another group, or an old one. The caller's choice settles it; against a form that clearly names
another owner only when it is the only one, since a choice meant for one form must not turn a whole
folder into that group's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pipeline.errors import InputError, Problem
from pipeline.forms.control_tags import ControlTag, resolved, stands_for
from pipeline.forms.parsing.lines import Form, Line
from pipeline.forms.returned.selection import NOTHING, Selection
from pipeline.tables.edition import Edition
from pipeline.tables.groups import names_of_groups
from pipeline.tables.suggestions import Vocabulary
from pipeline.typography import squeezed

_LISTED = re.compile("[、，,和及与/]")
_TELLING = 6  # letters at the end of a title by which it is recognised


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectOptions:
    """What the caller decides: the owner of the forms, and where near names are accepted."""

    period: str | None = None
    group: str | None = None
    accept: Selection = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A period's or a group's name, empty where an error among the problems gives the reason."""

    name: str = ""
    problems: tuple[Problem, ...] = ()


class _UnclearError(Exception):
    """What a form has on its owner contradicts itself, or names nobody."""

    def __init__(self, message: str, value: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.value, self.hint = value, hint


@dataclass(frozen=True, slots=True, kw_only=True)
class _OwnerPart:
    """The period or the group: `option` is the name of its option and the rule of its problems."""

    option: str
    noun: str

    def problem(
        self, file: str, message: str, *, value: str | None = None, hint: str | None = None
    ) -> Problem:
        """A problem of a form; unless there is another hint, it shows how to settle it."""
        option = f"--{self.option}（make 写 {self.option.upper()}=）"
        settle = f"确实是哪{self.noun}，单独收这一份，写明 {option}"
        return Problem(
            file=file, rule=self.option, message=message, value=value, hint=hint or settle
        )

    def warning(
        self, file: str, message: str, *, value: str | None = None, hint: str | None = None
    ) -> Problem:
        """A warning about a form whose owner is settled."""
        return Problem(
            file=file, rule=self.option, message=message, value=value, hint=hint, severity="warning"
        )


_PERIOD = _OwnerPart(option="period", noun="一期")
_GROUP = _OwnerPart(option="group", noun="个组队")


class OwnerResolver:
    """Finds the owners of one edition's forms; raises InputError for options that it has not.

    `alone`: there is only one form, so that the caller's choices mean this one.
    """

    def __init__(self, edition: Edition, options: CollectOptions, *, alone: bool) -> None:
        """Prepare the names to look for."""
        self._edition, self._options, self._alone = edition, options, alone
        self._periods = _squeezed(period.name for period in edition.settings.periods)
        self._groups = _squeezed(names_of_groups(edition))
        _refuse_unknown(
            edition.name, ((options.period, self._periods), (options.group, self._groups))
        )

    def period(self, file: str, form: Form) -> Owner:
        """The period that a form is about."""
        return self._resolve(_PERIOD, self._periods, file, form, self._period_in)

    def group(self, file: str, form: Form) -> Owner:
        """The group that filled a form in."""
        owner = self._resolve(_GROUP, self._groups, file, form, self._group_in)
        overruled = self._options.group and owner.problems
        if not owner.name or overruled or not self._has_words_beside(form, owner.name):
            return owner
        message = f"填报组队一栏里多写的没有收：{form.header['group']}"
        return replace(owner, problems=(*owner.problems, _GROUP.warning(file, message)))

    def _resolve(
        self,
        part: _OwnerPart,
        names: Mapping[str, str],
        file: str,
        form: Form,
        read: Callable[[Form], str],
    ) -> Owner:
        """The owner by what `read` finds in the form, by the file's name, by the options."""
        chosen = getattr(self._options, part.option)
        try:
            name = read(form)
        except _UnclearError as unclear:
            return self._if_unclear(part, file, unclear, chosen)
        if chosen:
            return self._if_chosen(part, file, name, chosen)
        return _by_form_or_file(part, names, file, name)

    def _if_unclear(
        self, part: _OwnerPart, file: str, unclear: _UnclearError, chosen: str | None
    ) -> Owner:
        """What was chosen for the only form, else nobody."""
        message = str(unclear)
        if chosen and self._alone:
            hint = f"按写明的收作{chosen}的"
            warning = part.warning(file, message, value=unclear.value, hint=hint)
            return Owner(name=chosen, problems=(warning,))
        problem = part.problem(file, message, value=unclear.value, hint=unclear.hint)
        return Owner(problems=(problem,))

    def _if_chosen(self, part: _OwnerPart, file: str, name: str, chosen: str) -> Owner:
        """What was chosen, unless the form names another and is not the only one."""
        if name in (chosen, ""):
            return Owner(name=chosen)
        if not self._alone:
            message = f"表里写的是{name}，不是{chosen}，没有收"
            return Owner(problems=(part.problem(file, message),))
        message = f"表里写的是{name}，按写明的收作{chosen}的"
        return Owner(name=chosen, problems=(part.warning(file, message),))

    def _period_in(self, form: Form) -> str:
        """The period that a form names, empty where it names none; raises _UnclearError."""
        tagged = self._tagged_periods(form.tags)
        titles = title_lines(form, self._edition)
        titled = _inside(titles[-1], self._periods) if titles else []
        rows = self._tagged_periods(self._row_tags(form))
        _refuse_contradiction("标题", titled, tagged, rows)
        return _only_one(tagged, titled, rows, _inside(form.above, self._periods))

    def _group_in(self, form: Form) -> str:
        """The group that a form names, empty where it names none; raises _UnclearError."""
        tagged = self._tagged_groups(form.tags)
        written = form.header.get("group", "")
        typed = self._typed(written, tagged)
        self._refuse_other_group(form, typed or tagged)
        if written and len(typed) != 1:
            message = "表头写了几个组队" if typed else "表头写的组队不认识"
            raise _UnclearError(message, written, Vocabulary(self._groups).hint(written))
        rows = self._tagged_groups(self._row_tags(form))
        _refuse_contradiction("表头", typed, tagged, rows)
        return _only_one(typed, tagged, rows)

    def _tagged_periods(self, tags: Iterable[ControlTag]) -> list[str]:
        return names_of((tag.period for tag in tags), self._periods)

    def _tagged_groups(self, tags: Iterable[ControlTag]) -> list[str]:
        return names_of((tag.group for tag in tags), self._groups)

    def _typed(self, written: str, tagged: list[str]) -> list[str]:
        """The groups that the header names: 翔安调查队综合组 is 综合组, where no list is."""
        typed = _inside(written, self._groups)
        if len(typed) < 2 or _LISTED.search(written):
            return typed
        if tagged and set(tagged) < set(typed):
            return tagged
        last = [name for name in typed if squeezed(written).endswith(squeezed(name))]
        return last or typed

    def _refuse_other_group(self, form: Form, own: list[str]) -> None:
        """Raise _UnclearError for another group's name by itself around the table: 二、工业股."""
        for line in form.outside:
            found = _inside(line, self._groups)
            if len(found) == 1 and found != own and _stands_alone(found[0], line):
                raise _UnclearError(f"表格外面还写着{found[0]}，分不清哪些是谁填的")

    def _has_words_beside(self, form: Form, group: str) -> bool:
        """Whether the header has more than the group's name where it stands."""
        settings = self._edition.settings
        written = squeezed(form.header.get("group", ""))
        for name in (group, settings.district, settings.bureau):
            written = written.replace(squeezed(name), "", 1)
        return written != ""

    def _row_tags(self, form: Form) -> list[ControlTag]:
        """The tags in the form's rows, where most have some: single rows are pasted."""
        answered = [line for line in form.lines if line.is_answered]
        tagged = [*filter(None, map(self._own_tags, answered))]
        return [*chain.from_iterable(tagged)] if len(tagged) * 2 > len(answered) else []

    def _own_tags(self, line: Line) -> list[ControlTag]:
        return [tag for tag in line.tags if stands_for(tag.edition, self._edition.name)]


def _refuse_unknown(edition: str, choices: Iterable[tuple[str | None, Collection[str]]]) -> None:
    """Raise InputError for names that are chosen and that there are not."""
    problems = []
    for chosen, names in choices:
        if chosen and chosen not in names:
            problems.append(_unknown(edition, chosen, names))
    if problems:
        raise InputError(problems)


def _unknown(edition: str, chosen: str, names: Collection[str]) -> Problem:
    message = f"没有这个，只有{'、'.join(names)}"
    hint = Vocabulary(names).hint(chosen)
    return Problem(file=edition, rule="choice", message=message, value=chosen, hint=hint)


def _by_form_or_file(part: _OwnerPart, names: Mapping[str, str], file: str, name: str) -> Owner:
    """The owner that a form names, or else its file; a warning where the file names another."""
    in_file_name = _only_one(_inside(_without_zips(file), names))
    if not name and not in_file_name:
        return Owner(problems=(part.problem(file, f"看不出是哪{part.noun}的表"),))
    if not name or in_file_name in (name, "") or file.endswith("张表）"):  # one of several forms
        return Owner(name=name or in_file_name)
    message = f"文件名写的是{in_file_name}，表里是{name}，按表里的收"
    return Owner(name=name, problems=(part.warning(file, message),))


def _refuse_contradiction(
    where: str, written: list[str], tagged: list[str], rows: list[str]
) -> None:
    """Raise _UnclearError where the names in the title or header are not those of the tags.

    `tagged` stands in the tags of the header; where there are none, those of the `rows` count.
    """
    if not written:
        return
    words = f"{where}写的是{'、'.join(written)}"
    if tagged:
        if set(tagged) != set(written):
            raise _UnclearError(f"{words}，这张表原来是{'、'.join(tagged)}的")
    elif len(rows) == 1 and rows != written:
        raise _UnclearError(f"{words}，各行是从{rows[0]}的表里来的")


def title_lines(form: Form, edition: Edition) -> list[str]:
    """The lines above the table that hold the form's title, not those of a letter around it.

    The title is recognised by its end, which stays when year and period are changed.
    """
    title = squeezed(edition.settings.title(edition.settings.titles.form))[-_TELLING:]
    return [line for line in form.above.split("\n") if title in squeezed(line)]


def _stands_alone(name: str, line: str) -> bool:
    return len(squeezed(line)) <= len(name) + 3


def _without_zips(file: str) -> str:
    """A file's name without those of the zips that it came in."""
    return "/".join(part for part in file.split("/") if not part.lower().endswith(".zip"))


def names_of(parts: Iterable[str], names: Collection[str]) -> list[str]:
    """The names that parts of tags stand for, each once."""
    return [*dict.fromkeys(resolved(parts, names))]


def _only_one(*evidence: Sequence[str]) -> str:
    """The name that the first evidence without a doubt gives, empty where there is none."""
    return next((found[0] for found in evidence if len(found) == 1), "")


def _squeezed(names: Iterable[str]) -> dict[str, str]:
    return {name: squeezed(name) for name in names}


def _inside(text: str, names: Mapping[str, str]) -> list[str]:
    """The names that a text has in it (翔安区统计局综合组), without those inside another one."""
    plain = squeezed(text)
    found = [name for name, own in names.items() if own in plain]
    return [name for name in found if not any(_is_part(name, other, names) for other in found)]


def _is_part(name: str, other: str, names: Mapping[str, str]) -> bool:
    return name != other and names[name] in names[other]
