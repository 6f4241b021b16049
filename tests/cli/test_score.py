"""The score on paper, on the page and in numbers: one table behind all of them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings

from pipeline.checks.load import checked
from pipeline.cli import ROOT, cli
from pipeline.cli.score_report import aligned, as_json, text
from pipeline.ooxml.body import WordTable, blocks
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from pipeline.tables.contract import PROGRESS
from pipeline.tables.edition import Edition
from pipeline.tables.reader import read_sheet
from pipeline.tables.writer import csv_bytes
from pipeline.transforms.annexes import frame
from pipeline.transforms.assessment import self_scores
from pipeline.typography import number
from pipeline.views.score import ScoreView
from pipeline.views.scored import score_of
from pipeline.web.digest import Provenance, context_of
from pipeline.web.environment import render
from pipeline.word.annexes import Templates
from pipeline.word.ledger import document
from tests.conftest import EDITIONS, TEMPLATES, change
from tests.transforms.findings import any_findings, csv, sheet
from tests.word.templates import plain

Jixiao = Callable[..., Result]
REAL, DEMO = (checked(EDITIONS[name])[0] for name in ("2023", "demo"))


def with_findings(*texts: str) -> Edition:
    """The edition of 2023 with findings."""
    return replace(REAL, sheets={**REAL.sheets, "findings": sheet(texts)})


def page(edition: Edition) -> str:
    context = context_of(edition, Provenance(files={}), on=date(2025, 1, 10), with_names=True)
    return render(ROOT / "templates" / "html", "digest.html.j2", context)


def ledger_rows(edition: Edition, view: ScoreView) -> list[list[str]]:
    """The table in the Word document, without its head."""
    body = parse(read_parts(document(view, edition.settings, TEMPLATES))[DOCUMENT])[0]
    table = next(block for block in blocks(body) if isinstance(block, WordTable))
    return [[cell.text for cell in row.cells] for row in table.rows[1:]]


# --- one sum everywhere --------------------------------------------------------------------------


@pytest.mark.slow
@given(any_findings)
@settings(max_examples=15, deadline=None)
def test_the_sum_of_the_ledger_is_the_total_on_paper_on_the_page_and_in_json(
    texts: list[str],
) -> None:
    edition = with_findings(*texts)
    view = score_of(edition)
    deducted, bonus = (
        sum((getattr(entry, side) for entry in view.entries), Decimal(0))
        for side in ("deducted", "bonus")
    )

    *lines, total = ledger_rows(edition, view)
    parsed = json.loads(as_json([view]))["editions"][0]
    shown = page(edition)

    assert (view.deducted, view.bonus) == (deducted, bonus)
    assert total == ["合计", number(deducted), number(bonus)]
    if texts:
        assert sum(_figure(line[9]) for line in lines) == deducted
        assert sum(_figure(line[10]) for line in lines) == bonus
        assert f"一共扣 {number(deducted)} 分，加 {number(bonus)} 分" in shown
    assert (Decimal(str(parsed["deducted"])), Decimal(str(parsed["bonus"]))) == (deducted, bonus)
    assert sum(Decimal(str(each["deducted"])) for each in parsed["findings"]) == deducted
    assert f"扣 {number(deducted)} 分，加 {number(bonus)} 分" in text([view])


def _figure(cell: str) -> Decimal:
    return Decimal(0) if cell in ("", "不扣分") else Decimal(cell)


def test_the_ledger_names_problems_and_clauses_and_sums_up_each_section() -> None:
    view = score_of(DEMO)

    rows = ledger_rows(DEMO, view)

    entries, totals = rows[: len(view.entries)], rows[len(view.entries) :]
    assert [(row[2], row[5]) for row in entries] == [(e.issue, e.clause) for e in view.entries]
    assert "不扣分" in {row[9] for row in entries}
    assert not any(row[8].startswith("依据") for row in entries)
    by_section: dict[str, Decimal] = {}
    for row in entries:
        by_section[row[6]] = by_section.get(row[6], Decimal(0)) + _figure(row[9])
    assert [(row[0], Decimal(row[1])) for row in totals[:-1]] == [
        (f"小计：{section}", deducted) for section, deducted in by_section.items()
    ]


def test_the_page_shows_each_sentence_and_what_is_expected() -> None:
    view = score_of(DEMO)

    shown = page(DEMO)

    assert len(view.entries) == 24
    assert all(entry.basis in shown for entry in view.entries)
    figure = f'<p class="figure"><b>{number(view.expected or 0)}</b> 分</p>'
    assert f'<p class="name">预计得分</p>{figure}' in shown


# --- a figure stands in one cell -----------------------------------------------------------------


def test_one_cell_changes_every_place_that_prints_or_uses_it_and_only_those(
    edition: Path, templates: Templates
) -> None:
    (edition / "findings.csv").write_bytes(csv(["一.1", "一.1 加重二.1", "一.2", "四.3 问责2"]))
    five, _ = checked(edition)
    change(
        edition / "rules.csv",
        "情形。每项扣{分值}分。,每项扣分,5,,\r\n一.2",
        "情形。每项扣{分值}分。,每项扣分,6,,\r\n一.2",
    )
    six, _ = checked(edition)

    before, after = (templates.annexes(each) for each in (five, six))

    assert {name for name in before if before[name] != after[name]} == {
        "附件3.docx",
        "附件1-4.docx",
    }
    texts = [plain(each["附件3.docx"]) for each in (before, after)]
    assert differences(*texts) == [("5", "6")]
    assert texts[1].count("每项扣6分") == 1
    rules = [section(page(each), "rules") for each in (five, six)]
    assert differences(*rules) == [("5", "6")]
    points = [{each.id: each.points for each in score_of(read).entries} for read in (five, six)]
    changed = {id_: (points[0][id_], points[1][id_]) for id_ in points[0]}
    assert changed == {"D001": (-5, -6), "D002": (-10, -12), "D003": (-5, -5), "D004": (2, 2)}


def differences(one: str, other: str) -> list[tuple[str, str]]:
    assert len(one) == len(other)
    return [(a, b) for a, b in zip(one, other, strict=True) if a != b]


def section(html: str, id_: str) -> str:
    return html.partition(f'<section id="{id_}"')[2].partition("</section>")[0]


def test_the_page_prints_the_rules_word_for_word_as_the_annex_does(templates: Templates) -> None:
    annex = re.sub(r"\s", "", plain(templates.annexes(REAL)["附件3.docx"]))

    words = re.sub(r"<[^>]+>|\s", "", section(page(REAL), "rules"))

    assert len(annex) > 2_000
    assert words.endswith(annex.removeprefix("附件3"))


# --- self-assessment -----------------------------------------------------------------------------


def assessed(reading: Any, *rows: str) -> list[str]:
    """The score of GT01 (综合组牵头) and CY01 (全局、队, nobody leads) from `period group id score`."""
    head = ["期次", "组队", "编号", "进展情况", "存在的问题", "整改措施及完成时限", "自评分"]
    cells = [
        [period, group, id_, "好", "", "", own] for period, group, id_, own in map(str.split, rows)
    ]
    read, _ = read_sheet(csv_bytes([head, *cells]), PROGRESS, "progress.csv")
    assert read is not None
    indicators = frame(REAL["indicators"])
    leads = dict(zip(REAL["sections"]["section"], REAL["sections"]["lead"], strict=True))
    found = self_scores(frame(read), indicators, leads, ["前三季度", "全年"], reading)
    chosen = found.set_axis(indicators["id"]).loc[["GT01", "CY01"], "own"]
    return ["" if own is None else number(own) for own in chosen]


@pytest.mark.parametrize(
    ("rows", "lead", "lowest"),
    [
        ((), ["", ""], ["", ""]),
        (("前三季度 综合组 GT01 20",), ["20", ""], ["20", ""]),
        (("前三季度 综合组 GT01 0",), ["0", ""], ["0", ""]),  # nothing earned is an assessment
        (("前三季度 综合组 GT01 20", "全年 综合组 GT01 25"), ["25", ""], ["25", ""]),
        (("全年 综合组 GT01 25", "全年 业务组 GT01 18"), ["25", ""], ["18", ""]),
        (("前三季度 综合组 GT01 25", "全年 业务组 GT01 18"), ["18", ""], ["18", ""]),
        (("全年 业务组 CY01 25", "全年 调查队 CY01 18"), ["", "18"], ["", "18"]),
    ],
)
def test_the_last_word_of_who_leads_counts(
    rows: tuple[str, ...], lead: list[str], lowest: list[str]
) -> None:
    assert assessed("lead", *rows) == lead
    assert assessed("lowest", *rows) == lowest


def test_what_is_not_assessed_stands_apart() -> None:
    view = score_of(DEMO)

    whole = view.assessment
    indicators = frame(DEMO["indicators"])
    left = indicators["score1"][indicators["id"].isin(view.missing)].sum()
    assert whole.points == 770
    assert whole.unassessed == left == 125
    assert (whole.assessed, whole.count, len(view.missing)) == (51, 63, 12)
    assert view.expected == whole.own - view.deducted + view.bonus
    for level in (whole.parts, [part for each in whole.parts for part in each.parts]):
        assert sum(part.own for part in level) == whole.own
        assert sum(part.unassessed for part in level) == whole.unassessed


def test_nothing_is_expected_where_nothing_was_assessed() -> None:
    view = score_of(with_findings("一.1"))

    assert view.expected is None
    assert "还没有一个指标自评，不能算预计得分" in text([view])
    card = '<p class="name">督查扣分</p><p class="figure"><b>5</b> 分</p>'
    assert card in page(with_findings("一.1"))


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def score(tmp_path: Path) -> Jixiao:
    """Run `jixiao score` on `tmp_path`/inputs, with results in `tmp_path`/build."""

    def run(*arguments: str) -> Result:
        options = ["--inputs", str(tmp_path / "inputs"), "--out", str(tmp_path / "build")]
        return CliRunner().invoke(cli, ["score", *arguments, *options], catch_exceptions=False)

    return run


@pytest.fixture
def draft(edition: Path, tmp_path: Path) -> Path:
    """Two recorded findings, and a draft that changes the second and adds a third."""
    (edition / "findings.csv").write_bytes(csv(["一.1", "一.2"]))
    path = tmp_path / "findings-draft.csv"
    path.write_bytes(csv(["二.2 号D002 题P002", "四.3 问责1 号D003"]))
    return path


def test_the_ledger_as_a_table(edition: Path, score: Jixiao) -> None:
    (edition / "findings.csv").write_bytes(csv(["一.1 加重二.1", "四.3 问责2 题W1"]))

    result = score("2023")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "2023年度翔安区统计局督查扣分台账",
        "编号  日期        问题编号  扣分  加分  依据",
        "D001  2023-01-02  P001        10        一.1 每项扣5分；二.1 双倍 → 扣10分",
        "D002  2023-01-03  W1                 2  四.3 每人次加1分×2人次 → 加2分",
        "合计                          10     2",
        "",
        "扣 10 分，加 2 分；还没有一个指标自评，不能算预计得分。",
    ]


def test_a_draft_is_tried_and_nothing_is_changed(edition: Path, draft: Path, score: Jixiao) -> None:
    before = (edition / "findings.csv").read_bytes()

    lines = score("2023", "--with", str(draft)).stdout.splitlines()

    assert lines[:3] == [
        "2023年度翔安区统计局督查扣分台账（试算）",
        "连同草稿 findings-draft.csv：新增 1 条（D003），替换 1 条（D002）",
        "比不算草稿多扣 15 分，多加 1 分",
    ]
    assert [line.split()[0] for line in lines[4:8]] == ["D001", "D002", "D003", "合计"]
    assert (edition / "findings.csv").read_bytes() == before
    assert score("2023").stdout.splitlines()[4].split() == ["合计", "10", "0"]


def test_the_ledger_as_json(edition: Path, draft: Path, score: Jixiao) -> None:
    parsed = json.loads(score("--with", str(draft), "--format", "json").stdout)["editions"][0]

    assert parsed["edition"] == "2023"
    assert (parsed["deducted"], parsed["bonus"], parsed["expected"]) == (25, 1, None)
    assert parsed["draft"] == {
        "file": "findings-draft.csv",
        "added": ["D003"],
        "replaced": ["D002"],
        "deducted_before": 10,
        "bonus_before": 0,
    }
    assert [each["basis"] for each in parsed["findings"]][:1] == ["依据：一.1 每项扣5分 → 扣5分"]
    assert parsed["assessment"]["unassessed"] == 1000
    assert [part["points"] for part in parsed["assessment"]["parts"]] == [345, 655]


def test_the_ledger_as_a_word_document(
    edition: Path, draft: Path, score: Jixiao, tmp_path: Path
) -> None:
    score("--format", "docx")
    result = score("--format", "docx", "--with", str(draft))

    folder = tmp_path / "build" / "2023"
    names = sorted(path.name for path in folder.iterdir() if path.suffix == ".docx")
    assert names == ["督查扣分台账.docx", "督查扣分台账（试算）.docx"]
    assert "写好" in result.stdout
    first = plain((folder / names[0]).read_bytes())
    assert first.startswith("2023年度翔安区统计局督查扣分台账编号日期问题")
    assert "备注：还没有一个指标自评，不能算预计得分。" in first
    assert document(score_of(REAL), REAL.settings, TEMPLATES) == document(
        score_of(REAL), REAL.settings, TEMPLATES
    )
    assert "督查扣分台账（试算）编号" in plain((folder / names[1]).read_bytes())


def test_a_draft_is_checked_by_its_own_cells(edition: Path, draft: Path, score: Jixiao) -> None:
    draft.write_bytes(csv(["一.9", "一.1 减免三.8", "四.3"]))

    result = score("--with", str(draft))

    assert result.exit_code == 1
    assert result.stdout == ""
    assert [line for line in result.stderr.splitlines() if line.startswith("错误")] == [
        "错误 findings-draft.csv 第2行 适用条款（D2）：rules.csv 的“条款号”里没有这个，现为“一.9”。你是不是想写“一.1”？",
        "错误 findings-draft.csv 第3行 问责人次（H3）：按 三.8 减免要先对责任人员问责，问责人次不能是 0 或者空着",
        "错误 findings-draft.csv 第4行 问责人次（H4）：四.3 按问责人次加分，问责人次不能是 0 或者空着",
    ]


def test_a_draft_that_is_no_table_is_told(edition: Path, draft: Path, score: Jixiao) -> None:
    draft.write_text("编号,日期\r\n", encoding="utf-8")

    result = score("--with", str(draft))

    assert result.exit_code == 1
    assert "错误 findings-draft.csv 第1行 适用条款：缺少这一列" in result.stderr


def test_bad_tables_give_no_score(edition: Path, score: Jixiao) -> None:
    change(edition / "rules.csv", "每人次加分,1,10", "每人次加分,,10")

    result = score()

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "错误 2023/rules.csv 第23行 分值（F23）" in result.stderr


def test_a_draft_belongs_to_one_edition(edition: Path, draft: Path, score: Jixiao) -> None:
    shutil.copytree(edition, edition.parent / "2024")

    result = score("--with", str(draft))

    assert result.exit_code == 2
    assert "草稿是哪个年度的？现有：2023、2024" in result.stderr


def test_an_empty_ledger_says_so(score: Jixiao, edition: Path) -> None:
    assert "没有督查发现的问题，没有扣分和加分。" in score().stdout
    assert ledger_rows(REAL, score_of(REAL)) == [["没有督查发现的问题"], ["合计", "0", "0"]]


def test_chinese_takes_two_columns() -> None:
    assert list(aligned([["编号", "分"], ["a", "10"]], right={1})) == ["编号  分", "a     10"]
