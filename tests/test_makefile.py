"""Make decides by time: nothing is started when nothing changed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.cli import ROOT
from tests.conftest import EDITIONS


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project whose program only writes down how it was called."""
    shutil.copytree(EDITIONS["2023"], tmp_path / "inputs" / "2023")
    for name in ("templates", "pipeline"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    program = tmp_path / ".venv" / "bin" / "jixiao"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$@" >> calls\nmkdir -p "build/$2"\n', encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / ".venv" / ".ready").touch()
    return tmp_path


def calls(project: Path, *targets: str) -> list[str]:
    """What the program was called with while making the targets."""
    (project / "calls").write_text("", encoding="utf-8")
    subprocess.run(
        ["make", "-s", *targets],
        cwd=project,
        check=True,
        stdout=subprocess.DEVNULL,
        env=outside_make(),
    )
    return (project / "calls").read_text(encoding="utf-8").splitlines()


def outside_make() -> dict[str, str]:
    """The environment without what an outer make, which may run these tests, puts into it."""
    return {
        key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))
    }


def touch_later(path: Path, stamp: Path) -> None:
    later = stamp.stat().st_mtime + 2
    os.utime(path, (later, later))


def test_a_second_make_annexes_starts_nothing(project: Path) -> None:
    assert calls(project, "annexes") == ["build 2023"]
    assert calls(project, "annexes") == []


@pytest.mark.parametrize(
    "name",
    [
        "inputs/2023/roster.csv",
        "inputs/2023/edition.toml",
        "inputs/2023",
        "templates/docx/附件1.docx",
        "pipeline/views/annexes.py",
    ],
)
def test_a_change_rebuilds(project: Path, name: str) -> None:
    calls(project, "annexes")
    touch_later(project / name, project / "build/2023/.annexes")

    assert calls(project, "annexes") == ["build 2023"]


def test_only_the_edition_that_changed_is_rebuilt(project: Path) -> None:
    shutil.copytree(project / "inputs/2023", project / "inputs/2024")
    assert sorted(calls(project, "annexes")) == ["build 2023", "build 2024"]
    touch_later(project / "inputs/2024/rules.csv", project / "build/2024/.annexes")

    assert calls(project, "annexes", "EDITION=2023") == []
    assert calls(project, "annexes") == ["build 2024"]


def test_the_digest_has_a_stamp_of_its_own(project: Path) -> None:
    assert calls(project, "annexes", "digest") == ["build 2023", "digest 2023"]
    assert calls(project, "annexes", "digest") == []

    touch_later(project / "templates/html/page.css", project / "build/2023/.digest")

    assert calls(project, "annexes", "digest") == ["digest 2023"]


def test_another_day_is_another_digest(project: Path) -> None:
    assert calls(project, "digest", "ON=2023-10-08") == ["digest 2023 --on=2023-10-08"]
    assert calls(project, "digest", "ON=2023-10-08") == []
    assert calls(project, "digest", "ON=2023-10-09") == ["digest 2023 --on=2023-10-09"]
    assert calls(project, "digest") == ["digest 2023"]
    assert calls(project, "digest", "annexes") == ["build 2023"]


def test_a_remote_is_handed_on(project: Path) -> None:
    assert calls(project, "publish", "REMOTE=a.git", "BRANCH=b") == [
        "site",
        "publish --remote=a.git --branch=b",
    ]


@pytest.mark.parametrize(
    ("words", "call"),
    [
        (["FILES=表 (1).docx"], "collect --words=表 (1).docx"),
        (["FILES='a b.docx' *.docx"], "collect --words='a b.docx' *.docx"),
        (
            ["FILES=x", "PERIOD=全年", "GROUP=综合组", "EDITION=2023", "DRY=1"],
            "collect --edition=2023 --period=全年 --group=综合组 --dry-run --words=x",
        ),
        (["FILES=x", "ACCEPT=1", "REPLACE=1"], "collect --accept=1 --replace=1 --words=x"),
        (
            ["FILES=x", "ACCEPT=GT07", "REPLACE=业务组"],
            "collect --accept=GT07 --replace=业务组 --words=x",
        ),
        (["UNDO=1"], "collect --undo"),
        (["UNDO=1", "EDITION=2023", "DRY=1"], "collect --undo --edition=2023 --dry-run"),
    ],
)
def test_what_to_collect_is_handed_on(project: Path, words: list[str], call: str) -> None:
    (project / "表 (1).docx").touch()

    assert calls(project, "collect", *words) == [call]


