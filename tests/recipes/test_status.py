"""The board, the reminders and the calendar as of a day."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.errors import InputError
from pipeline.recipes.status import board
from tests.conftest import EDITIONS

DEMO = EDITIONS["demo"]
INPUTS = DEMO.parent


def shown(*arguments: str, inputs: Path = DEMO) -> str:
    command = ["status", "demo", "--inputs", str(inputs.parent), *arguments]
    done = CliRunner().invoke(cli, command, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def write(inputs: Path, table: str, *rows: str) -> None:
    path = inputs / f"{table}.csv"
    head = path.read_bytes().split(b"\r\n")[0]
    path.write_bytes(b"\r\n".join([head, *(row.encode() for row in rows), b""]))


def group(inputs: Path, name: str, on: str, period: str = "前三季度") -> dict[str, Any]:
    (edition,) = json.loads(
        shown("--on", on, "--format", "json", "--period", period, inputs=inputs)
    )
    (found,) = edition["periods"]
    return next(each for each in found["groups"] if each["group"] == name)


def test_the_board_is_a_table_that_lines_up() -> None:
    assert shown("--on", "2024-10-03", "--period", "前三季度").splitlines() == [
        "demo 前三季度（截止 2024-09-30，统计到 2024-10-03）：5/6 个组队交表，114/159 项已报",
        "组队      交表  填报人      填报时间    应报  已报  未报  空行  缺措施  过时限  请核对  没更新  迟交天数",
        "办公室    已交  司徒祎      2024-09-27    23    21     2             1       2       3",
        "综合股    已交  古丽娜扎尔  2024-09-27    30    21     9             4       2       4",
        "工业股    已交  古丽娜扎尔  2024-09-27    26    24     2                     3       3",
        "农业股    已交  林一        2024-09-27    29    25     4                     9       2",
        "服务业股  已交  司徒祎      2024-09-27    27    23     4             1       7       3",
        "普查中心  未交                            24          24                                               3",
    ]


def test_every_kind_of_gap_is_reported_by_its_indicator(inputs: Path) -> None:
    write(inputs, "submissions", "前三季度,普查中心,林一,2024-10-03")
    write(
        inputs,
        "progress",
        "上半年,普查中心,SL006,照旧,无,,进行中,",
        "前三季度,普查中心,SL006,照旧,无,,进行中,",
        "前三季度,普查中心,SL009,,,,,",
        "前三季度,普查中心,SL012,做了,缺人,,进行中,",
        "前三季度,普查中心,SL013,做了,缺人,招人,进行中,",
        "前三季度,普查中心,SL015,做了,缺人,9月底前招人,进行中,",
        "前三季度,普查中心,SL016,做完了,缺过人,,已完成,",
        "前三季度,普查中心,SL017,做了,缺人,,有困难,",
        "前三季度,普查中心,SL018,做了,无明显问题,,进行中,",
        "前三季度,普查中心,SL020,做了,缺人,9月底前招人,,",
        "前三季度,普查中心,SL031,已完成,无,9月底前完成,,",
        "前三季度,普查中心,SL019,做了,缺人,第四季度招人,进行中,",
    )

    found = group(inputs, "普查中心", "2024-10-08")

    assert {key: found[key] for key in ("returned", "reporter", "day", "late")} == {
        "returned": True,
        "reporter": "林一",
        "day": "2024-10-03",
        "late": 3,
    }
    assert (found["expected"], found["reported"], found["unchanged"]) == (24, 10, 1)
    assert found["empty"] == ["SL009"]
    assert found["unmeasured"] == ["SL017"]
    assert found["overdue"] == ["SL015"]
    assert found["seems_unmeasured"] == ["SL012"]
    assert found["seems_undated"] == ["SL013"]
    assert found["seems_overdue"] == ["SL020"]
    assert len(found["missing"]) == 14
    assert "SL009" in found["missing"]


@pytest.mark.parametrize(
    ("on", "late", "text"),
    [
        ("2024-09-20", 0, "2024年9月30日截止，还有 10 天，还没有收到你们的表。"),
        ("2024-09-30", 0, "今天（2024年9月30日）截止，还没有收到你们的表。"),
        ("2024-10-01", 1, "已于2024年9月30日截止，迟了 1 天，还没有收到你们的表。"),
    ],
)
def test_a_form_is_late_from_the_day_after(on: str, late: int, text: str, inputs: Path) -> None:
    texts = shown("--on", on, "--format", "reminders", "--period", "前三季度")

    assert group(inputs, "普查中心", on)["late"] == late
    assert (
        f"普查中心：\n2024年度绩效指标工作进度表（附件4，前三季度）{text}请填写完整后报送至办公室，共 24 项指标。"
        in texts
    )


def test_a_reminder_names_what_is_open(inputs: Path) -> None:
    write(inputs, "submissions", "前三季度,普查中心,林一,2024-09-30")
    codes = group(inputs, "普查中心", "2024-10-01")["missing"]
    rows = [f"前三季度,普查中心,{code},做了,,,," for code in codes]
    write(inputs, "progress", *rows[:-2], f"前三季度,普查中心,{codes[-2]},做了,缺人,,,")

    texts = shown(
        "--on", "2024-10-01", "--format", "reminders", "--period", "前三季度", inputs=inputs
    )

    assert texts.split("\n\n")[-1] == (
        "普查中心：\n"
        "2024年度绩效指标工作进度表（附件4，前三季度）已收到，还有几处请补充：\n"
        "· 没有填的 1 项：值班值守。\n"
        "另外，下面几项是从文字里看的，请核对：\n"
        "· 写了问题、没有看出整改措施的 1 项：公文处理。\n"
        "补好后请再报送至办公室。\n"
    )


def test_who_owes_nothing_is_not_reminded(inputs: Path) -> None:
    write(inputs, "submissions", "前三季度,普查中心,林一,2024-09-30")
    codes = group(inputs, "普查中心", "2024-10-01")["missing"]
    write(inputs, "progress", *(f"前三季度,普查中心,{code},做了,,,," for code in codes))

    texts = shown(
        "--on", "2024-10-01", "--format", "reminders", "--period", "前三季度", inputs=inputs
    )

    assert "普查中心" not in texts


def test_markdown_is_a_table() -> None:
    lines = shown("--on", "2024-10-03", "--format", "markdown", "--period", "前三季度").splitlines()

    assert lines[0].startswith("## demo 前三季度")
    assert lines[2].startswith("| 组队 | 交表 |")
    assert {line.count("|") for line in lines[2:]} == {14}
    assert len(lines) == 4 + 6


def test_periods_far_ahead_are_left_out() -> None:
    early = board(EDITIONS["2023"], date(2023, 5, 1))
    late = board(EDITIONS["2023"], date(2024, 1, 1))

    assert [period.name for period in early.periods] == ["前三季度"]
    assert [period.name for period in late.periods] == ["前三季度", "全年"]


def test_what_the_header_left_out_is_reported(inputs: Path) -> None:
    write(inputs, "submissions", "前三季度,普查中心,,")
    write(inputs, "progress", "前三季度,普查中心,SL006,做了,,,,")

    lines = shown("--on", "2024-10-08", "--period", "前三季度", inputs=inputs).splitlines()

    assert lines[-1].split()[:4] == ["普查中心", "已交", "没写", "没写"]


def test_nobody_is_reminded_of_a_day_far_ahead(inputs: Path) -> None:
    arguments = ("--on", "2024-10-08", "--format", "reminders")

    assert "（附件4，全年）" not in shown(*arguments, inputs=inputs)
    assert "（附件4，全年）" in shown(*arguments, "--period", "全年", inputs=inputs)
    write(inputs, "submissions", "全年,普查中心,林一,2024-10-08")
    write(inputs, "progress", "全年,普查中心,SL006,做了,,,,")
    assert "（附件4，全年）" in shown(*arguments, inputs=inputs)


def test_the_calendar_has_every_deadline(tmp_path: Path) -> None:
    CliRunner().invoke(cli, ["forms", "demo", "--inputs", str(INPUTS), "--out", str(tmp_path)])
    written = (tmp_path / "demo" / "交表时间.ics").read_bytes()

    calendar = icalendar.Calendar.from_ical(written)
    days = [(str(e["summary"]), e["dtstart"].dt, e["dtend"].dt) for e in calendar.walk("VEVENT")]

    assert days == [
        ("交2024年度附件4（上半年）", date(2024, 6, 30), date(2024, 7, 1)),
        ("交2024年度附件4（前三季度）", date(2024, 9, 30), date(2024, 10, 1)),
        ("交2024年度附件4（全年）", date(2025, 1, 10), date(2025, 1, 11)),
    ]
    assert len({str(e["uid"]) for e in calendar.walk("VEVENT")}) == 3
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert shown("--format", "ics").splitlines() == written.decode().splitlines()


def test_what_was_returned_later_is_not_there_yet(inputs: Path) -> None:
    write(inputs, "submissions", "前三季度,普查中心,林一,2024-10-03")
    write(inputs, "progress", "前三季度,普查中心,SL006,做了,,,,")

    before, after = [
        group(inputs, "普查中心", on)["returned"] for on in ("2024-10-02", "2024-10-03")
    ]

    assert (before, after) == (False, True)


def test_after_the_last_day_of_the_edition_no_days_are_counted(inputs: Path) -> None:
    texts = shown("--on", "2026-11-01", "--format", "reminders", inputs=inputs)

    assert "天" not in texts
    assert "（附件4，全年）已于2025年1月10日截止，还没有收到你们的表。" in texts
    assert "（附件4，前三季度）" not in texts
    assert "迟交天数" in shown("--on", "2026-11-01", inputs=inputs)


def test_a_group_that_returned_the_next_form_is_not_asked_about_the_one_before(
    inputs: Path,
) -> None:
    write(inputs, "submissions", "前三季度,普查中心,林一,2024-09-28")
    write(
        inputs,
        "progress",
        "上半年,普查中心,SL006,做了,缺人,6月底前,进行中,",
        "前三季度,普查中心,SL006,做了,缺人,6月底前,进行中,",
    )
    arguments = ("--on", "2024-09-29", "--format", "reminders")

    texts, asked = (
        shown(*arguments, *period, inputs=inputs) for period in ([], ["--period", "上半年"])
    )

    assert [line for line in texts.split("\n\n") if "普查中心" in line and "上半年" in line] == []
    assert "普查中心：\n2024年度绩效指标工作进度表（附件4，上半年）已收到" in asked
    assert "时限已过" not in asked  # it was reported again, and is asked about there


def test_the_day_is_that_of_the_source_where_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1728000000")
    (found,) = json.loads(shown("--format", "json"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    wrong = CliRunner().invoke(cli, ["status", "demo", "--inputs", str(INPUTS)])

    assert found["on"] == "2024-10-04"
    assert (wrong.exit_code, "SOURCE_DATE_EPOCH 不是秒数" in wrong.output) == (2, True)


def test_the_day_is_today_unless_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = date.today()
    (found,) = json.loads(shown("--format", "json"))

    assert before <= date.fromisoformat(found["on"]) <= date.today()


def test_a_period_that_is_not_there_is_reported() -> None:
    command = ["status", "demo", "--inputs", str(INPUTS), "--period", "第三季度"]

    with pytest.raises(InputError, match="没有这一期"):
        board(EDITIONS["demo"], date(2024, 10, 1), ["第三季度"])
    assert CliRunner().invoke(cli, command).exit_code == 1


def test_several_editions_are_one_list_and_one_may_have_errors(inputs: Path) -> None:
    shutil.copytree(inputs, inputs.with_name("second"))
    shutil.copytree(inputs, inputs.with_name("wrong"))
    (inputs.with_name("wrong") / "roster.csv").unlink()
    command = ["status", "--inputs", str(inputs.parent), "--format", "json", "--on", "2024-10-01"]

    done = CliRunner().invoke(cli, command, catch_exceptions=False)

    assert done.exit_code == 1
    assert [each["edition"] for each in json.loads(done.stdout)] == ["demo", "second"]
    assert "没有这个文件" in done.stderr
