"""What a returned form says for progress.csv and submissions.csv."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline import marks
from pipeline.docx.lines import Form, Line
from pipeline.errors import Problem, Severity
from pipeline.formats import flat
from pipeline.returned.answers import answers_of
from pipeline.returned.header import OUTSIDE, submission
from pipeline.returned.printed import Printed
from pipeline.returned.whose import Choices, Whose, named, plain
from pipeline.tables.edition import Edition
from pipeline.tables.groups import groups_of_sections, names_of_groups
from pipeline.tables.matching import Names
from pipeline.tables.merging import Entry

_YEAR = re.compile(r"(20\d\d)\s*年度")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a form says: entries for both tables, whose rows are blank, what is wrong."""

    file: str
    period: str = ""
    group: str = ""
    submission: Entry | None = None
    entries: tuple[Entry, ...] = ()
    blank: tuple[str, ...] = ()  # 编号
    problems: tuple[Problem, ...] = ()


class Reader:
    """Reads forms for one edition; raises InputError for choices that it does not have.

    `printed` are the words that stand on every form; `alone`: there is only one form, which the
    choices mean.
    """

    def __init__(
        self, edition: Edition, choices: Choices, printed: Printed, *, alone: bool = False
    ) -> None:
        self._edition, self._accept, self._printed = edition, choices.accept, printed
        self._whose = Whose(edition, choices, alone=alone)
        self._names = Names(edition["indicators"])
        self._own = _own(edition)
        self._reported = _reported(edition)

    def read(self, file: str, form: Form) -> Said:
        """The form's entries; none where it is not clear whose they are."""
        if foreign := self._foreign(form):
            message = f"这是{'、'.join(foreign)}年度的表，不是{self._edition.name}的"
            return Said(file=file, problems=(_problem(file, "edition", message),))
        owners = self._whose.period(file, form), self._whose.group(file, form)
        told = [problem for owner in owners for problem in owner.problems]
        period, group = (owner.name for owner in owners)
        if not period or not group:
            return Said(file=file, problems=tuple(told))
        header, wrong = submission(file, form, self._edition.settings, period)
        if any(problem.rule == OUTSIDE for problem in wrong):
            return Said(file=file, problems=(*told, *wrong))
        copied = {id(line): told for line, told in self._copied(file, form, period, group)}
        lines = [
            line.only(self._is_own)
            for line in form.lines
            if id(line) not in copied or copied[id(line)].severity != "error"
        ]
        found = answers_of(file, lines, self._names, self._own[group], accept=self._accept)
        filled, day = bool(found.answers), header.get("day", "")
        if not filled and not found.problems:
            wrong.append(_problem(file, "empty-form", "一项也没有填，不算交了表"))
        return Said(
            file=file,
            period=period,
            group=group,
            submission=(
                Entry(key=(period, group), texts=header, source=file, day=day) if filled else None
            ),
            entries=tuple(
                Entry(
                    key=(period, group, each.code),
                    texts=each.texts,
                    source=file,
                    row=each.row,
                    day=day,
                )
                for each in found.answers
            ),
            blank=found.blank,
            problems=(
                *told,
                *wrong,
                *found.problems,
                *copied.values(),
                *self._written_over(file, group, form),
                *self._written_outside(file, form),
            ),
        )

    def _foreign(self, form: Form) -> list[str]:
        """The other years that a form says it is of: in its marks, or in its title."""
        marked = form.marks or [mark for line in form.lines for mark in line.marks]
        if marked and not any(map(self._is_own, marked)):
            return sorted({mark.edition for mark in marked})
        named = {*_YEAR.findall(form.above)}
        return sorted(named) if named and str(self._edition.settings.year) not in named else []

    def _copied(
        self, file: str, form: Form, period: str, group: str
    ) -> Iterator[tuple[Line, Problem]]:
        """Rows that were copied from other forms, whose words may be about something else.

        Those of last year or of the period before are brought up to date, most often; those of
        another group are not this one's.
        """
        headed = {(mark.edition, mark.period, mark.group) for mark in form.marks}
        for line in form.lines:
            mark = next(iter(line.marks), None)
            if mark is None or not any(line.answers):
                continue
            whose = (mark.edition, mark.period, mark.group)
            own = (self._edition.name, period, group)
            pairs = zip(whose, own, strict=True)
            if whose in headed or all(marks.named(part, [name]) for part, name in pairs):
                continue
            foreign = marks.named(mark.group, [group]) is None
            message = f"这一行是从别的表（{' '.join(whose)}）里拷来的"
            said = "｜".join(map(flat, line.answers))
            told = _problem(
                file,
                "copied",
                f"{message}，没有收：{said}" if foreign else message,
                hint=None if foreign else "看看内容是不是这一期的",
                severity="error" if foreign else "warning",
            )
            yield line, replace(told, row=line.row)

    def _written_outside(self, file: str, form: Form) -> Iterator[Problem]:
        """What was written above, below or beside the table."""
        texts = [text for text in form.outside if not self._printed.has(text)]
        if texts:
            message = f"写在表格外面，没有收：{'｜'.join(texts)}"
            yield _problem(file, "outside", message, severity="warning")

    def _written_over(self, file: str, group: str, form: Form) -> Iterator[Problem]:
        """What was written into the rows for reference: they say what the tables said before."""
        for cells in form.earlier:
            code = next(filter(None, map(self._names.exact, cells)), "")
            for text in cells:
                if not self._is_reference(text, self._reported.get((group, code), set())):
                    message = f"写在了供参考的上期内容里，没有收：{flat(text)}"
                    yield _problem(file, "reference", message, severity="warning")

    def _is_reference(self, text: str, reported: Collection[str]) -> bool:
        word = plain(text)
        return not word or word.isdecimal() or word in reported or bool(self._names.exact(text))

    def _is_own(self, mark: marks.Mark) -> bool:
        return marks.named(mark.edition, [self._edition.name]) is not None


def named_editions(forms: Sequence[Form], editions: Sequence[str]) -> list[str]:
    """The editions that the marks of forms name, of those that there are."""
    own = (mark.edition for form in forms for mark in form.marks)
    rows = (mark.edition for form in forms for line in form.lines for mark in line.marks)
    return named((*own, *rows), editions)


def _own(edition: Edition) -> dict[str, set[str]]:
    """Group → the 编号 that it reports on."""
    indicators, groups = edition["indicators"], groups_of_sections(edition)
    own: dict[str, set[str]] = {group: set() for group in names_of_groups(edition)}
    for code, section in zip(indicators["id"], indicators["section"], strict=True):
        for group in groups.get(section, []):
            own[group].add(code)
    return own


def _reported(edition: Edition) -> dict[tuple[str, str], set[str]]:
    """Group, 编号 → what it reported on it in any period, in plain words."""
    sheet = edition["progress"]
    fields = ("group", "indicator", *marks.ANSWERS)
    reported: dict[tuple[str, str], set[str]] = {}
    for group, code, *texts in zip(*(sheet[field] for field in fields), strict=True):
        reported.setdefault((group, code), set()).update(plain(text or "") for text in texts)
    return reported


def _problem(
    file: str,
    rule: str,
    message: str,
    *,
    value: str | None = None,
    hint: str | None = None,
    severity: Severity = "error",
) -> Problem:
    return Problem(file=file, rule=rule, message=message, value=value, hint=hint, severity=severity)
