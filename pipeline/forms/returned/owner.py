"""OwnerResolver form it is: which period's and which group's.

From the marks in the form's header, its words, the marks of its rows, the file's name, in this
order. Where the header's marks and words contradict each other it is unclear: a form that went to
another group, or an old one. What the caller says settles it; against a form that says clearly
something else only when it is the only one, since a word meant for one form must not turn a whole
folder into that group's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import InputError, Problem
from pipeline.forms import control_tags
from pipeline.forms.parsing.lines import Form
from pipeline.tables.edition import Edition
from pipeline.tables.groups import names_of_groups
from pipeline.tables.suggestions import Vocabulary
from pipeline.typography import squeezed

_LISTED = re.compile("[、，,和及与/]")
_TELLING = 6  # letters at the end of a title by which it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the caller decides: whose forms these are, and whether near names are taken."""

    period: str | None = None
    group: str | None = None
    accept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A period's or a group's name, empty where an error among the problems says why."""

    name: str = ""
    problems: tuple[Problem, ...] = ()


class _UnclearError(Exception):
    """What a form says of its owner contradicts itself, or names nobody."""

    def __init__(self, message: str, value: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.value, self.hint = value, hint


class OwnerResolver:
    """Tells the forms of one edition apart; raises InputError for choices that it does not have.

    `alone`: there is only one form, so that the caller's choices mean this one.
    """

    def __init__(self, edition: Edition, choices: Choices, *, alone: bool) -> None:
        self._edition, self._choices, self._alone = edition, choices, alone
        self._periods = _squeezed(period.name for period in edition.settings.periods)
        self._groups = _squeezed(names_of_groups(edition))
        self._title = title_words(edition)
        wrong = [
            Problem(
                file=edition.name,
                rule="choice",
                message=f"没有这个，只有{'、'.join(known)}",
                value=chosen,
                hint=Vocabulary(known).hint(chosen),
            )
            for chosen, known in ((choices.period, self._periods), (choices.group, self._groups))
            if chosen and chosen not in known
        ]
        if wrong:
            raise InputError(wrong)

    def period(self, file: str, form: Form) -> Owner:
        """The period that a form is about."""
        return self._settled(file, form, self._said_period, self._periods, _PERIOD)

    def group(self, file: str, form: Form) -> Owner:
        """The group that filled a form in."""
        found = self._settled(file, form, self._said_group, self._groups, _GROUP)
        written = squeezed(form.header.get("group", ""))
        settings = self._edition.settings
        for known in (found.name, settings.district, settings.bureau):
            written = written.replace(squeezed(known), "", 1)
        overruled = self._choices.group and found.problems
        if not found.name or overruled or not written:
            return found
        told = _GROUP.problem(file, f"填报组队一栏里多写的没有收：{form.header['group']}", hint="")
        return replace(found, problems=(*found.problems, replace(told, severity="warning")))

    def _settled(
        self,
        file: str,
        form: Form,
        said: Callable[[Form], str],
        names: Mapping[str, str],
        asked: _Question,
    ) -> Owner:
        chosen = getattr(self._choices, asked.rule)
        called = _only_one(_inside(_without_zips(file), names))
        try:
            name = said(form) or ("" if chosen else called)
            if not name and not chosen:
                raise _UnclearError(f"看不出是哪{asked.what}的表")
        except _UnclearError as unclear:
            problem = asked.problem(file, str(unclear), unclear.value, unclear.hint)
            if chosen and self._alone:
                told = replace(problem, hint=f"按写明的收作{chosen}的", severity="warning")
                return Owner(name=chosen, problems=(told,))
            return Owner(problems=(problem,))
        if not chosen and called not in (name, "") and not file.endswith("张表）"):
            told = asked.problem(file, f"文件名写的是{called}，表里是{name}，按表里的收", hint="")
            return Owner(name=name, problems=(replace(told, severity="warning"),))
        if not chosen or name in (chosen, ""):
            return Owner(name=chosen or name)
        if not self._alone:
            return Owner(problems=(asked.problem(file, f"表里写的是{name}，不是{chosen}，没有收"),))
        told = asked.problem(file, f"表里写的是{name}，按写明的收作{chosen}的", hint="")
        return Owner(name=chosen, problems=(replace(told, severity="warning"),))

    def _said_period(self, form: Form) -> str:
        marked = names_of((mark.period for mark in form.tags), self._periods)
        titled = self._titled(form)
        if marked and titled and {*marked} != {*titled}:
            raise _UnclearError(f"标题写的是{'、'.join(titled)}，这张表原来是{'、'.join(marked)}的")
        rows = names_of((mark.period for mark in self._own_marks(form)), self._periods)
        if titled and not marked and len(rows) == 1 and rows != titled:
            raise _UnclearError(f"标题写的是{'、'.join(titled)}，各行是从{rows[0]}的表里来的")
        return _only_one(marked, titled, rows, _inside(form.above, self._periods))

    def _said_group(self, form: Form) -> str:
        marked = names_of((mark.group for mark in form.tags), self._groups)
        written = form.header.get("group", "")
        typed = self._typed(written, marked)
        if other := self._other_group(form, typed or marked):
            raise _UnclearError(f"表格外面还写着{other}，分不清哪些是谁填的")
        if written and len(typed) != 1:
            message = "表头写了几个组队" if typed else "表头写的组队不认识"
            raise _UnclearError(message, written, Vocabulary(self._groups).hint(written))
        if marked and typed and marked != typed:
            raise _UnclearError(f"表头写的是{typed[0]}，这张表原来是{'、'.join(marked)}的")
        rows = names_of((mark.group for mark in self._own_marks(form)), self._groups)
        if typed and not marked and len(rows) == 1 and rows != typed:
            raise _UnclearError(f"表头写的是{typed[0]}，各行是从{rows[0]}的表里来的")
        return _only_one(typed, marked, rows)

    def _typed(self, written: str, marked: Sequence[str]) -> list[str]:
        """The groups that the header names: 翔安调查队综合组 is 综合组, where no list is."""
        typed = _inside(written, self._groups)
        if len(typed) > 1 and not _LISTED.search(written):
            last = [name for name in typed if squeezed(written).endswith(squeezed(name))]
            return [*marked] if set(marked) < set(typed) and marked else last or typed
        return typed

    def _other_group(self, form: Form, own: Sequence[str]) -> str | None:
        """Another group whose name stands by itself around the table: 二、工业股."""
        for line in form.outside:
            found = _inside(line, self._groups)
            if len(found) == 1 and found != [*own] and len(squeezed(line)) <= len(found[0]) + 3:
                return found[0]
        return None

    def _titled(self, form: Form) -> list[str]:
        """The periods in the form's title, not those that a letter around it speaks of."""
        titles = [line for line in form.above.split("\n") if self._title in squeezed(line)]
        return _inside(titles[-1], self._periods) if titles else []

    def _own_marks(self, form: Form) -> list[control_tags.ControlTag]:
        """The marks in the form's rows, where most have some: single rows are pasted."""
        own = [self._edition.name]
        answered = [line for line in form.lines if any(line.answers)]
        marked = [
            line.only(lambda mark: bool(control_tags.resolve(mark.edition, own)))
            for line in answered
        ]
        marked = [line for line in marked if line.tags]
        return (
            [mark for line in marked for mark in line.tags]
            if len(marked) * 2 > len(answered)
            else []
        )


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked for: `rule` is also the choice's name and that of its option."""

    rule: str
    what: str

    def problem(
        self, file: str, message: str, value: str | None = None, hint: str | None = None
    ) -> Problem:
        """A problem of a form; its hint says how to settle it."""
        name = self.rule
        settle = f"确实是哪{self.what}，单独收这一份，写明 --{name}（make 写 {name.upper()}=）"
        hint = settle if hint is None else hint or None
        return Problem(file=file, rule=name, message=message, value=value, hint=hint)


