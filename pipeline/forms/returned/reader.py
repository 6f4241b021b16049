"""What a returned form has for progress.csv and submissions.csv."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pipeline.errors import Problem
from pipeline.forms.control_tags import ControlTag, resolved, stands_for
from pipeline.forms.parsing.lines import Form, Line
from pipeline.forms.returned import ditto
from pipeline.forms.returned.answers import Answer, Answers, answers_of
from pipeline.forms.returned.boilerplate import Boilerplate
from pipeline.forms.returned.header import header_of
from pipeline.forms.returned.matching import IndicatorIndex
from pipeline.forms.returned.merging import Entry
from pipeline.forms.returned.owner import CollectOptions, OwnerResolver, names_of, title_lines
from pipeline.forms.returned.unclaimed import UnclaimedText
from pipeline.tables.edition import Edition
from pipeline.tables.groups import indicators_of_groups

_YEAR = re.compile(r"20\d\d(?=\s*年)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormResult:
    """What a form reports: entries for both tables, the blank indicators, what is wrong."""

    file: str
    period: str = ""
    group: str = ""
    submission: Entry | None = None
    entries: tuple[Entry, ...] = ()
    blank: tuple[str, ...] = ()  # 编号
    problems: tuple[Problem, ...] = ()


class FormReader:
    """Reads forms for one edition; raises InputError for options that it does not have.

    `boilerplate` are the words that stand on every form; `alone`: there is only one form, which
    the options mean.
    """

    def __init__(
        self,
        edition: Edition,
        options: CollectOptions,
        boilerplate: Boilerplate,
        *,
        alone: bool = False,
    ) -> None:
        """Prepare what all forms of the edition are compared with."""
        self._edition, self._accept = edition, options.accept
        self._owners = OwnerResolver(edition, options, alone=alone)
        self._indicators = IndicatorIndex(edition["indicators"])
        self._own = indicators_of_groups(edition)
        self._unclaimed = UnclaimedText(edition, self._indicators, boilerplate)

    def read(self, file: str, form: Form) -> FormResult:
        """The form's entries; none where its period or group is unclear."""
        others = self._other_editions(form)
        if others:
            message = f"这是 {'、'.join(others)} 年度的表，不是 {self._edition.name} 年度的"
            problem = Problem(file=file, rule="edition", message=message)
            return FormResult(file=file, problems=(problem,))
        period, group = self._owners.period(file, form), self._owners.group(file, form)
        problems = (*period.problems, *group.problems)
        if not period.name or not group.name:
            return FormResult(file=file, problems=problems)
        header = header_of(file, form, self._edition.settings, period.name)
        problems += header.problems
        if header.of_another_year:
            return FormResult(file=file, problems=problems)
        result = self._read_rows(file, form, (period.name, group.name), header.texts)
        return replace(result, problems=(*problems, *result.problems))

    def _read_rows(
        self, file: str, form: Form, key: tuple[str, str], header: Mapping[str, str]
    ) -> FormResult:
        """The entries of a form; its period and group are the `key`."""
        period, group = key
        own_lines, dittos = ditto.resolve(file, form.lines)
        form = replace(form, lines=tuple(own_lines))
        lines, copied = self._unclaimed.without_copies(file, form, period, group)
        found = self._answers(file, lines, group)
        problems = [
            *dittos,
            *found.problems,
            *copied,
            *self._lacking(file, found, _left_out(form.lines, lines), group),
            *self._unclaimed.problems(file, form, group),
        ]
        if not found.answers and not found.problems:
            problems.insert(0, _empty(file))
        day = header.get("day", "")
        submission = Entry(key=key, texts=header, source=file, day=day)
        return FormResult(
            file=file,
            period=period,
            group=group,
            submission=submission if found.answers else None,
            entries=tuple(_entry(file, key, answer, day) for answer in found.answers),
            blank=found.blank,
            problems=tuple(problems),
        )

    def _answers(self, file: str, lines: Iterable[Line], group: str) -> Answers:
        """The answers of a group's lines; tags of other editions do not count."""
        own_lines = [line.only(self._is_own) for line in lines]
        own = self._own[group]
        accepted = {code for code in self._indicators.names if self._accept.covers(group, code)}
        return answers_of(file, own_lines, self._indicators, own, accepted)

    def _lacking(
        self, file: str, found: Answers, copies: Iterable[Line], group: str
    ) -> Iterator[Problem]:
        """A warning that names the group's indicators of which the form has no row.

        `copies` are rows of other forms, reported already.
        """
        names = self._indicators.names
        of_copies = (tag.indicator for line in copies for tag in line.tags)
        seen = {*found.seen, *resolved(of_copies, names)}
        lacking = [f"{code} {names[code]}" for code in self._own[group] if code not in seen]
        if lacking:
            message = f"少了 {'、'.join(lacking)}"
            hint = "这些也归这个组队填报，表里没有这一行"
            yield Problem(file=file, rule="lacking", message=message, hint=hint, severity="warning")

    def _other_editions(self, form: Form) -> list[str]:
        """The other years that a form is of: by its tags, or by its title."""
        tags = form.tags or _row_tags(form)
        if tags and not any(map(self._is_own, tags)):
            return sorted({_readable(tag.edition) for tag in tags})
        titles = title_lines(form, self._edition)
        years = {year for line in titles for year in _YEAR.findall(line)}
        return [] if str(self._edition.settings.year) in years else sorted(years)

    def _is_own(self, tag: ControlTag) -> bool:
        return stands_for(tag.edition, self._edition.name)


def _left_out(lines: Iterable[Line], kept: Iterable[Line]) -> list[Line]:
    """The lines that are not among those that were kept."""
    found = {*map(id, kept)}
    return [line for line in lines if id(line) not in found]


def _empty(file: str) -> Problem:
    return Problem(file=file, rule="empty-form", message="一项也没有填，不算交了表")


def _entry(file: str, key: tuple[str, str], answer: Answer, day: str) -> Entry:
    return Entry(key=(*key, answer.code), texts=answer.texts, source=file, row=answer.row, day=day)


def _readable(edition: str) -> str:
    """An edition as a tag names it; of a long name only a hash stands there."""
    return "别的" if edition.startswith("#") else edition


def named_editions(forms: Sequence[Form], editions: Sequence[str]) -> list[str]:
    """The editions that the tags of forms name, of those that there are."""
    tags = (tag for form in forms for tag in (*form.tags, *_row_tags(form)))
    return names_of((tag.edition for tag in tags), editions)


def _row_tags(form: Form) -> list[ControlTag]:
    return [*chain.from_iterable(line.tags for line in form.lines)]
