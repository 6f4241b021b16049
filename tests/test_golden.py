"""The real document of 2023, word for word, from the inputs of 2023.

tests/editions/2023.txt is the text of the document as it was sent out.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.ooxml.body import Paragraph, Section, WordTable, blocks
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from tests.word.templates import plain

GOLDEN = (Path(__file__).parent / "editions" / "2023.txt").read_text(encoding="utf-8")


class Slip(NamedTuple):
    """A place where the document of 2023 and ours differ, on purpose."""

    original: str
    ours: str
    times: int
    why: str


SLIPS = (
    Slip("(民族宗教)", "（民族宗教）", 1, "ASCII brackets among full-width ones"),
    Slip("[bookmark:_GoBack]", "", 1, "left by the program that extracted the text"),
    Slip(
        "共同性指标（655分）高效（260分）",
        "高效（260分）",
        1,
        "the label was repeated by hand where that document's page broke",
    ),
    Slip(
        "市对区绩效指标得分情况",
        "差异化指标（345分）市对区绩效指标得分情况",
        1,
        "our page breaks here, and the label is repeated",
    ),
    Slip("依法（195分）", "共同性指标（655分）依法（195分）", 1, "our page breaks here"),
    Slip("保密工作15", "共同性指标（655分）高效（260分）保密工作15", 1, "our page breaks here"),
)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def body(document: bytes) -> list[Paragraph | WordTable | Section]:
    root = parse(read_parts(document)[DOCUMENT])
    return list(blocks(root[0]))


@pytest.fixture(scope="module")
def annexes(documents: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    return documents["2023"]


def test_the_text_is_the_real_documents_except_for_the_listed_slips(
    annexes: dict[str, bytes],
) -> None:
    expected = squeezed(GOLDEN)
    for slip in SLIPS:
        assert expected.count(slip.original) == slip.times, slip
        expected = expected.replace(slip.original, slip.ours)

    assert squeezed(plain(annexes["附件1-4.docx"])) == expected


def test_the_single_annexes_say_together_what_the_combined_one_says(
    annexes: dict[str, bytes],
) -> None:
    single = "".join(plain(annexes[f"附件{number}.docx"]) for number in "1234")

    assert single == plain(annexes["附件1-4.docx"])


def golden_rows() -> list[list[str]]:
    """The 51 rows of 附件2 as the extracted text has them: a tab begins a cell, a blank line a row.

    Labels are carried down, without their totals; a blank 一级指标 after the second row stays so.
    """
    table = GOLDEN.partition("任务分解表\n")[2].partition("附件3")[0]
    rows: list[list[str]] = []
    for block in re.split(r"\n\n(?=\t)", table)[1:]:
        cells = [squeezed(cell) for cell in re.split(r"(?:^|\n)\t", block)][1:]
        labels = [re.sub(r"（\d+分）", "", cell) for cell in cells[:2]]
        if rows and not labels[0]:
            labels[0] = rows[-1][0]
            if not labels[1] and labels[0] == "共同性指标":
                labels[1] = rows[-1][1]
        rows.append([*labels, *cells[2:]])
    return [
        [row[0], row[1] or (above[1] if row[0] == "共同性指标" else ""), *row[2:]]
        for above, row in zip([rows[0], *rows], rows, strict=False)
    ]


def our_rows(document: bytes) -> list[list[str]]:
    (table,) = (block for block in body(document) if isinstance(block, WordTable))
    rows: list[list[str]] = []
    for row in table.rows[1:]:
        texts = [squeezed(cell.text) for cell in row.cells]
        for level in (0, 1):
            if row.cells[level].merge == "continue":
                texts[level] = rows[-1][level]
        rows.append([*(re.sub(r"（\d+分）", "", text) for text in texts[:2]), *texts[2:]])
    return rows


def test_all_rows_of_annex_2_are_equal_cell_by_cell(annexes: dict[str, bytes]) -> None:
    expected = [
        [cell.replace("(民族宗教)", "（民族宗教）") for cell in row] for row in golden_rows()
    ]

    assert len(expected) == 51
    assert our_rows(annexes["附件2.docx"]) == expected


def test_the_totals_are_derived_from_the_rows(annexes: dict[str, bytes]) -> None:
    rows = our_rows(annexes["附件2.docx"])

    def total(level: int, label: str) -> Decimal:
        return sum((Decimal(row[3]) for row in rows if row[level] == label), Decimal(0))

    assert [total(0, label) for label in ("差异化指标", "共同性指标")] == [345, 655]
    assert [total(1, label) for label in ("科学", "依法", "高效", "廉洁")] == [140, 195, 260, 60]
    for label in ("差异化指标（345分）", "共同性指标（655分）", "科学（140分）", "依法（195分）"):
        assert label in squeezed(plain(annexes["附件2.docx"]))
    for label in ("高效（260分）", "廉洁（60分）"):
        assert label in squeezed(plain(annexes["附件2.docx"]))


def test_the_form_is_blank_with_five_rows(annexes: dict[str, bytes]) -> None:
    tables = [block for block in body(annexes["附件4.docx"]) if isinstance(block, WordTable)]

    assert [cell.text for cell in tables[0].rows[0].cells][:2] == ["填报组队：", "填报人："]
    assert len(tables[1].rows) == 6
    assert not any(cell.text for row in tables[1].rows[1:] for cell in row.cells)
