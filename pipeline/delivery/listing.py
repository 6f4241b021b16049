"""What of an edition is published: each file, each column, each name replaced or left in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.checks.load import contents
from pipeline.delivery.anonymise import Replaced, replaced_names
from pipeline.delivery.attachments import attached_headers, left_out
from pipeline.delivery.publication import file_names
from pipeline.tables.edition import Edition
from pipeline.tables.people import people_in
from pipeline.tables.settings import Publish


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is published of an edition.

    `attached` maps each table to the columns in it that the digest's PDF has attached; `left_out`
    is what of the edition's folder is not published; `people` are those whose names stay.
    """

    edition: str
    with_names: bool
    files: Sequence[str]
    attached: Mapping[str, Sequence[str]]
    left_out: Sequence[str]
    replaced: Sequence[Replaced]
    people: Sequence[str]


def listing(edition: Edition, chosen: Publish, folder: Path, *, printed: bool) -> Listing:
    """What is published of an edition that was read from `folder`.

    `printed` tells whether its annexes can be printed.
    """
    return Listing(
        edition=edition.name,
        with_names=chosen.names,
        files=file_names(edition, chosen, printed=printed),
        attached=attached_headers(edition) if "digest" in chosen.contents else {},
        left_out=[*left_out(edition, contents(folder))],
        replaced=[] if chosen.names else [*replaced_names(edition)],
        people=people_in(edition) if chosen.names else [],
    )
