"""manifest.json: what an edition's documents were built from, so that nothing is built twice.

It holds hashes only, no times and no paths: the same inputs give the same manifest.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

FILE = "manifest.json"

# The libraries whose version can change a document's bytes, as their folders are called.
_LIBRARIES = {
    *("docxtpl", "jinja2", "lxml", "pandas", "pikepdf"),
    *("fonttools", "pydyf", "pylopdf_fonts_zh_cn", "tinycss2", "weasyprint"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What documents come from: file → SHA-256 of its bytes; `program` covers the code.

    `options` are the values from outside the files that show in the documents.
    """

    inputs: Mapping[str, str]
    templates: Mapping[str, str]
    options: Mapping[str, str]
    program: str


def origin(inputs: Iterable[Path], templates: Iterable[Path], options: Mapping[str, str]) -> Origin:
    """The hashes of an edition's files, of the templates and of the program."""
    return Origin(
        inputs=_hashes(inputs),
        templates=_hashes(templates),
        options=dict(options),
        program=_program(),
    )


@dataclass(frozen=True, slots=True)
class Record:
    """What was made: document → SHA-256, and the inputs that it was made from: file → SHA-256."""

    documents: Mapping[str, str]
    inputs: Mapping[str, str]


def records(folder: Path) -> dict[str, Record]:
    """What the manifest in `folder` records, by deliverable; nothing of what it cannot mean."""
    found = {}
    for name, record in _deliverables(folder).items():
        try:
            found[name] = Record(dict(record["documents"]), dict(record["origin"]["inputs"]))
        except (KeyError, TypeError, ValueError):
            continue
    return found


def is_current(folder: Path, deliverable: str, source: Origin) -> bool:
    """Whether `folder` holds, unchanged, the deliverable's documents that `source` makes."""
    try:
        recorded = _deliverables(folder)[deliverable]
        return recorded["origin"] == asdict(source) and _holds(folder, recorded["documents"])
    except (OSError, KeyError, TypeError, AttributeError):
        return False


def _holds(folder: Path, documents: Mapping[str, str]) -> bool:
    """Whether `folder` holds the documents with these hashes; raises OSError for one missing."""
    return all(sha256_of(folder / name) == expected for name, expected in documents.items())


def updated(
    folder: Path, edition: str, deliverable: str, source: Origin, documents: Mapping[str, bytes]
) -> bytes:
    """The manifest in `folder` with one deliverable's documents recorded anew."""
    record = {
        "documents": {name: sha256(data).hexdigest() for name, data in sorted(documents.items())},
        "origin": asdict(source),
    }
    deliverables = {**_deliverables(folder), deliverable: record}
    content = {"edition": edition, "deliverables": dict(sorted(deliverables.items()))}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def changed_since(folder: Path, documents: Mapping[str, bytes]) -> list[str]:
    """Of the documents that are to be written, those that somebody else changed in `folder`."""
    made = _made(folder)
    return [
        name for name, data in documents.items() if _is_changed(folder / name, name, data, made)
    ]


def _made(folder: Path) -> set[tuple[str, str]]:
    """The documents that the manifest in `folder` records, each as its name and its SHA-256."""
    made: set[tuple[str, str]] = set()
    for record in _deliverables(folder).values():
        made.update(record.get("documents", {}).items())
    return made


def _is_changed(path: Path, name: str, data: bytes, made: Collection[tuple[str, str]]) -> bool:
    """Whether a file holds something else than it would, and than this program ever wrote."""
    if not path.is_file():
        return False
    actual = sha256_of(path)
    return actual != sha256(data).hexdigest() and (name, actual) not in made


def _deliverables(folder: Path) -> dict[str, Any]:
    """What the manifest in `folder` records of each deliverable; nothing where there is none."""
    try:
        return dict(json.loads((folder / FILE).read_bytes())["deliverables"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def _hashes(paths: Iterable[Path]) -> dict[str, str]:
    """By folder and name, such as docx/附件1.docx."""
    return {f"{path.parent.name}/{path.name}": sha256_of(path) for path in sorted(paths)}


@cache
def _program() -> str:
    """The hash over the program's files and the versions of its libraries."""
    package = Path(__file__).parents[1]
    whole = sha256()
    for path in sorted(package.rglob("*.py")):
        whole.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    whole.update(_versions().encode())
    return whole.hexdigest()


def _versions() -> str:
    """The versions of the libraries, a line each.

    By the names of their folders, jinja2-3.1.6.dist-info: importlib.metadata says the same, but
    takes longer to load than everything else that an edition up to date needs.
    """
    folders = (folder for entry in sys.path for folder in Path(entry).glob("*.dist-info"))
    found = {folder.stem for folder in folders if _library(folder) in _LIBRARIES}
    return "".join(f"{name}\n" for name in sorted(found))


def _library(folder: Path) -> str:
    """The library that a folder such as jinja2-3.1.6.dist-info is of."""
    return folder.name.partition("-")[0].lower()
