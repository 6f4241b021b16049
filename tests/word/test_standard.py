"""Templates that somebody changed in Word are held against GB/T 9704."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import cli, options
from pipeline.errors import Problem
from pipeline.ooxml.package import DOCUMENT, archive, read_parts
from pipeline.tables.settings import Layout
from pipeline.word.standard import deviations
from tests.conftest import TEMPLATES, change

ALL = Layout().standard
STYLES = "word/styles.xml"


def told(data: bytes, rules: tuple[str, ...] = ALL) -> list[str]:
    return [problem.message for problem in found(data, rules)]


def found(data: bytes, rules: tuple[str, ...] = ALL) -> list[Problem]:
    return [*deviations(data, "templates/docx/试.docx", rules)]  # type: ignore[arg-type]  # names of rules


def edited(template: str, part: str, *swaps: tuple[str, str]) -> bytes:
    """A template with texts of one part replaced, each of which stands there."""
    parts = read_parts((TEMPLATES / f"{template}.docx").read_bytes())
    text = parts[part].decode()
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new)
    return archive({**parts, part: text.encode()})


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.docx")), ids=lambda path: path.stem)
def test_the_project_s_own_templates_are_by_the_standard(path: Path) -> None:
    assert told(path.read_bytes()) == []


@pytest.mark.parametrize(
    ("template", "part", "swaps", "messages"),
    [
        (
            "附件1",
            DOCUMENT,
            [('w:top="2098"', 'w:top="1440"')],
            ["竖页的上边距是 25 毫米，国标（GB/T 9704）是 37 毫米"],
        ),
        (
            "附件2",
            DOCUMENT,
            [('w:left="1984"', 'w:left="1134"'), ('w:right="2098"', 'w:right="1134"')],
            [
                "横页的左边距是 20 毫米，国标（GB/T 9704）是 35 毫米",
                "横页的右边距是 20 毫米，国标（GB/T 9704）是 37 毫米",
            ],
        ),
        (
            "附件1",
            DOCUMENT,
            [('w:w="11906" w:h="16838"', 'w:w="12240" w:h="15840"')],
            ["纸张是 216 × 279 毫米，国标（GB/T 9704）用 A4（210 × 297 毫米）"],
        ),
        (
            "附件2",
            DOCUMENT,
            [('<w:pStyle w:val="AnnexTitle"/>', '<w:pStyle w:val="AnnexMark"/>')],
            [
                "标题是三号（16 磅），国标（GB/T 9704）是二号（22 磅）",
                "标题用的是黑体，国标（GB/T 9704）用小标宋",
                "标题没有居中，国标（GB/T 9704）要居中",
            ],
        ),
        (
            "附件1",
            DOCUMENT,
            [('<w:pStyle w:val="AnnexMark"/>', '<w:pStyle w:val="ListText"/>')],
            ["“附件”两个字用的是仿宋_GB2312，国标（GB/T 9704）用黑体"],
        ),
        (
            "附件3",
            DOCUMENT,
            [('<w:pStyle w:val="Clause"/>', '<w:pStyle w:val="FormText"/>')],
            [
                "正文是小四（12 磅），国标（GB/T 9704）是三号（16 磅）",
                "正文的行距是 18 磅，国标（GB/T 9704）一页 22 行，是固定值 28.95 磅",
            ],
        ),
        (
            "附件3",
            STYLES,
            [('<w:sz w:val="28"/>', '<w:sz w:val="21"/>')],
            ["页码是五号（10.5 磅），国标（GB/T 9704）是四号（14 磅）"],
        ),
    ],
    ids=["a margin", "two sides", "paper", "title", "mark", "text", "page number"],
)
def test_what_is_otherwise_is_told_with_what_the_standard_says(
    template: str, part: str, swaps: list[tuple[str, str]], messages: list[str]
) -> None:
    assert told(edited(template, part, *swaps)) == messages


def test_a_template_without_page_numbers_is_told() -> None:
    parts = read_parts((TEMPLATES / "附件1.docx").read_bytes())
    kept = {
        name: data.replace(b" PAGE ", b" DATE ") if "header" in name or "footer" in name else data
        for name, data in parts.items()
    }
    assert kept != parts

    assert told(archive(kept)) == [
        "没有页码，国标（GB/T 9704）要有，四号半角宋体，左右各一条一字线"
    ]


def test_only_the_wanted_rules_are_held_to() -> None:
    data = edited(
        "附件2", DOCUMENT, ('w:left="1984"', 'w:left="1134"'), ("AnnexTitle", "AnnexMark")
    )

    assert [problem.rule for problem in found(data, ("margins",))] == ["standard-margins"]
    assert {problem.rule for problem in found(data)} == {"standard-margins", "standard-title"}
    assert found(data, ()) == []


def test_what_is_no_word_file_is_left_to_the_build() -> None:
    assert found(b"no zip") == []


@pytest.fixture
def checks(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """`jixiao check` of an edition, with a template whose margin was changed."""
    folder = Path(shutil.copytree(options.TEMPLATES, tmp_path / "templates"))
    narrow = edited("附件1", DOCUMENT, ('w:left="1588"', 'w:left="720"'))
    (folder / "docx" / "附件1.docx").write_bytes(narrow)
    monkeypatch.setattr(options, "TEMPLATES", folder)

    def check(*more: str) -> tuple[int, str]:
        ran = CliRunner().invoke(cli, ["check", "2023", "--inputs", str(edition.parent), *more])
        return ran.exit_code, ran.output

    return check


def test_check_tells_of_it_and_an_edition_can_silence_it(
    edition: Path, checks: Callable[..., tuple[int, str]]
) -> None:
    code, shown = checks()
    assert code == 0
    assert "templates/docx/附件1.docx：竖页的左边距是 13 毫米，国标（GB/T 9704）是 28 毫米" in shown
    assert "standard = false" in shown
    assert checks("--strict")[0] == 1
    problems = json.loads(checks("--format", "json")[1])["problems"]
    assert "templates/docx/附件1.docx" in {each["file"] for each in problems}

    change(edition / "edition.toml", "# standard = false", "standard = false")
    assert "国标" not in checks()[1]
    change(edition / "edition.toml", "standard = false", 'standard = ["title"]')
    assert "国标" not in checks()[1]
    change(edition / "edition.toml", 'standard = ["title"]', 'standard = ["margins"]')
    assert "国标" in checks()[1]


def test_an_unknown_rule_is_refused_with_those_that_are(
    edition: Path, checks: Callable[..., tuple[int, str]]
) -> None:
    change(edition / "edition.toml", "# standard = false", 'standard = ["margin"]')

    code, shown = checks()

    assert code == 1
    assert "layout.standard" in shown
    assert "margins" in shown
