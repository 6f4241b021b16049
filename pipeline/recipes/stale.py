"""What else lies in an edition's folder and was made from tables that have changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from pipeline.delivery import manifest

# Deliverable → the tables that show in it, and the command that makes it anew.
_SETTINGS = "edition"
_SHOWN = {
    "annexes": ({"roster", "indicators", "rules"}, "make annexes"),
    "digest": (
        {"roster", "sections", "indicators", "rules", "findings", "progress", "submissions"},
        "make digest",
    ),
    "ledger": (
        {"sections", "indicators", "rules", "findings", "progress"},
        "make score FORMAT=docx",
    ),
    "forms": ({"sections", "indicators"}, "make forms"),
    "consolidated": ({"sections", "indicators", "progress", "submissions"}, "make consolidated"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """Documents that no longer fit the tables, and the command that renews them."""

    documents: tuple[str, ...]
    command: str


def stale(folder: Path, edition: str, inputs: Mapping[str, str], fresh: str) -> tuple[Stale, ...]:
    """What in `folder` no longer fits `inputs` (file → SHA-256); `fresh` was made just now.

    Of forms only those that nobody has filled in: the others are answers.
    """
    return tuple(_stale(folder, edition, inputs, fresh))


def _stale(folder: Path, edition: str, inputs: Mapping[str, str], fresh: str) -> Iterator[Stale]:
    for name, record in manifest.records(folder).items():
        kind, _, period = name.partition("-")
        if name == fresh or kind not in _SHOWN:
            continue
        tables, command = _SHOWN[kind]
        if _of(record.inputs, tables) != _of(inputs, tables):
            left = [each for each, sha256 in record.documents.items() if _is(folder / each, sha256)]
            # Make takes one period: of several all are made anew.
            chosen = f" PERIOD={period}" if period and "-" not in period else ""
            if left:
                documents = tuple(left)
                yield Stale(documents=documents, command=f"{command} EDITION={edition}{chosen}")


def _of(inputs: Mapping[str, str], tables: set[str]) -> dict[str, str]:
    """The hashes of the settings and of these tables, by table."""
    wanted = {_SETTINGS, *tables}
    by_table = {PurePath(file).stem.lower(): sha256 for file, sha256 in inputs.items()}
    return {table: sha256 for table, sha256 in by_table.items() if table in wanted}


def _is(path: Path, sha256: str) -> bool:
    """Whether a document lies there as it was written."""
    return path.is_file() and manifest.sha256_of(path) == sha256
