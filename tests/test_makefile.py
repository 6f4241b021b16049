"""make hands on what it is given, executes none of it, and is right about what is up to date."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pipeline.cli import ROOT
from pipeline.delivery.manifest import sha256_of
from pipeline.recipes.build import Outcome, build
from pipeline.recipes.deliverables import Annexes, Step
from pipeline.tables.edition import Edition
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


@pytest.fixture
def real_project(project: Path) -> Path:
    """The copy with the program itself, which works on the copy's files."""
    program = project / ".venv" / "bin" / "jixiao"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH={project} exec {sys.executable} -m pipeline "$@"\n',
        encoding="utf-8",
    )
    return project


def made(project: Path, target: str = "annexes") -> str:
    """What `make` says about the documents of 2023."""
    done = subprocess.run(
        ["make", "-s", target],
        cwd=project,
        check=True,
        capture_output=True,
        text=True,
        env={**outside_make(), "SOURCE_DATE_EPOCH": "1700000000"},
    )
    return done.stdout


def test_what_is_up_to_date_is_told_and_not_made(real_project: Path) -> None:
    assert "2023：写好 附件1.docx" in made(real_project)
    assert "2023：没有变化" in made(real_project)


def edited_with_an_old_time(project: Path) -> None:
    """Another file of the same size is copied over one, with a time long before the build."""
    path = project / "inputs" / "2023" / "indicators.csv"
    assert "左安红".encode() in path.read_bytes()
    path.write_bytes(path.read_bytes().replace("左安红".encode(), "左安宏".encode()))
    os.utime(path, (1_000_000_000, 1_000_000_000))


def deleted(project: Path) -> None:
    (project / "build" / "2023" / "附件2.docx").unlink()


def damaged(project: Path) -> None:
    (project / "build" / "2023" / "附件2.docx").write_bytes(b"PK")


def truncated_with_its_time(project: Path) -> None:
    path = project / "build" / "2023" / "附件1-4.docx"
    times = path.stat().st_mtime_ns
    path.write_bytes(path.read_bytes()[:-1])
    os.utime(path, ns=(times, times))


def template_changed_while_the_clock_was_wrong(project: Path) -> None:
    for path in (project / "build" / "2023").iterdir():
        os.utime(path, (4_000_000_000, 4_000_000_000))
    path = project / "pipeline" / "word" / "layout.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "happened",
    [
        edited_with_an_old_time,
        deleted,
        damaged,
        truncated_with_its_time,
        template_changed_while_the_clock_was_wrong,
    ],
)
def test_what_is_not_up_to_date_is_made_anew(
    real_project: Path, happened: Callable[[Path], None]
) -> None:
    made(real_project)
    happened(real_project)

    made(real_project)

    folder = real_project / "build" / "2023"
    recorded = json.loads((folder / "manifest.json").read_bytes())["deliverables"]["annexes"]
    inputs = recorded["origin"]["inputs"]
    assert {name: sha256_of(folder / name) for name in recorded["documents"]} == recorded[
        "documents"
    ]
    assert {name: sha256_of(real_project / "inputs" / name) for name in inputs} == inputs
    assert "2023：没有变化" in made(real_project)


def test_what_is_edited_while_it_is_being_read_is_made_anew(tmp_path: Path) -> None:
    """The build reads the table as it was; the next one must see that it has changed since."""
    inputs = tmp_path / "inputs"
    shutil.copytree(EDITIONS["2023"], inputs / "2023")
    table = inputs / "2023" / "rules.csv"

    class Slow(Annexes):
        """Somebody saves a table after it was read and before the documents are written."""

        def make(self, edition: Edition, source: Path, step: Step) -> Mapping[str, bytes]:
            table.write_bytes(table.read_bytes() + b"\r\n")
            return super().make(edition, source, step)

    def built(deliverable: Annexes) -> Outcome:
        (outcome,) = build(["2023"], deliverable, inputs=inputs, out=tmp_path / "build")
        return outcome

    assert "附件3.docx" in built(Slow(ROOT / "templates")).written
    assert "manifest.json" in built(Annexes(ROOT / "templates")).written
    assert not built(Annexes(ROOT / "templates")).written


def test_a_day_is_handed_on_to_the_digest(project: Path) -> None:
    assert calls(project, "digest", "ON=2023-10-08") == ["digest --on=2023-10-08"]
    assert calls(project, "digest", "annexes", "EDITION=2023") == ["digest 2023", "build 2023"]


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
_FLAGS = {"DRY": "fmt", "EARLIER": "forms", "UNDO": "collect", "NO_HISTORY": "publish"}


@pytest.mark.slow
@pytest.mark.parametrize("variable", [*_HANDED, *_FLAGS])
def test_make_executes_nothing_that_it_is_given(project: Path, variable: str) -> None:
    others = {"GROUP": "FILES=x", "ACCEPT": "FILES=x", "REPLACE": "FILES=x", "BRANCH": "REMOTE=x"}
    others["NO_HISTORY"] = "REMOTE=x"
    others |= {"FROM": "TO=x", "TO": "FROM=x"}
    more = [others[variable]] if variable in others else []
    for value in _SIGNS:
        (project / "calls").write_text("", encoding="utf-8")
        subprocess.run(
            ["make", "-s", {**_HANDED, **_FLAGS}[variable], f"{variable}={value}", *more],
            cwd=project,
            check=False,
            capture_output=True,
            env=outside_make(),
        )

        handed = (project / "calls").read_text(encoding="utf-8")
        assert not [*project.rglob("pwned")], value
        assert variable in {"EDITION", *_FLAGS} or value in handed, value


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
