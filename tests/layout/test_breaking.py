"""Where a line of Chinese ends, and how wide a text is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layout.breaking import broken_between, count, lines, unbroken, width


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("统计局", 3, ["统计局"]),
        ("统计局工作", 3, ["统计局", "工作"]),
        ("按时报送。", 4, ["按时报", "送。"]),  # a full stop begins no line
        ("见（附件）", 2, ["见", "（附", "件）"]),  # an opening bracket ends none
        ("“双随机”抽查", 4, ["“双随", "机”抽查"]),
        ("完成2023年任务", 3, ["完成", "2023", "年任务"]),  # a number stays whole
        ("得277.5分", 3.5, ["得", "277.5", "分"]),
        ("用 Word 2016 写", 4, ["用", "Word", "2016 写"]),
        ("GDP", 1, ["G", "D", "P"]),  # wider than a line: broken all the same
        ("一\n二三", 5, ["一", "二三"]),
        ("", 5, [""]),
    ],
)
def test_lines_end_where_word_ends_them(text: str, room: float, expected: list[str]) -> None:
    assert lines(text, room) == expected
    assert count(text, room) == len(expected)


def test_what_must_stay_whole_does() -> None:
    assert lines("罗成负责", 3, whole=["罗成负责"]) == ["罗成负", "责"], "wider than a line"
    assert lines("罗成", 2, whole=["罗成"]) == ["罗成"]


@pytest.mark.parametrize(
    ("text", "em"), [("统计局", 3.0), ("2023年", 3.65), ("AB", 1.5), ("ab", 1.2), ("林　晨", 3.0)]
)
def test_the_width_of_a_text(text: str, em: float) -> None:
    assert width(text) == pytest.approx(em)


def test_the_widest_piece_that_is_never_broken() -> None:
    assert unbroken("完成12,345.67万元") == pytest.approx(width("12,345.67"))
    assert unbroken("工作。") == pytest.approx(width("作。"))


@pytest.mark.parametrize(
    ("members", "room", "expected"),
    [
        (["曾诸军", "李苹苹"], 7, "曾诸军、李苹苹"),
        (["曾诸军", "李苹苹"], 6, "曾诸军、\n李苹苹"),
        (["林晨", "黄薇", "罗成"], 6, "林晨、黄薇、\n罗成"),
        (["欧阳璟玥"], 2, "欧阳璟玥"),
    ],
)
def test_a_list_is_broken_between_its_members(
    members: list[str], room: float, expected: str
) -> None:
    assert broken_between(members, "、", room) == expected


TEXTS = st.text(st.sampled_from("统计局工作。，（）“”2023 abAB.5、\n"), max_size=60)


@given(TEXTS, st.floats(1, 20))
def test_no_character_is_lost_and_no_line_is_too_long(text: str, room: float) -> None:
    found = lines(text, room)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(width(line) <= room + 1e-3 or len(line) == 1 for line in found)
    assert len(found) >= text.count("\n") + 1
