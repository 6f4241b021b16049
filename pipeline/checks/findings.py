"""Findings against the scoring method: clauses in their roles, grounds given, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.checks.check import check
from pipeline.errors import Problem
from pipeline.tables.cells import parts
from pipeline.tables.edition import Edition
from pipeline.tables.sheet import Sheet
from pipeline.typography import number

STANDARDS = {"每项扣分", "每次扣分", "每人次加分"}
HEAVIER = {"双倍", "每项扣分", "每次扣分", "说明"}
LIGHTER = {"减半", "免予"}

# What a clause of each column must be able to do, and how that is said.
_ROLES = {
    "clause": (STANDARDS, "没有每项、每次或每人次多少分，不能作适用条款"),
    "aggravating": (HEAVIER, "不是加重扣分的，不能作加重条款"),
    "mitigating": (LIGHTER, "不是减轻或免予扣分的，不能作减免条款"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clause:
    methods: frozenset[str]
    text: str
    amount: Decimal | None
    cap: Decimal | None

    @property
    def gives(self) -> bool:
        return "每人次加分" in self.methods

    @property
    def is_by_hand(self) -> bool:
        """Whether the text leaves the figure to the office, such as 其他需要加重扣分的情形."""
        return self.methods == {"说明"}


def _clauses(edition: Edition) -> dict[str, _Clause]:
    """By number, the clauses that could be read; those with a mistake are told already."""
    fields = ("id", "methods", "text", "amount", "cap")
    rows = zip(*(edition["rules"][field] for field in fields), strict=True)
    return {
        id_: _Clause(methods=frozenset(parts(methods)), text=text, amount=amount, cap=cap)
        for id_, methods, text, amount, cap in rows
        if id_ and methods and text
    }


def _cited(sheet: Sheet, field: str, known: Mapping[str, _Clause]) -> Iterator[tuple[int, str]]:
    """Each citation of a clause that there is: the record and the number."""
    for index, cell in enumerate(sheet[field]):
        for number_ in parts(cell):
            if number_ in known:
                yield index, number_


@check("findings", "rules")
def clauses_in_their_roles(edition: Edition) -> Iterator[Problem]:
    """A clause is cited for something that it does."""
    sheet, clauses = edition["findings"], _clauses(edition)
    for field, (able, message) in _ROLES.items():
        for index, cited in _cited(sheet, field, clauses):
            methods = clauses[cited].methods
            if not methods & able:
                told = f"这一条的算法是“{'、'.join(sorted(methods))}”，{message}"
                yield sheet.problem(index, field, "clause-role", told, value=cited)


@check("findings")
def cited_once(edition: Edition) -> Iterator[Problem]:
    """The clause that sets the standard does not aggravate itself."""
    sheet = edition["findings"]
    for index, (own, heavier) in enumerate(zip(sheet["clause"], sheet["aggravating"], strict=True)):
        if own and own in parts(heavier):
            message = "已经是适用条款，不能又作加重条款"
            yield sheet.problem(index, "aggravating", "clause-twice", message, value=own)


@check("findings", "rules")
def grounds_of_exemptions(edition: Edition) -> Iterator[Problem]:
    """An exemption says why: in words, and in persons where the clause asks for that."""
    sheet, clauses = edition["findings"], _clauses(edition)
    told: set[int] = set()
    for index, cited in _cited(sheet, "mitigating", clauses):
        if sheet["note"][index] == "" and index not in told:
            told.add(index)
            message = "减轻或免予扣分要有依据，说明不能空着"
            yield sheet.problem(index, "note", "ground", message, hint=f"写清楚为什么适用 {cited}")
        if "问责" in clauses[cited].text and _nobody(sheet, index):
            message = f"按 {cited} 减免要先对责任人员问责，问责人次不能是 0 或者空着"
            yield sheet.problem(index, "accountable", "ground", message)


@check("findings", "rules")
def grounds_of_bonuses(edition: Edition) -> Iterator[Problem]:
    """Points for persons held to account need persons, and nothing that changes a deduction."""
    sheet, clauses = edition["findings"], _clauses(edition)
    for index, cited in _cited(sheet, "clause", clauses):
        if not clauses[cited].gives:
            continue
        if _nobody(sheet, index):
            message = f"{cited} 按问责人次加分，问责人次不能是 0 或者空着"
            yield sheet.problem(index, "accountable", "ground", message)
        for field in ("aggravating", "mitigating"):
            if sheet[field][index]:
                message = f"适用条款 {cited} 是加分的，没有扣分可以加重或者减免"
                yield sheet.problem(index, field, "clause-role", message)


def _nobody(sheet: Sheet, index: int) -> bool:
    """Whether nobody was held to account; a cell that could not be read is told already."""
    persons = sheet["accountable"][index]
    return persons == 0 or (persons is None and not sheet.raw.texts("accountable")[index])


@check("findings", "rules")
def bonuses_up_to_the_cap(edition: Edition) -> Iterator[Problem]:
    """Points gained beyond a clause's cap do not count: told where it is crossed."""
    sheet, clauses = edition["findings"], _clauses(edition)
    given: dict[str, Decimal] = {}
    for index in sorted(range(len(sheet)), key=lambda index: _when(sheet, index)):
        cited = sheet["clause"][index]
        clause, persons = clauses.get(cited), sheet["accountable"][index]
        if clause and clause.gives and clause.amount and clause.cap and persons:
            before = given.get(cited, Decimal(0))
            given[cited] = before + clause.amount * persons
            if before <= clause.cap < given[cited]:
                message = f"到这里按 {cited} 加了 {number(given[cited])} 分"
                hint = f"总加分不超过 {number(clause.cap)} 分，多出来的不计"
                yield sheet.problem(
                    index, "accountable", "cap", message, hint=hint, severity="warning"
                )


