"""edition.toml: each mistake in Chinese, by the name of the setting."""

from __future__ import annotations

import pytest

from pipeline.cli import ROOT
from pipeline.tables.toml_file import parse_settings

REAL = (ROOT / "tests" / "editions" / "2023" / "edition.toml").read_text(encoding="utf-8")


def messages(text: str) -> list[str]:
    return [str(problem) for problem in parse_settings(text.encode())[1]]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("year = 2023", 'year = "今年"', "edition.toml year：必须是整数，现为“今年”"),
        ("year = 2023", "year = 23", "edition.toml year：不能小于 2000，现为“23”"),
        ('bureau = "统计局"', "", "edition.toml bureau：缺少这一项"),
        ('bureau = "统计局"', 'bureau = ""', "edition.toml bureau：不能空着，现为“”"),
        (
            "blank_rows",
            "blank_row",
            "edition.toml form.blank_row：程序不认识这一项，现为“5”。是不是 blank_rows？",
        ),
        (
            "due = 2023-09-30",
            'due = "九月底"',
            "edition.toml periods[1].due：必须是日期，写成 2023-09-30 的样子，不加引号，现为“九月底”",
        ),
        (
            '"standard"  #',
            '"middle"  #',
            "edition.toml layout.page_number：只能是'standard'或'plain'，现为“middle”",
        ),
        (
            '# half = "higher"  ',
            'half = "first"  ',
            "edition.toml scoring.half：只能是'clause'或'higher'，现为“first”",
        ),
        (
            "[scoring]",
            "[scoring]\nhalve = 1",
            "edition.toml scoring.halve：程序不认识这一项，现为“1”。是不是 half？",
        ),
        ('scores = ["分值"]', "scores = []", "edition.toml indicators.scores：至少要有 1 个"),
        (
            "year = 2023",
            "year = 2023\nyear = 2023",
            "edition.toml 第5行：这一项前面已经写过了",
        ),
        ("total = 1000", "total = nan", "edition.toml indicators.total：必须是数，现为“nan”"),
        (
            'labels = ["项目", "一级指标"]',
            'labels = ["项目", "责任人"]',
            "edition.toml indicators：indicators.csv 的两列不能用同一个表头，现为“责任人”",
        ),
        (
            "year = 2023",
            "year 2023",
            "edition.toml 第4行：这一行的写法不对，应当是“名称 = 值”，文字要用英文双引号括起来",
        ),
    ],
)
def test_a_mistake_is_reported_by_the_name_of_the_setting(old: str, new: str, message: str) -> None:
    assert REAL.count(old) == 1

    assert messages(REAL.replace(old, new)) == [message]


def test_all_mistakes_come_in_one_run() -> None:
    text = REAL.replace("year = 2023", "year = 23").replace("due = 2023-09-30", "due = 9")

    assert len(messages(text)) == 2


def test_blanks_in_headers_do_not_count() -> None:
    settings, _ = parse_settings(REAL.replace('scores = ["分值"]', 'scores = ["分 值"]').encode())

    assert settings is not None
    assert settings.indicators.scores == ("分值",)


def test_titles_take_the_year_from_one_place() -> None:
    settings, problems = parse_settings(REAL.replace("year = 2023", "year = 2031").encode())

    assert problems == []
    assert settings is not None
    assert settings.title(settings.titles.form) == "2031年度区绩效评估指标工作进度表"


def test_the_readings_that_the_file_explains_are_those_that_hold_without_it() -> None:
    as_explained = REAL.replace("\n# compound", "\ncompound").replace("\n# double", "\ndouble")
    for key in ("half", "exemption", "self_score"):
        as_explained = as_explained.replace(f"\n# {key}", f"\n{key}")

    chosen, _ = parse_settings(as_explained.encode())
    usual, _ = parse_settings(REAL.encode())

    assert chosen is not None
    assert usual is not None
    assert as_explained.count("\n# ") == REAL.count("\n# ") - 5
    assert chosen.scoring == usual.scoring
