"""A kill, a full disk and a folder without permission, at every I/O call of what writes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli import ROOT, cli
from pipeline.delivery import files
from pipeline.errors import OutputError
from tests.conftest import EDITIONS
from tests.forms.mishaps import filled
from tests.recipes.faults import NO_FAULT, snapshot

FAULTS = ("kill", "full", "read-only")


def nothing(_: Path) -> None:
    """The editions as they are."""


def untidy(root: Path) -> None:
    """Two tables to tidy."""
    for name in ("rules.csv", "sections.csv"):
        path = root / "inputs" / "2023" / name
        path.write_bytes(path.read_bytes().replace(b"\r\n", b" \r\n"))


def a_site(root: Path) -> None:
    """A site to publish, and a remote."""
    for name in ("index.html", "SHA256SUMS", "2023/digest.html"):
        path = root / "build" / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("content", encoding="utf-8")
    (root / "build" / "site.txt").write_text("listing\n", encoding="utf-8")
    subprocess.run(["git", "init", "-q", "--bare", str(root / "remote.git")], check=True)


def a_former_site(root: Path) -> None:
    """A site that is to be replaced."""
    a_site(root)
    (root / "build" / "site" / "gone.html").write_text("former", encoding="utf-8")


def a_former_ledger_and_forms(root: Path) -> None:
    """Documents of other tables."""
    where = ["--inputs", str(root / "inputs"), "--out", str(root / "build")]
    for command in (["build", "2023"], ["forms", "2023"]):
        CliRunner().invoke(cli, [*command, *where], catch_exceptions=False)
    for old, new in (("区政府办", "区府办"), ("档案工作", "档案的工作")):
        path = root / "inputs" / "2023" / "indicators.csv"
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))


def a_returned_form(root: Path) -> None:
    """A filled form of the demo edition."""
    shutil.copytree(EDITIONS["demo"], root / "inputs" / "demo")
    (root / "returned").mkdir()
    (root / "returned" / "附件4.docx").write_bytes(filled().bytes)


def a_collected_form(root: Path) -> None:
    """The same, collected."""
    a_returned_form(root)
    where = ["--edition", "demo", "--inputs", str(root / "inputs"), str(root / "returned")]
    done = CliRunner().invoke(cli, ["collect", *where, "--accept", "1", "--replace", "1"])
    assert (root / "inputs" / "demo" / ".collected").is_file(), done.output


COMMANDS: Mapping[str, tuple[Callable[[Path], None], list[str]]] = {
    "fmt": (untidy, ["fmt", "2023"]),
    "rename": (nothing, ["rename", "--edition", "2023", "综合组", "办公室"]),
    "new": (nothing, ["new", "2025"]),
    "build": (a_former_ledger_and_forms, ["build", "2023"]),
    "forms": (a_former_ledger_and_forms, ["forms", "2023"]),
    "score": (nothing, ["score", "2023", "--format", "docx"]),
    "collect": (a_returned_form, ["collect", "--edition", "demo"]),
    "undo": (a_collected_form, ["collect", "--undo", "--edition", "demo"]),
    "site": (a_former_site, ["site"]),
    "publish": (a_site, ["publish"]),
}
ONLY_ONCE = {
    "new": "已经有",
    "undo": "没有可以撤回的收表",
    "rename": "没有叫“综合组”的",
}  # what a second call says


def options(root: Path, command: str) -> list[str]:
    """Where the command finds and writes things."""
    inputs, out = ["--inputs", str(root / "inputs")], ["--out", str(root / "build")]
    chosen = {"publish": out, **dict.fromkeys(("fmt", "rename", "new", "undo"), inputs)}
    chosen["collect"] = [*inputs, str(root / "returned" / "附件4.docx")]
    more = ["--remote", str(root / "remote.git")] if command == "publish" else []
    return [*chosen.get(command, [*inputs, *out]), *more]


def tried(fault: str, command: str, tmp_path: Path) -> list[dict[str, Any]]:
    """What was found with the fault at each I/O call of the command."""
    prepare, words = COMMANDS[command]
    source, target = tmp_path / "source", tmp_path / "target"
    shutil.copytree(EDITIONS["2023"], source / "inputs" / "2023")
    prepare(source)
    program = [sys.executable, "-m", "tests.recipes.faults", fault, str(source), str(target)]
    done = subprocess.run(
        [*program, *words, *options(target, command)],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return list(json.loads(done.stdout))


BESIDE = re.compile(r"/\.jixiao-|\.bak$|/\.collected$")


def below(folder: str, found: Mapping[str, str]) -> dict[str, str]:
    """The files of a snapshot in a folder, but for those that only this program sees."""
    return {
        name: data
        for name, data in found.items()
        if name.startswith(f"{folder}/") and not BESIDE.search(name)
    }


def published(found: Mapping[str, str]) -> dict[str, str]:
    """The files of a snapshot without the remote's, whose commits have times."""
    return {name: data for name, data in found.items() if not name.startswith("remote.git/")}


