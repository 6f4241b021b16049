"""The annexes of an edition: one record each, from which every room takes what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Orientation = Literal["portrait", "landscape"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """One annex: its template, its view, its title."""

    template: str  # templates/docx/附件1.docx, and what is printed above the title
    view: str  # what templates call its view; its key in [titles] and [layout.orientation]
    title: str | None = None  # where edition.toml gives none; None: edition.toml must give one


# To add an annex: a line here, a view in views/edition.py, templates/docx/<template>.docx.
ANNEXES = (
    Annex(template="附件1", view="roster"),
    Annex(template="附件2", view="indicators"),
    Annex(template="附件3", view="rules"),
    Annex(template="附件4", view="form"),
)


def annex_of(view: str) -> Annex:
    """The annex that prints a view."""
    return {annex.view: annex for annex in ANNEXES}[view]


def combined(dash: str = "-") -> str:
    """What the one file with all annexes is called: 附件1-4, in titles 附件1—4."""
    return f"附件1{dash}{len(ANNEXES)}"
