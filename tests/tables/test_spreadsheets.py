"""Tables that LibreOffice Calc opened and saved: a real round trip in every format."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.checks.load import problems
from pipeline.tables.edition import read_edition
from pipeline.tables.writer import csv_bytes
from tests.conftest import EDITIONS, Shared

pytestmark = [pytest.mark.slow, pytest.mark.system]

# LibreOffice's numbers of separators and character sets ("CSV Filter Options" in its help).
SEPARATORS = {"comma": 44, "semicolon": 59, "tab": 9}
ENCODINGS = {"UTF-8": 76, "GBK": 67, "GB18030": 85, "UTF-16": 65535}
FORMATS = {
    "xlsx": "xlsx",
    **{
        f"{encoding}, {separator}": f"csv:Text - txt - csv (StarCalc):{mark},34,{number},1,,0,false,true"
        for encoding, number in ENCODINGS.items()
        for separator, mark in SEPARATORS.items()
        if separator == "comma" or encoding in ("UTF-8", "GBK")
    },
}


def convert(files: list[Path], target: str, folder: Path, profile: Path) -> None:
    """Open the files in Calc and save them in another format."""
    read_as = "--infilter=CSV:44,34,76,1,,0,false,true" if files[0].suffix == ".csv" else ""
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += [*filter(None, [read_as]), "--convert-to", target, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="session")
def save(shared: Shared) -> Callable[[str, str], Path]:
    """An edition whose tables Calc has read as a workbook and saved in the named format.

    Calc has the tables of all editions in one go, since it takes long to start.
    """

    def saved(edition: str, form: str) -> Path:
        books = shared("workbooks", make_workbooks)
        return shared(f"tables in {form}", partial(make_tables, books, form)) / edition

    return saved


def make_workbooks(folder: Path) -> None:
    typed = folder / "typed"
    typed.mkdir()
    for edition, source in EDITIONS.items():
        for path in source.glob("*.csv"):
            shutil.copy(path, typed / f"{edition} {path.name}")
    convert(sorted(typed.iterdir()), "xlsx", folder / "saved", folder / "profile")


def make_tables(books: Path, form: str, folder: Path) -> None:
    """The workbooks saved in a format, in a folder for each edition, with its settings."""
    saved = folder / "saved"
    if form == "xlsx":
        shutil.copytree(books / "saved", saved)
    else:
        shutil.copytree(books / "profile", folder / "profile")
        convert(sorted((books / "saved").iterdir()), FORMATS[form], saved, folder / "profile")
    for edition, source in EDITIONS.items():
        (folder / edition).mkdir()
        for path in saved.glob(f"{edition} *"):
            path.rename(folder / edition / path.name.removeprefix(f"{edition} "))
        assert len(list((folder / edition).iterdir())) == len(list(source.glob("*.csv")))
        shutil.copy(source / "edition.toml", folder / edition)


# GBK cannot hold the names of the demo edition: see the second test.
CASES = [
    (form, edition)
    for form in FORMATS
    for edition in EDITIONS
    if not (edition == "demo" and form.startswith("GBK"))
]


@pytest.mark.parametrize(("form", "edition"), CASES)
def test_what_calc_saves_reads_the_same(
    form: str, edition: str, needs: Callable[[str], str], save: Callable[[str, str], Path]
) -> None:
    needs("soffice")
    folder = save(edition, form)

    ours, theirs = read_edition(folder)[0], read_edition(EDITIONS[edition])[0]

    assert ours is not None
    assert theirs is not None
    assert ours.sheets.keys() == theirs.sheets.keys()
    for name, sheet in theirs.sheets.items():
        assert ours[name].columns == sheet.columns, name
        assert ours[name].rows == sheet.rows, name
    assert [problem.rule for problem in problems(folder)] == [
        problem.rule for problem in problems(EDITIONS[edition])
    ]


def test_every_character_that_gbk_loses_is_reported(
    needs: Callable[[str], str], save: Callable[[str, str], Path]
) -> None:
    needs("soffice")

    found = problems(save("demo", "GBK, comma"))

    lost = {problem.cell for problem in found if problem.rule == "lost-character"}
    assert {"A9", "A10"} <= lost  # 诸葛㛃 and 朱𬭳 in roster.csv
    assert {problem.rule for problem in found} == {"lost-character"}


def test_calc_runs_no_cell_that_this_program_wrote(tmp_path: Path) -> None:
    texts = ["= 1+1", "=\t1+1", "=1+1", "+1+1", "-1+1", "@SUM(1)", " =1+1", "=HYPERLINK(1)"]
    guarded, bare = tmp_path / "guarded.csv", tmp_path / "bare.csv"
    guarded.write_bytes(csv_bytes([["说明"], *([text] for text in texts)]))
    bare.write_text("说明\n=1+1\n= 1+1\n", encoding="utf-8-sig")

    convert([guarded, bare], "xlsx", tmp_path, tmp_path / "profile")

    assert live(tmp_path / "bare.xlsx") == 2
    assert live(tmp_path / "guarded.xlsx") == 0


def live(path: Path) -> int:
    """How many cells of a workbook are formulas."""
    sheet = load_workbook(path).active
    return sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
