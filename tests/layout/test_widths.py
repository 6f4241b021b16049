"""The widths of a table's columns: what must stay whole does, the rest keeps the table low."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layout.breaking import count, width
from pipeline.layout.widths import Column, solve


def column(
    at: float, *cells: str, whole: tuple[str, ...] = (), wished: tuple[str, ...] = ()
) -> Column:
    return Column(width=at, size=10.5, side=6, cells=cells, whole=whole, wished=wished)


def height(columns: list[Column], widths: list[float]) -> int:
    rooms = [(at - each.side) / each.size for each, at in zip(columns, widths, strict=True)]
    rows = zip(*(each.cells for each in columns), strict=True)
    return sum(
        max(count(cell, room) for cell, room in zip(row, rooms, strict=True)) for row in rows
    )


def room(each: Column, at: float) -> float:
    return (at - each.side) / each.size


def test_widths_that_do_are_kept() -> None:
    columns = [column(100, "招商引资"), column(60, "林晨", whole=("林晨",))]

    assert solve(columns) == [100, 60]


def test_a_name_gets_the_room_that_it_needs() -> None:
    columns = [column(160, "招商引资工作" * 3), column(30, "欧阳璟玥", whole=("欧阳璟玥",))]

    widths = solve(columns)

    assert sum(widths) == pytest.approx(190)
    assert room(columns[1], widths[1]) >= 4


def test_the_column_that_costs_the_fewest_lines_gives() -> None:
    columns = [
        column(91, "字" * 40),  # eight to a line: would get higher
        column(100, "少"),  # has room
        column(30, "尉迟恭谨", whole=("尉迟恭谨",)),
    ]

    widths = solve(columns)

    assert widths[0] == 91
    assert widths[1] < 100


def test_a_wish_is_no_reason_for_a_higher_table() -> None:
    columns = [
        column(120, *["字" * 33] * 9),
        column(40, *["区农业农村局"] * 9, wished=("区农业农村局",)),
    ]
    costly = [
        column(120, *["字" * 33] * 9),
        column(40, *["区"] * 8, "区农业农村局", wished=("区农业农村局",)),
    ]

    assert room(costly[1], solve(costly)[1]) < 6
    assert height(columns, solve(columns)) <= height(columns, [120, 40])


def test_a_last_line_of_one_character_goes_where_a_little_width_mends_it() -> None:
    columns = [column(57, "字" * 5), column(100, "少")]  # room for 4.86 characters

    widths = solve(columns)

    assert count("字" * 5, room(columns[0], widths[0])) == 1
    assert sum(widths) == pytest.approx(157)


def test_a_fixed_column_stays() -> None:
    fixed = Column(width=50, size=10.5, side=6, fixed=True)
    columns = [fixed, column(30, "欧阳璟玥", whole=("欧阳璟玥",)), column(100, "少")]

    assert solve(columns)[0] == 50


def test_with_no_room_for_all_every_column_gives() -> None:
    columns = [column(40, whole=("尉迟恭谨尉迟",)), column(40, whole=("欧阳璟玥欧阳",))]

    widths = solve(columns)

    assert widths == pytest.approx([40, 40])


def test_a_row_of_very_many_lines_is_a_reason_to_leave_the_template_s_widths() -> None:
    columns = [
        column(60, "字" * 200),
        column(200, "少"),
        column(40, "欧阳璟玥", whole=("欧阳璟玥",)),
    ]

    widths = solve(columns)

    assert widths[0] > 180
    assert room(columns[2], widths[2]) >= 4


NAMES = st.text(st.sampled_from("林晨欧阳璟玥罗堃"), min_size=2, max_size=6)
TEXTS = st.text(st.sampled_from("统计局工作任务分解2023年。，"), max_size=80)


@given(
    st.lists(st.tuples(TEXTS, NAMES, NAMES), min_size=1, max_size=30),
    st.tuples(st.floats(40, 300), st.floats(20, 120), st.floats(20, 120)),
)
def test_nothing_that_must_stay_whole_is_broken(
    rows: list[tuple[str, str, str]], template: tuple[float, float, float]
) -> None:
    texts, leaders, persons = zip(*rows, strict=True)
    columns = [
        column(template[0], *texts),
        column(template[1], *leaders, whole=leaders),
        column(template[2], *persons, whole=persons),
    ]

    widths = solve(columns)

    assert sum(widths) == pytest.approx(sum(template))
    assert all(each > 0 for each in widths)
    needed = [max(map(width, each.whole), default=1) * 10.5 + 6.6 for each in columns[1:]]
    if sum(needed) + 80 < sum(template):
        for each, at in zip(columns[1:], widths[1:], strict=True):
            assert all(count(name, room(each, at)) == 1 for name in each.whole)
