"""An edition without the names of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.errors import Problem
from pipeline.tables.cells import parts
from pipeline.tables.contract import CellKind
from pipeline.tables.edition import Edition
from pipeline.tables.names import Names
from pipeline.tables.people import NAME_COLUMNS, people_in
from pipeline.tables.settings import FILE
from pipeline.tables.sheet import Sheet
from pipeline.tables.toml_file import settings_content, settings_of

SOMEBODY = "某某"  # stands for a name in running text
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_LEADER = "领导小组"  # stands for a leader without a role in roster.csv

# The columns in which something else stands for a name when names are left out.
_STOOD_IN = {*NAME_COLUMNS, ("roster", "name"), ("submissions", "reporter")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A name that is replaced: where it stands, and how it is spelled there."""

    location: str
    name: str


def without_names(edition: Edition) -> Edition:
    """The edition with no name in it: what stands for one keeps the tables' meaning.

    A leader becomes the role in the leading group, a person the section, a reporter the group;
    in the roster the name is left out; in any other text, of the settings too, a name becomes 某某,
    also where it is only part of a word, since a name that stays does more harm than a word that
    suffers.
    """
    names = Names(people_in(edition))
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
    content = _without_any(names, settings_content(edition.settings))
    return replace(edition, settings=settings_of(content), sheets=sheets)


def names_in_texts(edition: Edition) -> Iterator[Problem]:
    """The cells where `without_names` puts 某某 for a name, as warnings."""
    names = Names(people_in(edition))
    message = f"里面有人名，公布时换成“{SOMEBODY}”"
    for sheet, field, index, text in _texts(edition):
        if found := names.first(text):
            yield sheet.problem(index, field, "name", message, severity="warning", value=found)


def replaced_names(edition: Edition) -> Iterator[Replaced]:
    """Every place in a text where `without_names` puts 某某, in reading order."""
    names = Names(people_in(edition))
    for key, text in texts_of_settings(edition):
        for each in names.spellings(text):
            yield Replaced(location=f"{FILE} {key}", name=text[each.start : each.end])
    for sheet, field, index, text in _texts(edition):
        for each in names.spellings(text):
            place = sheet.problem(index, field, "name", "")
            yield Replaced(location=place.location, name=text[each.start : each.end])


def _texts(edition: Edition) -> Iterator[tuple[Sheet, str, int, str]]:
    """The cells in which a name can stand, but for those where something else stands for it."""
    for name, sheet in edition.sheets.items():
        for field in sheet.columns:
            if _is_text(sheet, field) and (name, field) not in _STOOD_IN:
                yield from ((sheet, field, index, text) for index, (text,) in sheet.filled(field))


def texts_of_settings(edition: Edition) -> Iterator[tuple[str, str]]:
    """The texts in an edition's settings, keys too, each with the key that it is found under."""
    return _strings(settings_content(edition.settings))


def _strings(content: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """The texts in a part of the settings that stands under `key`."""
    match content:
        case str():
            yield key, content
        case Mapping():
            for name, value in content.items():
                inner = f"{key}.{name}".lstrip(".")
                yield inner, name
                yield from _strings(value, inner)
        case list():
            for value in content:
                yield from _strings(value, key)


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
    sheet, named = edition["indicators"], {*people_in(edition)}
    phrases = {*edition.settings.indicators.phrases} - named
    for cell, section in sheet.values("person", "section"):
        yield cell if cell in phrases else section


def _replaced(sheet: Sheet, stand_ins: Mapping[str, Sequence[str]], names: Names) -> Sheet:
    """The sheet with the columns of `stand_ins` in place of its own, and no name in any of them."""
    columns: dict[str, Sequence[Any]] = {}
    raw = [_without_any(names, column) for column in sheet.raw.columns]
    for field, values in {**sheet.columns, **stand_ins}.items():
        is_text = _is_text(sheet, field)
        columns[field] = _without_any(names, values) if is_text else values
    for field in stand_ins.keys() & sheet.column_index.keys():
        raw[sheet.column_index[field]] = list(columns[field])
    return replace(sheet, columns=columns, raw=replace(sheet.raw, columns=raw))


def _without_any(names: Names, content: Any) -> Any:
    """A text, or all texts in lists and mappings, with 某某 in place of every name."""
    match content:
        case str():
            return names.without(content, SOMEBODY)
        case Mapping():
            return {
                names.without(key, SOMEBODY): _without_any(names, value)
                for key, value in content.items()
            }
        case list() | tuple():
            return [_without_any(names, each) for each in content]
        case _:
            return content


def _is_text(sheet: Sheet, field: str) -> bool:
    """Whether a column holds texts, in which a name can stand."""
    return sheet.table.column(field).kind in _TEXTS


_TEXTS = {CellKind.TEXT, CellKind.WORD, CellKind.WORDS, CellKind.NAME, CellKind.NAMES}
