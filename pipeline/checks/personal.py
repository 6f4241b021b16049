"""Numbers that belong to a person: they have no business in tables that many people see."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.tables.cells import Flaw
from pipeline.tables.edition import Edition
from pipeline.tables.personal_numbers import may_have_numbers, personal_numbers
from pipeline.tables.sheet import Sheet

RULE = "personal-number"


def check_personal_numbers(edition: Edition) -> Iterator[Problem]:
    """A mobile number or an identity number in any cell, declared column or not."""
    for sheet in edition.sheets.values():
        for index, header in enumerate(sheet.raw.headers):
            yield from _numbers_in_column(sheet, index, header)


def _numbers_in_column(sheet: Sheet, index: int, header: str) -> Iterator[Problem]:
    cells = sheet.raw.columns[index]
    if not may_have_numbers("\n".join(cells)):
        return
    for record, cell in enumerate(cells):
        for what, number in personal_numbers(cell):
            flaw = Flaw(
                RULE, f"里面有{what}", "不用公布的就删掉；不带人名的公布里不能有", "warning"
            )
            yield sheet.raw.problem_in(record, index, flaw, header=header or None, value=number)


CHECKS = (check_personal_numbers,)
