"""The recipe of `jixiao check`: every problem of the tables, and of the templates' look."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.checks.load import looked_at
from pipeline.errors import Problem

if TYPE_CHECKING:
    from pipeline.tables.settings import StandardRule

TEMPLATES = "templates/docx"  # as messages name the folder


def problems(editions: Iterable[str], inputs: Path, templates: Path) -> list[Problem]:
    """Every problem of the editions in `inputs`, and warnings about the Word templates.

    A template is held to what any of the editions wants of the standard.
    """
    found: list[Problem] = []
    rules: dict[StandardRule, None] = {}
    for name in editions:
        edition, of_edition = looked_at(inputs / name)
        found += of_edition
        if edition is not None:
            rules.update(dict.fromkeys(edition.settings.layout.standard))
    return [*found, *_of_templates(templates, [*rules])]


def _of_templates(folder: Path, rules: list[StandardRule]) -> Iterable[Problem]:
    """What of the templates is not by the standard; nothing where nobody asks for it."""
    if not rules:
        return
    from pipeline.word.standard import deviations

    for path in sorted(folder.glob("*.docx")):
        yield from deviations(path.read_bytes(), f"{TEMPLATES}/{path.name}", rules)
