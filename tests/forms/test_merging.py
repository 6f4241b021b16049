"""Forms into the tables: conflicts, bytes, and what a fault in the middle leaves."""

from __future__ import annotations

import codecs
import csv
import io
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from pipeline.checks.load import checked, problems
from pipeline.cli import ROOT, cli
from pipeline.errors import InputError
from pipeline.forms.returned.merge_forms import merge_forms, merges_into
from pipeline.forms.returned.merging import Entry, Merge
from pipeline.forms.returned.reader import FormResult
from pipeline.forms.returned.selection import EVERYTHING, NOTHING, Selection
from pipeline.tables.contract import PROGRESS, SUBMISSIONS
from pipeline.tables.reader import read_sheet
from pipeline.tables.writer import csv_bytes
from tests.conftest import EDITIONS, change
from tests.forms.collecting import answers
from tests.forms.mishaps import ANSWERS, A, B, filled, near_name
from tests.forms.paper import cells, say

PROGRESS_HEAD = [column.header for column in PROGRESS.columns]


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    """A filled form."""
    path = tmp_path / "表.docx"
    path.write_bytes(filled().bytes)
    return path


def run(inputs: Path, *arguments: object) -> Result:
    command = ["collect", *map(str, arguments), "--inputs", str(inputs.parent)]
    return CliRunner().invoke(cli, command, catch_exceptions=False)


def corrected(path: Path, text: str = "改过的") -> Path:
    """The form once more, with another answer on A."""
    paper = filled()
    say(cells(paper.row(A))[2], text)
    made = path.with_name("更正.docx")
    made.write_bytes(paper.bytes)
    return made


def tables(inputs: Path) -> dict[str, bytes]:
    return {name: (inputs / name).read_bytes() for name in ("progress.csv", "submissions.csv")}


# --- what is merged ---------------------------------------------------------------------------


def test_reading_a_form_again_changes_nothing(inputs: Path, returned: Path) -> None:
    first = run(inputs, returned)
    after, former = tables(inputs), (inputs / "progress.csv.bak").read_bytes()

    second = run(inputs, returned)

    assert "新填 4 项，空着 25 项" in first.output
    assert "没有变化 4 项，空着 25 项" in second.output
    assert tables(inputs) == after
    assert (inputs / "progress.csv.bak").read_bytes() == former
    assert second.exit_code == 0


def test_the_former_tables_are_kept_beside(inputs: Path, returned: Path) -> None:
    before = tables(inputs)

    done = run(inputs, returned)

    assert {name: (inputs / f"{name}.bak").read_bytes() for name in before} == before
    assert "写好 progress.csv、submissions.csv，原来的在旁边，多一个 .bak" in done.output
    assert problems(inputs) == problems(EDITIONS["demo"])  # and nothing reads the former ones


def test_what_nobody_touched_keeps_its_bytes(inputs: Path, returned: Path) -> None:
    path = inputs / "progress.csv"
    odd = '上半年,"农业股",SL001,"写法, 各式""各样""",无,  前后有空格  ,进行中,07\n'
    lines = path.read_bytes().split(b"\r\n")
    index = next(n for n, line in enumerate(lines) if "上半年,农业股,SL001".encode() in line)
    lines[index] = odd.strip("\n").encode()
    before = (
        b"\r\n".join(lines[:index])
        + b"\r\n"
        + odd.encode()
        + b"\n"
        + b"\r\n".join(lines[index + 1 :])
    )
    path.write_bytes(before)

    assert run(inputs, returned).exit_code == 0

    after = path.read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].decode().startswith("全年,农业股,SL001,上报率 98%,无,,,\r\n")


def test_new_rows_stand_behind_those_of_the_same_group(inputs: Path, returned: Path) -> None:
    path = inputs / "progress.csv"
    head, *rows = path.read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    path.write_text(
        "".join(["\ufeff", head, "全年,农业股,SL057,先写的,,,,\r\n", *rows]),
        encoding="utf-8",
        newline="",
    )

    run(inputs, returned)

    lines = path.read_bytes().decode("utf-8-sig").splitlines()
    assert [line[:12] for line in lines[1:4]] == [
        "全年,农业股,SL057",
        "全年,农业股,SL001",
        "全年,农业股,SL002",
    ]


