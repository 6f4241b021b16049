"""The revision of an edition's tables, where they are kept in git."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from pipeline.repository import without_repository


def revision(folder: Path, environment: Mapping[str, str]) -> str:
    """The last commit that changed the folder, and whether it has been changed since.

    Empty where there is no git, no repository or no commit of it.
    """
    commit = _git(folder, environment, "log", "-1", "--format=%H", "--", ".")
    if not commit:
        return ""
    changed = _git(folder, environment, "status", "--porcelain", "--", ".")
    return commit[:12] + ("（有未提交的改动）" if changed else "")


def _git(folder: Path, environment: Mapping[str, str], *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=without_repository(environment),
            capture_output=True,
            text=True,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
