"""Findings against the scoring method: clauses in their roles, grounds given, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal

from pipeline.checks.check import check
from pipeline.errors import Problem
from pipeline.tables.cells import Flaw, parts
from pipeline.tables.edition import Edition
from pipeline.tables.sheet import Sheet
from pipeline.tables.terms import STANDARDS, Algorithm
from pipeline.typography import number

_HEAVIER = {Algorithm.DOUBLE, Algorithm.PER_ITEM, Algorithm.PER_TIME, Algorithm.NOTE}
_LIGHTER = {Algorithm.HALF, Algorithm.EXEMPT}

# The algorithms of which a clause cited in each column must have one, and the message if not.
_ROLES = {
    "clause": (
        {*STANDARDS, Algorithm.NOTE},
        "没有每项、每次或每人次多少分，也不由督查办核定，不能作适用条款",
    ),
    "aggravating": (_HEAVIER, "不是加重扣分的，不能作加重条款"),
    "mitigating": (_LIGHTER, "不是减轻或免予扣分的，不能作减免条款"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clause:
    """A clause of 附件3: its algorithms, text and figures."""

    methods: frozenset[str]
    text: str
    amount: Decimal | None
    cap: Decimal | None

    @property
    def gives(self) -> bool:
        """Whether it gives points."""
        return Algorithm.BONUS in self.methods

    @property
    def is_by_hand(self) -> bool:
        """Whether the text leaves the figure to the office, such as 其他需要加重扣分的情形."""
        return self.methods == {Algorithm.NOTE}


def _clauses(edition: Edition) -> dict[str, _Clause]:
    """By number, the clauses that could be read; the others are reported already."""
    rules = edition["rules"]
    return {
        id_: _Clause(
            methods=frozenset(parts(methods)),
            text=text,
            amount=rules["amount"][index],
            cap=rules["cap"][index],
        )
        for index, (id_, methods, text) in rules.filled("id", "methods", "text")
    }


def _cited(sheet: Sheet, field: str, clauses: Mapping[str, _Clause]) -> Iterator[tuple[int, str]]:
    """Each citation of a clause that there is: the record and the clause's number."""
    return ((index, id_) for index, id_ in sheet.members(field) if id_ in clauses)


@check("findings", "rules")
def clauses_in_their_roles(edition: Edition) -> Iterator[Problem]:
    """A clause is cited for something that it does."""
    sheet, clauses = edition["findings"], _clauses(edition)
    for field, (algorithms, reason) in _ROLES.items():
        unfit = _without(clauses, algorithms)
        for index, cited in _cited(sheet, field, unfit):
            message = f"这一条的算法是“{'、'.join(sorted(unfit[cited].methods))}”，{reason}"
            yield sheet.problem(index, field, "clause-role", message, value=cited)


def _without(clauses: Mapping[str, _Clause], algorithms: Set[str]) -> dict[str, _Clause]:
    """By number, the clauses that have none of the algorithms."""
    return {id_: each for id_, each in clauses.items() if each.methods.isdisjoint(algorithms)}


@check("findings")
def cited_once(edition: Edition) -> Iterator[Problem]:
    """The clause that sets the standard does not aggravate itself."""
    sheet = edition["findings"]
    for index, (own, heavier) in sheet.filled("clause", "aggravating"):
        if own in parts(heavier):
            message = "已经是适用条款，不能又作加重条款"
            yield sheet.problem(index, "aggravating", "clause-twice", message, value=own)


@check("findings", "rules")
def grounds_of_exemptions(edition: Edition) -> Iterator[Problem]:
    """An exemption has its reason: in words, and in persons where the clause asks for them."""
    sheet, clauses = edition["findings"], _clauses(edition)
    without_note: set[int] = set()
    for index, cited in _cited(sheet, "mitigating", clauses):
        if sheet["note"][index] == "" and index not in without_note:
            without_note.add(index)
            message = "减轻或免予扣分要有依据，说明不能空着"
            yield sheet.problem(index, "note", "ground", message, hint=f"写清楚为什么适用 {cited}")
        if "问责" in clauses[cited].text and _nobody(sheet, index):
            message = f"按 {cited} 减免要先对责任人员问责，问责人次不能是 0 或者空着"
            yield sheet.problem(index, "accountable", "ground", message)


