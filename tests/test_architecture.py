"""The layers hold, and light commands stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter import cli as importlinter

from pipeline.cli import ROOT


def test_no_import_runs_upward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert importlinter.lint_imports(no_cache=True) == 0


# What only the edge does: print, end the process, read the clock and the environment.
OF_THE_EDGE = {
    *("print", "input", "exit", "quit", "sys.exit", "os._exit", "sys.stdout", "sys.stderr"),
    *("date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time"),
    *("os.environ", "os.getenv"),
}
# A process that only prints PDFs ends without taking its documents down object by object.
ALLOWED = {("web/printing.py", "os._exit")}


def names_in(source: str) -> Iterator[str]:
    """The functions that are called by a bare name, and the attributes of names: `date.today`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module in {"os", "sys", "time"}:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_the_edge_prints_ends_and_reads_clock_and_environment() -> None:
    package = ROOT / "pipeline"
    files = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
    inside = {
        name: path for name, path in files.items() if not name.startswith(("cli/", "__main__"))
    }

    found = {
        (file, name)
        for file, path in inside.items()
        for name in names_in(path.read_text(encoding="utf-8"))
        if name in OF_THE_EDGE
    }

    assert len(inside) > 50
    assert found == ALLOWED


@pytest.mark.parametrize(
    "source",
    [
        "print(1)",
        "import sys\nsys.exit(1)",
        "day = date.today()",
        "default = os.environ.get('X')",
        "from os import environ",
        "def now(clock=time.time): ...",
    ],
)
def test_the_look_for_the_edge_finds_it(source: str) -> None:
    assert OF_THE_EDGE & {*names_in(source)}


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["doctor", "--packages"],
        ["dump", "templates/docx/附件1.docx"],
        ["build"],
        ["digest"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_light_commands_import_nothing_heavy(arguments: list[str], built: Path) -> None:
    """That an edition is up to date is found without pandas."""
    if arguments in (["build"], ["digest"]):
        options = ["--inputs", str(built / "inputs"), "--out", str(built / "build")]
        arguments = [*arguments, *options]
    code = (
        "import sys\n"
        "from pipeline.cli import cli\n"
        f"cli({arguments!r}, standalone_mode=False)\n"
        "heavy = {'pandas', 'pydantic', 'docxtpl', 'weasyprint'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert run.stderr.splitlines()[-1] == "[]"


def test_collecting_needs_no_pandas_and_renders_nothing(edition: Path, tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(b"x")
    arguments = ["collect", str(tmp_path / "x.docx"), "--inputs", str(edition.parent)]
    code = (
        "import sys\n"
        "from pipeline.cli import cli\n"
        "try:\n"
        f"    cli({arguments!r})\n"
        "finally:\n"
        "    print(sorted({'pandas', 'docxtpl', 'openpyxl'} & set(sys.modules)), file=sys.stderr)"
    )

    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert "不是 Word 文件" in run.stderr
    assert run.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["check", "fmt", "schema"])
def test_commands_about_tables_render_nothing(command: str, edition: Path) -> None:
    options = ["--inputs", str(edition.parent)]
    options += ["--dry-run"] if command == "fmt" else []
    heavy = {"pandas", "docxtpl", "jinja2", "openpyxl"}
    heavy |= set() if command == "check" else {"lxml"}  # check looks into the templates
    code = (
        "import sys\n"
        "from pipeline.cli import cli\n"
        f"cli({[command, *options]!r}, standalone_mode=False)\n"
        f"print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"
    )

    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert run.stderr.splitlines()[-1] == "[]"
