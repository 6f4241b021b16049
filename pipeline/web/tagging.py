"""What PDF/UA-1 (ISO 14289-1) asks of tags beyond what WeasyPrint writes.

All of it works on pydyf's objects before they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def target(pdf: Any, reference: Any) -> Any:
    """The object behind a reference, such as 12 0 R."""
    return pdf.objects[int(reference.split()[0])]


def add_header_scopes(pdf: Any) -> None:
    """Write into each header cell's tag whether it heads a column or a row (7.5)."""
    for element in _having(pdf, "S", "/TH"):
        element["A"]["Scope"] = _scope(pdf, element)


def _scope(pdf: Any, header_cell: dict[str, Any]) -> str:
    """What a header cell heads: a column, where its row is in the table's head, or else a row."""
    row = target(pdf, header_cell["P"])
    return "/Column" if target(pdf, row["P"])["S"] == "/THead" else "/Row"


def declare_artifacts(pdf: Any) -> None:
    """Declare running headers and page numbers as artifacts (7.1).

    WeasyPrint tags them like text, but leaves their tags out of the tree: what has an identifier
    (MCID) on a page and is in no element of the tree is taken for an artifact.
    """
    tagged = _tagged(pdf)
    for page in _having(pdf, "Type", "/Page"):
        stream = target(pdf, page["Contents"]).stream
        stream[:] = _with_artifacts(stream, tagged.get(page.number, set()))


def _having(pdf: Any, key: str, value: str) -> Iterator[Any]:
    """The objects that have a value under a key, such as /Page under Type."""
    for each in pdf.objects:
        if isinstance(each, dict) and each.get(key) == value:
            yield each


def _tagged(pdf: Any) -> dict[int, set[int]]:
    """Page (its object's number) → the identifiers of the content that the tree contains."""
    tagged: dict[int, set[int]] = {}
    for page_number, content_id in _content_ids(pdf, target(pdf, pdf.catalog["StructTreeRoot"])):
        tagged.setdefault(page_number, set()).add(content_id)
    return tagged


def _content_ids(pdf: Any, element: Any) -> Iterator[tuple[int, int]]:
    """The page (its object's number) and the identifier of all content under an element."""
    for kid in element["K"]:
        if isinstance(kid, int):
            yield int(element["Pg"].split()[0]), kid
            continue
        below = target(pdf, kid)
        if below.get("Type") == "/StructElem":
            yield from _content_ids(pdf, below)


def _with_artifacts(stream: list[Any], tagged: set[int]) -> list[Any]:
    """The commands of a page, those that begin content not `tagged` changed to begin artifacts.

    Such content begins with three commands: tag, properties, BDC. An artifact begins with two:
    /Artifact, BMC.
    """
    commands: list[Any] = []
    rest = iter(stream)
    for command in rest:
        if isinstance(command, dict) and _is_untagged(command, tagged):
            next(rest)  # BDC
            commands[-1:] = ["/Artifact", b"BMC"]
        else:
            commands.append(command)
    return commands


def _is_untagged(properties: dict[str, Any], tagged: set[int]) -> bool:
    """Whether these are the properties of content that no element of the tree contains."""
    return "MCID" in properties and properties["MCID"] not in tagged