def test_periods_and_days_are_handed_on(project: Path) -> None:
    assert calls(project, "status", "ON=2023-10-01", "PERIOD=全年", "FORMAT=json") == [
        "status --on=2023-10-01 --period=全年 --format=json"
    ]
    assert calls(project, "forms", "PERIOD=全年", "EARLIER=1") == ["forms --period=全年 --earlier"]
    assert calls(project, "rename", "FROM=综合组", "TO=办公室", "DRY=1") == [
        "rename --dry-run -- 综合组 办公室"
    ]
    assert calls(project, "fmt", "DRY=1") == ["fmt --dry-run"]
    assert calls(project, "consolidated", "EDITION=2023") == ["forms 2023 --consolidated"]


_SIGNS = [
    *("$(shell touch pwned)", "$$(touch pwned)", "$(touch pwned)", "`touch pwned`", "${PATH}"),
    *("x; touch pwned", "x && touch pwned", "x | touch pwned", "x & touch pwned", "x > pwned"),
    *('"; touch pwned; "', "'; touch pwned; '", "x\ntouch pwned", "$(eval X:=1)", "$(error x)"),
    *("$(info x)", "$(file >pwned,x)", "$(MAKE)", "$@", "$*", "%", "#", "~", "!!", "\\", "x\\"),
    *("$(value X)", "$(call x)", "${IFS}touch${IFS}pwned", "-x", "a=b", "$"),
]
_HANDED = {
    "ON": "status",
    "PERIOD": "forms",
    "FORMAT": "check",
    "GROUP": "collect",
    "ACCEPT": "collect",
    "REPLACE": "collect",
    "FILES": "collect",
    "WITH": "score",
    "REMOTE": "publish",
    "BRANCH": "publish",
    "YEAR": "new",
    "FROM": "rename",
    "TO": "rename",
    "EDITION": "status",
}


@pytest.mark.slow
@pytest.mark.parametrize("variable", _HANDED)
def test_make_executes_nothing_that_it_is_given(project: Path, variable: str) -> None:
    others = {"GROUP": "FILES=x", "ACCEPT": "FILES=x", "REPLACE": "FILES=x", "BRANCH": "REMOTE=x"}
    others |= {"FROM": "TO=x", "TO": "FROM=x"}
    more = [others[variable]] if variable in others else []
    for value in _SIGNS:
        (project / "calls").write_text("", encoding="utf-8")
        subprocess.run(
            ["make", "-s", _HANDED[variable], f"{variable}={value}", *more],
            cwd=project,
            check=False,
            capture_output=True,
            env=outside_make(),
        )

        handed = (project / "calls").read_text(encoding="utf-8")
        assert not [*project.rglob("pwned")], value
        assert variable == "EDITION" or value in handed, value


@pytest.mark.parametrize("name", ["$(touch pwned)", "a;b", "`touch pwned`", "x'y"])
def test_a_folder_that_is_no_edition_is_refused_by_name(project: Path, name: str) -> None:
    shutil.copytree(project / "inputs" / "2023", project / "inputs" / name)

    done = subprocess.run(
        ["make", "-s", "annexes"], cwd=project, capture_output=True, text=True, env=outside_make()
    )

    assert done.returncode == 2
    assert "年度的文件夹名里不能有" in done.stderr
    assert name.split()[0] in done.stderr
    assert not [*project.rglob("pwned")]


def test_help_lists_every_target() -> None:
    shown = subprocess.run(
        ["make", "-s", "help"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env=outside_make(),
    )
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    declared = next(line.split()[1:] for line in makefile if line.startswith(".PHONY"))

    listed = [line.split()[1] for line in shown.stdout.splitlines()]
    assert sorted(listed) == sorted(declared)
