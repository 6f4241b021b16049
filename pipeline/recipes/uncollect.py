"""The recipe of `jixiao collect --undo`: the tables as they were before the last collection.

A collection leaves the former tables beside the new ones, and a note of both by their SHA-256. Only
tables that are still as it left them are put back: nothing that anybody did since is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.delivery.files import as_output_error, locked, write_files
from pipeline.delivery.manifest import sha256_of
from pipeline.errors import InputError, OutputError, Problem
from pipeline.recipes.change import Change
from pipeline.tables.contract import PROGRESS, SUBMISSIONS
from pipeline.tables.csv_file import decoded_csv

FORMER = ".bak"  # added to a table's name; no table is read from such a file
NOTE = ".collected"

_TABLES = {table.name: table for table in (PROGRESS, SUBMISSIONS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Collected:
    """A table that the last collection changed, by the SHA-256 of what it was and became."""

    path: Path
    before: str
    after: str

    @property
    def former(self) -> Path:
        """The file with what it was."""
        return self.path.with_name(self.path.name + FORMER)


def note(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> bytes:
    """What a collection notes of the tables that it changed; both map file names to contents."""
    hashes = {
        name: {"before": _sha256(before[name]), "after": _sha256(after[name])} for name in after
    }
    return (json.dumps(hashes, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def was_collected(folder: Path) -> bool:
    """Whether there is a collection into an edition's folder that can be taken back."""
    return (folder / NOTE).is_file()


def undo(folder: Path, *, dry_run: bool = False) -> list[Change]:
    """Put the tables back as they were before the last collection; returns their changes.

    Raises InputError where a table was changed since, or its former self is gone: then nothing is
    written. Raises OutputError where there is no collection to take back.
    """
    with nullcontext() if dry_run else locked(folder):
        collected = _last_collection(folder)
        changed = [each for each in collected if _hash_of(each.path) != each.before]
        problems = [problem for each in changed for problem in _problems(folder.name, each)]
        if problems:
            raise InputError(problems)
        changes = [_change(each) for each in changed]
        if not dry_run:
            _put_back(folder, collected, changes)
    return changes


def _last_collection(folder: Path) -> list[_Collected]:
    """The tables that the last collection changed; raises OutputError where none is noted."""
    try:
        hashes = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return [_Collected(path=folder / name, **both) for name, both in hashes.items()]
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise OutputError(f"{folder.name} 没有可以撤回的收表") from error


def _problems(edition: str, collected: _Collected) -> Iterator[Problem]:
    """Why a table cannot be put back."""
    former = collected.former
    hint = f"要用收表以前的，看旁边的 {former.name}，自己改回去"
    if _hash_of(collected.path) != collected.after:
        message = "收表以后又改过，不能撤回，什么都没有动"
        yield _problem(f"{edition}/{collected.path.name}", message, hint)
    if _hash_of(former) != collected.before:
        message = "收表以前的内容不在这里了，或者改过，不能撤回，什么都没有动"
        yield _problem(f"{edition}/{former.name}", message, None)


def _problem(file: str, message: str, hint: str | None) -> Problem:
    return Problem(file=file, rule="changed-since", message=message, hint=hint)


def _change(collected: _Collected) -> Change:
    path = collected.path
    table = _TABLES[path.stem.lower()]
    return Change(
        path=path,
        before=decoded_csv(path.read_bytes(), table),
        after=collected.former.read_bytes(),
        table=table,
    )


def _put_back(folder: Path, collected: list[_Collected], changes: list[Change]) -> None:
    """Write the former tables, and only then remove what the collection left beside them.

    The note goes last: whoever is killed before can take back once more.
    """
    with as_output_error(folder):
        write_files(folder, {change.path.name: change.after for change in changes})
        for each in collected:
            each.former.unlink(missing_ok=True)
        (folder / NOTE).unlink()


def _hash_of(path: Path) -> str:
    """The SHA-256 of a file, empty where there is none."""
    return sha256_of(path) if path.is_file() else ""


def _sha256(data: bytes) -> str:
    return sha256(data).hexdigest()