def test_a_difference_is_shown_and_kept_out(inputs: Path, returned: Path) -> None:
    run(inputs, returned)
    before = tables(inputs)

    done = run(inputs, corrected(returned))

    assert done.exit_code == 1
    assert (
        "错误 更正.docx 第2行 进展情况：全年 农业股 SL001 规模以上工业企业报表上报率：demo/progress.csv 里是“上报率 98%”，"
        "这份表是“改过的”，没有收。要用这份表的，加 --replace（make 写 REPLACE=1）再收一次"
        in done.output
    )
    assert "没有变化 3 项，没有收 1 项" in done.output
    assert tables(inputs) == before


def test_a_difference_is_taken_when_asked_for(inputs: Path, returned: Path) -> None:
    run(inputs, returned)

    done = run(inputs, corrected(returned), "--replace")

    assert done.exit_code == 0
    assert answers(inputs) == {**ANSWERS, A: ("改过的", *ANSWERS[A][1:])}


def test_two_forms_of_one_call_contradict_each_other(inputs: Path, returned: Path) -> None:
    done = run(inputs, returned, corrected(returned))

    assert done.exit_code == 1
    assert "同一次收的 表.docx 里是“上报率 98%”，这份表是“改过的”" in done.output
    assert answers(inputs) == ANSWERS


def dated(path: Path, name: str, day: str, text: str) -> Path:
    paper = filled()
    paper.header(reporter="林一", day=day)
    say(cells(paper.row(A))[2], text)
    made = path.with_name(name)
    made.write_bytes(paper.bytes)
    return made


def test_of_two_forms_of_one_call_the_later_one_replaces(inputs: Path, returned: Path) -> None:
    run(inputs, returned)
    newer = dated(returned, "1.docx", "2025年1月9日", "新的")
    older = dated(returned, "2.docx", "2025年1月8日", "旧的")

    done = run(inputs, newer, older, "--replace")

    assert done.exit_code == 0
    assert answers(inputs)[A][0] == "新的"
    assert run(inputs, newer, older, "--replace").exit_code == 0
    assert answers(inputs)[A][0] == "新的"


def test_of_two_forms_of_one_day_neither_replaces_the_other(inputs: Path, returned: Path) -> None:
    one = dated(returned, "1.docx", "2025年1月8日", "一")
    other = dated(returned, "2.docx", "2025年1月8日", "二")

    done = run(inputs, one, other, "--replace")

    assert done.exit_code == 1
    assert "两份的填报时间一样，或者没有写：挑出要用的那一份，单独收" in done.output
    assert answers(inputs)[A][0] == "一"


def test_an_older_form_is_reported_as_older(inputs: Path, returned: Path) -> None:
    run(inputs, dated(returned, "1.docx", "2025年1月9日", "新的"))

    done = run(inputs, dated(returned, "2.docx", "2025年1月8日", "旧的"))

    assert "这份表是较早的，已经收了 2025-01-09 的" in done.output
    assert answers(inputs)[A][0] == "新的"


def test_a_blank_is_filled_and_other_columns_stay(inputs: Path, returned: Path) -> None:
    path = inputs / "progress.csv"
    path.write_bytes(path.read_bytes() + "全年,农业股,SL001,,,,进行中,9\r\n".encode())

    done = run(inputs, returned)

    assert done.exit_code == 0
    assert "更新 1 项" in done.output
    assert "全年,农业股,SL001,上报率 98%,无,,进行中,9\r\n" in path.read_bytes().decode()


def test_an_answer_withdrawn_is_a_difference(inputs: Path, returned: Path) -> None:
    run(inputs, returned)

    done = run(inputs, corrected(returned, ""), "--replace")

    assert done.exit_code == 0
    assert answers(inputs)[A] == ("", "无", "")


