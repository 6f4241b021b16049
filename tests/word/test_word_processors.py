"""A template that somebody saved in another word processor still makes the same texts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.checks.load import checked
from pipeline.views.scored import score_of
from pipeline.word.annexes import Templates
from pipeline.word.ledger import document
from tests.conftest import EDITIONS, TEMPLATES
from tests.word.templates import lines

pytestmark = [pytest.mark.slow, pytest.mark.system]


@pytest.fixture(scope="module")
def saved_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates opened and saved by LibreOffice, which writes every part anew."""
    folder = tmp_path_factory.mktemp("saved")
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder)]
    subprocess.run(
        [*command, *sorted(TEMPLATES.glob("*.docx"))], check=True, capture_output=True, timeout=120
    )
    assert len(list(folder.glob("*.docx"))) == 5
    return folder


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_texts_stay_the_same(
    edition: str,
    documents: dict[str, dict[str, bytes]],
    needs: Callable[[str], str],
    request: pytest.FixtureRequest,
) -> None:
    needs("soffice")
    folder = request.getfixturevalue("saved_again")
    read, _ = checked(EDITIONS[edition])
    score = score_of(read)

    made = Templates(folder).annexes(read)
    ledgers = [document(score, read.settings, each) for each in (folder, TEMPLATES)]

    assert lines(ledgers[0]) == lines(ledgers[1])
    assert made.keys() == documents[edition].keys()
    for name, annex in made.items():
        assert lines(annex) == lines(documents[edition][name]), name
