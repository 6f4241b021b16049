"""Nothing is fetched or run that the locks do not name; no other repository's settings change."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from pipeline.cli import ROOT
from tests.conftest import Jixiao
from tests.test_makefile import outside_make

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_packages_from_npm_run_no_scripts_of_their_own() -> None:
    """vnu-jar's fetches a Java from somewhere when it is installed."""
    lock = json.loads((ROOT / "tests" / "package-lock.json").read_text(encoding="utf-8"))
    scripted = [name for name, each in lock["packages"].items() if each.get("hasInstallScript")]
    calls = [line for line in MAKEFILE.splitlines() if "npm ci" in line or "npm install" in line]

    assert scripted, "else there is nothing to keep from running"
    assert calls
    assert all("--ignore-scripts" in line for line in calls)


def textconv(folder: Path) -> str:
    run = subprocess.run(
        ["git", "config", "--get", "diff.docx.textconv"], cwd=folder, capture_output=True, text=True
    )
    return run.stdout.strip()


def made_ready(project: Path) -> None:
    """Run the rule that prepares the environment, with programs that do nothing in its place."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, project)
    programs = project / "bin"
    programs.mkdir()
    (programs / "uv").write_text("#!/bin/sh\nmkdir -p .venv/bin\n", encoding="utf-8")
    (programs / "uv").chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = {**outside_make(), "PATH": path, "GIT_CEILING_DIRECTORIES": "/"}
    subprocess.run(["make", "-s", ".venv/.ready"], cwd=project, env=environment, check=True)


def test_a_repository_around_the_project_keeps_its_settings(tmp_path: Path) -> None:
    """The program looks at Word files for git only in the project's own repository."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    project = tmp_path / "jixiao"
    project.mkdir()

    made_ready(project)

    assert textconv(tmp_path) == ""


def test_the_project_s_own_repository_shows_word_files_as_text(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)

    made_ready(tmp_path)

    assert textconv(tmp_path) == ".venv/bin/jixiao dump"


def test_the_doctor_names_what_killed_programs_left(edition: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from pipeline.cli import cli

    (edition / ".jixiao-writing").mkdir()
    (edition / "rules.csv.未写入").touch()
    (tmp_path / "build" / ".jixiao-ready").mkdir(parents=True)
    where = ["--inputs", str(edition.parent), "--out", str(tmp_path / "build")]

    output = CliRunner().invoke(cli, ["doctor", *where]).output

    assert f"{edition / '.jixiao-writing'}：上次写到一半中断了，下一次写的时候会收拾" in output
    assert f"{edition / 'rules.csv.未写入'}：上次写到一半中断了，自己看过再删" in output
    assert str(tmp_path / "build" / ".jixiao-ready") in output


def test_leftovers_are_no_tables(edition: Path, jixiao: Jixiao) -> None:
    (edition / "rules.csv.未写入").write_bytes(b"ours")

    assert jixiao("check").exit_code == 0
