"""Words that stand where nothing is collected, or that came from another form: only reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from pipeline.errors import Problem, shorten
from pipeline.forms.control_tags import FIELDS, ControlTag, stands_for
from pipeline.forms.parsing.lines import Form, Line
from pipeline.forms.returned.boilerplate import Boilerplate
from pipeline.forms.returned.matching import IndicatorIndex
from pipeline.tables.edition import Edition
from pipeline.tables.parsing import as_text
from pipeline.typography import flat, squeezed

_MOST = 2_000  # characters shown of what is no answer

# Edition, period and group: the form that a row belongs to.
_Origin: TypeAlias = tuple[str, str, str]


class UnclaimedText:
    """Looks for such words in the forms of one edition."""

    def __init__(
        self, edition: Edition, indicators: IndicatorIndex, boilerplate: Boilerplate
    ) -> None:
        self._edition, self._indicators, self._boilerplate = edition, indicators, boilerplate
        self._reported = _reported(edition)

    def without_copies(
        self, file: str, form: Form, period: str, group: str
    ) -> tuple[list[Line], list[Problem]]:
        """The form's lines without those of another group's form, and the problems of copies.

        Rows of last year or of the period before are copied to be brought up to date, most often.
        """
        own = (self._edition.name, period, group)
        in_header = {_origin(tag) for tag in form.tags}
        lines: list[Line] = []
        problems: list[Problem] = []
        for line in form.lines:
            origin = _origin_of_line(line) or own
            if origin in in_header or _is_same(origin, own):
                lines.append(line)
            elif stands_for(origin[2], group):
                lines.append(line)
                problems.append(_older_copy(file, line, origin))
            else:
                problems.append(_foreign_copy(file, line, origin))
        return lines, problems

    def problems(self, file: str, form: Form, group: str) -> Iterator[Problem]:
        """What was written where nothing is collected, in the form of a group."""
        yield from self._over_reference(file, form, group)
        yield from self._around_table(file, form)
        yield from self._in_head(file, form)

    def _over_reference(self, file: str, form: Form, group: str) -> Iterator[Problem]:
        """What was written into the rows for reference, which show what the tables had before."""
        for row in form.earlier:
            for text in self._added(row, group):
                message = f"写在了供参考的上期内容里，没有收：{flat(text)}"
                yield _warning(file, "reference", message)

    def _added(self, row: Sequence[str], group: str) -> Iterator[str]:
        """The cells of a row that are neither its number nor its name nor what was reported."""
        number, *cells = row
        name = next(filter(self._indicators.exact, cells), "")
        if name:
            cells.remove(name)
        if not number.strip().isdecimal():
            cells.insert(0, number)
        code = self._indicators.exact(name) or ""
        expected = {"", *self._reported.get((group, code), ())}
        for text in cells:
            if squeezed(text) not in expected:
                yield text

    def _around_table(self, file: str, form: Form) -> Iterator[Problem]:
        """What was written above, below or beside the table."""
        texts = [text for text in form.outside if not self._boilerplate.contains(text)]
        if texts:
            message = f"写在表格外面，没有收：{shorten('｜'.join(texts), _MOST)}"
            yield _warning(file, "outside", message)

    def _in_head(self, file: str, form: Form) -> Iterator[Problem]:
        """What was written into the head's cells, behind the headings."""
        for text in filter(self._boilerplate.is_extended, form.headings):
            message = f"写在表头里，没有收：{flat(text)}"
            yield _warning(file, "head", message)


def _warning(file: str, rule: str, message: str) -> Problem:
    return Problem(file=file, rule=rule, message=message, severity="warning")


def _origin_of_line(line: Line) -> _Origin | None:
    """The form that a row belongs to by its tags; a row without answers may belong to any."""
    return _origin(line.tags[0]) if line.tags and line.is_answered else None


def _origin(tag: ControlTag) -> _Origin:
    return tag.edition, tag.period, tag.group


def _is_same(origin: _Origin, own: _Origin) -> bool:
    """Whether a tag's parts, which may be shortened there, stand for these names."""
    return all(stands_for(part, name) for part, name in zip(origin, own, strict=True))


def _older_copy(file: str, line: Line, origin: _Origin) -> Problem:
    """The warning about a row of the same group's form of another time, which is collected."""
    return Problem(
        file=file,
        row=line.row,
        rule="copied",
        message=_copied(origin),
        hint="看看内容是不是这一期的",
        severity="warning",
    )


def _foreign_copy(file: str, line: Line, origin: _Origin) -> Problem:
    """The problem of a row of another group's form, which is not collected."""
    message = f"{_copied(origin)}，没有收：{line.answers_text}"
    return Problem(file=file, row=line.row, rule="copied", message=message)


def _copied(origin: _Origin) -> str:
    """The message that a row is a copy; without shortened names, which nobody can read."""
    readable = " ".join(part for part in origin if not part.startswith("#"))
    return f"这一行是从别的表（{readable}）里拷来的"


def _reported(edition: Edition) -> dict[tuple[str, str], set[str]]:
    """Group, 编号 → what it reported on it in any period, squeezed."""
    sheet = edition["progress"]
    columns = (sheet[field] for field in ("group", "indicator", *FIELDS))
    reported: dict[tuple[str, str], set[str]] = {}
    for group, code, *values in zip(*columns, strict=True):
        reported.setdefault((group, code), set()).update(
            squeezed(as_text(value)) for value in values
        )
    return reported
