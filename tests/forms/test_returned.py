"""Whose a returned form is, and when it was filled in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.checks.load import checked
from pipeline.errors import InputError
from pipeline.forms.returned.days import written_day
from pipeline.forms.returned.merging import Entry
from pipeline.forms.returned.owner import CollectOptions
from pipeline.forms.returned.reader import FormReader, FormResult
from pipeline.recipes.collect import CollectResult, collect, read
from tests.conftest import TEMPLATES
from tests.forms.collecting import answers, collected
from tests.forms.mishaps import ANSWERS, GROUP, PERIOD, A, filled
from tests.forms.paper import Paper


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2023年9月28日", "2023-09-28"),
        ("2023年 9 月 28 日", "2023-09-28"),
        ("2023.9.28", "2023-09-28"),
        ("20230928", "2023-09-28"),
        ("23.9.28", "2023-09-28"),
        ("二〇二三年九月二十八日", "2023-09-28"),
        ("二零二三年十月十日", "2023-10-10"),
        ("十二月三十一日", "2023-12-31"),
        ("9月28日", "2023-09-28"),
        ("2023年9月28日星期四（盖章）", "2023-09-28"),
        ("2024年元月8日", "2024-01-08"),
        ("9.28", "2023-09-28"),
        ("1月8日", "2024-01-08"),  # nearer to the last day of 2023 than the one before it
        ("2月29日", "2024-02-29"),
        ("2032年9月28日", "2032-09-28"),  # wrong, and not for this to say
        ("2月30日", "2月30日"),
        ("9月底", "9月底"),
        ("昨天", "昨天"),
        ("", ""),
    ],
)
def test_a_day_is_read_however_it_is_written(typed: str, read: str) -> None:
    assert written_day(typed, date(2023, 1, 1), date(2024, 6, 30), date(2023, 12, 31)) == read


def header(**values: str) -> Paper:
    paper = filled()
    paper.header(**{"reporter": "林一", "day": "2025年1月8日", **values})
    return paper


def submissions(inputs: Path) -> dict[tuple[str, str], tuple[str, date | None]]:
    sheet = checked(inputs)[0]["submissions"]
    fields = ("period", "group", "reporter", "day")
    return {
        (p, g): (who, day) for p, g, who, day in zip(*map(sheet.__getitem__, fields), strict=True)
    }


@pytest.mark.parametrize("typed", ["二〇二五年一月八日", "1月8日", "2025.1.8"])
def test_the_day_is_stored_as_the_tables_have_it(typed: str, inputs: Path) -> None:
    done = collected(inputs, header(day=typed).bytes, CollectOptions())

    assert done.problems == ()
    assert submissions(inputs)[PERIOD, GROUP] == ("林一", date(2025, 1, 8))


def test_a_form_of_another_year_is_refused_as_a_whole(inputs: Path) -> None:
    """Last year's form, filled in again: its day is the only thing that shows it."""
    done = collected(inputs, header(day="2023年1月8日").bytes, CollectOptions())

    (problem,) = done.problems
    assert (problem.rule, problem.value) == ("day-outside", "2023年1月8日")
    assert "是不是用了去年的表" in (problem.hint or "")
    assert done.written == ()


def test_a_header_without_words_is_reported(inputs: Path) -> None:
    done = collected(inputs, header(reporter="", day="").bytes, CollectOptions())

    (problem,) = done.problems
    assert (problem.severity, problem.message) == ("warning", "表头没有写填报人、填报时间")
    assert submissions(inputs)[PERIOD, GROUP] == ("", None)


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("示例县统计局农业股", "表.docx"),
        ("农业股（农村科）", "表.docx"),
        ("", "示例县统计局农业股 (1)(2).docx"),
        ("", "农业股/附件4.docx"),
    ],
)
def test_a_group_is_known_by_its_name_in_other_words(
    group: str, name: str, inputs: Path, tmp_path: Path
) -> None:
    paper = header(group=group)
    paper.strip_controls()
    path = tmp_path / "收到" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(paper.bytes)

    collect(
        read([tmp_path / "收到"], {}),
        inputs,
        CollectOptions(period=PERIOD),
        template=TEMPLATES / "附件4.docx",
    )

    assert answers(inputs) == ANSWERS


def test_words_beside_the_group_are_reported_whatever_the_file_is_called(inputs: Path) -> None:
    paper = header(group=f"{GROUP}（季度核算的数年后补）")

    done = collected(inputs, paper.bytes, CollectOptions(), name="工业股.docx")

    assert [problem.severity for problem in done.problems] == ["warning", "warning"]
    assert "文件名写的是工业股" in done.problems[0].message
    assert "季度核算的数年后补" in done.problems[1].message


def test_two_groups_in_the_header_are_nobody(inputs: Path) -> None:
    paper = header(group="农业股、工业股")
    paper.strip_controls()

    done = collected(inputs, paper.bytes, CollectOptions())

    assert [problem.message for problem in done.problems] == ["表头写了几个组队"]


def together(inputs: Path, options: CollectOptions, *papers: Paper) -> CollectResult:
    folder = inputs.parent.parent / "收到"
    folder.mkdir()
    for number, paper in enumerate(papers, 1):
        (folder / f"{number}.docx").write_bytes(paper.bytes)
    return collect(read([folder], {}), inputs, options, template=TEMPLATES / "附件4.docx")


def test_an_option_settles_what_forms_leave_open_and_no_more(inputs: Path) -> None:
    nameless = header(group="")
    nameless.strip_controls()

    done = together(inputs, CollectOptions(group="工业股"), header(), nameless)

    assert [problem.message for problem in done.problems if problem.rule == "group"] == [
        "表里写的是农业股，不是工业股，没有收"
    ]
    assert answers(inputs) == {}


def test_of_a_single_form_the_option_is_believed_and_reported(inputs: Path) -> None:
    done = collected(inputs, header().bytes, CollectOptions(group="普查中心"))

    assert done.problems[0].severity == "warning"
    assert done.problems[0].message == "表里写的是农业股，按写明的收作普查中心的"
    assert A not in answers(inputs)


def test_nothing_is_written_that_the_checks_refuse(
    inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever slips through the reading of a form: a table that was right stays right."""
    wrong = Entry(key=(PERIOD, GROUP), texts={"day": "2023-01-08"}, source="表.docx")
    result = FormResult(file="表.docx", period=PERIOD, group=GROUP, submission=wrong)
    monkeypatch.setattr(FormReader, "read", lambda *_: result)
    before = (inputs / "submissions.csv").read_bytes()

    with pytest.raises(InputError, match="不是这一期的日期"):
        collected(inputs, filled().bytes, CollectOptions())

    assert (inputs / "submissions.csv").read_bytes() == before
