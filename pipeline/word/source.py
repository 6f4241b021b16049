"""A template made ready for an edition, before it is compiled.

Between Word's file and the compiler: what Word leaves behind is cleaned away, the edition's
layout switches are applied, columns repeat as often as the edition has levels, and cells with a
merge filter get their properties. All of it is Word XML in, Word XML out, so that stock docxtpl
can still render the result (the tests hold it against this program's own rendering).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from pipeline.errors import PackageError, TemplateError
from pipeline.ooxml.package import DOCUMENT, Parts, parse, read_parts, serialize
from pipeline.word import layout, roster
from pipeline.word.clean import clean
from pipeline.word.columns import adapt_columns
from pipeline.word.layout import Switches
from pipeline.word.measures import Measures, measured
from pipeline.word.merge import expand_merges
from pipeline.word.roster import RosterMeasures

STYLES = "word/styles.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSource:
    """A template's parts; `constants` are names that one part's tags see, beside the context."""

    name: str
    parts: Parts
    constants: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    measures: Measures | None = None  # of the table that is fitted to an edition's rows
    roster: RosterMeasures = ()  # of the list that is fitted to its members


def read_source(
    path: Path,
    switches: Switches,
    columns: Mapping[str, int] | None = None,
    *,
    measure: bool = False,
) -> TemplateSource:
    """The template in a file, ready for one edition's shape; raises TemplateError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TemplateError("没有这个文件，或者不能读", template=str(path)) from error
    return prepare(data, path.name, switches, columns, measure=measure)


def prepare(
    data: bytes,
    name: str,
    switches: Switches,
    columns: Mapping[str, int] | None = None,
    *,
    measure: bool = False,
) -> TemplateSource:
    """The template file `data`, called `name` in messages, ready for one edition's shape.

    `columns` tells how many columns there are of a repeated thing: {"label": 3, "score": 2}.
    Where `measure`, the tables of indicators and members are made ready to be fitted to those of
    an edition.
    """
    parts, root = _unpacked(data, name)
    clean(root)
    adapt_columns(root, columns or {})
    layout.turn(root, switches.orientation)
    expand_merges(root)
    styles = parse(parts[STYLES])
    measures = measured(root, styles) if measure else None
    of_roster = roster.measured(root, styles) if measure else ()
    parts = {**parts, DOCUMENT: serialize(root)}
    parts = layout.with_fonts(parts, dict(switches.fonts))
    parts = layout.with_title_size(parts, switches.title_size)
    style = layout.page_number(root, switches.page_number)
    constants = _constants(parts, style)
    return TemplateSource(
        name=name, parts=parts, constants=constants, measures=measures, roster=of_roster
    )


def _unpacked(data: bytes, name: str) -> tuple[Parts, etree._Element]:
    """The parts of a template file and the root of its document; raises TemplateError."""
    try:
        parts = read_parts(data)
        return parts, parse(parts[DOCUMENT])
    except PackageError as error:
        raise TemplateError(str(error), template=name) from error


def _constants(parts: Parts, page_number: str) -> dict[str, dict[str, str]]:
    """What the tags of every part of the document see: how the page number stands."""
    return {part: {"page_number": page_number} for part in parts if part.startswith("word/")}
