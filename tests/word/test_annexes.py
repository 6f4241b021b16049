"""To add an annex: a line in the list, a view, a template."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import ROOT
from pipeline.ooxml.package import DOCUMENT, archive, read_parts
from tests.conftest import change

# A fifth annex, and what comes of it; the list is changed before anybody reads it.
PROGRAM = """
import json, sys
from pathlib import Path

from pipeline.tables import annexes
fifth = annexes.Annex(template="附件5", view="summary", title="{year}年度总结")
annexes.ANNEXES = (*annexes.ANNEXES, fifth)

from pipeline.views import edition as views
from pipeline.views.annexes import RosterView
former = views.annex_views
def with_summary(edition):
    return {**former(edition), "summary": RosterView(title=edition.settings.title_of(fifth), members=())}
views.annex_views = with_summary

from pipeline.checks.load import checked
from pipeline.ooxml.dump import look, text
from pipeline.ooxml.package import read_parts
from pipeline.word.annexes import Templates

folder, templates = map(Path, sys.argv[1:])
edition, _ = checked(folder)
documents = Templates(templates / "docx").annexes(edition)
print(json.dumps({
    "names": [*documents],
    "form": look(read_parts(documents["附件4.docx"])),
    "whole": text(read_parts(documents["附件1-5.docx"])),
}))
"""


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """The templates, and those of 附件5: like 附件1's, of another view."""
    templates = Path(shutil.copytree(ROOT / "templates", tmp_path / "templates"))
    parts = read_parts((templates / "docx" / "附件1.docx").read_bytes())
    parts[DOCUMENT] = parts[DOCUMENT].replace(b"roster.", b"summary.")
    (templates / "docx" / "附件5.docx").write_bytes(archive(parts))
    return templates


def run(edition: Path, templates: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, edition, templates],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_a_fifth_annex_is_in_every_document(edition: Path, templates: Path) -> None:
    change(edition / "edition.toml", "# orientation = {", 'orientation = { form = "portrait" } # {')

    ran = run(edition, templates)

    assert ran.returncode == 0, ran.stderr
    made = json.loads(ran.stdout)
    assert made["names"] == [f"附件{n}.docx" for n in (1, 2, 3, 4, 5, "1-5")]
    assert "节 竖 210x297 mm" in made["form"]
    assert "2023年度总结" in made["whole"]
