"""Which files of an edition's folder are inputs; imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

WORKBOOK = ".xlsx"
BOOK = "Excel 工作簿"  # what a workbook is saved in, where a CSV has an encoding
READ = (".csv", WORKBOOK)
# What else the programs of an office save tables as: reported, never passed over in silence.
UNREAD = (".xls", ".et", ".ett", ".ods", ".xlsm", ".xlsb", ".numbers", ".tsv")


def input_files(folder: Path) -> Iterator[Path]:
    """The tables and settings in a folder, by name, without what programs put beside open files."""
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith((".", "~$"))
        if path.suffix.lower() in {*READ, *UNREAD, ".toml"} and not hidden and path.is_file():
            yield path
