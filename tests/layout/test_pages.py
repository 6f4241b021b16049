"""Where pages end: no small group torn, no page with hardly a row, labels on each page again."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layout.pages import Room, RowHeight, page_starts, pages
from pipeline.views.annexes import IndicatorView, LabelView


def rows(*paths: str) -> list[IndicatorView]:
    """A row for each path of labels, such as 甲/子."""
    parts = [path.split("/") for path in paths]
    levels = range(len(parts[0]))
    starts = [
        [index == 0 or parts[index - 1][: level + 1] != part[: level + 1] for level in levels]
        for index, part in enumerate(parts)
    ]

    def span(index: int, level: int) -> int:
        """The rows of the cell that covers this one."""
        first = max(i for i in range(index + 1) if starts[i][level])
        after = (i for i in range(index + 1, len(parts)) if starts[i][level])
        return next(after, len(parts)) - first

    return [
        IndicatorView(
            id=f"R{index}",
            labels=tuple(
                LabelView(text=part[level], first=starts[index][level], span=span(index, level))
                for level in levels
            ),
            name=f"名称{index}",
            scores=(Decimal(1),),
            unit="",
            leader="",
            section="",
            person="",
            extra={},
        )
        for index, part in enumerate(parts)
    ]


def heights(count: int, own: float = 20, labels: tuple[float, ...] = (20,)) -> list[RowHeight]:
    return [RowHeight(own=own, labels=labels) for _ in range(count)]


def test_pages_are_as_full_as_they_can_be() -> None:
    table = rows(*(f"组{number}" for number in range(12)))

    assert page_starts(table, heights(12), Room(first=60, later=100)) == [0, 3, 8]


def test_a_group_of_three_stays_together() -> None:
    table = rows(*"甲乙丙丁戊戊戊己庚辛")

    assert page_starts(table, heights(10), Room(first=120, later=120)) == [0, 4]


def test_a_larger_group_may_be_torn_but_rather_is_not() -> None:
    near = rows(*["甲"] * 5, *["乙"] * 6)  # the page has room for one row of 乙
    far = rows(*["甲"] * 2, *["乙"] * 9)  # for four of them

    assert page_starts(near, heights(11), Room(first=120, later=120)) == [0, 5]
    assert page_starts(far, heights(11), Room(first=120, later=120)) == [0, 6]


def test_blank_labels_are_no_group() -> None:
    table = rows("甲/一", "甲/一", "甲/一", "甲/一", "甲/", "甲/")

    assert page_starts(table, heights(6, labels=(20, 20)), Room(first=100, later=100)) == [0, 3]


def test_a_last_page_has_three_rows_where_that_can_be_helped() -> None:
    table = rows(*(f"组{number}" for number in range(11)))

    assert page_starts(table, heights(11), Room(first=100, later=100)) == [0, 4, 8]
    assert page_starts(table[:6], heights(6), Room(first=100, later=100)) == [0, 3]


def test_what_follows_the_last_row_has_room_on_its_page() -> None:
    table = rows(*(f"组{number}" for number in range(5)))

    assert page_starts(table, heights(5), Room(first=100, later=100)) == [0]
    assert page_starts(table, heights(5), Room(first=100, later=100, end=25)) == [0, 2]


def test_a_row_higher_than_a_page_has_one_for_itself() -> None:
    table = rows(*"甲乙丙丁戊")
    high = [*heights(2), RowHeight(own=300, labels=(20,)), *heights(2)]

    assert page_starts(table, high, Room(first=100, later=100)) == [0, 2, 3]


def test_a_label_higher_than_its_rows_stretches_them() -> None:
    table = rows(*(f"组{number}/子{number}" for number in range(4)))

    assert page_starts(table, heights(4, labels=(20, 20)), Room(first=80, later=80)) == [0]
    assert len(page_starts(table, heights(4, labels=(20, 50)), Room(first=110, later=110))) == 2


def test_labels_stand_again_on_each_page() -> None:
    table = rows("甲/子", "甲/子", "甲/丑", "甲/丑", "乙/丑")

    first, second = pages(table, [0, 3], "（续）")

    assert [label.text for label in second[0].labels] == ["甲（续）", "丑（续）"]
    assert [[(label.first, label.span) for label in row.labels] for row in (*first, *second)] == [
        [(True, 3), (True, 2)],
        [(False, 3), (False, 2)],
        [(False, 3), (True, 1)],
        [(True, 1), (True, 1)],
        [(True, 1), (True, 1)],
    ]
    assert [label.text for label in second[1].labels] == ["乙", "丑"]


@given(
    st.lists(
        st.tuples(st.sampled_from("甲乙丙"), st.sampled_from(["子", "丑", ""]), st.floats(10, 90)),
        min_size=1,
        max_size=40,
    ),
    st.floats(40, 400),
    st.floats(90, 400),
)
def test_every_page_has_room_for_its_rows(
    chosen: list[tuple[str, str, float]], first: float, later: float
) -> None:
    table = rows(*(f"{outer}/{inner}" for outer, inner, _ in chosen))
    high = [RowHeight(own=own, labels=(10, 10)) for _, _, own in chosen]

    starts = page_starts(table, high, Room(first=first, later=later))

    parts = pages(table, starts)
    assert [row.id for part in parts for row in part] == [row.id for row in table]
    for number, (start, part) in enumerate(zip(starts, parts, strict=True)):
        height = sum(each.own for each in high[start : start + len(part)])
        assert height <= (later if number else first) or len(part) == 1
        for level in (0, 1):
            spans = [row.labels[level].span for row in part if row.labels[level].first]
            assert sum(spans) == len(part), "every row is covered by one label"
    if len(starts) > 1 and min(first, later) >= 4 * 90:
        assert len(parts[-1]) >= 3
        groups = [len([*group]) for _, group in groupby(row[:2] for row in chosen)]
        ends = {sum(groups[:number]) for number in range(len(groups))}
        for start in starts[1:]:
            inside = start not in ends
            if inside and chosen[start][1]:
                size = next(
                    size
                    for number, size in enumerate(groups)
                    if sum(groups[:number]) < start < sum(groups[: number + 1])
                )
                assert size > 3


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_rows_are_one_page(count: int) -> None:
    table = rows(*"甲乙丙"[:count])

    assert page_starts(table, heights(count), Room(first=100, later=100)) == [0]
