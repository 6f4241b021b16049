"""What PDF/UA-1 (ISO 14289-1) asks of tags beyond what WeasyPrint writes.

All of it works on pydyf's objects before they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def target(pdf: Any, reference: Any) -> Any:
    """The object behind a reference, such as 12 0 R."""
    return pdf.objects[int(reference.split()[0])]


def tell_scopes(pdf: Any) -> None:
    """Say of each header cell whether it heads a column or a row (7.5)."""
    for element in pdf.objects:
        if isinstance(element, dict) and element.get("S") == "/TH":
            row = target(pdf, element["P"])
            in_head = target(pdf, row["P"])["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"


def mark_artifacts(pdf: Any) -> None:
    """Mark running headers and page numbers as artifacts (7.1).

    WeasyPrint tags them like text, but leaves their tags out of the tree: what is marked on a page
    and stands in no element is taken for an artifact.
    """
    told: dict[int, set[int]] = {}
    for place, mark in _marks(pdf, target(pdf, pdf.catalog["StructTreeRoot"])):
        told.setdefault(place, set()).add(mark)
    for page in _pages(pdf):
        stream = target(pdf, page["Contents"]).stream
        stream[:] = _with_artifacts(stream, told.get(page.number, set()))


def _pages(pdf: Any) -> Iterator[Any]:
    for each in pdf.objects:
        if isinstance(each, dict) and each.get("Type") == "/Page":
            yield each


def _marks(pdf: Any, element: Any) -> Iterator[tuple[int, int]]:
    """The page (its object's number) and the mark of all content under an element."""
    for kid in element["K"]:
        if isinstance(kid, int):
            yield int(element["Pg"].split()[0]), kid
        elif (below := target(pdf, kid)).get("Type") == "/StructElem":
            yield from _marks(pdf, below)


def _with_artifacts(stream: list[Any], told: set[int]) -> Iterator[Any]:
    """The commands of a page; those that begin marked content come as tag, properties, BDC."""
    commands = iter(stream)
    held: Any = None
    for command in commands:
        if isinstance(command, dict) and command.get("MCID", 0) not in told and "MCID" in command:
            next(commands)  # BDC
            held, command = "/Artifact", b"BMC"
        if held is not None:
            yield held
        held = command
    if held is not None:
        yield held
