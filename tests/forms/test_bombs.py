"""Returned files that are each within their limits, and together are not."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import PackageError
from pipeline.forms.parsing.form import read_forms
from pipeline.ooxml import untrusted
from pipeline.ooxml.package import DOCUMENT, archive, read_parts
from pipeline.ooxml.untrusted import Allowance, read_document
from pipeline.recipes import collect
from tests.conftest import TEMPLATES
from tests.forms.mishaps import filled


def bomb(body: bytes) -> bytes:
    """A form with so much in its body."""
    parts = read_parts((TEMPLATES / "附件4.docx").read_bytes())
    begin = parts[DOCUMENT].index(b"<w:body>") + len(b"<w:body>")
    document = parts[DOCUMENT][:begin] + body + parts[DOCUMENT][begin:]
    return archive({**parts, DOCUMENT: document})


@pytest.mark.parametrize(
    "block", [b"<w:p/>", b"<w:tbl><w:tr/></w:tbl>", b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"]
)
def test_a_document_of_very_many_blocks_is_refused(
    block: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(untrusted, "MOST_BLOCKS", 500)

    with pytest.raises(PackageError, match=r"有 \d+ 个段落和表格行，不像是附件4"):
        read_forms(bomb(block * 600))


@pytest.mark.parametrize("limit", [{"unpacked": 500_000}, {"tags": 60_000}])
def test_files_are_read_until_the_allowance_is_spent(limit: dict[str, int]) -> None:
    allowance = Allowance(**limit)
    data = bomb(b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 2_000)
    read = 0

    with pytest.raises(PackageError, match="一次收的文件加起来太大，从这个文件起没有收"):
        for _ in range(100):
            read_document(data, allowance)
            read += 1

    assert 1 < read < 10
    with pytest.raises(PackageError):
        allowance.refuse_if_spent()


def test_what_was_read_before_is_collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = filled().bytes
    with zipfile.ZipFile(tmp_path / "forms.zip", "w") as zipped:
        for number in range(6):
            zipped.writestr(f"{number}.docx", form)
    one = read_parts(form)
    size = sum(map(len, one.values()))
    monkeypatch.setattr(collect, "Allowance", lambda: Allowance(unpacked=3 * size))

    results = collect.read([tmp_path / "forms.zip"], os.environ)

    assert results[0].form is not None
    refused = [each for each in results if each.form is None]
    assert refused
    assert all("一次收的文件加起来太大" in each.problems[0].message for each in refused)


@pytest.mark.fuzz
def test_fifty_bombs_in_a_zip_take_neither_minutes_nor_gigabytes(tmp_path: Path) -> None:
    import resource
    import time

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        data = bomb(b"<w:p/>" * 49_000)
        for number in range(50):
            zipped.writestr(f"{number}.docx", data)
    (tmp_path / "bombs.zip").write_bytes(packed.getvalue())
    begin = time.monotonic()

    results = collect.read([tmp_path / "bombs.zip"], os.environ)

    assert len(results) == 50
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1 << 20, "kB"
    assert time.monotonic() - begin < 180