def test_a_dry_run_shows_the_lines_and_writes_nothing(inputs: Path, returned: Path) -> None:
    before, files = tables(inputs), {*inputs.iterdir()}

    done = run(inputs, returned, "--dry-run")

    assert (
        "  新加一行 全年、农业股、SL001（规模以上工业企业报表上报率）：进展情况“上报率 98%”；存在的问题“无”"
        in done.output
    )
    assert "  新加一行 全年、农业股：填报人“林一”；填报时间“2025-01-08”" in done.output
    assert "没有写文件；去掉 --dry-run（make 去掉 DRY=1）就写" in done.output
    assert tables(inputs) == before
    assert {*inputs.iterdir()} == files


@pytest.mark.parametrize("codec", ["gb18030", "utf-16"])
def test_a_table_in_another_encoding_is_written_anew(
    codec: str, inputs: Path, returned: Path
) -> None:
    path = inputs / "progress.csv"
    before = answers(inputs, "办公室", "上半年")
    path.write_bytes(path.read_bytes().decode("utf-8-sig").encode(codec))

    assert run(inputs, returned).exit_code == 0

    assert path.read_bytes().startswith(codecs.BOM_UTF8)
    assert answers(inputs) == ANSWERS
    assert answers(inputs, "办公室", "上半年") == before


def test_semicolons_become_commas(inputs: Path, returned: Path) -> None:
    path = inputs / "submissions.csv"
    path.write_bytes(path.read_bytes().replace(b",", b";"))

    assert run(inputs, returned).exit_code == 0

    lines = path.read_bytes().decode("utf-8-sig").splitlines()
    assert lines[0] == "期次,组队,填报人,填报时间"
    assert lines[-1] == "全年,农业股,林一,2025-01-08"