@check("findings", "rules")
def grounds_of_bonuses(edition: Edition) -> Iterator[Problem]:
    """Points for persons held to account need persons, and nothing that changes a deduction."""
    sheet, clauses = edition["findings"], _clauses(edition)
    for index, cited in _cited(sheet, "clause", _with(clauses, Algorithm.BONUS)):
        if _nobody(sheet, index):
            message = f"{cited} 按问责人次加分，问责人次不能是 0 或者空着"
            yield sheet.problem(index, "accountable", "ground", message)
        for field in ("aggravating", "mitigating"):
            if sheet[field][index]:
                message = f"适用条款 {cited} 是加分的，没有扣分可以加重或者减免"
                yield sheet.problem(index, field, "clause-role", message)


def _nobody(sheet: Sheet, index: int) -> bool:
    """Whether nobody was held to account; a cell that could not be read is reported already."""
    persons = sheet["accountable"][index]
    return persons == 0 or (persons is None and not sheet.raw.texts("accountable")[index])


@check("findings", "rules")
def bonuses_up_to_the_cap(edition: Edition) -> Iterator[Problem]:
    """Points gained beyond a clause's cap do not count: reported where it is crossed."""
    sheet, clauses = edition["findings"], _clauses(edition)
    sums: dict[str, Decimal] = {}
    for index in _in_order(sheet):
        cited = sheet["clause"][index]
        clause, persons = clauses.get(cited), sheet["accountable"][index]
        if clause and persons and clause.gives and clause.amount and clause.cap:
            before = sums.get(cited, Decimal(0))
            sums[cited] = before + clause.amount * persons
            if before <= clause.cap < sums[cited]:
                message = f"到这里按 {cited} 加了 {number(sums[cited])} 分"
                hint = f"总加分不超过 {number(clause.cap)} 分，多出来的不计"
                yield sheet.problem(
                    index, "accountable", "cap", message, hint=hint, severity="warning"
                )


def _in_order(sheet: Sheet) -> list[int]:
    """The records of findings in the order in which they count."""
    return sorted(range(len(sheet)), key=lambda index: _when(sheet, index))


def _when(sheet: Sheet, index: int) -> tuple[str, str]:
    """The order in which findings count: by day, then by number."""
    return str(sheet["day"][index] or ""), sheet["id"][index] or ""


@check("findings", "rules")
def decided_by_hand(edition: Edition) -> Iterator[Problem]:
    """A figure decided by hand is there where a clause leaves it open, and only there."""
    sheet = edition["findings"]
    left_open = _left_open(edition)
    for index, text in enumerate(sheet.raw.texts("decided")):
        if index in left_open and not text:
            message = f"{left_open[index]} 没有写明分数，要写督查办核定扣几分"
            yield sheet.problem(index, "decided", "decided", message)
        elif text and index not in left_open:
            message = "所引的条款都写明了分数，核定的数用不上"
            hint = "其他需要加重的，先写上加重条款；别的删去这个数"
            yield sheet.problem(index, "decided", "decided", message, hint=hint)


def _left_open(edition: Edition) -> dict[int, str]:
    """Record of a finding → the first clause cited that leaves the figure to the office."""
    sheet, clauses = edition["findings"], _clauses(edition)
    by_hand = _by_hand(clauses)
    cited = [*_cited(sheet, "clause", by_hand), *_cited(sheet, "aggravating", by_hand)]
    if edition.settings.scoring.exemption != "whole":
        cited += _cited(sheet, "mitigating", _with(clauses, Algorithm.EXEMPT))
    return dict(reversed(cited))  # of several for a finding, the first remains


def _by_hand(clauses: Mapping[str, _Clause]) -> dict[str, _Clause]:
    """By number, the clauses that leave the figure to the office."""
    return {id_: clause for id_, clause in clauses.items() if clause.is_by_hand}


