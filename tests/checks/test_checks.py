"""The careful colleague: every planted mistake found, and nothing where nothing is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from pipeline.checks.load import problems
from pipeline.cli import ROOT
from pipeline.cli.problem_report import ProblemReport, folded, text
from pipeline.errors import Problem
from tests.conftest import EDITIONS, change

Jixiao = Callable[..., Result]
BROKEN = ROOT / "tests" / "checks" / "broken"
GOLDEN = ROOT / "tests" / "checks" / "broken.txt"


def causes(folder: Path) -> list[str]:
    """One line for each cause, without the edition's name."""
    return [
        f"{problem.severity} {problem}".replace(f"{folder.name}/", "", 1)
        for problem in folded(problems(folder))
    ]


def errors(folder: Path) -> list[str]:
    return [line.removeprefix("error ") for line in causes(folder) if line.startswith("error ")]


def test_every_planted_mistake_is_reported_in_order() -> None:
    """After a change on purpose: jixiao check broken --inputs tests/checks > tests/checks/broken.txt"""
    report = ProblemReport(editions=["broken"], problems=problems(BROKEN))

    assert text(report) == GOLDEN.read_text(encoding="utf-8")
    assert len({(problem.rule, problem.column, problem.row) for problem in report.problems}) >= 100
    assert len({problem.rule for problem in report.problems}) >= 40


def test_the_real_edition_has_the_four_warnings_that_are_true() -> None:
    unregistered = "名下有任务，但 roster.csv 里没有这个人"

    assert causes(EDITIONS["2023"]) == [
        f"warning indicators.csv 第19行 责任人（I19）：{unregistered}，现为“陈锦端”。加进 roster.csv，“领导小组职务”留空",
        f"warning indicators.csv 第23行 责任人（I23）：{unregistered}，现为“左安红”。加进 roster.csv，“领导小组职务”留空（另有 1 处也是这样：I50）",
        f"warning indicators.csv 第24行 责任人（I24）：{unregistered}，现为“罗成”。加进 roster.csv，“领导小组职务”留空（另有 5 处也是这样：I25、I26、I50、I51、I52）",
        "warning indicators.csv 第40行 数据采集责任单位（F40）：空着，是不是漏填了。确实没有就写“——”",
    ]


def test_the_demo_edition_has_nothing_to_report() -> None:
    assert causes(EDITIONS["demo"]) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "indicators.csv",
            "禁毒工作,15",
            "禁毒工作,25",
            "indicators.csv 分值：合计应为 1000（edition.toml 的 indicators.total），现为“1010”。多了 10 分",
        ),
        (
            "indicators.csv",
            "档案工作,15",
            "档案工作,14.5",
            "indicators.csv 分值：“高效”的合计应为 260（edition.toml 的 indicators.totals），现为“259.5”。少了 0.5 分",
        ),
        (
            "indicators.csv",
            "GT08,共同性指标,依法",
            "GT08,差异化指标,依法",
            "indicators.csv 第25行 项目（B25）：这个标签在第17行已经结束，不能隔着别的标签再出现，现为“差异化指标”。把这一行移到第17行下面",
        ),
        (
            "roster.csv",
            "林晨,组长",
            "林辰,组长",
            "indicators.csv 第2行 责任领导（G2）：roster.csv 的领导小组里没有这个人，现为“林晨”。你是不是想写“林辰”？（另有 19 处也是这样：G3、G4、G5、G6、G7等）",
        ),
        (
            "roster.csv",
            "黄薇,成员",
            "黄薇,",
            "indicators.csv 第14行 责任领导（G14）：这个人不在领导小组里（roster.csv 的“领导小组职务”空着），现为“黄薇”（另有 30 处也是这样：G16、G17、G18、G19、G20等）",
        ),
        (
            "edition.toml",
            "year = 2023\n",
            "year = 2024\n",
            "edition.toml periods[1].due：不在 2024-01-01 到 2024-12-31 之间，现为“2023-09-30”。到第二年才截止的，写一行 last_day = 最后的日期（在 [[periods]] 前面）",
        ),
    ],
)
def test_one_change_is_reported_by_its_cause(
    file: str, old: str, new: str, message: str, edition: Path
) -> None:
    change(edition / file, old, new)

    assert message in errors(edition)


def test_braces_in_titles_name_something(edition: Path) -> None:
    change(edition / "edition.toml", "{year}年{bureau}绩效", "{年}年{bureau}绩效")

    assert errors(edition) == [
        "edition.toml titles.roster：花括号里只能写 {year}、{district}、{bureau}，别的会原样印出来，现为“{年}”"
    ]


def test_a_year_that_was_not_changed_is_a_warning(edition: Path) -> None:
    text = (edition / "edition.toml").read_text(encoding="utf-8-sig")
    text = text.replace("year = 2023", "year = 2024").replace("due = 2023", "due = 2024")
    (edition / "edition.toml").write_text(text, encoding="utf-8")

    years = [line for line in causes(edition) if "这一期是 2024 年" in line]

    assert errors(edition) == []
    assert len(years) == 7
    assert (
        "warning indicators.csv 第3行 二级指标（D3）：写的是 2023 年，这一期是 2024 年，"
        "现为“据厦翔政办〔2023〕2号文件中”。换年度时是不是漏改了"
    ) in years


@pytest.mark.parametrize("table", ["roster", "sections", "rules", "indicators"])
def test_a_missing_table_is_one_error_and_not_a_hundred(table: str, edition: Path) -> None:
    (edition / f"{table}.csv").unlink()

    assert [line.partition("：")[0] for line in errors(edition)] == [f"{table}.csv"]


