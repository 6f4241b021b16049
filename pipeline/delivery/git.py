"""git, as this program calls it: a folder's last revision, and a repository to push from."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import OutputError

_CREDENTIALS = re.compile(r"(\w+://)[^/\s@]+@")
_SECONDS = 120  # for a call that may go over a network
_LOOK_SECONDS = 10  # for a look into a folder's history

# What git prints where the branch has moved on since it was fetched.
_OVERTAKEN = (
    "fetch first",
    "stale info",
    "non-fast-forward",
    "cannot lock ref",
    "failed to update ref",
)

# Variables that point git at another repository: a hook, or a caller inside git, sets them.
_POINTERS = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
}


def last_revision(folder: Path, environment: Mapping[str, str]) -> str:
    """The last commit that changed a folder (12 digits), and whether it was changed since.

    Empty where there is no git, no repository or no commit of it.
    """
    commit = _answer(folder, environment, "log", "-1", "--format=%H", "--", ".")
    if not commit:
        return ""
    changed = _answer(folder, environment, "status", "--porcelain", "--", ".")
    return commit[:12] + ("（有未提交的改动）" if changed else "")


def committed(path: Path, environment: Mapping[str, str]) -> bytes | None:
    """A file as it was last committed; None where there is no git, no repository or no commit."""
    command = ["git", "show", f"HEAD:./{path.name}"]
    own = without_repository(environment)
    try:
        done = subprocess.run(
            command, cwd=path.parent, env=own, capture_output=True, timeout=_LOOK_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _answer(folder: Path, environment: Mapping[str, str], *arguments: str) -> str:
    """What git prints when it is called in a folder; empty where it fails."""
    try:
        done = _run(["git", *arguments], folder, without_repository(environment), _LOOK_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A branch of a remote: a path or an address; `environment` is what git runs in."""

    remote: str
    branch: str
    environment: Mapping[str, str]

    @property
    def address(self) -> str:
        """The remote from anywhere: a path made absolute, any other address as it is."""
        return str(Path(self.remote).resolve()) if Path(self.remote).exists() else self.remote


class Repository:
    """A repository of its own in a folder, from which a branch is pushed.

    Raises OutputError, with what git printed, where a command fails.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Call git in `folder` by a name of its own, and never ask at the terminal."""
        self._folder = folder
        self._environment = {
            **without_repository(environment),
            # Never whoever runs it: a name in the history is published with it.
            **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "jixiao"),
            **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "jixiao@localhost"),
            "GIT_TERMINAL_PROMPT": "0",  # a prompt for a password would wait for ever
            "LC_ALL": "C",  # so that _OVERTAKEN is found
        }

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self._folder

    def run(self, *arguments: str) -> str:
        """The output of a git command."""
        done = self._call(["git", *arguments])
        _refuse_failure(f"git {arguments[0]}", done)
        return done.stdout.strip()

    def refuse_branch(self, branch: str) -> None:
        """Raise OutputError for what cannot be the name of a branch, or is a whole ref."""
        is_refused = self._call(["git", "check-ref-format", "--branch", branch]).returncode
        if is_refused or branch.startswith("refs/"):
            raise OutputError(f"“{branch}”不能作分支的名称")

    def fetch(self, branch: str) -> str:
        """Fetch the remote branch; returns the name of its last commit, empty where it has none."""
        if not self.run("ls-remote", "--heads", "origin", f"refs/heads/{branch}"):
            return ""
        reference = f"+refs/heads/{branch}:refs/remotes/origin/{branch}"
        self.run("fetch", "--quiet", "--depth=1", "origin", reference)
        return f"origin/{branch}"

    def commit(self, folder: Path, branch: str, message: str, *, history: bool) -> None:
        """Commit the folder's files by ghp-import: onto the fetched branch, or with no parent."""
        command = [sys.executable, "-m", "ghp_import", "--no-jekyll", "-b", branch, "-m", message]
        alone = [] if history else ["--no-history"]
        if not history:  # an earlier try may have left one, which the new one does not follow
            self._call(["git", "update-ref", "-d", f"refs/heads/{branch}"])
        done = self._call([*command, *alone, "-r", "origin", str(folder.resolve())])
        _refuse_failure("ghp-import", done)

    def content(self, commit: str, path: str) -> bytes | None:
        """A file of a commit; None where it has none of that name."""
        done = self._call(["git", "show", f"{commit}:{path}"])
        return done.stdout.encode() if done.returncode == 0 else None

    def check_out(self, commit: str, folder: Path) -> None:
        """Write the files of a commit to a folder."""
        folder.mkdir()
        self.run("--work-tree", str(folder.resolve()), "checkout", "--quiet", commit, "--", ".")

    def files(self, commit: str) -> set[str]:
        """The names at the top of a commit's tree."""
        return set(self.run("ls-tree", "--name-only", commit).splitlines())

    def is_alone(self, commit: str) -> bool:
        """Whether a commit has no parent, on the remote either."""
        return "parent " not in self.run("cat-file", "-p", commit).partition("\n\n")[0]

    def tree(self, commit: str) -> str:
        """The hash over all files of a commit."""
        return self.run("rev-parse", f"{commit}^{{tree}}")

    def push(self, branch: str, *, over: str = "") -> bool:
        """Push the branch; False where somebody else pushed to it after it was fetched.

        `over` is the fetched commit that the new one need not be built upon, but replaces.
        """
        reference = f"refs/heads/{branch}"
        lease = [f"--force-with-lease={reference}:{self.run('rev-parse', over)}"] if over else []
        command = ["git", "push", "--quiet", *lease, "origin", f"{reference}:{reference}"]
        done = self._call(command)
        if _is_overtaken(done):
            return False
        _refuse_failure("git push", done)
        return True

    def _call(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a command in the repository, whatever its exit code."""
        try:
            return _run(command, self._folder, self._environment, _SECONDS)
        except FileNotFoundError as error:
            raise OutputError(f"这台机器上没有 {command[0]}") from error
        except subprocess.TimeoutExpired as error:
            raise OutputError(f"{command[0]} 用了 {_SECONDS} 秒还没有做完") from error


def _refuse_failure(command: str, done: subprocess.CompletedProcess[str]) -> None:
    """Raise OutputError, with what the command printed, where it failed."""
    if done.returncode:
        raise OutputError(f"{command} 出错：{without_secrets(done.stderr.strip())}")


def without_secrets(text: str) -> str:
    """A text without the user names and passwords, such as tokens, in its addresses."""
    return _CREDENTIALS.sub(r"\1", text)


def _is_overtaken(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether a push failed because the branch has moved on."""
    return done.returncode != 0 and any(reason in done.stderr for reason in _OVERTAKEN)


def _run(
    command: list[str], folder: Path, environment: Mapping[str, str], seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, whatever its exit code; its output is kept."""
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds
    )


def without_repository(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what points git at another repository."""
    return {key: value for key, value in environment.items() if key not in _POINTERS}
