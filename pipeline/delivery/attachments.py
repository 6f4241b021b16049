"""The tables that a digest has attached: what its figures come from, for whoever checks them.

Chosen, not left over: of each table the columns that the contract has or the edition declared, the
settings without comments, no other file of the folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.tables.edition import Edition
from pipeline.tables.settings import FILE
from pipeline.tables.toml_file import settings_bytes
from pipeline.tables.writer import declared_bytes, undeclared_headers


def attachments(edition: Edition) -> dict[str, bytes]:
    """File name → content, by name."""
    tables = {sheet.table.file: declared_bytes(sheet) for sheet in edition.sheets.values()}
    return dict(sorted({FILE: settings_bytes(edition.settings), **tables}.items()))


def attached_headers(edition: Edition) -> dict[str, list[str]]:
    """File name → the headers of the columns that are attached."""
    return {
        sheet.table.file: [
            sheet.raw.headers[index] for index in sorted(sheet.column_index.values())
        ]
        for sheet in edition.sheets.values()
    }


def left_out(edition: Edition, files: Mapping[str, bytes]) -> Iterator[str]:
    """What of the edition's folder is not attached: columns, and `files` that are no tables."""
    for sheet in edition.sheets.values():
        if headers := undeclared_headers(sheet):
            yield f"{sheet.table.file} 的列 {'、'.join(headers)}"
    read = {FILE, *(sheet.file.rpartition("/")[2] for sheet in edition.sheets.values())}
    yield from sorted({*files} - read)
