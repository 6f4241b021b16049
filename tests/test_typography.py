"""Numbers, names, labels and dates as they are printed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipeline import typography


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Decimal("30.0"), "30"),
        (Decimal("2.50"), "2.5"),
        (Decimal(1000), "1000"),
        (Decimal("1E+3"), "1000"),
        (0, "0"),
        (0.5, "0.5"),
    ],
)
def test_numbers_carry_no_padding(value: Decimal | float, printed: str) -> None:
    assert typography.number(value) == printed


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("林晨", "林　晨"),
        ("黄文献", "黄文献"),
        ("欧阳璟玥", "欧阳璟玥"),
        ("㛃𬭳", "㛃　𬭳"),  # rare characters, one of them beyond the basic plane
        ("曾诸军、李苹苹", "曾诸军、李苹苹"),
        ("A1", "A1"),
        ("全体", "全体"),
    ],
)
def test_a_name_of_two_characters_is_padded_in_a_name_column(name: str, printed: str) -> None:
    assert typography.names_cell(name, phrases=["全体"]) == printed


def test_a_label_prints_its_total_on_a_second_line() -> None:
    assert typography.label("科学", Decimal(140)) == "科学\n（140分）"
    assert typography.label("科学", None) == "科学"


def test_dates_in_a_sentence_name_the_year_once() -> None:
    days = [date(2023, 9, 30), date(2023, 12, 31), date(2024, 1, 10)]

    assert typography.date_list(days) == "2023年9月30日、12月31日、2024年1月10日"


def test_a_long_title_is_cut_to_what_a_file_can_be_called() -> None:
    assert typography.file_name("附件1 关于：人事/老干" + "组" * 80, shorten=True) == (
        "附件1 关于：人事／老干" + "组" * 56
    )


def test_gb_2312_has_common_characters_and_signs_but_not_rare_ones() -> None:
    assert typography.is_gb2312("林晨、A1（区）")
    assert not typography.is_gb2312("李玥")
