"""The rows of a returned form as answers, each to one indicator.

A row is matched by its mark, by its exact name, by its normalised name, in this order. Where people
copied a row, mark and all, and gave the copy another indicator's name, the name that they saw
counts. A near name is proposed, and taken only by an explicit yes. No row vanishes: one that
cannot be taken is told with all that it says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import Problem, Severity
from pipeline.forms.control_tags import ANSWERS, resolve
from pipeline.forms.parsing.lines import Line
from pipeline.forms.returned.matching import IndicatorIndex
from pipeline.tables.cells import clean
from pipeline.tables.contract import PROGRESS
from pipeline.tables.parsing import judge
from pipeline.typography import flat

_BLANK_ROWS = 30  # that a form may have beyond its indicators, or people may add
_RUNNING = re.compile(r"[\da-zA-Z一二三四五六七八九十第项条①-⑳Ⅰ-Ⅻ()（）.．、*★/—–-]{0,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a form says on an indicator, and in which row of its table."""

    code: str
    texts: Mapping[str, str]
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A form's answers, the indicators whose rows have none, and what is wrong with the others."""

    answers: tuple[Answer, ...]
    blank: tuple[str, ...]
    problems: tuple[Problem, ...]


def answers_of(
    file: str, lines: Sequence[Line], names: IndicatorIndex, own: Collection[str], *, accept: bool
) -> Answers:
    """The answers of a form's lines; `own` are the indicators of the group whose form it is."""
    rows = _Rows(file, names, own, accept=accept)
    for line in lines:
        rows.add(line)
    answers = [rows.answer(code, taken) for code, taken in rows.taken.items()]
    return Answers(
        answers=tuple(answer for answer in answers if answer is not None),
        blank=tuple(code for code in dict.fromkeys(rows.blank) if code not in rows.taken),
        problems=tuple(sorted(rows.problems, key=lambda problem: problem.row or 0)),
    )


class _Rows:
    """The rows of one form, sorted by indicator."""

    def __init__(
        self, file: str, names: IndicatorIndex, own: Collection[str], *, accept: bool
    ) -> None:
        self.problems: list[Problem] = []
        self.taken: dict[str, list[Line]] = {}
        self.blank: list[str] = []
        self._file, self._names, self._own, self._accept = file, names, own, accept

    def add(self, line: Line) -> None:
        for told in line.told:
            self._tell(line, "layout", told, severity="warning")
        for told in line.lost:
            self._tell(line, "lost", told)
        for text in _loose(line, len(self._own) + _BLANK_ROWS):
            self._tell(line, "column", f"这一格没有对应的栏目，没有收：{text}")
        name = line.texts.get("name", "")
        called = self._called(name)
        if called is not None and self._names.other_score(name, called):
            self._tell(line, "name", f"名称后面写了别的分值，没有收：{flat(name)}")
        before = len(self.problems)
        code = self._indicator(line)
        if not any(line.answers):
            del self.problems[before:]  # a row that says nothing can be nobody's
            self.blank += [code] if code else []
            if name and called is None:  # an answer may stand in the name's cell
                message = f"“{flat(name)}”没有填，也不是本年度的指标"
                severity: Severity = "error" if line.marks else "warning"
                self._tell(line, "unmatched", message, severity=severity)
        elif code is not None and code not in self._own:
            self._tell(line, "not-own", f"{code} 不归这个组队填报，没有收：{line.said}")
        elif code is not None:
            self.taken.setdefault(code, []).append(line)

    def answer(self, code: str, lines: Sequence[Line]) -> Answer | None:
        """The one answer that the rows of an indicator give, None where they give several."""
        found: list[tuple[str, ...]] = []
        for line in lines:
            if line.continued and found:
                pairs = zip(found[-1], line.answers, strict=True)
                found[-1] = tuple("\n".join(filter(None, pair)) for pair in pairs)
            else:
                found.append(line.answers)
        if len(set(found)) > 1:
            both = "；".join(f"第{line.row}行：{line.said}" for line in lines)
            self._tell(lines[0], "twice", f"{code} 填了 {len(found)} 次，内容不同，没有收。{both}")
            return None
        texts = {field: clean(text) for field, text in zip(ANSWERS, found[0], strict=True)}
        wrong = [*self._wrong(lines[0], texts)]
        self.problems += wrong
        if any(problem.severity == "error" for problem in wrong):
            return None
        return Answer(code=code, texts=texts, row=lines[0].row)

    def _indicator(self, line: Line) -> str | None:
        name = line.texts.get("name", "")
        parts = dict.fromkeys(mark.indicator for mark in line.marks)
        marked = [code for part in parts if (code := resolve(part, self._names.codes)) is not None]
        called = self._called(name)
        if len(marked) == 1 and (not name or called == marked[0]):
            return marked[0]
        if called is not None:
            if marked and called not in marked:
                message = f"这一行原来是 {marked[0]} 的，名称改成了 {called} 的，按名称收"
                self._tell(line, "mark", message, severity="warning")
            return called
        near = self._names.near(name)
        if near is not None and marked in ([near], []):
            return self._proposed(line, near, sure=bool(marked) and self._names.slip(name, near))
        if len(marked) == 1:
            return self._proposed(line, marked[0], sure=self._names.slip(name, marked[0]))
        message = f"“{flat(name)}”不是本年度的指标，没有收：{line.said}"
        if not name:
            message = f"这一行没有写指标名称，没有收：{line.said}"
        hint = "名称改成指标表里的再收；确实是新的指标，先加进 indicators.csv"
        self._tell(line, "unmatched", message, hint=hint)
        return None

    def _called(self, name: str) -> str | None:
        return self._names.exact(name) or self._names.normalised(name)

    def _proposed(self, line: Line, code: str, *, sure: bool) -> str | None:
        """A near name: beside the right mark it is a slip of the pen, alone it is a proposal."""
        name, meant = flat(line.texts.get("name", "")), f"{code} {self._names.codes[code]}"
        if sure or self._accept:
            self._tell(line, "name", f"名称写的是“{name}”，收作 {meant}", severity="warning")
            return code
        message = f"没有“{name}”这个指标，是不是 {meant}？没有收：{line.said}"
        self._tell(line, "near", message, hint="确实是就加 --accept（make 写 ACCEPT=1）再收一次")
        return None

    def _wrong(self, line: Line, texts: Mapping[str, str]) -> Iterator[Problem]:
        for field, text in texts.items():
            column = PROGRESS.column(field)
            for flaw in judge(text, column)[1] if text else ():
                if flaw.rule != "formula":  # the table guards what Excel would run
                    yield Problem(
                        file=self._file,
                        row=line.row,
                        column=column.header,
                        rule=flaw.rule,
                        message=flaw.message,
                        value=text,
                        hint=flaw.hint,
                        severity=flaw.severity,
                    )

    def _tell(
        self,
        line: Line,
        rule: str,
        message: str,
        *,
        hint: str | None = None,
        severity: Severity = "error",
    ) -> None:
        self.problems.append(
            Problem(
                file=self._file,
                row=line.row,
                rule=rule,
                message=message,
                hint=hint,
                severity=severity,
            )
        )


def _loose(line: Line, most: int) -> Iterator[str]:
    """What stands where nothing is collected; a number beyond `most` is no running number."""
    yield from map(flat, line.others)
    number = line.texts.get("number", "")
    figure = number.strip("()（）.．、 ")
    if not _RUNNING.fullmatch("".join(number.split())) or (
        figure.isdecimal() and int(figure) > most
    ):
        yield flat(number)
