"""Whose a returned form is, and what it says for progress.csv and submissions.csv.

Period and group come from what the caller decided, from the marks in the form's header, from its
words, from the marks of its rows, from the file's name, in this order. Where the header's marks and
words contradict each other nothing is taken: a form that went to another group, or an old one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from pipeline import marks
from pipeline.answers import answers_of
from pipeline.docx.lines import Form
from pipeline.errors import InputError, Problem, Severity
from pipeline.formats import flat
from pipeline.tables.cells import CellError, parse
from pipeline.tables.contract import SUBMISSIONS
from pipeline.tables.edition import Edition
from pipeline.tables.groups import groups_of_sections, names_of_groups
from pipeline.tables.matching import Names
from pipeline.tables.merging import Entry
from pipeline.tables.nearest import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the caller decides: whose forms these are, and whether near names are taken."""

    period: str | None = None
    group: str | None = None
    accept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a form says: entries for both tables, how many rows are blank, what is wrong."""

    file: str
    period: str = ""
    group: str = ""
    submission: Entry | None = None
    entries: tuple[Entry, ...] = ()
    blank: int = 0
    problems: tuple[Problem, ...] = ()


class Reader:
    """Reads forms for one edition; raises InputError for choices that it does not have."""

    def __init__(self, edition: Edition, choices: Choices) -> None:
        self._edition, self._choices = edition, choices
        self._periods = [period.name for period in edition.settings.periods]
        self._groups = list(names_of_groups(edition))
        self._plain: dict[str, list[str]] = {}
        for name in self._groups:
            self._plain.setdefault(_plain(name), []).append(name)
        self._names = Names(edition["indicators"])
        self._own = _own(edition)
        self._reported = _reported(edition)
        for chosen, known in ((choices.period, self._periods), (choices.group, self._groups)):
            if chosen and chosen not in known:
                message, hint = f"没有这个，只有{'、'.join(known)}", Known(known).hint(chosen)
                flaw = _problem(edition.name, "choice", message, value=chosen, hint=hint)
                raise InputError([flaw])

    def read(self, file: str, form: Form) -> Said:
        """The form's entries; none where it is not clear whose they are."""
        foreign = {mark.edition for mark in form.marks if not self._is_own(mark)}
        if foreign:
            message = f"这是{'、'.join(sorted(foreign))}年度的表，不是{self._edition.name}的"
            return Said(file=file, problems=(_problem(file, "edition", message),))
        period, group = self._period(file, form), self._group(file, form)
        if isinstance(period, Problem) or isinstance(group, Problem):
            unclear = tuple(each for each in (period, group) if isinstance(each, Problem))
            return Said(file=file, problems=unclear)
        lines = [line.only(self._is_own) for line in form.lines]
        found = answers_of(file, lines, self._names, self._own[group], accept=self._choices.accept)
        header, wrong = self._submission(file, form)
        filled = bool(found.answers)
        if not filled and not found.problems:
            wrong.append(_problem(file, "empty-form", "一项也没有填，不算交了表"))
        return Said(
            file=file,
            period=period,
            group=group,
            submission=Entry(key=(period, group), texts=header, source=file) if filled else None,
            entries=tuple(
                Entry(key=(period, group, each.code), texts=each.texts, source=file, row=each.row)
                for each in found.answers
            ),
            blank=found.blank,
            problems=(*wrong, *found.problems, *self._written_over(file, group, form)),
        )

    def _written_over(self, file: str, group: str, form: Form) -> Iterator[Problem]:
        """What was written into the rows for reference: they say what the tables said before."""
        for cells in form.earlier:
            code = next(filter(None, map(self._names.exact, cells)), "")
            for text in cells:
                if not self._is_reference(text, self._reported.get((group, code), set())):
                    message = f"写在了供参考的上期内容里，没有收：{flat(text)}"
                    yield _problem(file, "reference", message, severity="warning")

    def _is_reference(self, text: str, reported: Collection[str]) -> bool:
        word = _plain(text)
        return not word or word.isdecimal() or word in reported or bool(self._names.exact(text))

    def _is_own(self, mark: marks.Mark) -> bool:
        return marks.named(mark.edition, [self._edition.name]) is not None

    def _period(self, file: str, form: Form) -> str | Problem:
        if self._choices.period:
            return self._choices.period
        marked = _marked((mark.period for mark in form.marks), self._periods)
        titled = [name for name in self._periods if f"（{name}）" in form.above]
        rows = (mark.period for line in form.lines for mark in line.marks if self._is_own(mark))
        hint = "确实是哪一期，用 --period 写明"
        if marked and titled and set(marked) != set(titled):
            message = f"标题写的是{'、'.join(titled)}，标记是{'、'.join(marked)}"
            return _problem(file, "period", message, hint=hint)
        for found in (marked, titled, _marked(rows, self._periods), self._in_name(file)):
            if len(found) == 1:
                return found[0]
        return _problem(file, "period", "看不出是哪一期的表", hint=hint)

    def _in_name(self, file: str) -> list[str]:
        return [name for name in self._periods if name in file]

    def _group(self, file: str, form: Form) -> str | Problem:
        if self._choices.group:
            return self._choices.group
        written = "".join(form.header.get("group", "").split())
        marked = _marked((mark.group for mark in form.marks), self._groups)
        rows = (mark.group for line in form.lines for mark in line.marks if self._is_own(mark))
        typed = self._plain.get(_plain(written), [])
        hint = "确实是哪个组队，用 --group 写明"
        if marked and typed and marked != typed:
            message = f"表头写的是{typed[0]}，标记是{'、'.join(marked)}"
            return _problem(file, "group", message, hint=hint)
        if written and not typed and not any(name in written for name in marked):
            near = Known(self._groups).hint(written) or hint
            return _problem(file, "group", "表头写的组队不认识", value=written, hint=near)
        stem = PurePath(file).stem
        named = self._plain.get(_plain(stem), [])
        for found in (typed, marked, _marked(rows, self._groups), named):
            if len(found) == 1:
                return found[0]
        return _problem(file, "group", "看不出是哪个组队的表", hint=hint)

    def _submission(self, file: str, form: Form) -> tuple[dict[str, str], list[Problem]]:
        """What the header says of who and when; what cannot be read is told and left out."""
        texts: dict[str, str] = {}
        wrong = []
        for field in ("reporter", "day"):
            typed = form.header.get(field, "")
            column = SUBMISSIONS.column(field)
            try:
                texts[field] = str(parse(typed, column) or "")
                if field == "day" and typed:
                    self._refuse_year(texts[field])
            except CellError as error:
                texts.pop(field, None)
                message = f"表头的“{column.header}”没有收：{error.flaw.message}"
                wrong.append(
                    _problem(file, error.flaw.rule, message, value=typed, hint=error.flaw.hint)
                )
        return {field: text for field, text in texts.items() if text}, wrong

    def _refuse_year(self, day: str) -> None:
        year = self._edition.settings.year
        if int(day[:4]) not in (year, year + 1):
            raise CellError("day-outside", f"不是 {year} 年度的日期", "看看年份")


def named_editions(forms: Sequence[Form], editions: Sequence[str]) -> list[str]:
    """The editions that the marks of forms name, of those that there are."""
    own = (mark.edition for form in forms for mark in form.marks)
    rows = (mark.edition for form in forms for line in form.lines for mark in line.marks)
    return _marked((*own, *rows), editions)


def _marked(parts: Iterator[str] | Sequence[str], names: Sequence[str]) -> list[str]:
    """The names that parts of marks stand for, each once."""
    found = (marks.named(part, names) for part in dict.fromkeys(parts))
    return [name for name in dict.fromkeys(found) if name is not None]


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
        reported.setdefault((group, code), set()).update(_plain(text or "") for text in texts)
    return reported


def _plain(name: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()


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
