"""Findings in a few words, so that a test's table can be read: 一.1 加重二.1、二.2 减免三.7 问责2 题W1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from pipeline.tables.contract import FINDINGS
from pipeline.tables.reader import read_sheet
from pipeline.tables.sheet import Sheet
from pipeline.tables.writer import csv_bytes
from pipeline.transforms.annexes import frame

_WORD = re.compile(r"(加重|减免|问责|核定|上级|题|号)(.+)")
_FIELDS = {
    "加重": "aggravating",
    "减免": "mitigating",
    "问责": "accountable",
    "核定": "decided",
    "上级": "superior",
    "题": "issue",
    "号": "id",
}
_LEVELS = ("省", "市", "区", "自查")


def finding(text: str, number: int) -> dict[str, str]:
    """The cells of a finding by field; each has a day, a number and a problem of its own."""
    clause, *words = text.split()
    cells = {column.field: "" for column in FINDINGS.columns}
    cells |= {"id": f"D{number:03}", "day": str(date(2023, 1, 1) + timedelta(days=number % 365))}
    cells |= {"issue": f"P{number:03}", "clause": clause, "note": "报表迟报两天"}
    for word in words:
        if word in _LEVELS:
            cells["level"] = word
        else:
            match = _WORD.fullmatch(word)
            assert match, word
            cells[_FIELDS[match[1]]] = match[2]
    return cells


def csv(texts: Sequence[str]) -> bytes:
    """findings.csv of these findings."""
    rows = [finding(text, number) for number, text in enumerate(texts, 1)]
    head = [column.header for column in FINDINGS.columns]
    return csv_bytes([head, *([row[c.field] for c in FINDINGS.columns] for row in rows)])


def sheet(texts: Sequence[str]) -> Sheet:
    """The findings as read."""
    read, problems = read_sheet(csv(texts), FINDINGS, "findings.csv")
    assert read is not None
    assert problems == []
    return read


def table(texts: Sequence[str]) -> pd.DataFrame:
    """The findings as a frame."""
    return frame(sheet(texts))


_standards = st.sampled_from(["一.1", "一.6", "二.2", "二.3", "四.2"])
_several = st.lists(st.sampled_from(["二.1", "四.1", "二.2", "二.3"]), unique=True, max_size=4)
_lessening = st.lists(st.sampled_from(["四.2", "三.7", "三.10"]), unique=True, max_size=2)


@st.composite
def _finding(draw: st.DrawFn) -> str:
    issue = f"题W{draw(st.integers(1, 4))}"
    if draw(st.integers(0, 3)) == 0:
        return f"四.3 {issue} 问责{draw(st.integers(0, 7))}"
    words = [draw(_standards), issue, f"核定{draw(st.integers(0, 300)) / 10:g}"]
    words += [f"上级{draw(st.integers(1, 20))}"] if draw(st.booleans()) else []
    for what, clauses in (("加重", draw(_several)), ("减免", draw(_lessening))):
        words += [f"{what}{'、'.join(clauses)}"] if clauses else []
    return " ".join(words)


any_findings = st.lists(_finding(), max_size=8)


def clerk(
    findings: Sequence[dict[str, Any]], rules: Sequence[dict[str, Any]], interpretation: Any
) -> dict[str, tuple[Decimal, Decimal]]:
    """By finding, what it costs and earns, worked out one by one as a clerk would: the oracle."""
    clauses = {rule["id"]: (set(rule["methods"].split("、")), rule) for rule in rules}
    binding = {method for methods, _ in clauses.values() for method in methods}
    found: dict[str, list[Decimal]] = {}
    for row in findings:
        methods, rule = clauses[row["clause"]]
        if "每人次加分" in methods:
            found[row["id"]] = [Decimal(0), rule["amount"] * (row["accountable"] or 0)]
        else:
            found[row["id"]] = [
                _taken(row, clauses, binding, interpretation),
                Decimal(0),
            ]
    in_order = sorted(findings, key=lambda row: (row["day"], row["id"]))
    if "同一问题不重复" in binding:
        _count_once(found, in_order)
    for id_, (_, rule) in clauses.items():
        if rule["cap"] is not None:
            _count_up_to(
                rule["cap"], [found[row["id"]] for row in in_order if row["clause"] == id_]
            )
    return {id_: (taken, given) for id_, (taken, given) in found.items()}


def _count_once(found: dict[str, list[Decimal]], in_order: Sequence[dict[str, Any]]) -> None:
    best: dict[str, str] = {}
    for row in in_order:
        if row["issue"] not in best or found[row["id"]][0] > found[best[row["issue"]]][0]:
            best[row["issue"]] = row["id"]
    for row in in_order:
        if row["id"] != best[row["issue"]]:
            found[row["id"]][0] = Decimal(0)


def _count_up_to(room: Decimal, under: Sequence[list[Decimal]]) -> None:
    for points in under:
        for side in (0, 1):
            points[side] = min(points[side], room)
            room -= points[side]


def _taken(row: dict[str, Any], clauses: Any, binding: set[str], interpretation: Any) -> Decimal:
    methods, rule = clauses[row["clause"]]
    amount = row["decided"] if "说明" in methods else rule["amount"]
    is_ordinary = not methods & {"每次扣分", "说明"}
    heavier = [clauses[id_] for id_ in row["aggravating"].split("、") if id_]
    lighter = [clauses[id_][0] for id_ in row["mitigating"].split("、") if id_]
    doubles = sum("双倍" in methods for methods, _ in heavier)
    halves = sum("减半" in methods and "免予" not in methods for methods in lighter)
    doubles, halves = (n if interpretation.compound else min(n, 1) for n in (doubles, halves))
    if interpretation.base == "superior" and is_ordinary and doubles and row["superior"]:
        amount = row["superior"]
    others = [rule["amount"] for methods, rule in heavier if methods & {"每项扣分", "每次扣分"}]
    if any("说明" in methods for methods, _ in heavier):
        others.append(row["decided"])
    if interpretation.double == "clause" and is_ordinary:
        amount *= 2**doubles
    if interpretation.half == "clause" and is_ordinary:
        amount /= 2**halves
    points = max([amount, *others]) if "就高不就低" in binding else sum([amount, *others])
    if interpretation.double == "higher":
        points *= 2**doubles
    if interpretation.half == "higher":
        points /= 2**halves
    if any("免予" in methods for methods in lighter):
        return Decimal(0) if interpretation.exemption == "whole" else min(points, row["decided"])
    return points