@pytest.mark.fuzz
@pytest.mark.parametrize(("command", "fault"), [*product(COMMANDS, FAULTS)])
def test_a_fault_at_any_io_call_leaves_everything_whole(
    command: str, fault: str, tmp_path: Path
) -> None:
    trials = tried(fault, command, tmp_path)

    before = below("inputs", snapshot(tmp_path / "source"))
    after = below("inputs", trials[-1]["after_look"])
    assert len(trials) > 5, "files are written, synced and renamed"
    assert trials[-1]["code"] == NO_FAULT
    for number, trial in enumerate(trials[:-1], 1):
        where = f"{fault} at call {number} of {command}: {trial['errors']}"
        assert "Traceback" not in trial["errors"], where
        assert trial["code"] in ((-9,) if fault == "kill" else (0, 1)), where
        assert below("inputs", trial["after_look"]) in (before, after), where
        assert trial["looked"] == 0, where
        assert trial["again"] == 0 or ONLY_ONCE.get(command, "?") in trial["more"], where
        assert published(trial["after"]) == published(trials[-1]["after"]), where
        assert "remote.git/refs/heads/pages" in trial["after"] or command != "publish", where
        assert not any("/.jixiao-" in name for name in trial["after"]), where


def test_a_site_that_cannot_be_put_in_place_leaves_the_former_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with files.locked(tmp_path):
        files.replace_folder(tmp_path / "site", {"index.html": b"former"})
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target == tmp_path / "site" and self.parent.name == ".jixiao-ready":
            raise OSError(5, "Input/output error", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OutputError, match="Input/output error"), files.locked(tmp_path):
        files.replace_folder(tmp_path / "site", {"index.html": b"new"})

    assert (tmp_path / "site" / "index.html").read_bytes() == b"former"


def test_nothing_of_anybody_else_is_swept(tmp_path: Path) -> None:
    others = [tmp_path / ".mine.tmp", tmp_path / "2023" / ".附件1.docx.tmp"]
    others.append(tmp_path / "2023" / ".jixiao-writing" / "of a program that is still at it")
    for path in others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")

    with files.locked(tmp_path):
        pass

    assert all(path.is_file() for path in others)


def test_what_somebody_changed_after_a_kill_is_not_overwritten(
    edition: Path, tmp_path: Path
) -> None:
    """Killed when one of two tables was in its place; then the clerk saves the other one."""
    ready = edition / ".jixiao-ready"
    (ready / "files").mkdir(parents=True)
    (ready / "files" / "rules.csv").write_bytes(b"ours")
    (ready / "plan.json").write_text(
        json.dumps({"replaced": {"rules.csv": "0" * 64, "roster.csv": ""}, "folder": ""})
    )

    with pytest.raises(OutputError, match=r"rules\.csv 写的时候有人改过"):
        files.finish(edition)

    assert (edition / "rules.csv").read_bytes() == (EDITIONS["2023"] / "rules.csv").read_bytes()
    assert (edition / "rules.csv.未写入").read_bytes() == b"ours"
    files.finish(edition)


def test_three_new_at_once_are_one_edition_and_two_refusals(edition: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "new", "2024", "--inputs", str(edition.parent)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [process.communicate()[1].decode() for process in running]

    assert sorted(process.returncode for process in running) == [0, 1, 1]
    refused = [text for process, text in zip(running, said, strict=True) if process.returncode]
    assert all(text.startswith("错误 已经有") for text in refused), said
    assert {path.name for path in (edition.parent / "2024").iterdir()} == {
        path.name for path in EDITIONS["2023"].iterdir()
    }
    assert sorted(path.name for path in edition.parent.iterdir()) == [".lock", "2023", "2024"]


def test_a_table_half_renamed_is_finished_before_anything_is_read(
    edition: Path, jixiao: Any
) -> None:
    """Killed between two tables of a rename: the next look sees both as they should be."""
    renamed = edition.with_name("renamed")
    shutil.copytree(edition, renamed)
    tables = ("sections.csv", "edition.toml", "indicators.csv")
    for name in tables:
        path = renamed / name
        path.write_bytes(path.read_bytes().replace("综合组".encode(), "后勤组".encode()))
    ready = edition / ".jixiao-ready"
    (ready / "files").mkdir(parents=True)
    hashes = {}
    for name in tables:
        hashes[name] = files._hash_of(edition / name)
        shutil.move(renamed / name, ready / "files" / name)
    shutil.rmtree(renamed)
    (ready / "plan.json").write_text(json.dumps({"replaced": hashes, "folder": ""}))
    (ready / "files" / "sections.csv").replace(edition / "sections.csv")

    assert jixiao("check").exit_code == 0
    assert not ready.exists()
    assert "后勤组" in (edition / "edition.toml").read_text(encoding="utf-8-sig")


# --- several at once -------------------------------------------------------------------------

AT_ONCE = ("fmt", "rename", "new", "build", "forms", "score", "collect")


@pytest.mark.fuzz
@pytest.mark.parametrize("commands", [*combinations_with_replacement(AT_ONCE, 2), AT_ONCE[:3]])
def test_commands_at_once_leave_everything_whole(commands: tuple[str, ...], tmp_path: Path) -> None:
    """Each ends as if it had been alone, or says why not; the tables pass the checks afterwards."""
    shutil.copytree(EDITIONS["2023"], tmp_path / "inputs" / "2023")
    untidy(tmp_path)
    (tmp_path / "returned").mkdir()
    words = {name: [*command, *options(tmp_path, name)] for name, (_, command) in COMMANDS.items()}
    where = ["--inputs", str(tmp_path / "inputs")]
    words["collect"] = ["collect", "--edition", "2023", str(tmp_path / "returned"), *where]

    running = [
        subprocess.Popen(
            [sys.executable, "-m", "pipeline", *words[command]],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for command in commands
    ]
    said = [process.communicate()[0].decode() for process in running]

    for process, text in zip(running, said, strict=True):
        assert process.returncode in (0, 1), text
        assert "Traceback" not in text, text
    check = [sys.executable, "-m", "pipeline", "check", *where]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    left = [path for path in tmp_path.rglob(".jixiao-*") if path.name != ".jixiao-former"]
    assert left == []