@check("findings", "rules")
def levels_of_clauses(edition: Edition) -> Iterator[Problem]:
    """A clause that speaks of certain levels is cited for what one of these found."""
    sheet, rules = edition["findings"], edition["rules"]
    spoken_of = dict(rules.values("id", "levels"))
    for field in ("clause", "aggravating", "mitigating"):
        for index, cited in sheet.members(field):
            level, levels = sheet["level"][index], parts(spoken_of.get(cited))
            if level and levels and level not in levels:
                message = f"{cited} 说的是{'、'.join(levels)}发现的，这一行的发现层级是{level}"
                flaw = Flaw("clause-level", message, "看看是不是写错了", "warning")
                yield sheet.raw.problem(index, sheet.table.column(field), flaw, cited)


@check("findings", "rules")
def superiors_deductions(edition: Edition) -> Iterator[Problem]:
    """What a superior deducted is there where it is doubled, and only there."""
    sheet, clauses = edition["findings"], _clauses(edition)
    doubling = _with(clauses, Algorithm.DOUBLE)
    doubled = {index for index, _ in _cited(sheet, "aggravating", doubling)}
    is_base = edition.settings.scoring.base == "superior"
    for index, text in enumerate(sheet.raw.texts("superior")):
        if is_base and index in doubled and not text:
            message = "双倍按上级扣的分算（[scoring] base），要写上级扣了几分"
            yield sheet.problem(index, "superior", "superior", message)
        elif text and not (is_base and index in doubled):
            message = '用不上：没有引双倍的条款，或者 [scoring] 没有写 base = "superior"'
            yield sheet.problem(index, "superior", "superior-unused", message, severity="warning")


@check("findings", "rules")
def doubles_not_cited(edition: Edition) -> Iterator[Problem]:
    """What a province or a city found is doubled where that is cited: forgotten, or not meant?"""
    sheet, clauses = edition["findings"], _clauses(edition)
    doubling, exempting = _with(clauses, Algorithm.DOUBLE), _with(clauses, Algorithm.EXEMPT)
    deducting = {id_ for id_, clause in clauses.items() if not clause.gives}
    if not doubling:
        return
    for index, (level, own) in sheet.records("level", "clause"):
        may_double = level in ("省", "市") and own in deducting
        if may_double and not _is_settled(sheet, index, doubling.keys(), exempting.keys()):
            message = f"{level}里发现的问题没有写双倍的条款，按单倍扣分"
            hint = f"要双倍就在加重条款里写 {' 或 '.join(doubling)}"
            yield sheet.problem(
                index, "level", "not-doubled", message, hint=hint, severity="warning"
            )


def _with(clauses: Mapping[str, _Clause], algorithm: Algorithm) -> dict[str, _Clause]:
    """By number, the clauses that have the algorithm."""
    return {id_: clause for id_, clause in clauses.items() if algorithm in clause.methods}


def _is_settled(sheet: Sheet, index: int, doubling: Set[str], exempting: Set[str]) -> bool:
    """Whether a finding is doubled, or exempt, or has 加重条款 that could not be read."""
    heavier, lighter = sheet["aggravating"][index], sheet["mitigating"][index]
    if heavier is None:
        return True
    return not (doubling.isdisjoint(parts(heavier)) and exempting.isdisjoint(parts(lighter)))


@check("findings", "rules")
def halves_not_cited(edition: Edition) -> Iterator[Problem]:
    """A standard that is halved when somebody was held to account, as somebody was."""
    sheet, clauses = edition["findings"], _clauses(edition)
    halving = _with(clauses, Algorithm.HALF)
    for index, cited in _cited(sheet, "clause", halving):
        lighter = sheet["mitigating"][index]
        if lighter is None or not sheet["accountable"][index]:
            continue  # not read, or nobody was held to account
        if cited not in parts(lighter):
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
    levels_of_clauses,
    superiors_deductions,
    doubles_not_cited,
    halves_not_cited,
)
