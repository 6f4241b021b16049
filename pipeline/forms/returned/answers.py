"""The rows of a returned form as answers, each to one indicator.

A row is matched by its tag, by its exact name, by its normalised name, in this order. Where people
copied a row, tag and all, and gave the copy another indicator's name, the name that they read
counts. A near name is proposed, and taken only by an explicit yes. No row vanishes: one that
cannot be taken is reported with all that stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import Problem, Severity, errors_in
from pipeline.forms.control_tags import ASKED, resolved
from pipeline.forms.parsing.lines import Line
from pipeline.forms.returned import asked_answers
from pipeline.forms.returned.matching import IndicatorIndex
from pipeline.tables.cell_reference import problem_at
from pipeline.tables.cells import CellError, Flaw, clean
from pipeline.tables.contract import PROGRESS
from pipeline.tables.parsing import judge
from pipeline.typography import flat

_BLANK_ROWS = 30  # that a form may have beyond its indicators, or people may add
_RUNNING = re.compile(r"[\da-zA-Z一二三四五六七八九十第项条①-⑳Ⅰ-Ⅻ()（）.．、*★/—–-]{0,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a form reports on an indicator, and in which row of its table."""

    code: str
    texts: Mapping[str, str]
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A form's answers, the indicators with blank rows, and what is wrong with other rows."""

    answers: tuple[Answer, ...]
    blank: tuple[str, ...]
    seen: frozenset[str]  # the indicators that rows are about, collected or not
    problems: tuple[Problem, ...]


def answers_of(
    file: str,
    lines: Iterable[Line],
    indicators: IndicatorIndex,
    own: Collection[str],
    accepted: Collection[str],
) -> Answers:
    """The answers of a form's lines; `own` are the indicators of the form's group.

    A near name is taken for one of the `accepted` indicators.
    """
    rows = _Rows(file, indicators, own, accepted)
    for line in lines:
        rows.add(line)
    return rows.answers()


