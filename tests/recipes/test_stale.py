"""After a build, what else was made and no longer fits the tables is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import cli
from tests.conftest import change


@pytest.fixture
def demo(inputs: Path, tmp_path: Path) -> Callable[..., Result]:
    """Run the program on a copy of the demo edition."""

    def run(command: str, *arguments: str) -> Result:
        options = ["demo", "--inputs", str(inputs.parent), "--out", str(tmp_path / "build")]
        return CliRunner().invoke(cli, [command, *options, *arguments], catch_exceptions=False)

    return run


def test_what_no_longer_fits_is_named_with_its_command(
    demo: Callable[..., Result], inputs: Path
) -> None:
    demo("build")
    demo("score", "--format", "docx")
    demo("forms", "--consolidated", "--period", "上半年")
    assert "没有重新生成" not in demo("build").output

    change(inputs / "progress.csv", "上半年,办公室,SL006,", "上半年,办公室,SL006,改")

    assert [line for line in demo("build").output.splitlines() if "没有重新生成" in line] == [
        "提醒 demo：表格改过以后 附件4-上半年.docx 没有重新生成，"
        "运行 make consolidated EDITION=demo PERIOD=上半年",
        "提醒 demo：表格改过以后 督查扣分台账.docx 没有重新生成，"
        "运行 make score FORMAT=docx EDITION=demo",
    ]
    demo("score", "--format", "docx")
    assert "台账" not in demo("build").output


def test_forms_that_nobody_filled_in_are_named_and_answers_are_not(
    demo: Callable[..., Result], inputs: Path, tmp_path: Path
) -> None:
    demo("forms", "--period", "全年")
    filled = tmp_path / "build" / "demo" / "forms" / "全年" / "办公室.docx"
    filled.write_bytes(filled.read_bytes() + b"answers")
    demo("build")

    change(inputs / "indicators.csv", "公文处理", "公文办理")

    (line,) = [line for line in demo("build").output.splitlines() if "没有重新生成" in line]
    assert "forms/全年/综合股.docx" in line
    assert "办公室.docx" not in line
    assert line.endswith("运行 make forms EDITION=demo PERIOD=全年")


def test_only_what_was_made_is_called_up_to_date(demo: Callable[..., Result]) -> None:
    demo("build")

    assert (
        "里的 附件1-4.docx、附件1.docx、附件2.docx、附件3.docx、附件4.docx 是最新的"
        in demo("build").output
    )


def test_without_reports_there_is_nothing_to_consolidate(
    edition: Path, jixiao: Callable[..., Result], tmp_path: Path
) -> None:
    arguments = ("forms", "--consolidated", "--out", str(tmp_path / "build"))

    for _ in range(2):
        assert jixiao(*arguments).stdout == "2023：还没有组队填报，没有可以汇总的\n"