def test_a_workbook_is_not_rewritten(inputs: Path, returned: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(PROGRESS_HEAD)
    book.save(inputs / "progress.xlsx")
    (inputs / "progress.csv").unlink()

    done = CliRunner().invoke(cli, ["collect", str(returned), "--inputs", str(inputs.parent)])

    assert done.exit_code == 1
    assert "是 Excel 工作簿，程序不改写" in str(done.exception) + done.output


def test_the_edition_is_found_by_the_tags(inputs: Path, returned: Path) -> None:
    shutil.copytree(inputs, inputs.with_name("2030"))

    done = run(inputs, returned)

    assert done.exit_code == 0
    assert answers(inputs) == ANSWERS
    assert answers(inputs.with_name("2030")) == {}


def test_problems_in_the_tables_come_first(inputs: Path, returned: Path) -> None:
    change(inputs / "progress.csv", "上半年,农业股,SL001,", "上半年,农业股,,")
    before = tables(inputs)

    with pytest.raises(InputError, match=r"编号（C\d+）：不能空着"):
        run(inputs, returned)

    assert tables(inputs) == before


def test_a_table_that_cannot_be_written_hides_no_other_problem(
    inputs: Path, returned: Path, tmp_path: Path
) -> None:
    """A workbook, a picture and a form without a day: all are reported in one run."""
    book = Workbook()
    for row in csv.reader(io.StringIO((inputs / "progress.csv").read_text("utf-8-sig"))):
        book.active.append(row)
    (inputs / "progress.csv").unlink()
    book.save(inputs / "progress.xlsx")
    (tmp_path / "照片.docx").write_bytes(b"\x89PNG")
    undated = dated(returned, "1.docx", "昨天", "一")

    with pytest.raises(InputError) as raised:
        run(inputs, undated, tmp_path / "照片.docx")

    assert [problem.rule for problem in raised.value.problems] == ["file", "date", "workbook"]


def test_an_older_form_replaces_only_when_it_is_the_only_one(inputs: Path, returned: Path) -> None:
    run(inputs, dated(returned, "1.docx", "2025年1月9日", "新的"))
    older = dated(returned, "2.docx", "2025年1月8日", "旧的")

    together = run(inputs, returned.with_name("1.docx"), older, "--replace")
    assert answers(inputs)[A][0] == "新的"
    assert together.exit_code == 0
    assert "这份表是较早的，已经收了 2025-01-09 的" in together.output

    assert run(inputs, older, "--replace").exit_code == 0
    assert answers(inputs)[A][0] == "旧的"


def test_what_is_kept_out_with_a_conflict_is_named(inputs: Path, returned: Path) -> None:
    run(inputs, returned)
    paper = filled()
    say(cells(paper.row(A))[2], "改过的")
    say(cells(paper.row(A))[4], "新写的措施")
    path = returned.with_name("2.docx")
    path.write_bytes(paper.bytes)

    done = run(inputs, path)

    assert "一起没有收的整改措施及完成时限：新写的措施" in done.output


# --- a thousand merges ------------------------------------------------------------------------

TEXTS = ("", "甲", "一\n二", "=1", "'x", 'a,"b"', "，", "-已", "长" * 50)


@pytest.mark.slow
def test_no_edit_is_lost_in_a_thousand_merges() -> None:
    """Random tables, entries, and choices: what stood there stays or is reported, what is new is there."""
    dice = random.Random(5)
    for _ in range(1_000):
        old = {
            (period, "组", f"A{n}"): texts(dice)
            for period in "一二"
            for n in range(4)
            if dice.random() < 0.5
        }
        before = table(old)
        sheet, wrong = read_sheet(before, PROGRESS, "x")
        assert sheet is not None
        assert not wrong
        collected_on = dice.choice(["", "2024-09-20", "2024-09-25"])
        merge = Merge(sheet, days={("一", "组"): collected_on})
        replace = dice.random() < 0.3
        entries = [
            (("一", "组", f"A{dice.randrange(5)}"), texts(dice)) for _ in range(dice.randrange(4))
        ]

        expected, conflicts = dict(old), 0
        days: dict[tuple[str, str, str], str] = {}  # by a form of this call, on which day
        chosen_days = dice.choices(["", "2024-09-20", "2024-09-28"], k=len(entries))
        for (key, new), day in zip(entries, sorted(chosen_days, reverse=True), strict=True):
            merge.take(entry(key, new, day), replace=replace)
            on = days.get(key, collected_on if key in old else "")
            different = [
                (now, then)
                for now, then in zip(expected.get(key, new), new, strict=True)
                if now != then
            ]
            older = "" < day < on
            against = different if older else [now for now, _ in different if now]
            wins = replace and key not in days and not older
            conflicts += 0 if wins else len(against)
            if not against or wins:
                expected[key], days[key] = new, day

        assert rows_of(merge.written(before)) == expected
        assert len(merge.conflicts) == conflicts


Key = tuple[str, str, str]


def table(rows: Mapping[Key, tuple[str, ...]]) -> bytes:
    return csv_bytes([PROGRESS_HEAD, *([*key, *row, "", ""] for key, row in rows.items())])


def rows_of(data: bytes) -> dict[Key, tuple[str, ...]]:
    sheet, _ = read_sheet(data, PROGRESS, "x")
    assert sheet is not None
    fields = (*PROGRESS.key, "progress", "problems", "measures")
    return {tuple(row[:3]): tuple(row[3:]) for row in sheet.values(*fields)}


def entry(key: Key, row: Sequence[str], day: str) -> Entry:
    fields = ("progress", "problems", "measures")
    return Entry(key=key, texts=dict(zip(fields, row, strict=True)), source=f"{day}.docx", day=day)


def texts(dice: random.Random) -> tuple[str, str, str]:
    return dice.choice(TEXTS), dice.choice(TEXTS), dice.choice(TEXTS)


# --- two forms of different days -----------------------------------------------------------------

OLDER, NEWER = "2024-09-28", "2024-09-30"


def form_of(day: str, rows: Mapping[Key, tuple[str, ...]]) -> FormResult:
    return FormResult(
        file=f"{day}.docx",
        period="一",
        group="组",
        submission=Entry(key=("一", "组"), texts={"day": day}, source=f"{day}.docx", day=day),
        entries=tuple(entry(key, row, day) for key, row in rows.items()),
    )


def merged(
    tables: Mapping[str, bytes], calls: Sequence[tuple[Sequence[FormResult], Selection]]
) -> dict[str, bytes]:
    """The tables after some calls, each with its forms."""
    now = dict(tables)
    for forms, replace in calls:
        sheets = {}
        for name, contract in (("progress", PROGRESS), ("submissions", SUBMISSIONS)):
            sheet, problems = read_sheet(now[name], contract, name)
            assert sheet is not None
            assert not problems
            sheets[name] = sheet
        merges = merges_into(sheets, forms)
        merge_forms(forms, merges, replace)
        now = {name: merge.written(now[name]) for name, merge in merges.items()}
    return now


def test_two_forms_of_different_days_end_the_same_in_any_order() -> None:
    """In any order and number, in one call or in several, with REPLACE and without."""
    dice = random.Random(928)
    empty = {
        "progress": table({}),
        "submissions": csv_bytes([["期次", "组队", "填报人", "填报时间"]]),
    }
    for _ in range(200):
        codes = [f"A{n}" for n in range(5)]
        rows = [
            {("一", "组", code): texts(dice) for code in codes if dice.random() < 0.7} for _ in "ab"
        ]
        older, newer = form_of(OLDER, rows[0]), form_of(NEWER, rows[1])
        expected = {
            **rows[0],
            **rows[1],
        }  # what the newer one says nothing about is the older one's

        together = [*dice.choices([older, newer], k=dice.randrange(4)), older, newer]
        dice.shuffle(together)
        later = [[*dice.choices([older, newer], k=2), newer] for _ in range(dice.randrange(3))]
        choice = dice.choice([NOTHING, EVERYTHING])
        ways = {
            "together": [(together, choice), *((each, choice) for each in later)],
            "newer first": [
                ([newer], choice),
                ([older], NOTHING),
                *((each, choice) for each in later),
            ],
            "older first": [([older], choice), ([newer], EVERYTHING), ([older], NOTHING)],
            "the group by name": [
                ([older], choice),
                ([newer], Selection(frozenset({"组"}))),
                ([older], NOTHING),
            ],
        }
        for way, calls in ways.items():
            done = merged(empty, calls)
            assert rows_of(done["progress"]) == expected, way
            assert done["submissions"].decode().splitlines()[1:] == [f"一,组,,{NEWER}"], way


@pytest.mark.parametrize("together", [True, False])
def test_what_a_newer_form_left_blank_an_older_one_does_not_fill(
    together: bool, inputs: Path, returned: Path
) -> None:
    """By way of Word: a newer form with a blank, an older one with a text there."""
    newer = blank_problem(returned, "新.docx", "2025年1月9日", "")
    older = blank_problem(returned, "旧.docx", "2025年1月7日", "早先的问题")

    if together:
        done = run(inputs, older, newer)
    else:
        run(inputs, newer)
        done = run(inputs, older)

    assert answers(inputs) == {**ANSWERS, B: (ANSWERS[B][0], "", ANSWERS[B][2])}
    assert "全年,农业股,林一,2025-01-09" in (inputs / "submissions.csv").read_text("utf-8-sig")
    assert (
        "里空着，这份表是“早先的问题”，没有收。这份表是较早的，已经收了 2025-01-09 的"
        in done.output
    )
    assert done.exit_code == 1


@pytest.mark.parametrize("together", [True, False])
def test_a_row_of_which_the_newer_form_says_nothing_is_the_older_ones_and_told(
    together: bool, inputs: Path, returned: Path
) -> None:
    paper = filled()
    paper.header(reporter="林一", day="2025年1月9日")
    paper.fill({B: dict.fromkeys(("progress", "problems", "measures"), "")})
    newer = returned.with_name("新.docx")
    newer.write_bytes(paper.bytes)
    older = dated(returned, "旧.docx", "2025年1月7日", ANSWERS[A][0])

    if not together:
        run(inputs, newer)
    done = run(inputs, older, *([newer] if together else []))

    assert answers(inputs) == ANSWERS
    assert (
        "提醒 旧.docx 第3行：全年 农业股 SL002 限额以上商贸企业报表差错率：2025-01-09 的那份表没有填这一行，收了这份 2025-01-07 的。看看还作不作数"
        in done.output
    )


def test_a_newer_form_that_replaces_takes_its_blanks_along(inputs: Path, returned: Path) -> None:
    run(inputs, blank_problem(returned, "旧.docx", "2025年1月7日", "早先的问题"))

    done = run(inputs, blank_problem(returned, "新.docx", "2025年1月9日", ""), "--replace")

    assert done.exit_code == 0
    assert answers(inputs)[B] == (ANSWERS[B][0], "", ANSWERS[B][2])


def blank_problem(path: Path, name: str, day: str, problem: str) -> Path:
    paper = filled()
    paper.header(reporter="林一", day=day)
    paper.fill({B: {"problems": problem}})
    made = path.with_name(name)
    made.write_bytes(paper.bytes)
    return made


# --- for some only ----------------------------------------------------------------------------


def changed_twice(path: Path) -> Path:
    """The form with other answers on A and B."""
    paper = filled()
    for code in (A, B):
        say(cells(paper.row(code))[2], "改过的")
    made = path.with_name("更正.docx")
    made.write_bytes(paper.bytes)
    return made


@pytest.mark.parametrize(
    ("names", "replaced"),
    [
        ("农业股", {A, B}),
        (A, {A}),
        (f"{A}、{B}", {A, B}),
        ("工业股", set()),
        (f"工业股、{B}", {B}),
    ],
)
def test_one_group_or_row_is_replaced(
    names: str, replaced: set[str], inputs: Path, returned: Path
) -> None:
    run(inputs, returned)

    done = run(inputs, changed_twice(returned), f"--replace={names}")

    now = answers(inputs)
    assert {code for code in (A, B) if now[code][0] == "改过的"} == replaced
    assert done.exit_code == (0 if replaced == {A, B} else 1)


def test_with_the_last_row_that_differs_the_forms_day_is_replaced(
    inputs: Path, returned: Path
) -> None:
    run(inputs, returned)
    newer = dated(returned, "新.docx", "2025年1月9日", "改过的")

    done = run(inputs, newer, f"--replace={A}")

    assert done.exit_code == 0
    assert answers(inputs)[A][0] == "改过的"
    assert "全年,农业股,林一,2025-01-09" in (inputs / "submissions.csv").read_text("utf-8-sig")


def test_names_behind_replace_that_there_are_not_are_reported(inputs: Path, returned: Path) -> None:
    with pytest.raises(InputError) as raised:
        run(inputs, returned, "--replace", "农业组", "--accept=SL099")

    assert list(map(str, raised.value.problems)) == [
        "demo：--accept 后面写组队或者编号，没有这个，现为“SL099”。你是不是想写“SL009”？",
        "demo：--replace 后面写组队或者编号，没有这个，现为“农业组”。你是不是想写“农业股”？",
    ]


def test_a_file_behind_replace_is_one_to_be_collected(inputs: Path, returned: Path) -> None:
    run(inputs, returned)

    done = run(inputs, "--replace", corrected(returned))

    assert done.exit_code == 0
    assert answers(inputs)[A][0] == "改过的"


@pytest.mark.parametrize(("name", "accepted"), [(A, True), ("农业股", True), (B, False)])
def test_a_near_name_is_accepted_for_one_row(
    name: str, accepted: bool, inputs: Path, returned: Path
) -> None:
    paper = filled()
    near_name(paper)
    returned.write_bytes(paper.bytes)

    done = run(inputs, returned, f"--accept={name}")

    assert (A in answers(inputs)) is accepted
    assert (f"确实是就加 --accept={A}（make 写 ACCEPT={A}）再收一次" in done.output) is not accepted


def test_nothing_to_collect_is_wrong_usage(inputs: Path) -> None:
    done = run(inputs, "--replace")

    assert done.exit_code == 2
    assert "写明收什么" in done.output


# --- taken back -------------------------------------------------------------------------------


def undo(inputs: Path, *arguments: str) -> Result:
    return run(inputs, "--undo", *arguments)


def test_the_last_collection_is_taken_back(inputs: Path, returned: Path) -> None:
    before, names = tables(inputs), {path.name for path in inputs.iterdir()}
    run(inputs, returned)

    done = undo(inputs)

    assert done.exit_code == 0
    assert "撤回了最近一次收表" in done.output
    assert tables(inputs) == before
    assert {path.name for path in inputs.iterdir()} - names == {".lock"}
    again = CliRunner().invoke(cli, ["collect", "--undo", "--inputs", str(inputs.parent)])
    assert again.exit_code == 1
    assert "没有可以撤回的收表" in str(again.exception) + again.output


def test_only_the_last_one_is_taken_back(inputs: Path, returned: Path) -> None:
    run(inputs, returned)
    after = tables(inputs)
    run(inputs, corrected(returned), "--replace")

    assert undo(inputs).exit_code == 0

    assert tables(inputs) == after


def test_tables_that_were_changed_since_are_left_alone(inputs: Path, returned: Path) -> None:
    run(inputs, returned)
    path = inputs / "progress.csv"
    path.write_bytes(path.read_bytes().replace("上报率 98%".encode(), b"99%"))
    before = {each.name: each.read_bytes() for each in inputs.iterdir() if each.is_file()}

    with pytest.raises(InputError) as raised:
        undo(inputs)

    assert list(map(str, raised.value.problems)) == [
        "demo/progress.csv：收表以后又改过，不能撤回，什么都没有动。"
        "要用收表以前的，看旁边的 progress.csv.bak，自己改回去"
    ]
    after = {each.name: each.read_bytes() for each in inputs.iterdir() if each.is_file()}
    assert after == before


def test_without_the_former_table_nothing_is_taken_back(inputs: Path, returned: Path) -> None:
    run(inputs, returned)
    (inputs / "submissions.csv.bak").unlink()
    before = tables(inputs)

    with pytest.raises(InputError, match=r"submissions\.csv\.bak：收表以前的内容不在这里了"):
        undo(inputs)

    assert tables(inputs) == before


def test_what_would_be_taken_back_is_shown(inputs: Path, returned: Path) -> None:
    run(inputs, returned)
    before = {each.name for each in inputs.iterdir()}, tables(inputs)

    done = undo(inputs, "--dry-run")

    assert "行 全年、农业股、SL001" in done.output
    assert ({each.name for each in inputs.iterdir()}, tables(inputs)) == before


def test_the_edition_with_a_collection_is_found(inputs: Path, returned: Path) -> None:
    shutil.copytree(inputs, inputs.with_name("2030"))
    before = tables(inputs)
    run(inputs, returned)

    assert undo(inputs).exit_code == 0
    assert tables(inputs) == before
    assert "看不出撤回哪个年度的" in undo(inputs).output


# --- faults -----------------------------------------------------------------------------------

# Kills the process, or fails, at the nth system call that touches the edition's folder.
INJECTED = """
import errno, os, signal, sys
from pathlib import Path
from pipeline.cli import main

folder, last, fault = sys.argv[1], int(sys.argv[2]), sys.argv[3]
sys.argv = ["jixiao", *sys.argv[4:]]
writes = 0

def watch(event, arguments):
    global writes
    opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & 3
    if not (event in ("os.rename", "os.remove", "os.truncate") or opened):
        return
    if not any(folder in str(argument) for argument in arguments):
        return
    writes += 1
    if writes == last:
        if fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError({"full": errno.ENOSPC, "read-only": errno.EROFS}[fault], os.strerror(errno.ENOSPC), folder)

sys.addaudithook(watch)
try:
    main()
finally:
    if writes < last:
        print("no fault", file=sys.stderr)
"""


def injected(
    inputs: Path, write: int, fault: str, returned: Path
) -> subprocess.CompletedProcess[bytes]:
    arguments = ["collect", returned, "--inputs", inputs.parent]
    command = [sys.executable, "-c", INJECTED, inputs, str(write), fault, *arguments]
    return subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["kill", "full", "read-only"])