_PERIOD, _GROUP = _Question("period", "一期"), _Question("group", "个组队")


def title_words(edition: Edition) -> str:
    """The end of the form's title, which stays when year and period are changed."""
    return squeezed(edition.settings.title(edition.settings.titles.form))[-_TELLING:]


def _without_zips(file: str) -> str:
    """A file's name without those of the zips that it came in."""
    return "/".join(part for part in file.split("/") if not part.lower().endswith(".zip"))


def names_of(parts: Iterable[str], names: Collection[str]) -> list[str]:
    """The names that parts of marks stand for, each once."""
    found = (control_tags.resolve(part, names) for part in dict.fromkeys(parts))
    return [name for name in dict.fromkeys(found) if name is not None]


def _only_one(*evidence: Sequence[str]) -> str:
    """The name that the first evidence without a doubt gives, empty where there is none."""
    return next((found[0] for found in evidence if len(found) == 1), "")


def _squeezed(names: Iterable[str]) -> dict[str, str]:
    return {name: squeezed(name) for name in names}


def _inside(text: str, names: Mapping[str, str]) -> list[str]:
    """The names that a text has in it (翔安区统计局综合组), without those inside another one."""
    said = squeezed(text)
    found = [name for name, own in names.items() if own in said]
    return [name for name in found if not any(_is_part(name, other, names) for other in found)]


def _is_part(name: str, other: str, names: Mapping[str, str]) -> bool:
    return name != other and names[name] in names[other]
