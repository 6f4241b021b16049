"""The recipes of `jixiao publish` and `unpublish`: what a branch of any git remote shows.

ghp-import makes the commit, in a repository of its own, so that the project's branches and work
tree are not touched. Nothing is committed when the branch holds the same files already.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.delivery.files import locked, scratch
from pipeline.delivery.git import Repository, Target
from pipeline.delivery.site_index import (
    EDITIONS,
    INDEX,
    LATEST,
    SUMS,
    PublishedEdition,
    editions_in,
    with_index,
)
from pipeline.errors import OutputError

_TRIES = 5  # somebody else may push in between
_WITHOUT_NAMES = "公布的版本不含人名"  # what a site without a list of editions says of each


def push(folder: Path, target: Target, *, message: str, history: bool = True) -> bool:
    """Push the files of `folder` as the whole content of the branch; False if nothing changed.

    Without `history` the branch's former commits go. Raises OutputError where git cannot do it, and
    where names would stay in the history of a site that has none any more.
    """
    if not folder.is_dir():
        raise OutputError(f"没有 {folder}，先运行 make site")

    def replace(git: Repository, before: str) -> Path:
        if history and before:
            _refuse_names_in_history(git, before, folder)
        return folder

    return _publish(target, folder.parent, replace, message=message, history=history)


def take_out(edition: str, target: Target, *, out: Path, templates: Path, message: str) -> bool:
    """Take an edition out of the site on a branch, and out of its history.

    Returns whether its digest was the latest. `out` is the folder of all results, where a temporary
    repository is kept. Raises OutputError.
    """
    was_latest = False

    def replace(git: Repository, before: str) -> Path:
        nonlocal was_latest
        published = _editions(git, before)
        if edition not in {each.name for each in published}:
            raise OutputError(f"{target.branch} 分支上没有 {edition}")
        folder = git.folder / "site"
        shutil.rmtree(folder, ignore_errors=True)
        git.check_out(before, folder)
        latest, own = (folder / each / "digest.pdf" for each in (LATEST, edition))
        was_latest = latest.is_file() and own.is_file() and _same(latest, own)
        _without_edition(folder, edition, published, templates)
        return folder

    _publish(target, out, replace, message=message, history=False)
    return was_latest


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def _without_edition(
    folder: Path, edition: str, published: Iterable[PublishedEdition], templates: Path
) -> None:
    """Make the site in `folder` one without the edition."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    top = (f"{edition}/", f"{LATEST}/", INDEX, EDITIONS, SUMS, ".nojekyll")
    kept = {name: data for name, data in files.items() if not name.startswith(top)}
    others = [each for each in published if each.name != edition]
    shutil.rmtree(folder)
    for name, data in with_index(kept, others, templates).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _publish(
    target: Target,
    out: Path,
    replace: Callable[[Repository, str], Path],
    *,
    message: str,
    history: bool,
) -> bool:
    """Commit and push what `replace` makes of the branch's last commit; False if nothing changed.

    A temporary repository in `out` is used; `replace` returns the folder with the new content.
    """
    with _repository(target, out) as git:
        for _ in range(_TRIES):
            before = git.fetch(target.branch)
            _refuse_other_work(git, before, target.branch)
            folder = replace(git, before)
            git.commit(folder, target.branch, message, history=history)
            is_same = before and git.tree(before) == git.tree(target.branch)
            if is_same and (history or git.is_alone(before)):
                return False
            if git.push(target.branch, over="" if history else before):
                return True
    raise OutputError(
        f"别人一直在往 {target.branch} 推送，试了 {_TRIES} 次都没有推上去，过一会儿再试"
    )


@contextmanager
def _repository(target: Target, out: Path) -> Iterator[Repository]:
    """A temporary repository that has the remote."""
    if not target.remote.strip():
        raise OutputError("写明推送到哪里：git 仓库的地址或路径")
    with locked(out), scratch(out) as temporary:
        git = Repository(temporary, target.environment)
        git.run("init", "--quiet")
        git.refuse_branch(target.branch)
        git.run("remote", "add", "origin", target.address)
        yield git


def _refuse_other_work(git: Repository, tip: str, branch: str) -> None:
    """Raise OutputError where the branch holds anything but a site that was published."""
    if tip and not git.files(tip) >= {INDEX, SUMS}:
        raise OutputError(
            f"{branch} 分支里不是以前公布的内容（没有 {INDEX}、{SUMS}），"
            "没有覆盖它；换一个分支，例如 BRANCH=site"
        )


def _refuse_names_in_history(git: Repository, before: str, folder: Path) -> None:
    """Raise OutputError where an edition was published with names and is no longer."""
    former = {each.name for each in _editions(git, before) if each.with_names}
    now = {each.name for each in _editions_of(folder) if each.with_names}
    if gone := sorted(former - now):
        raise OutputError(
            f"{'、'.join(gone)} 以前公布时带人名，现在不带：这个分支的历史里还留着。"
            "加上 NO_HISTORY=1（--no-history）不留历史，再推送"
        )


def _editions(git: Repository, commit: str) -> list[PublishedEdition]:
    """The editions of a published site; of one without a list all that is known: names or none."""
    try:
        return editions_in(git.content(commit, EDITIONS) or b"")
    except ValueError:
        page = (git.content(commit, INDEX) or b"").decode("utf-8", "replace")
        named = page.count("<section") - page.count(_WITHOUT_NAMES)
        unknown = PublishedEdition(name="有的年度", year=0, title="", files=(), with_names=True)
        return [unknown] if named > 0 else []


def _editions_of(folder: Path) -> list[PublishedEdition]:
    """The editions of a site in a folder; none where it has no list of them."""
    try:
        return editions_in((folder / EDITIONS).read_bytes())
    except (OSError, ValueError):
        return []
