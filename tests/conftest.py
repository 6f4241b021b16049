"""What tests share: editions to change, documents that are built once, the system's programs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from pipeline.checks.load import checked, contents
from pipeline.cli import ROOT, cli
from pipeline.web import digest
from pipeline.web.printing import Printer
from pipeline.word.annexes import Templates

TEMPLATES = ROOT / "templates" / "docx"
EDITIONS = {name: ROOT / "tests" / "editions" / name for name in ("2023", "demo")}

Jixiao = Callable[..., Result]  # runs the program on a test's own folders
Shared = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """A folder by its name, which the first process that asks for it fills; others wait for it."""
    own = tmp_path_factory.getbasetemp()
    root = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def folder(name: str, fill: Callable[[Path], object]) -> Path:
        with FileLock(root / f"{name}.lock"):
            if not (root / name).exists():
                unfinished = tmp_path_factory.mktemp(name)
                fill(unfinished)
                unfinished.rename(root / name)
        return root / name

    return folder


@pytest.fixture(scope="session")
def templates() -> Templates:
    return Templates(TEMPLATES)


@pytest.fixture(scope="session")
def documents(templates: Templates) -> dict[str, dict[str, bytes]]:
    """Edition → file name → document."""
    return {name: templates.annexes(checked(folder)[0]) for name, folder in EDITIONS.items()}


@pytest.fixture(scope="session")
def printer() -> Iterator[Printer]:
    with Printer() as printer:
        yield printer


@pytest.fixture(scope="session")
def digests(shared: Shared, request: pytest.FixtureRequest) -> dict[str, dict[str, bytes]]:
    """Edition → file name → the digest's page and its PDF."""

    def make(name: str, folder: Path) -> None:
        made = digest.documents(
            checked(EDITIONS[name])[0],
            digest.Provenance(files=contents(EDITIONS[name]), revision="0123456789ab"),
            templates=ROOT / "templates" / "html",
            printer=request.getfixturevalue("printer"),
            on=date(2024, 10, 8) if name == "demo" else date(2023, 3, 1),
        )
        write(folder, made)

    return {name: contents_of(shared(f"digest-{name}", partial(make, name))) for name in EDITIONS}


@pytest.fixture(scope="session")
def built(shared: Shared) -> Path:
    """The edition of 2023 in inputs, its annexes and digest in build; not to be written into."""

    def make(folder: Path) -> None:
        shutil.copytree(EDITIONS["2023"], folder / "inputs" / "2023")
        options = ["--inputs", str(folder / "inputs"), "--out", str(folder / "build")]
        for command in ("build", "digest"):
            done = CliRunner().invoke(cli, [command, *options], catch_exceptions=False)
            assert done.exit_code == 0, done.output

    return shared("built", make)


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A copy of the 2023 edition that a test may break."""
    return Path(shutil.copytree(EDITIONS["2023"], tmp_path / "inputs" / "2023"))


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A copy of the demo edition, to be collected into."""
    return Path(shutil.copytree(EDITIONS["demo"], tmp_path / "inputs" / "demo"))


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


def end_pages_at(edition: Path, *codes: str) -> None:
    """Let pages of 附件2 begin at these 编号, and nowhere else."""
    quoted = ", ".join(f'"{code}"' for code in codes)
    change(edition / "edition.toml", "[indicators]", f"[indicators]\nrepeat_labels_at = [{quoted}]")


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).write_bytes(data)


def files_in(folder: Path) -> dict[str, bytes]:
    """Path below the folder → content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def contents_of(folder: Path) -> dict[str, bytes]:
    """File name → content, of what is not hidden."""
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")
    }
