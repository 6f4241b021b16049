"""What a returned form says for progress.csv and submissions.csv."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pipeline.errors import Problem
from pipeline.forms import control_tags
from pipeline.forms.parsing.lines import Form
from pipeline.forms.returned.answers import answers_of
from pipeline.forms.returned.boilerplate import Boilerplate
from pipeline.forms.returned.header import OUTSIDE, submission
from pipeline.forms.returned.matching import IndicatorIndex
from pipeline.forms.returned.merging import Entry
from pipeline.forms.returned.owner import Choices, OwnerResolver, names_of, title_words
from pipeline.forms.returned.unclaimed import UnclaimedText
from pipeline.tables.edition import Edition
from pipeline.tables.groups import groups_of_sections, names_of_groups
from pipeline.typography import squeezed

_YEAR = re.compile(r"20\d\d(?=\s*年)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormResult:
    """What a form says: entries for both tables, whose rows are blank, what is wrong."""

    file: str
    period: str = ""
    group: str = ""
    submission: Entry | None = None
    entries: tuple[Entry, ...] = ()
    blank: tuple[str, ...] = ()  # 编号
    problems: tuple[Problem, ...] = ()


class FormReader:
    """Reads forms for one edition; raises InputError for choices that it does not have.

    `printed` are the words that stand on every form; `alone`: there is only one form, which the
    choices mean.
    """

    def __init__(
        self, edition: Edition, choices: Choices, printed: Boilerplate, *, alone: bool = False
    ) -> None:
        self._edition, self._accept = edition, choices.accept
        self._title = title_words(edition)
        self._whose = OwnerResolver(edition, choices, alone=alone)
        self._names = IndicatorIndex(edition["indicators"])
        self._own = _own(edition)
        self._elsewhere = UnclaimedText(edition, self._names, printed)

    def read(self, file: str, form: Form) -> FormResult:
        """The form's entries; none where it is not clear whose they are."""
        if foreign := self._foreign(form):
            message = f"这是 {'、'.join(foreign)} 年度的表，不是 {self._edition.name} 年度的"
            return FormResult(
                file=file, problems=(Problem(file=file, rule="edition", message=message),)
            )
        owners = self._whose.period(file, form), self._whose.group(file, form)
        period, group = (owner.name for owner in owners)
        told = tuple(problem for owner in owners for problem in owner.problems)
        if not period or not group:
            return FormResult(file=file, problems=told)
        header, wrong = submission(file, form, self._edition.settings, period)
        if any(problem.rule == OUTSIDE for problem in wrong):
            return FormResult(file=file, problems=(*told, *wrong))
        said = self._said(file, form, (period, group), header)
        return replace(said, problems=(*told, *wrong, *said.problems))

    def _said(
        self, file: str, form: Form, key: tuple[str, str], header: Mapping[str, str]
    ) -> FormResult:
        """What the rows of a form say whose period and group, the `key`, are known."""
        lines, copied = self._elsewhere.without_copies(file, form, *key)
        lines = [line.only(self._is_own) for line in lines]
        found = answers_of(file, lines, self._names, self._own[key[1]], accept=self._accept)
        blank = []
        if not found.answers and not found.problems:
            blank.append(Problem(file=file, rule="empty-form", message="一项也没有填，不算交了表"))
        entry = partial(Entry, source=file, day=header.get("day", ""))
        return FormResult(
            file=file,
            period=key[0],
            group=key[1],
            submission=entry(key=key, texts=header) if found.answers else None,
            entries=tuple(
                entry(key=(*key, each.code), texts=each.texts, row=each.row)
                for each in found.answers
            ),
            blank=found.blank,
            problems=(
                *blank,
                *found.problems,
                *copied,
                *self._elsewhere.written_over(file, form, key[1]),
                *self._elsewhere.written_around(file, form),
                *self._elsewhere.written_in_head(file, form),
            ),
        )

    def _foreign(self, form: Form) -> list[str]:
        """The other years that a form says it is of: in its marks, or in its title."""
        marked = form.tags or [mark for line in form.lines for mark in line.tags]
        if marked and not any(map(self._is_own, marked)):
            return sorted({_shown(mark.edition) for mark in marked})
        titles = (line for line in form.above.split("\n") if self._title in squeezed(line))
        said = {year for line in titles for year in _YEAR.findall(line)}
        return sorted(said) if said and str(self._edition.settings.year) not in said else []

    def _is_own(self, mark: control_tags.ControlTag) -> bool:
        return control_tags.resolve(mark.edition, [self._edition.name]) is not None


def _shown(edition: str) -> str:
    """An edition as a mark names it; a long name is only a sum there."""
    return "别的" if edition.startswith("#") else edition


def named_editions(forms: Sequence[Form], editions: Sequence[str]) -> list[str]:
    """The editions that the marks of forms name, of those that there are."""
    own = (mark.edition for form in forms for mark in form.tags)
    rows = (mark.edition for form in forms for line in form.lines for mark in line.tags)
    return names_of((*own, *rows), editions)


def _own(edition: Edition) -> dict[str, set[str]]:
    """Group → the 编号 that it reports on."""
    indicators, groups = edition["indicators"], groups_of_sections(edition)
    own: dict[str, set[str]] = {group: set() for group in names_of_groups(edition)}
    for code, section in zip(indicators["id"], indicators["section"], strict=True):
        for group in groups.get(section, []):
            own[group].add(code)
    return own