def test_a_fault_at_any_write_leaves_the_old_or_the_new_table(
    fault: str, inputs: Path, returned: Path, tmp_path: Path
) -> None:
    before = tables(inputs)
    run(inputs, returned)
    after = tables(inputs)
    assert all(after[name] != before[name] for name in before)
    for write in range(1, 100):
        for name, data in before.items():
            (inputs / name).write_bytes(data)

        done = injected(inputs, write, fault, returned)

        found = tables(inputs)
        assert all(found[name] in (before[name], after[name]) for name in before), write
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        if b"no fault" in done.stderr:
            break
        assert done.returncode == (-9 if fault == "kill" else 1) or found == after, (
            done.stderr.decode()
        )
        assert run(inputs, returned).exit_code == 0
        assert tables(inputs) == after
        assert list(inputs.glob(".jixiao-*")) == []
    assert write > 8, "every table is opened, written and put in place"


def test_a_disk_that_is_really_full_leaves_the_old_tables(inputs: Path, returned: Path) -> None:
    """No file may grow beyond 20 kB: the system refuses the write in its middle."""
    before = tables(inputs)
    code = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from pipeline.cli import main\nmain()"
    )
    arguments = ["collect", str(returned), "--inputs", str(inputs.parent)]

    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True)

    assert done.returncode == 1
    assert done.stderr.decode().startswith("错误 不能写")
    assert tables(inputs) == before
    assert list(inputs.glob(".jixiao-*")) == []


