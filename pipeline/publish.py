"""The recipe of `jixiao publish`: a folder becomes the content of a branch of any git remote.

ghp-import makes the commit, in a repository of its own, so that the project's branches and work
tree are not touched. Nothing is committed when the branch holds the same files already.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.repository import without_repository

_TRIES = 5  # somebody else may push in between
_SECONDS = 120


def publish(
    folder: Path, *, remote: str, branch: str, message: str, environment: Mapping[str, str]
) -> bool:
    """Push the files of `folder` as the whole content of the branch; False if nothing changed.

    `remote` is a path or an address. Raises OutputError where git cannot do it.
    """
    if not folder.is_dir():
        raise OutputError(f"没有 {folder}，先运行 make site")
    with tempfile.TemporaryDirectory() as place:
        git = _Git(Path(place), environment)
        git.run("init", "--quiet")
        git.refuse_branch(branch)
        git.run("remote", "add", "origin", _address(remote))
        for _ in range(_TRIES):
            before = git.fetched(branch)
            git.commit(folder, branch, message)
            if before and git.tree(before) == git.tree(branch):
                return False
            if git.pushed(branch):
                return True
    raise OutputError(f"别人一直在往 {branch} 推送，试了 {_TRIES} 次都没有推上去，过一会儿再试")


def _address(remote: str) -> str:
    """A path as it is from anywhere; any other address as it is."""
    return str(Path(remote).resolve()) if Path(remote).exists() else remote


class _Git:
    """git in one repository."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        # A password prompt would wait for ever where nobody sits at the terminal.
        self._environment = {
            "GIT_AUTHOR_NAME": "jixiao",
            "GIT_AUTHOR_EMAIL": "jixiao@localhost",
            "GIT_COMMITTER_NAME": "jixiao",
            "GIT_COMMITTER_EMAIL": "jixiao@localhost",
            **without_repository(environment),
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }

    def run(self, *arguments: str) -> str:
        """The output of a git command; raises OutputError."""
        done = self._call(["git", *arguments])
        if done.returncode:
            raise OutputError(f"git {arguments[0]} 出错：{done.stderr.strip()}")
        return done.stdout.strip()

    def refuse_branch(self, branch: str) -> None:
        """Raise OutputError for what cannot be the name of a branch."""
        if self._call(["git", "check-ref-format", "--branch", branch]).returncode:
            raise OutputError(f"“{branch}”不能作分支的名称")

    def fetched(self, branch: str) -> str:
        """The remote branch's last commit, fetched; empty where there is no such branch."""
        if not self.run("ls-remote", "--heads", "origin", f"refs/heads/{branch}"):
            return ""
        reference = f"+refs/heads/{branch}:refs/remotes/origin/{branch}"
        self.run("fetch", "--quiet", "--depth=1", "origin", reference)
        return f"origin/{branch}"

    def commit(self, folder: Path, branch: str, message: str) -> None:
        """Commit the folder's files onto the fetched branch, by ghp-import."""
        command = [sys.executable, "-m", "ghp_import", "--no-jekyll", "-b", branch, "-m", message]
        done = self._call([*command, "-r", "origin", str(folder.resolve())])
        if done.returncode:
            raise OutputError(f"ghp-import 出错：{done.stderr.strip()}")

    def tree(self, commit: str) -> str:
        """What the files of a commit hash to."""
        return self.run("rev-parse", f"{commit}^{{tree}}")

    def pushed(self, branch: str) -> bool:
        """Push; False where somebody else has pushed since the branch was fetched."""
        done = self._call(["git", "push", "--quiet", "origin", f"{branch}:{branch}"])
        if done.returncode == 0:
            return True
        if any(reason in done.stderr for reason in _OVERTAKEN):
            return False
        raise OutputError(f"git push 出错：{done.stderr.strip()}")

    def _call(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                command,
                cwd=self._folder,
                env=self._environment,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
            )
        except FileNotFoundError as error:
            raise OutputError(f"这台机器上没有 {command[0]}") from error
        except subprocess.TimeoutExpired as error:
            raise OutputError(f"{command[0]} 用了 {_SECONDS} 秒还没有做完") from error


# What git says where the branch has moved on since it was fetched.
_OVERTAKEN = ("fetch first", "non-fast-forward", "cannot lock ref", "failed to update ref")
