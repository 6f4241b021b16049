"""A template that somebody saved in another word processor still makes the same texts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.annexes import Templates
from pipeline.build import checked
from tests.conftest import EDITIONS, TEMPLATES
from tests.word import lines

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def saved_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates opened and saved by LibreOffice, which writes every part anew."""
    folder = tmp_path_factory.mktemp("saved")
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder)]
    subprocess.run(
        [*command, *sorted(TEMPLATES.glob("*.docx"))], check=True, capture_output=True, timeout=120
    )
    assert len(list(folder.glob("*.docx"))) == 4
    return folder


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_texts_stay_the_same(
    edition: str,
    documents: dict[str, dict[str, bytes]],
    needs: Callable[[str], str],
    request: pytest.FixtureRequest,
) -> None:
    needs("soffice")
    templates = Templates(request.getfixturevalue("saved_again"))

    made = templates.annexes(checked(EDITIONS[edition])[0])

    assert made.keys() == documents[edition].keys()
    for name, document in made.items():
        assert lines(document) == lines(documents[edition][name]), name
