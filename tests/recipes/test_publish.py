"""What a branch shows: pushed once, over nobody's work, without what may not stay in its history."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import ROOT, cli
from pipeline.delivery import site_index
from pipeline.delivery.git import Repository, Target, without_secrets
from pipeline.delivery.site_index import PublishedEdition
from pipeline.errors import OutputError
from pipeline.recipes import publish


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "remote.git"], check=True)
    return tmp_path / "remote.git"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "build" / "site"
    (folder / "2023").mkdir(parents=True)
    (folder / "index.html").write_text("<p>一", encoding="utf-8")
    (folder / "SHA256SUMS").touch()
    (folder / "2023" / "附件1 名单.docx").write_bytes(b"\x00\x01")
    return folder


def push(folder: Path, remote: Path) -> bool:
    return publish.push(folder, target(remote), message="公布")


def target(remote: Path | str, branch: str = "pages") -> Target:
    return Target(remote=str(remote), branch=branch, environment=os.environ)


def git(remote: Path, *arguments: str) -> str:
    run = subprocess.run(
        ["git", "-c", "core.quotepath=off", *arguments],
        cwd=remote,
        capture_output=True,
        check=True,
    )
    return run.stdout.decode()


def test_a_folder_becomes_a_branch(content: Path, remote: Path) -> None:
    assert push(content, remote) is True
    assert git(remote, "ls-tree", "-r", "--name-only", "pages").splitlines() == [
        ".nojekyll",
        "2023/附件1 名单.docx",
        "SHA256SUMS",
        "index.html",
    ]
    assert git(remote, "show", "pages:index.html") == "<p>一"


def test_the_same_again_makes_no_commit(content: Path, remote: Path) -> None:
    push(content, remote)
    before = git(remote, "rev-parse", "pages")

    assert push(content, remote) is False
    assert git(remote, "rev-parse", "pages") == before


def test_a_change_is_a_commit_on_top_and_what_is_gone_goes(content: Path, remote: Path) -> None:
    push(content, remote)
    (content / "2023" / "附件1 名单.docx").unlink()

    assert push(content, remote) is True
    assert git(remote, "rev-list", "--count", "pages").strip() == "2"
    assert "名单" not in git(remote, "ls-tree", "-r", "--name-only", "pages")


def somebody_else_s(content: Path, tmp_path: Path) -> Path:
    """A site that somebody else has ready; both have changed since the last push."""
    other = Path(shutil.copytree(content, tmp_path / "elsewhere" / "site"))
    (other / "index.html").write_text("<p>二", encoding="utf-8")
    (content / "index.html").write_text("<p>三", encoding="utf-8")
    return other


def test_a_push_in_between_is_survived(
    content: Path, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(content, remote)
    other = somebody_else_s(content, tmp_path)
    push_once, first = Repository.push, threading.Event()

    def overtaken(self: Repository, branch: str, *, over: str = "") -> bool:
        if not first.is_set():
            first.set()
            assert push(other, remote)
        return push_once(self, branch, over=over)

    monkeypatch.setattr(Repository, "push", overtaken)

    assert push(content, remote) is True
    assert git(remote, "log", "--format=%s", "pages").splitlines() == ["公布"] * 3
    assert git(remote, "show", "pages:index.html") == "<p>三"


def test_several_at_once_lose_none(content: Path, remote: Path, tmp_path: Path) -> None:
    folders = [Path(shutil.copytree(content, tmp_path / str(n) / "site")) for n in range(3)]
    for n, folder in enumerate(folders):
        (folder / "index.html").write_text(str(n), encoding="utf-8")
    done: list[bool] = []
    threads = [
        threading.Thread(target=lambda folder=folder: done.append(push(folder, remote)))
        for folder in folders
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done == [True] * 3
    assert git(remote, "rev-list", "--count", "pages").strip() == "3"


def test_a_remote_that_is_not_there_is_reported(content: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="git ls-remote 出错"):
        push(content, tmp_path / "nowhere.git")


def test_a_remote_may_be_a_path_from_here(
    content: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(remote.parent)

    assert push(content, Path("remote.git")) is True


def test_what_is_no_branch_is_refused(content: Path, remote: Path) -> None:
    with pytest.raises(OutputError, match="不能作分支的名称"):
        publish.push(content, target(remote, "a b"), message="公布")


@pytest.mark.parametrize("branch", ["refs/tags/v1", "refs/heads/pages"])
def test_another_kind_of_ref_is_refused(branch: str, content: Path, remote: Path) -> None:
    with pytest.raises(OutputError, match="不能作分支的名称"):
        publish.push(content, target(remote, branch), message="公布")


def test_an_empty_remote_is_refused(content: Path) -> None:
    with pytest.raises(OutputError, match="写明推送到哪里"):
        publish.push(content, target(" "), message="公布")


def test_a_branch_with_other_work_is_not_overwritten(
    content: Path, remote: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    commands = (["init", "-q", str(work)], ["-C", str(work), "checkout", "-qb", "pages"])
    for arguments in commands:
        subprocess.run(["git", *arguments], check=True)
    (work / "precious.txt").write_text("a year's work", encoding="utf-8")
    own = ["git", "-C", str(work), "-c", "user.name=a", "-c", "user.email=a@b"]
    for more in (["add", "."], ["commit", "-qm", "a"], ["push", "-q", str(remote), "pages"]):
        subprocess.run([*own, *more], check=True)

    with pytest.raises(OutputError, match="不是以前公布的内容"):
        push(content, remote)

    assert git(remote, "show", "pages:precious.txt") == "a year's work"


def test_no_token_is_printed(content: Path) -> None:
    address = "http://me:secret-token@127.0.0.1:9/a.git"

    with pytest.raises(OutputError) as raised:
        publish.push(content, target(address), message="公布")

    assert "127.0.0.1:9/a.git" in str(raised.value)
    assert "secret-token" not in str(raised.value)
    assert without_secrets(f"fatal: {address}") == "fatal: http://127.0.0.1:9/a.git"


def test_publishing_before_gathering_is_reported(tmp_path: Path, remote: Path) -> None:
    with pytest.raises(OutputError, match="先运行 make site"):
        push(tmp_path / "site", remote)


def test_the_project_s_own_repository_is_not_touched(content: Path, remote: Path) -> None:
    before = subprocess.run(["git", "branch", "-a"], cwd=ROOT, capture_output=True).stdout

    push(content, remote)

    after = subprocess.run(["git", "branch", "-a"], cwd=ROOT, capture_output=True).stdout
    assert after == before


# --- names in the history --------------------------------------------------------------------


def edition(name: str, *, with_names: bool) -> PublishedEdition:
    return PublishedEdition(
        name=name,
        year=int(name),
        title=f"{name}年度绩效管理",
        files=(("摘要（网页）", f"{name}/digest.html"), ("摘要（PDF）", f"{name}/digest.pdf")),
        with_names=with_names,
    )


def site_of(folder: Path, editions: Iterable[PublishedEdition]) -> Path:
    """A site of these editions; what is in their files tells whether names are."""
    editions = [*editions]
    files = {
        path: f"{each.name} {'林晨' if each.with_names else '某某'} {path}".encode()
        for each in editions
        for _, path in each.files
    }
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in site_index.with_index(files, editions, ROOT / "templates").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder.parent / "site.txt").write_text("公布的清单\n", encoding="utf-8")
    return folder


def all_objects(remote: Path) -> str:
    """Every object that the branch can be reached by, as text."""
    names = git(remote, "rev-list", "--objects", "pages").split()
    found = []
    for name in filter(re.compile("[0-9a-f]{40}").fullmatch, names):
        kind = git(remote, "cat-file", "-t", name).strip()
        if kind != "tree":
            found.append(git(remote, "cat-file", kind, name))
    return "\n".join(found)


def test_from_names_to_none_the_history_has_to_go(content: Path, remote: Path) -> None:
    push(site_of(content, [edition("2023", with_names=True)]), remote)
    site_of(content, [edition("2023", with_names=False)])

    with pytest.raises(OutputError, match=r"2023 以前公布时带人名，现在不带.*NO_HISTORY=1"):
        push(content, remote)
    assert "林晨" in all_objects(remote)

    assert publish.push(content, target(remote), message="公布", history=False) is True
    assert "林晨" not in all_objects(remote)
    assert "某某" in all_objects(remote)
    assert git(remote, "rev-list", "--count", "pages").strip() == "1"
    assert publish.push(content, target(remote), message="公布", history=False) is False
    assert push(content, remote) is False


def test_the_same_content_without_its_history_is_pushed(content: Path, remote: Path) -> None:
    for with_names in (True, False):
        site_of(content, [edition("2023", with_names=with_names)])
        publish.push(content, target(remote), message="公布", history=with_names)
    site_of(content, [edition("2022", with_names=False), edition("2023", with_names=False)])
    push(content, remote)

    assert publish.push(content, target(remote), message="公布", history=False) is True
    assert git(remote, "rev-list", "--count", "pages").strip() == "1"


def test_an_edition_that_is_gone_keeps_its_names_in_no_history(content: Path, remote: Path) -> None:
    both = [edition("2023", with_names=True), edition("2024", with_names=False)]
    push(site_of(content, both), remote)

    with pytest.raises(OutputError, match="2023 以前公布时带人名"):
        push(site_of(content, both[1:]), remote)


def test_a_site_of_before_the_list_counts_as_it_says(content: Path, remote: Path) -> None:
    """Its first page said of each edition without names that it has none."""
    (content / "index.html").write_text("<section>2023</section>", encoding="utf-8")
    push(content, remote)
    site_of(content, [edition("2023", with_names=False)])

    with pytest.raises(OutputError, match="以前公布时带人名"):
        push(content, remote)


def test_a_push_in_between_is_not_lost_without_history(
    content: Path, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(content, remote)
    other = somebody_else_s(content, tmp_path)
    push_once, tries = Repository.push, []

    def overtaken(self: Repository, branch: str, *, over: str = "") -> bool:
        tries.append(over)
        if len(tries) == 1:
            assert push(other, remote)
        return push_once(self, branch, over=over)

    monkeypatch.setattr(Repository, "push", overtaken)

    assert publish.push(content, target(remote), message="公布", history=False)
    assert len(tries) == 3, "refused once, since the branch had moved on"
    assert git(remote, "show", "pages:index.html") == "<p>三"


def test_whoever_runs_it_is_not_named(
    content: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "林晨")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "linchen@example.gov.cn")

    push(content, remote)

    assert "林晨" not in all_objects(remote)
    assert "linchen" not in all_objects(remote)


# --- taking out ------------------------------------------------------------------------------


def run(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(cli, [*arguments], input=answer)


def test_an_edition_is_taken_out_with_its_history(
    content: Path, remote: Path, tmp_path: Path
) -> None:
    both = [edition("2023", with_names=False), edition("2024", with_names=True)]
    push(site_of(content, both), remote)
    where = ["--remote", str(remote), "--out", str(tmp_path / "build")]

    done = run("unpublish", "2024", *where)

    assert done.exit_code == 0, done.output
    assert "gh release delete-asset latest digest.pdf" in done.output, "2024 was the latest"
    assert "2024" not in all_objects(remote)
    site_of(content, both[:1])
    published = git(remote, "ls-tree", "-r", "--name-only", "pages").splitlines()
    assert set(published) - {".nojekyll"} == {
        path.relative_to(content).as_posix() for path in content.rglob("*") if path.is_file()
    }
    assert all(
        git(remote, "show", f"pages:{path.relative_to(content).as_posix()}").encode()
        == path.read_bytes()
        for path in content.rglob("*")
        if path.is_file()
    )
    again = run("unpublish", "2024", *where)
    assert again.exit_code == 1
    assert "分支上没有 2024" in str(again.exception or again.output)


def test_the_last_edition_leaves_an_empty_site(content: Path, remote: Path, tmp_path: Path) -> None:
    push(site_of(content, [edition("2023", with_names=True)]), remote)

    publish.take_out(
        "2023", target(remote), out=tmp_path / "build", templates=ROOT / "templates", message="拿掉"
    )

    assert "目前没有公布的内容" in git(remote, "show", "pages:index.html")
    assert "林晨" not in all_objects(remote)
    assert json.loads(git(remote, "show", "pages:site.json")) == {"editions": []}


# --- asking ----------------------------------------------------------------------------------


def on_a_terminal(command: list[str], answer: str) -> tuple[int, str]:
    """The exit code and the output of a command that runs on a terminal where somebody answers."""
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "pipeline", *command])
    os.write(terminal, answer.encode())
    output = b""
    try:
        while piece := os.read(terminal, 4096):
            output += piece
    except OSError:  # Linux: the other end is closed
        pass
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), output.decode()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("y\n", 0)])
def test_a_terminal_is_shown_the_list_and_asked_once(
    answer: str, code: int, content: Path, remote: Path
) -> None:
    site_of(content, [edition("2023", with_names=True)])
    command = ["publish", "--remote", str(remote), "--out", str(content.parent)]

    ended, output = on_a_terminal(command, answer)

    assert (ended, "公布的清单" in output) == (code, True), output
    assert output.count("？") == 1
    assert bool(git(remote, "branch").strip()) is (code == 0)


def test_without_a_terminal_nobody_is_asked(content: Path, remote: Path) -> None:
    site_of(content, [edition("2023", with_names=True)])

    done = run("publish", "--remote", str(remote), "--out", str(content.parent))

    assert done.exit_code == 0
    assert "公布的清单" in done.output
    assert "pages" in git(remote, "branch")
