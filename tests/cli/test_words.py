"""Files in one text, as make hands them on."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from pipeline.cli.forms import _files_in


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("表 (1).docx", ["表 (1).docx"]),  # one file, blanks and brackets and all
        ("a.docx b.docx", ["a.docx", "b.docx"]),
        ("'c d.docx' a.docx", ["c d.docx", "a.docx"]),
        ("[ab].docx", ["a.docx", "b.docx"]),
        ("$(x).docx", ["$(x).docx"]),
        ("", []),
    ],
)
def test_each_file_is_found(
    words: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("表 (1).docx", "a.docx", "b.docx", "c d.docx", "$(x).docx"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)

    assert _files_in(words) == [Path(name) for name in expected]


@pytest.mark.parametrize(
    ("words", "message"), [("nowhere.docx", "没有这个文件：nowhere.docx"), ("'a", "引号不成对")]
)
def test_what_is_no_file_is_told(words: str, message: str) -> None:
    with pytest.raises(click.UsageError, match=message):
        _files_in(words)
