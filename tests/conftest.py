"""What tests share: editions to change, documents that are built once, the system's programs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.checks.load import checked, contents
from pipeline.cli import ROOT, cli
from pipeline.web import digest
from pipeline.web.printing import PrinterPool
from pipeline.word.annexes import Templates

TEMPLATES = ROOT / "templates" / "docx"
EDITIONS = {name: ROOT / "tests" / "editions" / name for name in ("2023", "demo")}


@pytest.fixture(scope="session")
def templates() -> Templates:
    return Templates(TEMPLATES)


@pytest.fixture(scope="session")
def documents(templates: Templates) -> dict[str, dict[str, bytes]]:
    """Edition → file name → document."""
    return {name: templates.annexes(checked(folder)[0]) for name, folder in EDITIONS.items()}


@pytest.fixture(scope="session")
def printers() -> Iterator[PrinterPool]:
    with PrinterPool() as printers:
        yield printers


@pytest.fixture(scope="session")
def digests(printers: PrinterPool) -> dict[str, dict[str, bytes]]:
    """Edition → file name → the digest's page, its PDF and the annexes' PDF."""
    return {
        name: digest.documents(
            checked(folder)[0],
            digest.Provenance(files=contents(folder), revision="0123456789ab"),
            templates=ROOT / "templates" / "html",
            printers=printers,
            on=date(2024, 10, 8) if name == "demo" else None,
        )
        for name, folder in EDITIONS.items()
    }


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A copy of the 2023 edition that a test may break."""
    return Path(shutil.copytree(EDITIONS["2023"], tmp_path / "inputs" / "2023"))


@pytest.fixture
def jixiao(tmp_path: Path) -> Callable[..., Result]:
    """Run the program on `tmp_path`/inputs and `tmp_path`/build."""

    def run(command: str, *arguments: str) -> Result:
        options = ["--inputs", str(tmp_path / "inputs")]
        if command in {"build", "digest", "site"}:
            options += ["--out", str(tmp_path / "build")]
        return CliRunner().invoke(cli, [command, *arguments, *options], catch_exceptions=False)

    return run


@pytest.fixture
def needs() -> Callable[[str], str]:
    """The path of a program from the system; where it is missing, skip, but never on CI."""

    def find(command: str) -> str:
        path = shutil.which(command)
        if path is None and not os.environ.get("CI"):
            pytest.skip(f"{command} is not installed: run `make deps`")
        assert path is not None, f"{command} is not installed"
        return path

    return find


def change(path: Path, old: str, new: str) -> None:
    """Replace the one place in a CSV or settings file that says `old`."""
    text = path.read_bytes().decode("utf-8-sig")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace(old, new).encode())
