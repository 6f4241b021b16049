"""The words of the tables that the program acts upon: what a clause does, how far a report is."""

from __future__ import annotations

from enum import StrEnum


class Algorithm(StrEnum):
    """What a clause of 附件3 does to a finding that cites it (rules.csv, 算法)."""

    PER_ITEM = "每项扣分"  # takes its 分值 for each item
    DOUBLE = "双倍"  # doubles what an ordinary clause takes
    PER_TIME = "每次扣分"  # takes its 分值 for each time; as 加重条款 it is a second standard
    HALF = "减半"  # halves what is taken
    EXEMPT = "免予"  # leaves nothing, or what the office decides
    BONUS = "每人次加分"  # gives its 分值 for each person held to account
    HIGHER = "就高不就低"  # of two standards only the higher counts, in the whole method
    ONCE = "同一问题不重复"  # one problem costs its highest deduction only, in the whole method
    NOTE = "说明"  # nothing by itself; as 加重条款 the office decides the figure


# Those that need a 分值; only a clause with one of them can be the 适用条款.
STANDARDS = (Algorithm.PER_ITEM, Algorithm.PER_TIME, Algorithm.BONUS)


class Status(StrEnum):
    """How far a group's work on an indicator is (progress.csv, 状态)."""

    NOT_STARTED = "未开始"
    UNDERWAY = "进行中"
    DONE = "已完成"
    STUCK = "有困难"
