"""The layers hold, and light commands stay light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from importlinter import cli as importlinter

from pipeline.cli import ROOT


def test_no_import_runs_upward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert importlinter.lint_imports(no_cache=True) == 0


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
    """An edition that is up to date is told so without pandas."""
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
    code = (
        "import sys\n"
        "from pipeline.cli import cli\n"
        f"cli({[command, *options]!r}, standalone_mode=False)\n"
        "heavy = {'pandas', 'docxtpl', 'lxml', 'openpyxl'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )

    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert run.stderr.splitlines()[-1] == "[]"
