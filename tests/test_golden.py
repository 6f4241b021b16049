"""The real document of 2023, word for word, from the inputs of 2023.

tests/editions/2023.txt is the text of the document as it was sent out.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.checks.load import checked
from pipeline.ooxml.body import Paragraph, Section, WordRow, WordTable, blocks
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from pipeline.word.annexes import Templates
from tests.conftest import change
from tests.word.templates import plain

GOLDEN = (Path(__file__).parent / "editions" / "2023.txt").read_text(encoding="utf-8")


class Slip(NamedTuple):
    """A place where the document of 2023 and ours differ, on purpose."""

    original: str
    ours: str
    times: int
    why: str


HEAD = "项目一级指标二级指标名称分值数据采集责任单位责任领导责任科室责任人"

SLIPS = (
    Slip("(民族宗教)", "（民族宗教）", 1, "ASCII brackets among full-width ones"),
    Slip("[bookmark:_GoBack]", "", 1, "left by the program that extracted the text"),
    Slip(
        "共同性指标（655分）高效（260分）",
        "高效（260分）",
        1,
        "the label was repeated by hand where that document's page broke",
    ),
    Slip("生态环境保护成效", f"{HEAD}差异化指标（345分）生态环境保护成效", 1, "our page ends here"),
    Slip(
        "社会信用体系建设", f"{HEAD}共同性指标（655分）科学（140分）社会信用体系建设", 1, "and here"
    ),
    Slip("区委文字综合", f"{HEAD}共同性指标（655分）高效（260分）区委文字综合", 1, "and here"),
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


def printed_rows() -> list[list[str]]:
    """The 51 rows of 附件2 as the extracted text has them: a tab begins a cell, a blank line a row.

    A label stands where it is printed.
    """
    table = GOLDEN.partition("任务分解表\n")[2].partition("附件3")[0]
    blocks_of_rows = re.split(r"\n\n(?=\t)", table)[1:]
    return [[*map(squeezed, re.split(r"(?:^|\n)\t", block))][1:] for block in blocks_of_rows]


def golden_rows() -> list[list[str]]:
    """The rows with their labels carried down, without totals; a blank 一级指标 stays so."""
    rows: list[list[str]] = []
    for cells in printed_rows():
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


def table_rows(document: bytes) -> list[WordRow]:
    """The rows of 附件2, which has a table on each page, without the heads."""
    tables = [block for block in body(document) if isinstance(block, WordTable)]
    return [row for table in tables for row in table.rows[1:]]


def our_rows(document: bytes) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in table_rows(document):
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


def test_with_its_page_ended_by_hand_the_table_is_the_real_one_cell_by_cell(
    edition: Path, templates: Templates
) -> None:
    """That document printed its labels again at 区委督查件、交办件办理情况, and nowhere else."""
    change(edition / "edition.toml", '# repeat_labels_at = ["GT18"]', 'repeat_labels_at = ["GT18"]')
    document = templates.annexes(checked(edition)[0])["附件2.docx"]

    ours = [
        ["" if cell.merge == "continue" else squeezed(cell.text) for cell in row.cells]
        for row in table_rows(document)
    ]

    real = [[cell.replace("(民族宗教)", "（民族宗教）") for cell in row] for row in printed_rows()]
    assert ours == real


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
