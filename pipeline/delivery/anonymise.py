"""An edition without the names of people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.errors import Problem
from pipeline.tables.cells import parts
from pipeline.tables.contract import CellKind
from pipeline.tables.edition import Edition
from pipeline.tables.people import NAME_COLUMNS, name_pattern, people_in
from pipeline.tables.sheet import Sheet

SOMEBODY = "某某"  # stands for a name in running text
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_LEADER = "领导小组"  # stands for a leader without a role in roster.csv

# The columns in which something else stands for a name when names are left out.
_STOOD_IN = {*NAME_COLUMNS, ("roster", "name"), ("submissions", "reporter")}


def without_names(edition: Edition) -> Edition:
    """The edition with no name in it: what stands for one keeps the tables' meaning.

    A leader becomes the role in the leading group, a person the section, a reporter the group;
    in the roster the name is left out; in any other text a name becomes 某某, also where it is
    only part of a word, since a name that stays does more harm than a word that suffers.
    """
    names = name_pattern(people_in(edition))
    stand_ins: dict[str, Mapping[str, Sequence[str]]] = {
        "roster": {"name": [""] * len(edition["roster"])},
        "indicators": {"leader": list(_leaders(edition)), "person": list(_persons(edition))},
        "findings": {"person": list(edition["findings"]["section"])},
        "submissions": {"reporter": list(edition["submissions"]["group"])},
    }
    sheets = {
        name: _replaced(sheet, stand_ins.get(name, {}), names)
        for name, sheet in edition.sheets.items()
    }
    return replace(edition, sheets=sheets)


def names_in_texts(edition: Edition) -> Iterator[Problem]:
    """The cells where `without_names` puts 某某 for a name, as warnings."""
    pattern = name_pattern(people_in(edition))
    for name, sheet in edition.sheets.items():
        for field in sheet.columns:
            if _is_text(sheet, field) and (name, field) not in _STOOD_IN:
                yield from _names_in_column(sheet, field, pattern)


def _names_in_column(sheet: Sheet, field: str, names: re.Pattern[str]) -> Iterator[Problem]:
    """A warning for each cell of a column that holds a name."""
    message = f"里面有人名，公布时换成“{SOMEBODY}”"
    for index, (value,) in sheet.filled(field):
        if match := names.search(value):
            yield sheet.problem(index, field, "name", message, severity="warning", value=match[0])


def _leaders(edition: Edition) -> Iterator[str]:
    """For each indicator the roles of its leaders, each role once."""
    roles = _roles(edition["roster"])
    for cell in edition["indicators"]["leader"]:
        yield "、".join(dict.fromkeys(roles.get(name, _LEADER) for name in parts(cell)))


def _roles(roster: Sheet) -> dict[str, str]:
    """Name → role in the leading group: 副组长甲, 副组长乙 where several have one role."""
    roles = {name: role for name, role in roster.values("name", "role") if role}
    several = {role for role, count in Counter(roles.values()).items() if count > 1}
    numbers: Counter[str] = Counter()
    for name, role in roles.items():
        if role in several:
            roles[name] = f"{role}{_stem(numbers[role])}"
            numbers[role] += 1
    return roles


def _stem(number: int) -> str:
    """甲 to 癸 for 0 to 9, from then on 11, 12 and so on."""
    return _STEMS[number] if number < len(_STEMS) else str(number + 1)


def _persons(edition: Edition) -> Iterator[str]:
    """For each indicator its section, or the phrase that stands for nobody by name."""
    sheet, named = edition["indicators"], {*edition["roster"]["name"]}
    phrases = {*edition.settings.indicators.phrases} - named
    for cell, section in sheet.values("person", "section"):
        yield cell if cell in phrases else section


def _replaced(
    sheet: Sheet, stand_ins: Mapping[str, Sequence[str]], names: re.Pattern[str]
) -> Sheet:
    """The sheet with the columns of `stand_ins` in place of its own, and no name in any other."""
    columns: dict[str, Sequence[Any]] = {}
    raw = [_without_any(names, column) for column in sheet.raw.columns]
    for field, values in sheet.columns.items():
        is_text = _is_text(sheet, field)
        columns[field] = _without_any(names, values) if is_text else values
    columns |= stand_ins
    for field in stand_ins.keys() & sheet.column_index.keys():
        raw[sheet.column_index[field]] = list(stand_ins[field])
    return replace(sheet, columns=columns, raw=replace(sheet.raw, columns=raw))


def _without_any(names: re.Pattern[str], texts: Sequence[str]) -> list[str]:
    """The texts with 某某 in place of every name."""
    return [names.sub(SOMEBODY, text) for text in texts]


def _is_text(sheet: Sheet, field: str) -> bool:
    """Whether a column holds texts, in which a name can stand."""
    return sheet.table.column(field).kind in _TEXTS


_TEXTS = {CellKind.TEXT, CellKind.WORD, CellKind.WORDS, CellKind.NAME, CellKind.NAMES}