def _when(sheet: Sheet, index: int) -> tuple[str, str]:
    """The order in which findings count: by day, then by number."""
    return str(sheet["day"][index] or ""), sheet["id"][index] or ""


@check("findings", "rules")
def decided_by_hand(edition: Edition) -> Iterator[Problem]:
    """A figure decided by hand is there where a clause leaves it open, and only there."""
    sheet, clauses = edition["findings"], _clauses(edition)
    texts = sheet.raw.texts("decided")
    open_: dict[int, str] = {}
    for index, cited in _cited(sheet, "aggravating", clauses):
        if clauses[cited].is_by_hand:
            open_.setdefault(index, cited)
    if edition.settings.scoring.exemption == "by_hand":
        for index, cited in _cited(sheet, "mitigating", clauses):
            if "免予" in clauses[cited].methods:
                open_.setdefault(index, cited)
    for index, text in enumerate(texts):
        if index in open_ and not text:
            message = f"{open_[index]} 没有写明分数，要写督查办核定扣几分"
            yield sheet.problem(index, "decided", "decided", message)
        elif text and index not in open_:
            message = "所引的条款都写明了分数，核定的数用不上"
            hint = "其他需要加重的，先写上加重条款；别的删去这个数"
            yield sheet.problem(index, "decided", "decided", message, hint=hint)


@check("findings", "rules")
def doubles_not_cited(edition: Edition) -> Iterator[Problem]:
    """What a province or a city found is doubled where that is cited: forgotten, or not meant?"""
    sheet, clauses = edition["findings"], _clauses(edition)
    doubling = [id_ for id_, clause in clauses.items() if "双倍" in clause.methods]
    exempting = {id_ for id_, clause in clauses.items() if "免予" in clause.methods}
    columns = (sheet[field] for field in ("level", "clause", "aggravating", "mitigating"))
    for index, (level, own, heavier, lighter) in enumerate(zip(*columns, strict=True)):
        if level not in ("省", "市") or own not in clauses or clauses[own].gives:
            continue
        told = heavier is None or {*parts(heavier)} & {*doubling} or {*parts(lighter)} & exempting
        if doubling and not told:
            message = f"{level}里发现的问题没有写双倍的条款，按单倍扣分"
            hint = f"要双倍就在加重条款里写 {' 或 '.join(doubling)}"
            yield sheet.problem(
                index, "level", "not-doubled", message, hint=hint, severity="warning"
            )


@check("findings", "rules")
def halves_not_cited(edition: Edition) -> Iterator[Problem]:
    """A standard that is halved when somebody was held to account, as somebody was."""
    sheet, clauses = edition["findings"], _clauses(edition)
    for index, cited in _cited(sheet, "clause", clauses):
        lighter: Any = sheet["mitigating"][index]
        halving = "减半" in clauses[cited].methods and sheet["accountable"][index]
        if halving and lighter is not None and cited not in parts(lighter):
            message = f"已经问责，但没有按 {cited} 减半"
            hint = f"要减半就在减免条款里写 {cited}"
            yield sheet.problem(
                index, "accountable", "not-halved", message, hint=hint, severity="warning"
            )


CHECKS = (
    clauses_in_their_roles,
    cited_once,
    grounds_of_exemptions,
    grounds_of_bonuses,
    bonuses_up_to_the_cap,
    decided_by_hand,
    doubles_not_cited,
    halves_not_cited,
)
