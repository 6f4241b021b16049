"""An edition read and checked: the beginning of every recipe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InputError, Problem, errors_in
from pipeline.tables.folder import input_files

if TYPE_CHECKING:
    from pipeline.tables.edition import Edition


def contents(folder: Path) -> dict[str, bytes]:
    """The files of an edition's folder by name."""
    return {path.name: path.read_bytes() for path in input_files(folder)}


def checked(folder: Path) -> tuple[Edition, list[Problem]]:
    """The edition in `folder` and its warnings; raises InputError when it has errors."""
    edition, found = looked_at(folder)
    if edition is None or errors_in(found):
        raise InputError(found)
    return edition, found


def readable(folder: Path) -> Edition:
    """The edition, single cells wrong or not; raises InputError where a file's shape is wrong.

    Then it is clear which cell of a file is which, and files can be written anew.
    """
    from pipeline.tables.edition import read_edition
    from pipeline.tables.raw import SHAPE

    edition, found = read_edition(folder)
    errors = errors_in(found)
    if edition is None:
        raise InputError(errors)
    read = {sheet.file for sheet in edition.sheets.values()}
    of_shape = [error for error in errors if error.file not in read or error.rule in SHAPE]
    if of_shape:
        raise InputError(of_shape)
    return edition


def problems(folder: Path) -> list[Problem]:
    """Every problem of the edition in `folder`, errors and warnings, in reading order."""
    return looked_at(folder)[1]


def looked_at(folder: Path) -> tuple[Edition | None, list[Problem]]:
    """The edition, None where it cannot be used, and every problem in reading order."""
    from pipeline.checks.accepted import with_accepted
    from pipeline.checks.run import run_checks
    from pipeline.tables.edition import in_order, read_edition

    edition, found = read_edition(folder)
    if edition is None:
        return None, in_order(found)
    everything = with_accepted(edition, [*found, *run_checks(edition)])
    return edition, in_order(everything)
