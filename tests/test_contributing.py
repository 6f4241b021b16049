"""The recipes of CONTRIBUTING.md do what they say: each is followed to the letter on a copy.

A recipe is made of steps, a sentence that ends with a colon and a fenced block below it. The
sentence says what to do with the block: see STEPS.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.cli import ROOT
from tests.conftest import EDITIONS

TEXT = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^(.+):\n\n```\w+\n((?:(?!```).*\n)*)```$", re.MULTILINE)


class Reader:
    """Somebody who follows a recipe in `project`, and remembers what the last command printed."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.printed = ""

    def new_file(self, path: str, block: str) -> None:
        assert not (self.project / path).exists()
        (self.project / path).parent.mkdir(parents=True, exist_ok=True)
        (self.project / path).write_text(block, encoding="utf-8")

    def change(self, path: str, how: str, beginning: str, block: str) -> None:
        """Put the block where the recipe says, seen from the only line with this beginning."""
        data = (self.project / path).read_bytes().decode("utf-8")
        lines = data.removeprefix("\ufeff").splitlines(keepends=True)
        found = [index for index, line in enumerate(lines) if line.startswith(beginning)]
        assert len(found) == 1, f"{path}: {len(found)} lines begin with {beginning!r}"
        line = lines[found[0]]
        ending = line[len(line.rstrip("\r\n")) :]
        lines[found[0]] = {
            "before": block + line,
            "after": line + block,
            "in place of": block,
            "at the end of": line.removesuffix(ending) + block.removesuffix("\n") + ending,
        }[how]
        mark = "\ufeff" if data.startswith("\ufeff") else ""
        (self.project / path).write_bytes((mark + "".join(lines)).encode())

    def run(self, block: str) -> None:
        """Run commands in the shell, by this Python in place of the environment's."""
        self._run("bash", "-e", "-c", block.replace(".venv/bin/python", sys.executable))

    def run_python(self, block: str) -> None:
        self._run(sys.executable, "-c", block)

    def sees(self, block: str) -> None:
        for line in block.splitlines():
            assert line in self.printed

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, cwd=self.project, capture_output=True, text=True)
        self.printed = done.stdout + done.stderr
        assert done.returncode == 0, self.printed


STEPS: dict[str, Callable[..., None]] = {
    r"New file `(.+)`": Reader.new_file,
    r"In `(.+)`, (before|after|in place of|at the end of) the line `(.+)`": Reader.change,
    r"Run": Reader.run,
    r"Run in Python": Reader.run_python,
    r"It prints": Reader.sees,
}


def recipes() -> dict[str, str]:
    """Title → text."""
    _, _, after = TEXT.partition("\n## Recipes\n")
    titled = re.split(r"^### (.+)\n", after.partition("\n## ")[0], flags=re.MULTILINE)[1:]
    return dict(zip(titled[::2], titled[1::2], strict=True))


def steps(recipe: str) -> Iterator[tuple[Callable[..., None], list[str]]]:
    """What to do, and with what: the words of the sentence, and the block."""
    blocks = BLOCK.findall(recipe)
    assert len(blocks) == recipe.count("```") / 2, "a block without a sentence that says what for"
    for sentence, block in blocks:
        (found,) = (
            (step, match) for step in STEPS if (match := re.fullmatch(step, sentence)) is not None
        )
        step, match = found
        yield STEPS[step], [*match.groups(), block]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The program and its templates, with the frozen edition of 2023 to try it on."""
    without_caches = shutil.ignore_patterns("__pycache__")
    for folder in ("pipeline", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=without_caches)
    shutil.copytree(EDITIONS["2023"], tmp_path / "inputs" / "2023")
    return tmp_path


TITLES = [*recipes()]
MARKED = [  # those that print a PDF take long
    pytest.param(title, marks=[pytest.mark.slow] if "pipeline digest" in recipes()[title] else [])
    for title in TITLES
]


@pytest.mark.parametrize("title", MARKED)
def test_a_recipe_does_what_it_says(title: str, project: Path) -> None:
    reader = Reader(project)

    for follow, words in steps(recipes()[title]):
        follow(reader, *words)

    assert "It prints:" in recipes()[title], "a recipe ends with what there is to see"


@pytest.mark.parametrize("title", TITLES)
def test_a_recipe_keeps_the_form_of_the_code(title: str, project: Path) -> None:
    reader = Reader(project)
    shutil.copy(ROOT / "pyproject.toml", project)

    for follow, words in steps(recipes()[title]):
        if follow in (Reader.new_file, Reader.change):
            follow(reader, *words)

    for command in ("check", "format --check"):
        reader.run(f".venv/bin/python -m ruff {command} pipeline")
