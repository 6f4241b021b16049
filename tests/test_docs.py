"""What the documents say is what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from pipeline.checks.load import checked
from pipeline.cli import COMMANDS, ROOT, cli
from pipeline.tables.edition import tables
from pipeline.tables.schema import markdown
from pipeline.tables.settings import IndicatorSettings
from pipeline.views.edition import annex_views
from tests.conftest import EDITIONS

# A path below the project, alone between backticks: no option, no tag, nothing that is built.
NAMED = re.compile(r"`((?:pipeline|templates|tests|\.github)/[^`\s*<>]*)`")
LOCALE = ROOT / "pipeline" / "locale" / "zh_CN" / "LC_MESSAGES"


def test_the_clerks_readme_holds_the_data_dictionary() -> None:
    readme = (ROOT / "README.zh.md").read_text(encoding="utf-8")

    assert markdown(tables(IndicatorSettings())) in readme, "paste what `jixiao schema` prints"


def test_the_readme_names_everything_that_templates_see() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    edition, _ = checked(EDITIONS["2023"])

    for name, view in annex_views(edition).items():
        line = next(line for line in readme.splitlines() if line.startswith(f"| `{name}` |"))
        for field in type(view).__dataclass_fields__:
            assert f"`{field}`" in line, f"{name}.{field}"


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", ".github/CONTRIBUTING.md"])
def test_every_path_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    made = set(re.findall(r"^New file `(.+)`:$", text, re.MULTILINE))
    links = re.findall(r"\]\(([^)#:]+)\)", text)

    named = {path for path in NAMED.findall(text) if "N." not in path} - made
    missing = [path for path in named if not (ROOT / path).exists()]
    broken = [link for link in links if not ((ROOT / name).parent / link).exists()]

    assert (missing, broken) == ([], [])


def test_the_compiled_words_are_fresh() -> None:
    with (LOCALE / "messages.po").open("rb") as source, (LOCALE / "messages.mo").open("rb") as made:
        written, compiled = words(read_po(source)), words(read_mo(made))

    assert len(written) > 20
    assert compiled == written, "run `make locale`"


def words(catalog: Catalog) -> dict[str, list[str]]:
    """Singular form → translations, without the header, which holds a date."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: [
            *([message.string] if isinstance(message.string, str) else message.string)
        ]
        for message in catalog
        if message.id
    }


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese(command: str) -> None:
    shown = CliRunner().invoke(cli, [*command.split(), "--help"]).output

    for english in (
        "Usage",
        "Options",
        "OPTIONS",
        "Commands",
        "Show this",
        "Show the",
        "DIRECTORY",
    ):
        assert english not in shown


def test_dump_shows_a_document_as_text(tmp_path: Path) -> None:
    path = ROOT / "templates" / "docx" / "附件1.docx"
    run = subprocess.run(
        [sys.executable, "-m", "pipeline", "dump", path],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )

    assert run.stdout.decode().splitlines()[:3] == [
        "[附件序号] 附件1",
        "[Normal]",
        "[附件标题] {{ roster.title }}",
    ]


def test_dump_refuses_what_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"not a zip")

    run = subprocess.run(
        [sys.executable, "-m", "pipeline", "dump", path], cwd=ROOT, capture_output=True
    )

    assert run.returncode == 1
    assert run.stderr.decode() == "错误 不是 .docx 文件，或者文件已经损坏\n"
