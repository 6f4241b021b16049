"""What an answer of the caller holds for: everything, or some groups and indicators by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import InputError, Problem
from pipeline.tables.cells import parts
from pipeline.tables.edition import Edition
from pipeline.tables.groups import names_of_groups
from pipeline.tables.suggestions import Vocabulary


@dataclass(frozen=True, slots=True)
class Selection:
    """Groups and 编号 by name, or `everything`; nothing where it is empty."""

    names: frozenset[str] = frozenset()
    everything: bool = False

    def covers(self, group: str, code: str) -> bool:
        """Whether it holds for a group's row on an indicator."""
        return self.everything or group in self.names or code in self.names

    def covers_group(self, group: str) -> bool:
        """Whether it holds for a group as a whole."""
        return self.everything or group in self.names


NOTHING, EVERYTHING = Selection(), Selection(everything=True)


def selection(text: str) -> Selection:
    """The names in a text, such as 业务组、GT07."""
    return Selection(names=frozenset(parts(text)))


def refuse_unknown_names(edition: Edition, selections: Mapping[str, Selection]) -> None:
    """Raise InputError for names that are no group and no 编号; `selections` is by their option."""
    known = Vocabulary([*names_of_groups(edition), *edition["indicators"]["id"]])
    problems = [
        _unknown(edition.name, option, name, known)
        for option, name in _names(selections)
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def _names(selections: Mapping[str, Selection]) -> Iterator[tuple[str, str]]:
    """Each option with each of its names."""
    for option, chosen in selections.items():
        for name in sorted(chosen.names):
            yield option, name


def _unknown(edition: str, option: str, name: str, known: Vocabulary) -> Problem:
    return Problem(
        file=edition,
        rule="choice",
        message=f"{option} 后面写组队或者编号，没有这个",
        value=name,
        hint=known.hint(name),
    )
