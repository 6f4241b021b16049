"""Words that stand where nothing is collected, or that came from another form: told, not taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.errors import Problem, shorten
from pipeline.forms import control_tags
from pipeline.forms.parsing.lines import Form, Line
from pipeline.forms.returned.boilerplate import Boilerplate
from pipeline.forms.returned.matching import IndicatorIndex
from pipeline.tables.edition import Edition
from pipeline.typography import flat, squeezed

_MOST = 2_000  # characters told of what is no answer


class UnclaimedText:
    """Looks for such words in the forms of one edition."""

    def __init__(self, edition: Edition, names: IndicatorIndex, printed: Boilerplate) -> None:
        self._edition, self._names, self._printed = edition, names, printed
        self._reported = _reported(edition)

    def without_copies(
        self, file: str, form: Form, period: str, group: str
    ) -> tuple[list[Line], list[Problem]]:
        """The form's lines without those of another group's form, and what to tell of copies.

        Rows of last year or of the period before are copied to be brought up to date, most often.
        """
        lines, told = [], []
        headed = {(mark.edition, mark.period, mark.group) for mark in form.tags}
        own = (self._edition.name, period, group)
        for line in form.lines:
            mark = next(iter(line.tags), None)
            whose = (mark.edition, mark.period, mark.group) if mark and any(line.answers) else own
            pairs = zip(whose, own, strict=True)
            if whose in headed or all(control_tags.resolve(part, [name]) for part, name in pairs):
                lines.append(line)
                continue
            shown = " ".join(part for part in whose if not part.startswith("#"))
            message = f"这一行是从别的表（{shown}）里拷来的"
            copy = Problem(file=file, row=line.row, rule="copied", message=message)
            if control_tags.resolve(whose[2], [group]):
                lines.append(line)
                told.append(replace(copy, hint="看看内容是不是这一期的", severity="warning"))
            else:
                told.append(replace(copy, message=f"{message}，没有收：{line.answers_text}"))
        return lines, told

    def written_around(self, file: str, form: Form) -> Iterator[Problem]:
        """What was written above, below or beside the table."""
        if texts := [text for text in form.outside if not self._printed.has(text)]:
            message = f"写在表格外面，没有收：{shorten('｜'.join(texts), _MOST)}"
            yield Problem(file=file, rule="outside", message=message, severity="warning")

    def written_in_head(self, file: str, form: Form) -> Iterator[Problem]:
        """What was written into the head's cells, behind the headings."""
        for text in filter(self._printed.goes_beyond, form.headings):
            message = f"写在表头里，没有收：{flat(text)}"
            yield Problem(file=file, rule="head", message=message, severity="warning")

    def written_over(self, file: str, form: Form, group: str) -> Iterator[Problem]:
        """What was written into the rows for reference: they say what the tables said before."""
        for number, *cells in form.earlier:
            name = next(filter(self._names.exact, cells), "")
            known = self._reported.get((group, self._names.exact(name) or ""), set())
            if not number.strip().isdecimal():
                cells.insert(0, number)
            for text in cells:
                if squeezed(text) and text is not name and squeezed(text) not in known:
                    message = f"写在了供参考的上期内容里，没有收：{flat(text)}"
                    yield Problem(file=file, rule="reference", message=message, severity="warning")


def _reported(edition: Edition) -> dict[tuple[str, str], set[str]]:
    """Group, 编号 → what it reported on it in any period, squeezed."""
    sheet = edition["progress"]
    fields = ("group", "indicator", *control_tags.ANSWERS)
    reported: dict[tuple[str, str], set[str]] = {}
    for group, code, *texts in zip(*(sheet[field] for field in fields), strict=True):
        reported.setdefault((group, code), set()).update(squeezed(text or "") for text in texts)
    return reported