def test_tables_are_held_against_each_other_in_the_run_that_finds_bad_cells(edition: Path) -> None:
    change(edition / "roster.csv", "成员,四级调研员", "成圆,四级调研员")
    change(edition / "indicators.csv", "生态环境保护成效,20", "生态环境保护成效,二十")
    change(edition / "sections.csv", "党支部,党支部,", "党总支,党总支,")

    assert [line.partition("）")[0] for line in errors(edition)][:3] == [
        "roster.csv 第3行 领导小组职务（B3",
        "indicators.csv 第9行 分值（E9",
        "indicators.csv 第19行 责任科室（H19",
    ]


def test_a_name_that_cannot_be_read_is_one_error_and_not_many(edition: Path) -> None:
    change(edition / "roster.csv", "黄薇,成员", "黄?,成员")

    assert [line.partition("：")[0] for line in errors(edition)] == ["roster.csv 第3行 姓名（A3）"]


def test_a_name_with_something_behind_it_is_one_error(edition: Path) -> None:
    change(edition / "roster.csv", "林晨,组长", "林晨（组长）,组长")

    assert [line.partition("：")[0] for line in errors(edition)] == ["roster.csv 第2行 姓名（A2）"]


def test_several_people_with_another_sign_between_them(edition: Path) -> None:
    change(edition / "indicators.csv", "曾诸军、李苹苹", "曾诸军/李苹苹")

    assert errors(edition)[0].endswith("几个人之间用顿号隔开：曾诸军、李苹苹")


def test_what_is_no_file_is_reported(edition: Path) -> None:
    for name in ("roster", "sections"):
        (edition / f"{name}.csv").unlink()
    (edition / "roster.csv").mkdir()
    (edition / "sections.csv").symlink_to(edition / "nowhere.csv")

    assert [line.partition("。")[0] for line in errors(edition)] == [
        "roster.csv：不是普通的文件",
        "sections.csv：没有这个文件",
    ]


@pytest.mark.parametrize("name", ["rules.csv", "edition.toml"])
def test_a_file_that_cannot_be_read_is_reported(
    name: str, edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name == name:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", locked)

    assert errors(edition) == [f"{name}：文件读不了。是不是在 Excel、WPS 里开着，或者没有权限"]


def test_one_table_in_two_files_is_an_error(edition: Path) -> None:
    shutil.copy(edition / "roster.csv", edition / "roster.xlsx")

    assert errors(edition) == [
        "roster.csv：同一张表有 2 个文件：roster.csv、roster.xlsx。只留最新的一个"
    ]


def test_files_that_programs_put_beside_open_ones_are_no_inputs(edition: Path) -> None:
    for name in ("~$roster.xlsx", ".~lock.roster.csv#", ".roster.csv.tmp", "说明.docx", "~$x.csv"):
        (edition / name).write_bytes(b"x")

    assert errors(edition) == []
    assert len(causes(edition)) == 4


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "roster.xls",
            "error roster.xls：程序不读这种格式。另存为 .xlsx 或者“CSV UTF-8（逗号分隔）”",
        ),
        ("去年.et", "warning 去年.et：程序不读这种格式。另存为 .xlsx 或者“CSV UTF-8（逗号分隔）”"),
        ("rooster.csv", "warning rooster.csv：程序不认识这个文件。是不是应当叫 roster.csv？"),
        ("旧指标.csv", "warning 旧指标.csv：程序不认识这个文件。不用的表请移出这个文件夹"),
    ],
)
def test_tables_that_nobody_reads_are_reported(name: str, message: str, edition: Path) -> None:
    (edition / name).write_bytes(b"x")

    assert message in causes(edition)


def test_known_people_outside_the_group_are_no_matter(edition: Path) -> None:
    people = "".join(f"{name},,科员\r\n" for name in ("左安红", "罗成", "陈锦端"))
    roster = edition / "roster.csv"
    roster.write_bytes(roster.read_bytes() + people.encode())

    assert len(causes(edition)) == 1  # the blank 数据采集责任单位


def test_a_bureau_that_has_the_glyphs_is_not_warned(edition: Path) -> None:
    change(edition / "roster.csv", "李苹苹,成员", "李玥,成员")
    rare = [line for line in causes(edition) if "仿宋_GB2312 没有“玥”字" in line]
    change(edition / "edition.toml", "[layout]", '[layout]\nfonts = { "仿宋_GB2312" = "仿宋" }')

    assert len(rare) == 1
    assert not any("没有“玥”字" in line for line in causes(edition))


def test_work_that_ends_in_the_next_year_is_declared(edition: Path) -> None:
    change(edition / "edition.toml", "due = 2023-12-31", "due = 2024-01-10")
    before = errors(edition)
    change(edition / "edition.toml", "year = 2023\n", "year = 2023\nlast_day = 2024-01-31\n")

    assert len(before) == 1
    assert errors(edition) == []


def test_hints_cost_no_more_when_everything_is_wrong(edition: Path) -> None:
    """A column full of unknown numbers must not compare each with all."""
    head = "期次,组队,编号,进展情况,存在的问题,整改措施及完成时限,状态,自评分\r\n"
    rows = "".join(f"全年,业务组,GT{number},好,,,,\r\n" for number in range(100, 3_100))
    (edition / "progress.csv").write_text(head + rows, encoding="utf-8-sig")

    found: list[Problem] = [p for p in problems(edition) if p.rule == "reference"]

    assert len(found) == 3_000
    assert 0 < sum("你是不是想写" in str(problem) for problem in found) <= 200
