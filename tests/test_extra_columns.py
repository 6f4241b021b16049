"""Columns of indicators.csv that only the edition knows: declared, checked, printed, published."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from docx import Document

from pipeline.checks.load import checked, problems
from pipeline.cli import ROOT
from pipeline.errors import TemplateError
from pipeline.recipes.fmt import changes
from pipeline.tables.edition import read_settings, tables
from pipeline.tables.schema import frictionless
from pipeline.views.annexes import IndicatorsView, IndicatorView
from pipeline.views.edition import annex_views
from pipeline.web.environment import variable_of
from pipeline.web.paging import PageMeasures, columns
from pipeline.word.annexes import Templates
from tests.conftest import TEMPLATES, change
from tests.word.templates import lines

Jixiao = Callable[..., Result]

DECLARED = 'extra = ["完成时限", "评分标准"]\nphrases = ['
FIRST = ("6月底前", "每差一项扣 1 分，\n扣完为止 <A & B>")


@pytest.fixture
def extended(edition: Path) -> Path:
    """The 2023 edition with two columns more, declared, the first row filled in."""
    path = edition / "indicators.csv"
    head, first, *others = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")))
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(
        [
            [*head, "完成时限", "评分标准"],
            [*first, *FIRST],
            *([*row, "", ""] for row in others),
        ]
    )
    path.write_bytes(buffer.getvalue().encode("utf-8-sig"))
    change(edition / "edition.toml", "phrases = [", DECLARED)
    return edition


def rows(edition: Path) -> tuple[IndicatorView, ...]:
    view: tuple[IndicatorView, ...] = annex_views(checked(edition)[0])["indicators"].rows
    return view


def template_that_prints(folder: Path, tag: str) -> Templates:
    """The annexes' templates, 附件2 with one more tag in the cell of 责任人."""
    shutil.copytree(TEMPLATES, folder)
    document = Document(str(folder / "附件2.docx"))
    (cell,) = (
        cell for row in document.tables[0].rows for cell in row.cells if "row.person" in cell.text
    )
    cell.add_paragraph(tag)
    document.save(str(folder / "附件2.docx"))
    return Templates(folder)


def test_a_declared_column_is_a_column_like_any_other(extended: Path) -> None:
    assert [each for each in problems(extended) if each.severity == "error"] == []
    assert rows(extended)[0].extra == dict(zip(("完成时限", "评分标准"), FIRST, strict=True))
    assert rows(extended)[1].extra == {"完成时限": "", "评分标准": ""}


def test_a_column_that_nobody_declared_is_an_error_that_says_how_to_declare_it(
    extended: Path,
) -> None:
    change(extended / "edition.toml", 'extra = ["完成时限", "评分标准"]', 'extra = ["完成时限"]')

    (error,) = (each for each in problems(extended) if each.severity == "error")

    assert str(error) == (
        "2023/indicators.csv 第1行 评分标准（K1）：程序不认识这一列，它的内容不会用到。要用这一列，"
        '在 edition.toml 的 [indicators] 里写 extra = ["完成时限", "评分标准"]；不用就删去'
    )


def test_a_declared_column_must_be_there(edition: Path) -> None:
    change(edition / "edition.toml", "phrases = [", DECLARED)

    errors = [each for each in problems(edition) if each.severity == "error"]

    assert [(each.column, each.message) for each in errors] == [
        ("完成时限", "缺少这一列"),
        ("评分标准", "缺少这一列"),
    ]


def test_a_declared_column_cannot_be_headed_like_another_one(edition: Path) -> None:
    change(edition / "edition.toml", "phrases = [", 'extra = ["责任人"]\nphrases = [')

    errors = [each for each in problems(edition) if each.severity == "error"]

    assert [(each.rule, each.value) for each in errors] == [("unique", "责任人")]


