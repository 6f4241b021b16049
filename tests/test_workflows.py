"""What runs outside: the hooks before a commit, and the workflow on the code host."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
        ["zizmor", "--offline", "--no-progress"],
        ["actionlint"],
    ],
    ids=lambda command: command[0],
)
def test_workflows_are_valid_and_safe(command: list[str], workflow: Path) -> None:
    name, *options = command

    run = subprocess.run([TOOLS / name, *options, workflow], capture_output=True, text=True)

    assert run.returncode == 0, run.stdout + run.stderr


def test_the_hooks_pass_on_what_is_here(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}

    run = subprocess.run(
        [TOOLS / "pre-commit", "run", "--all-files", "jixiao-check"],
        cwd=ROOT,
        env={**environment, "PRE_COMMIT_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "检查绩效表格" in run.stdout
