"""The recipe of `jixiao publish`: a folder becomes the content of a branch of any git remote.

ghp-import makes the commit, in a repository of its own, so that the project's branches and work
tree are not touched. Nothing is committed when the branch holds the same files already.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.delivery.files import locked, scratch
from pipeline.delivery.git import Repository
from pipeline.errors import OutputError

SITE_FILES = {"index.html", "SHA256SUMS"}  # that every published site has at its top
_TRIES = 5  # somebody else may push in between


def push(
    folder: Path, *, remote: str, branch: str, message: str, environment: Mapping[str, str]
) -> bool:
    """Push the files of `folder` as the whole content of the branch; False if nothing changed.

    `remote` is a path or an address. Raises OutputError where git cannot do it.
    """
    if not folder.is_dir():
        raise OutputError(f"没有 {folder}，先运行 make site")
    if not remote.strip():
        raise OutputError("写明推送到哪里：git 仓库的地址或路径")
    with locked(folder.parent), scratch(folder.parent) as temporary:
        git = Repository(temporary, environment)
        git.run("init", "--quiet")
        git.refuse_branch(branch)
        git.run("remote", "add", "origin", _address(remote))
        for _ in range(_TRIES):
            before = git.fetch(branch)
            _refuse_other_work(git, before, branch)
            git.commit(folder, branch, message)
            if before and git.tree(before) == git.tree(branch):
                return False
            if git.push(branch):
                return True
    raise OutputError(f"别人一直在往 {branch} 推送，试了 {_TRIES} 次都没有推上去，过一会儿再试")


def _refuse_other_work(git: Repository, tip: str, branch: str) -> None:
    """Raise OutputError where the branch holds anything but a site that was published."""
    if tip and not git.files(tip) >= SITE_FILES:
        raise OutputError(
            f"{branch} 分支里不是以前公布的内容（没有 {'、'.join(sorted(SITE_FILES))}），"
            "没有覆盖它；换一个分支，例如 BRANCH=site"
        )


def _address(remote: str) -> str:
    """A path as it is from anywhere; any other address as it is."""
    return str(Path(remote).resolve()) if Path(remote).exists() else remote
