"""Collecting one form, and what then stands in the tables."""

from __future__ import annotations

from pathlib import Path

from pipeline.checks.load import checked
from pipeline.forms.returned.owner import CollectOptions
from pipeline.recipes.collect import CollectResult, collect, read
from tests.conftest import TEMPLATES
from tests.forms.mishaps import GROUP, PERIOD, Row

FILE = "表.docx"


def collected(
    inputs: Path, data: bytes, options: CollectOptions, name: str = FILE
) -> CollectResult:
    path = inputs.parent.parent / name
    path.write_bytes(data)
    return collect(read([path], {}), inputs, options, template=TEMPLATES / "附件4.docx")


def answers(inputs: Path, group: str = GROUP, period: str = PERIOD) -> dict[str, Row]:
    """What progress.csv has for a group in a period."""
    edition, _ = checked(inputs)
    sheet = edition["progress"]
    fields = ("period", "group", "indicator", "progress", "problems", "measures")
    rows = zip(*(sheet[name] for name in fields), strict=True)
    return {code: tuple(texts) for p, g, code, *texts in rows if (p, g) == (period, group)}
