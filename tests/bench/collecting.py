"""How long it takes to collect forms, against python-docx reading the same cells, in one run.

200 returned forms of 50 rows go into an edition in one call: found, read, matched, checked, merged,
written. The peer opens the same files and reads every cell's text, and does nothing with it. The
forms come without content controls, as WPS may save them, because python-docx does not see what is
in one; both read the same texts, or nothing is measured. Rounds alternate; a ratio is the median
of the rounds' ratios.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import docx

from pipeline.checks.load import checked
from pipeline.cli import ROOT
from pipeline.forms.issue import issued
from pipeline.forms.parsing.form import read_forms
from pipeline.forms.returned.owner import CollectOptions
from pipeline.recipes.collect import collect, read
from pipeline.word.annexes import Templates
from tests.bench.checking import write
from tests.forms.paper import Paper

FORM = ROOT / "templates" / "docx" / "附件4.docx"

FORMS, ROWS, ROUNDS = 200, 50, 3
DEMO = ROOT / "tests" / "editions" / "demo"
ANSWERS = ("已完成年度任务的 77%，走访企业 15 家。\n台账已建。", "人手不够", "12月底前补齐")


def edition(folder: Path) -> Path:
    """An edition of so many groups, each with the same indicators."""
    folder.mkdir(parents=True)
    for path in DEMO.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    settings = folder / "edition.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("total =", "repeat_labels"))]
    settings.write_text("\n".join(kept), encoding="utf-8")
    groups = "、".join(f"第{number}组" for number in range(FORMS))
    write(folder / "sections.csv", ["责任科室", "牵头组队", "参与组队"], [["全局", "", groups]])
    head = ["编号", "类别", "项目", "一级指标", "二级指标", "年度分值", "加分"]
    head += ["数据采集责任单位", "责任领导", "责任科室", "责任人"]
    row = ["工作", "统计", "数据", "", "10", "", "——", "江珺", "全局", "司徒祎"]
    rows = [[f"N{n:03}", *row[:3], f"第{n}项统计工作", *row[4:]] for n in range(ROWS)]
    write(folder / "indicators.csv", head, rows)
    for name in ("progress", "submissions", "findings"):
        path = folder / f"{name}.csv"
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    return folder


def forms(source: Path, target: Path) -> list[Path]:
    """The forms of the last period, filled in."""
    target.mkdir()
    made = issued(checked(source)[0], Templates(ROOT / "templates" / "docx"), ["全年"])
    codes = [f"N{n:03}" for n in range(ROWS)]
    for name, data in made.items():
        if name.endswith(".docx"):
            paper = Paper(data)
            fields = dict(zip(("progress", "problems", "measures"), ANSWERS, strict=True))
            paper.fill(dict.fromkeys(codes, fields))
            paper.header(reporter="林一", day="2025年1月8日")
            paper.strip_controls()
            (target / Path(name).name).write_bytes(paper.bytes)
    return sorted(target.iterdir())


def peer(paths: list[Path]) -> list[list[list[str]]]:
    """Every cell's text of each form's table, by python-docx."""
    return [
        [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[1].rows]
        for path in paths
    ]


def ours(paths: list[Path], folder: Path) -> None:
    """The whole call, into empty tables."""
    for name in ("progress", "submissions"):
        path = folder / f"{name}.csv"
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    done = collect(read(paths, {}), folder, CollectOptions(), template=FORM)
    if done.problems or sum(each.new for each in done.outcomes) != FORMS * ROWS:
        sys.exit(f"collecting went wrong: {done.problems[:3]}")


def compare(paths: list[Path]) -> None:
    """Stop when the two do not read the same texts."""
    theirs = peer(paths[:1])[0][1 : ROWS + 1]
    (form,) = read_forms(paths[0].read_bytes()).forms
    found = [[line.texts["number"], line.texts["name"], *line.answers] for line in form.lines]
    if found != theirs:
        sys.exit("python-docx reads other texts")


def measure(folder: Path) -> tuple[float, float, float]:
    """Milliseconds of a collect, of python-docx' reading, and the median ratio."""
    source = edition(folder / "bench")
    paths = forms(source, folder / "returned")
    compare(paths)
    ours(paths, source)
    rounds = [
        (_milliseconds(lambda: ours(paths, source)), _milliseconds(lambda: peer(paths)))
        for _ in range(ROUNDS)
    ]
    mine, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    return mine, theirs, statistics.median(one / other for one, other in rounds)


def _milliseconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