@pytest.mark.slow
def test_collects_at_once_lose_nothing(inputs: Path, tmp_path: Path) -> None:
    """Eight forms, each with its own indicator, by eight processes."""
    codes = ("SL001", "SL002", "SL006", "SL009", "SL010", "SL011", "SL012", "SL015")
    running = []
    for code in codes:
        paper = filled()
        for row in paper.rows:
            for cell in cells(row)[2:]:
                say(cell, "")
        paper.fill({code: {"progress": f"{code} 的"}})
        (tmp_path / f"{code}.docx").write_bytes(paper.bytes)
        command = [sys.executable, "-m", "pipeline", "collect", str(tmp_path / f"{code}.docx")]
        running.append(
            subprocess.Popen(
                [*command, "--inputs", str(inputs.parent)], cwd=ROOT, stdout=subprocess.DEVNULL
            )
        )

    assert [process.wait() for process in running] == [0] * 8
    assert answers(inputs) == {code: (f"{code} 的", "", "") for code in codes}


def test_the_submission_of_a_form_is_merged_by_the_same_rules() -> None:
    before = csv_bytes([["期次", "组队", "填报人", "填报时间"], ["全年", "甲", "", "2024/12/30"]])
    sheet, _ = read_sheet(before, SUBMISSIONS, "x")
    assert sheet is not None
    merge = Merge(sheet)

    merge.take(
        Entry(key=("全年", "甲"), texts={"reporter": "林一", "day": "2024-12-30"}, source="f")
    )

    assert merge.written(before).decode("utf-8-sig").splitlines()[1] == "全年,甲,林一,2024/12/30"
    assert merge.conflicts == []


def test_checked_tables_stay_checked(inputs: Path, returned: Path) -> None:
    run(inputs, returned)

    assert len(checked(inputs)[0]["progress"]) == len(checked(EDITIONS["demo"])[0]["progress"]) + 4
