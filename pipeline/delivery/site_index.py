"""What stands at the top of a site: its first page, the latest digest, and what its editions are.

site.json says in a site itself which editions it has, so that one can be taken out of it later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.delivery.publication import DIGEST
from pipeline.web import digest
from pipeline.web.environment import render

INDEX, SUMS, EDITIONS = "index.html", "SHA256SUMS", "site.json"
LATEST = "latest"  # the folder that always holds the latest edition's digest


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEdition:
    """An edition on the first page: its files by title, each a path below the site."""

    name: str
    year: int
    title: str
    files: tuple[tuple[str, str], ...]
    with_names: bool


def with_index(
    files: Mapping[str, bytes], editions: Iterable[PublishedEdition], templates: Path
) -> dict[str, bytes]:
    """The editions' files (path below the site → content), and what stands at the site's top."""
    newest_first = sorted(editions, key=lambda edition: edition.year, reverse=True)
    whole = {**files, **_latest(newest_first, files)}
    index = render(templates / "html", "site.html.j2", {"editions": newest_first})
    whole[INDEX] = index.encode()
    whole[EDITIONS] = _as_json(newest_first)
    whole[SUMS] = _sums(whole)
    return whole


def editions_in(site: bytes) -> list[PublishedEdition]:
    """The editions that a site.json lists; raises ValueError for anything else."""
    try:
        return [
            PublishedEdition(**{**each, "files": tuple(map(tuple, each["files"]))})
            for each in json.loads(site)["editions"]
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


def _as_json(editions: Sequence[PublishedEdition]) -> bytes:
    content = {"editions": [asdict(edition) for edition in editions]}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _latest(
    newest_first: Sequence[PublishedEdition], files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The digest of the newest edition that publishes one, once more."""
    for edition in newest_first:
        if f"{edition.name}/{digest.PDF}" in files:
            return {f"{LATEST}/{file}": files[f"{edition.name}/{file}"] for file in DIGEST}
    return {}


def _sums(files: Mapping[str, bytes]) -> bytes:
    """The checksums as `sha256sum -c` reads them."""
    lines = (f"{sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items()))
    return "".join(lines).encode()