class _Rows:
    """The rows of one form, sorted by indicator."""

    def __init__(
        self,
        file: str,
        indicators: IndicatorIndex,
        own: Collection[str],
        accepted: Collection[str],
    ) -> None:
        """Begin without rows."""
        self._file, self._indicators, self._own = file, indicators, own
        self._accepted = accepted
        self._answered: dict[str, list[Line]] = {}
        self._blank: dict[str, None] = {}  # in the order of the rows
        self._seen: set[str] = set()
        self._problems: list[Problem] = []

    def add(self, line: Line) -> None:
        """Put a row to those of its indicator, or report why not."""
        self._report_layout(line)
        name = line.name
        called = self._called(name)
        if called is not None and self._indicators.has_other_score(name, called):
            self._report(line, "name", f"名称后面写了别的分值，没有收：{flat(name)}")
        both = [] if called else self._both(line)
        code, problem = self._match(line, called, both)
        self._seen.update(filter(None, (code, *both)))
        if not line.is_answered:  # then the indicator need not be clear
            self._add_blank(line, code, called, both)
            return
        if problem is not None:
            self._problems.append(problem)
        if code is not None:
            self._add_answered(line, code)

    def _add_answered(self, line: Line, code: str) -> None:
        """Put a row to those of its indicator, or report that it is another group's."""
        if code in self._own:
            self._answered.setdefault(code, []).append(line)
        else:
            self._report(
                line,
                "not-own",
                f"{self._named(code)} 不归这个组队填报，没有收：{line.answers_text}",
            )

    def _named(self, code: str) -> str:
        """An indicator as messages name it."""
        return f"{code} {self._indicators.names[code]}"

    def answers(self) -> Answers:
        """The answers of all rows; the problems stand in the order of the rows."""
        answers = []
        for code, lines in self._answered.items():
            answer = self._answer(code, lines)
            if answer is not None:
                answers.append(answer)
        return Answers(
            answers=tuple(answers),
            blank=tuple(code for code in self._blank if code not in self._answered),
            seen=frozenset(self._seen),
            problems=tuple(sorted(self._problems, key=lambda problem: problem.row or 0)),
        )

    def _called(self, name: str) -> str | None:
        return self._indicators.exact(name) or self._indicators.normalised(name)

    def _report_layout(self, line: Line) -> None:
        """Report what is odd about a row, unreadable, or under no heading."""
        for text in line.warnings:
            self._report(line, "layout", text, severity="warning")
        for text in line.unreadable:
            self._report(line, "lost", text)
        for text in _without_column(line, len(self._own) + _BLANK_ROWS):
            self._report(line, "column", f"这一格没有对应的栏目，没有收：{text}")

    def _add_blank(
        self, line: Line, code: str | None, called: str | None, both: Sequence[str]
    ) -> None:
        """Note that an indicator's row is blank; an answer may stand in the cell of its name."""
        if code:
            self._blank[code] = None
        name = line.name
        self._blank.update(dict.fromkeys(both))
        if name and called is None and not both:
            message = f"“{flat(name)}”没有填，也不是本年度的指标"
            severity: Severity = "error" if line.tags else "warning"
            self._report(line, "unmatched", message, severity=severity)

    def _match(
        self, line: Line, called: str | None, both: Sequence[str]
    ) -> tuple[str | None, Problem | None]:
        """The indicator that a row is about, None where it is unclear, and what is odd about that.

        `called` is the indicator that the row's name stands for, `both` are those that it names
        where it names several.
        """
        name = line.name
        tagged = self._tagged(line)
        if called is not None:
            return called, self._renamed(line, tagged, called)
        if both:
            return None, self._named_both(line, both)
        if len(tagged) == 1:
            if not name:
                return tagged[0], None
            return self._proposed(line, tagged[0], sure=self._indicators.is_slip(name, tagged[0]))
        near = None if tagged else self._indicators.near(name)
        if near is not None:
            return self._proposed(line, near, sure=False)
        return None, self._unmatched(line)

    def _tagged(self, line: Line) -> list[str]:
        """The indicators that the tags of a row name."""
        return resolved((tag.indicator for tag in line.tags), self._indicators.names)

    def _both(self, line: Line) -> list[str]:
        """The indicators that a row names in full, where it names several."""
        named = self._indicators.named_in(line.name)
        return named if len(named) > 1 else []

    def _named_both(self, line: Line, codes: Sequence[str]) -> Problem:
        """The problem of a row that is about several indicators."""
        names = "、".join(map(self._named, codes))
        message = f"这一行写了 {len(codes)} 个指标（{names}），没有收：{line.answers_text}"
        return self._problem(line, "several", message, hint="一个指标写一行再收")

    def _renamed(self, line: Line, tagged: Sequence[str], called: str) -> Problem | None:
        """The warning that a row's name is not the one of its tags."""
        if not tagged or called in tagged:
            return None
        message = f"这一行原来是 {tagged[0]} 的，名称改成了 {called} 的，按名称收"
        return self._problem(line, "mark", message, severity="warning")

    def _proposed(self, line: Line, code: str, *, sure: bool) -> tuple[str | None, Problem]:
        """A near name: beside the right tag it is a slip of the pen, alone it is a proposal."""
        self._seen.add(code)
        name, meant = flat(line.name), self._named(code)
        if sure or code in self._accepted:
            message = f"名称写的是“{name}”，收作 {meant}"
            return code, self._problem(line, "name", message, severity="warning")
        message = f"没有“{name}”这个指标，是不是 {meant}？没有收：{line.answers_text}"
        hint = f"确实是就加 --accept={code}（make 写 ACCEPT={code}）再收一次"
        return None, self._problem(line, "near", message, hint=hint)

    def _unmatched(self, line: Line) -> Problem:
        """The problem of a row without a name, or with a name that no indicator has."""
        name = line.name
        message = f"“{flat(name)}”不是本年度的指标" if name else "这一行没有写指标名称"
        hint = "名称改成指标表里的再收；确实是新的指标，先加进 indicators.csv"
        return self._problem(
            line, "unmatched", f"{message}，没有收：{line.answers_text}", hint=hint
        )

    def _answer(self, code: str, lines: Sequence[Line]) -> Answer | None:
        """The one answer that the rows of an indicator give, None where there is not one."""
        found = _joined(lines)
        if any(other != found[0] for other in found):
            both = "；".join(f"第{line.row}行：{line.answers_text}" for line in lines)
            message = f"{self._named(code)} 填了 {len(found)} 次，内容不同，没有收。{both}"
            self._report(lines[0], "twice", message)
            return None
        texts = {field: clean(text) for field, text in found[0].items()}
        texts = self._with_asked(lines[0], code, texts)
        flaws = [*self._flaws(lines[0], texts)]
        self._problems += flaws
        if errors_in(flaws) or not any(texts.values()):
            return None
        return Answer(code=code, texts=texts, row=lines[0].row)

    def _with_asked(self, line: Line, code: str, texts: Mapping[str, str]) -> dict[str, str]:
        """The texts with status and score as the table has them, without those that are unclear."""
        known = dict(texts)
        for field in ASKED:
            if known.get(field):
                try:
                    known[field] = self._asked(field, code, known[field])
                except CellError as error:
                    self._problems.append(self._flaw(line, field, error.flaw, known.pop(field)))
        return known

    def _asked(self, field: str, code: str, text: str) -> str:
        """A status or a score as the table has it; raises CellError."""
        if field == "status":
            return asked_answers.status(text)
        return asked_answers.self_score(text, self._named(code), self._indicators.most[code])

    def _flaws(self, line: Line, texts: Mapping[str, str]) -> Iterator[Problem]:
        """What progress.csv cannot hold, or what is odd in it."""
        for field, text in texts.items():
            if not text:
                continue
            _, flaws = judge(text, PROGRESS.column(field))
            for flaw in flaws:
                if flaw.rule != "formula":  # the table guards what Excel would run
                    yield self._flaw(line, field, flaw, text)

    def _flaw(self, line: Line, field: str, flaw: Flaw, text: str) -> Problem:
        """The problem of a cell in a row."""
        header = PROGRESS.column(field).header
        return problem_at(flaw, self._file, row=line.row, header=header, value=text)

    def _report(
        self,
        line: Line,
        rule: str,
        message: str,
        *,
        severity: Severity = "error",
    ) -> None:
        """Keep a problem of a row."""
        self._problems.append(self._problem(line, rule, message, severity=severity))

    def _problem(
        self,
        line: Line,
        rule: str,
        message: str,
        *,
        hint: str | None = None,
        severity: Severity = "error",
    ) -> Problem:
        """A problem of a row."""
        return Problem(
            file=self._file,
            row=line.row,
            rule=rule,
            message=message,
            hint=hint,
            severity=severity,
        )


def _joined(lines: Iterable[Line]) -> list[dict[str, str]]:
    """The answers of rows, by field; those of a row that somebody split are joined again."""
    found: list[dict[str, str]] = []
    for line in lines:
        if line.continued and found:
            upper = found[-1]
            for field, text in line.answers.items():
                upper[field] = "\n".join(filter(None, (upper.get(field), text)))
        else:
            found.append(line.answers)
    return found


def _without_column(line: Line, most: int) -> Iterator[str]:
    """What stands where nothing is collected; a number beyond `most` is no running number."""
    yield from map(flat, line.others)
    number = line.texts.get("number", "")
    if not _is_running(number, most):
        yield flat(number)


def _is_running(number: str, most: int) -> bool:
    """Whether a text may be a row's running number: 3, 三、, (3) or nothing."""
    if not _RUNNING.fullmatch("".join(number.split())):
        return False
    figure = number.strip("()（）.．、 ")
    return not figure.isdecimal() or int(figure) <= most
