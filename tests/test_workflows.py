"""What runs outside: the hooks before a commit, and the workflows on the code hosts."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipeline.cli import ROOT
from tests.conftest import change

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CI = ROOT / ".github" / "workflows" / "ci.yml"
GITLAB = ROOT / ".gitlab-ci.yml"
DEPENDABOT = ROOT / ".github" / "dependabot.yml"
TOOLS = Path(sys.executable).parent

by_name = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command], capture_output=True, text=True, **options)


def jobs(workflow: Path) -> dict[str, Any]:
    """Its jobs; a pipeline of GitLab has them at the top, beside what starts with no script."""
    read = YAML(typ="safe").load(workflow)
    return read.get("jobs") or {name: job for name, job in read.items() if "script" in job}


def commands(workflow: Path) -> Iterator[tuple[str, str]]:
    """Each job and what it has the shell do."""
    for name, job in jobs(workflow).items():
        yield from ((name, step["run"]) for step in job.get("steps", []) if "run" in step)
        yield from ((name, line) for line in job.get("script", []))


def made(workflow: Path) -> set[tuple[str, str]]:
    """Each job and the targets that it makes; NAME=value is no target."""
    return {
        (job, word)
        for job, command in commands(workflow)
        for words in re.findall(r"^\s*make (.+)$", command, re.MULTILINE)
        for word in shlex.split(words)
        if "=" not in word
    }


@by_name
@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
        ["zizmor", "--offline", "--no-progress", "--persona=auditor"],
        ["actionlint"],
    ],
    ids=lambda command: command[0],
)
def test_workflows_are_valid_and_safe(command: list[str], workflow: Path) -> None:
    name, *options = command

    done = run(TOOLS / name, *options, workflow)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_pipeline_of_gitlab_is_valid() -> None:
    done = run(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", GITLAB)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.dependabot"],
        ["zizmor", "--offline", "--no-progress", "--persona=auditor"],
    ],
    ids=lambda command: command[0],
)
def test_the_updates_of_dependencies_are_valid_and_safe(command: list[str]) -> None:
    name, *options = command

    done = run(TOOLS / name, *options, DEPENDABOT)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_folder_with_dependencies_is_kept_up_to_date() -> None:
    updates = YAML(typ="safe").load(DEPENDABOT)["updates"]
    folders = {
        (update["package-ecosystem"], folder)
        for update in updates
        for folder in update.get("directories", [update.get("directory")])
    }

    assert folders == {("pip", "/"), ("pip", "/tests"), ("github-actions", "/"), ("npm", "/tests")}


@by_name
def test_each_action_is_pinned_to_a_commit_and_tells_its_version(workflow: Path) -> None:
    used = re.findall(r"uses: *(.+)", workflow.read_text(encoding="utf-8"))
    pinned = re.compile(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")

    assert [use for use in used if not pinned.fullmatch(use)] == []


@by_name
def test_only_what_publishes_may_write(workflow: Path) -> None:
    may_write = {
        (name, what)
        for name, job in jobs(workflow).items()
        for what, access in job.get("permissions", {}).items()
        if access != "read"
    }

    assert YAML(typ="safe").load(workflow)["permissions"] == {"contents": "read"}
    assert may_write <= {("deploy", "pages"), ("deploy", "id-token"), ("release", "contents")}


def test_only_what_passed_on_main_is_published() -> None:
    found = jobs(CI)

    condition = "github.event_name != 'pull_request' && github.ref == 'refs/heads/main'"
    assert found["site"]["if"] == condition
    assert found["site"]["needs"] == ["check", "build", "test"]
    assert [name for name, job in found.items() if "permissions" in job] == ["deploy", "release"]
    assert found["deploy"]["needs"] == found["release"]["needs"] == "site"


@pytest.mark.parametrize("workflow", [*WORKFLOWS, GITLAB], ids=lambda path: path.name)
def test_what_a_workflow_makes_is_in_the_makefile(workflow: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)

    assert {target for _, target in made(workflow)} - {*targets} == set()


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [
        (CI, {("check", "check"), ("build", "annexes"), ("build", "digest"), ("site", "site")}),
        (GITLAB, {("check", "check"), ("pages", "site")}),
    ],
    ids=["ci.yml", ".gitlab-ci.yml"],
)
def test_what_each_job_makes(workflow: Path, expected: set[tuple[str, str]]) -> None:
    assert made(workflow) == expected
    assert ("test", ".ci/run") in commands(workflow)


@pytest.mark.parametrize("workflow", [CI, GITLAB], ids=["ci.yml", ".gitlab-ci.yml"])
def test_what_is_published_is_as_of_the_day_in_china(workflow: Path) -> None:
    content = YAML(typ="safe").load(workflow)

    assert (content.get("env") or content["variables"])["TZ"] == "Asia/Shanghai"
    assert 'make site ON="$(date +%F)"' in workflow.read_text(encoding="utf-8")


def test_the_digest_is_renewed_every_day() -> None:
    workflow = YAML(typ="safe").load(CI)

    assert [each["cron"].split()[2:] for each in workflow["on"]["schedule"]] == [["*"] * 3]


def test_the_site_is_made_with_the_whole_history() -> None:
    checkout, *_ = jobs(CI)["site"]["steps"]

    assert checkout["with"]["fetch-depth"] == 0
    assert jobs(GITLAB)["pages"]["variables"]["GIT_DEPTH"] == 0


@pytest.mark.parametrize(
    ("workflow", "job"),
    [(CI, "build"), (CI, "site"), (GITLAB, "pages")],
    ids=["build", "site", "pages"],
)
def test_what_pdf_needs_is_installed(workflow: Path, job: str) -> None:
    shell = "\n".join(command for name, command in commands(workflow) if name == job)

    assert "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in shell


VIEW = "release view latest"
CREATE = "release create latest --target c0ffee --title 最新摘要 --notes 表格每次更新后自动替换。"
MOVE = (
    "api --silent --method PATCH repos/{owner}/{repo}/git/refs/tags/latest"
    " -f sha=c0ffee -F force=true"
)
TAKE_AWAY = "release delete-asset latest digest.pdf --yes"
UPLOAD = "release upload latest site/latest/digest.pdf --clobber"


@pytest.mark.parametrize(
    ("digest", "released", "called", "told"),
    [
        (False, True, [TAKE_AWAY], "::notice::没有要公布的摘要，发布页上也拿掉\n"),
        (True, False, [VIEW, CREATE, MOVE, UPLOAD], ""),
        (True, True, [VIEW, MOVE, UPLOAD], ""),
    ],
    ids=["nothing to publish", "first time", "again"],
)
def test_the_release_follows_the_digest(
    tmp_path: Path, digest: bool, released: bool, called: list[str], told: str
) -> None:
    calls, environment = with_stand_in(tmp_path, view_succeeds=released)
    if digest:
        (tmp_path / "site" / "latest").mkdir(parents=True)
        (tmp_path / "site" / "latest" / "digest.pdf").touch()
    (script,) = (command for name, command in commands(CI) if name == "release")

    done = run("bash", "-e", "-c", script, cwd=tmp_path, env=environment)

    assert (done.returncode, done.stdout, done.stderr) == (0, told, "")
    assert calls.read_text(encoding="utf-8").splitlines() == called


def with_stand_in(folder: Path, *, view_succeeds: bool) -> tuple[Path, Mapping[str, str]]:
    """A `gh` that only writes down how it was called: where to, and the environment that has it."""
    calls, program = folder / "calls", folder / "bin" / "gh"
    view = "true" if view_succeeds else "false"
    calls.touch()
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$@" >> calls\n[ "$2" != view ] || {view}\n', encoding="utf-8"
    )
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return calls, {**os.environ, "PATH": path, "GITHUB_SHA": "c0ffee"}


@pytest.mark.parametrize(("year", "passes"), [("2023", True), ('"二〇二三"', False)])
def test_the_hook_checks_the_tables(edition: Path, year: str, passes: bool) -> None:
    """In a repository with the project's Makefile and tables, whose environment is this one."""
    project = edition.parent.parent
    change(edition / "edition.toml", "year = 2023", f"year = {year}")
    for name in ("Makefile", ".pre-commit-config.yaml", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, project)
    program = project / ".venv" / "bin" / "jixiao"
    program.parent.mkdir(parents=True)
    command = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m pipeline "$@" --inputs inputs'
    program.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
    program.chmod(0o755)
    (project / ".venv" / ".ready").touch()
    run("git", "init", "-q", cwd=project)
    run("git", "add", "inputs", ".pre-commit-config.yaml", cwd=project)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}

    done = run(
        *(TOOLS / "pre-commit", "run", "--all-files", "jixiao-check"),
        cwd=project,
        env={**environment, "PRE_COMMIT_HOME": str(project / "hooks")},
    )

    assert (done.returncode == 0) is passes, done.stdout + done.stderr
    assert "检查绩效表格" in done.stdout
    assert ("edition.toml year：必须是整数" in done.stdout) is not passes