def test_cells_are_checked_and_tidied_as_text(extended: Path) -> None:
    change(extended / "indicators.csv", "6月底前", "6月底前\ufffd")
    assert [each.rule for each in problems(extended) if each.severity == "error"] == [
        "lost-character"
    ]

    change(extended / "indicators.csv", "6月底前\ufffd", "6月底前\u200b")
    (mended,) = changes(extended)
    assert "\u200b" not in mended.after.decode("utf-8-sig").splitlines()[1]


def test_a_template_prints_it_in_word(extended: Path, tmp_path: Path) -> None:
    templates = template_that_prints(tmp_path / "docx", '{{ row["评分标准"] }}')

    documents = templates.annexes(checked(extended)[0])

    for name in ("附件2.docx", "附件1-4.docx"):
        assert FIRST[1].replace("\n", "⏎") in "\n".join(lines(documents[name])).replace("\n", "⏎")


def test_quotes_that_word_curled_are_as_good(extended: Path, tmp_path: Path) -> None:
    templates = template_that_prints(tmp_path / "docx", "{{ row[“完成时限”] }}")

    documents = templates.annexes(checked(extended)[0])

    assert "6月底前" in "\n".join(lines(documents["附件2.docx"]))


def test_a_template_that_prints_an_undeclared_one_says_which_there_are(
    extended: Path, tmp_path: Path
) -> None:
    templates = template_that_prints(tmp_path / "docx", '{{ row["完成时間"] }}')

    with pytest.raises(TemplateError, match="没有“完成时間”这个内容。是不是想写“完成时限”？"):
        templates.annexes(checked(extended)[0])


def test_the_dictionary_and_the_data_package_have_it(extended: Path, jixiao: Jixiao) -> None:
    told = tables(read_settings(extended).indicators)

    package = json.loads(frictionless(told))

    (resource,) = (each for each in package["resources"] if each["name"] == "indicators")
    assert [field["name"] for field in resource["schema"]["fields"]][-2:] == [
        "完成时限",
        "评分标准",
    ]
    assert "| 评分标准 | edition.toml 的 extra 里写明的列，照原文印 |" in jixiao("schema").output


def test_the_digest_shows_it_where_there_is_room(extended: Path) -> None:
    view = annex_views(checked(extended)[0])["indicators"]
    many = tuple("一二三四五六七")
    rows = tuple(replace(row, extra=dict.fromkeys(many, "字")) for row in view.rows)
    crowded = replace(view, extra_headings=many, rows=rows)

    def page(width: float) -> PageMeasures:
        measures = variable_of(ROOT / "templates" / "html", "pdf.css.j2", "measures")
        return PageMeasures(**{**measures, "width": width})

    def shown(headings: IndicatorsView) -> list[str]:
        found = columns(headings, page(267))
        assert sum(column.width for column in found) == pytest.approx(267, abs=0.1)
        return [column.heading for column in found if column.kind == "extra"]

    assert shown(view) == ["完成时限", "评分标准"]
    assert shown(crowded) == ["一", "二", "三", "四"]
    assert not [each for each in columns(view, page(200)) if each.kind == "extra"]


@pytest.mark.system
def test_the_page_and_the_pdf_show_it(extended: Path, jixiao: Jixiao, tmp_path: Path) -> None:
    assert jixiao("digest").exit_code == 0

    page = (tmp_path / "build" / "2023" / "digest.html").read_text(encoding="utf-8")

    assert '<td data-label="完成时限">6月底前</td>' in page
    assert "每差一项扣 1 分，<br>扣完为止 &lt;A &amp; B&gt;" in page


def test_names_in_it_are_not_published(extended: Path) -> None:
    from pipeline.delivery.anonymise import SOMEBODY, without_names

    change(extended / "indicators.csv", "6月底前", "6月底前由林晨完成")

    nameless = without_names(checked(extended)[0])

    assert nameless["indicators"]["extra1"][0] == f"6月底前由{SOMEBODY}完成"
