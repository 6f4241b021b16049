"""People: leaders who lead, persons who exist, names that can be printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import filterfalse

from pipeline.checks.check import check
from pipeline.errors import Problem
from pipeline.tables.cells import Flaw, parts
from pipeline.tables.edition import Edition
from pipeline.tables.groups import names_of_groups
from pipeline.tables.sheet import Sheet
from pipeline.tables.suggestions import Vocabulary
from pipeline.typography import HAN, is_gb2312

FONT = "仿宋_GB2312"  # the templates' body font; it has the 6,763 characters of GB 2312 only

# A Chinese name has two to four characters; names with · or of other nations can be longer.
_LIKE_A_NAME = re.compile(rf"[{HAN}]{{2,4}}|[^\s\d，。、]+·[^\s\d，。、]+")


def _registered(edition: Edition) -> Vocabulary:
    """The names in the roster, whether of the leading group or not."""
    return edition["roster"].vocabulary("name")


@check("roster")
def one_chief(edition: Edition) -> Iterator[Problem]:
    """A leading group has one head."""
    roster = edition["roster"]
    chiefs = [index for index, role in enumerate(roster["role"]) if role == "组长"]
    if not chiefs and None not in roster["role"]:
        yield _no_chief(roster)
    for index in chiefs[1:]:
        message = f"组长不止一个，第{roster.rows[chiefs[0]]}行已经有了"
        yield roster.problem(index, "role", "chief", message, severity="warning")


def _no_chief(roster: Sheet) -> Problem:
    """The warning about a leading group without a head."""
    return Problem(
        file=roster.file,
        column="领导小组职务",
        rule="chief",
        message="领导小组没有组长",
        severity="warning",
    )


@check("roster")
def posts_of_members(edition: Edition) -> Iterator[Problem]:
    """附件1 prints a post beside each member."""
    roster = edition["roster"]
    for index in roster.blank("post"):
        if roster["role"][index]:
            message = "领导小组的人没有写职务，附件1上会空着"
            yield roster.problem(index, "post", "blank", message, severity="warning")


@check("roster", "indicators")
def leaders(edition: Edition) -> Iterator[Problem]:
    """责任领导 is a member of the leading group."""
    roster = edition["roster"]
    # A role that could not be read is None: reported already, and its person may be a member.
    members = {name for name, role in roster.values("name", "role") if role != ""}
    registered, unreadable = _registered(edition), roster.unreadable("name")

    def flaw(name: str) -> Flaw | None:
        """What is wrong with this leader."""
        if name in members or unreadable.may_mean(name):
            return None
        if name in registered:
            message = "这个人不在领导小组里（roster.csv 的“领导小组职务”空着）"
            return Flaw("leader", message)
        hint = _who(name, registered) or "先加进 roster.csv，写上领导小组职务"
        return Flaw("leader", "roster.csv 的领导小组里没有这个人", hint)

    yield from _wrong_names(edition, edition["indicators"], "leader", flaw)


@check("roster", "indicators", "sections")
def persons(edition: Edition) -> Iterator[Problem]:
    """责任人 is in the roster, or a declared phrase."""
    yield from _persons(edition, edition["indicators"], "名下有任务")


@check("roster", "findings", "sections")
def persons_of_findings(edition: Edition) -> Iterator[Problem]:
    """责任人 of a finding is in the roster, or a declared phrase."""
    yield from _persons(edition, edition["findings"], "名下有督查问题")


def _persons(edition: Edition, sheet: Sheet, what: str) -> Iterator[Problem]:
    """The names in 责任人 that stand nowhere else; `what` such a person is named for."""
    allowed = Vocabulary([*_registered(edition), *edition.settings.indicators.phrases])
    unreadable = edition["roster"].unreadable("name")
    groups = names_of_groups(edition)

    def flaw(name: str) -> Flaw | None:
        """What is wrong with this person."""
        if name in allowed or unreadable.may_mean(name):
            return None
        if name in groups:
            return Flaw("person", "这是组队，不是人", "写人的姓名")
        if _is_slip_or_phrase(name, allowed):
            return _unknown(name, allowed)
        return _unregistered(name, allowed, what)

    yield from _wrong_names(edition, sheet, "person", flaw)


def _is_slip_or_phrase(name: str, allowed: Vocabulary) -> bool:
    """Whether it is more likely that a known name is misspelt, or that no name is meant."""
    return bool(allowed.slip(name)) or not _LIKE_A_NAME.fullmatch(name)


def _unknown(name: str, allowed: Vocabulary) -> Flaw:
    """What is wrong with a text that is neither a name of the roster nor a phrase."""
    usual = "是人就加进 roster.csv，是说法就加进 edition.toml 的 phrases"
    hint = _who(name, allowed) or usual
    return Flaw("person", "roster.csv 里没有这个人，phrases 里也没有这个说法", hint)


def _unregistered(name: str, allowed: Vocabulary, what: str) -> Flaw:
    """The warning about a person whom the roster does not have; `what` he or she is named for."""
    hint = allowed.hint(name) or "加进 roster.csv，“领导小组职务”留空"
    return Flaw("person-unregistered", f"{what}，但 roster.csv 里没有这个人", hint, "warning")


@check("roster", "submissions")
def reporters(edition: Edition) -> Iterator[Problem]:
    """填报人 may be anybody, but a slip in a name of the roster is worth a look."""
    registered = _registered(edition)

    def flaw(name: str) -> Flaw | None:
        """What may be wrong with this name."""
        if name in registered or not registered.slip(name):
            return None
        return Flaw("person", "roster.csv 里没有这个人", registered.hint(name), "warning")

    yield from _wrong_names(edition, edition["submissions"], "reporter", flaw)


def _wrong_names(
    edition: Edition, sheet: Sheet, field: str, flaw: Callable[[str], Flaw | None]
) -> Iterator[Problem]:
    """The problems of the names in a column; `flaw` is asked once for each name."""
    column, phrases = sheet.table.column(field), edition.settings.indicators.phrases
    flaws: dict[str, Flaw | None] = {}
    for index, cell in enumerate(sheet[field]):
        names = [] if cell in phrases else parts(cell)
        for name in names:
            if name not in flaws:
                flaws[name] = flaw(name)
            found = flaws[name]
            if found is not None:
                yield sheet.raw.problem(index, column, found, name)


def _who(name: str, allowed: Vocabulary) -> str | None:
    """The person who may be meant, or the several whom another sign than 、 sets apart."""
    apart = re.split(r"[\s/／和与及]+", name)
    if len(apart) > 1 and all(each in allowed for each in apart):
        return f"几个人之间用顿号隔开：{'、'.join(apart)}"
    return allowed.hint(name)


@check("roster", "indicators")
def printable_names(edition: Edition) -> Iterator[Problem]:
    """Names with characters that the templates' font does not have."""
    if FONT in edition.settings.layout.fonts:
        return
    reported: set[str] = set()
    for sheet, field in ((edition["roster"], "name"), (edition["indicators"], "person")):
        for index, name in _unprintable_names(sheet, field):
            if name not in reported:
                reported.add(name)
                yield _unprintable(sheet, index, field, name)


def _unprintable_names(sheet: Sheet, field: str) -> Iterator[tuple[int, str]]:
    """The names in a column that the font does not have, each with its record."""
    return ((index, name) for index, name in sheet.members(field) if not is_gb2312(name))


def _unprintable(sheet: Sheet, index: int, field: str, name: str) -> Problem:
    """The warning about a name with characters that the font does not have."""
    rare = "".join(filterfalse(is_gb2312, name))
    message = f"{FONT} 没有“{rare}”字，打印时会换成别的字体"
    hint = f'在 edition.toml 的 [layout] 里写 fonts = {{ "{FONT}" = "仿宋" }}'
    return sheet.problem(index, field, "font", message, hint=hint, severity="warning", value=name)


CHECKS = (
    one_chief,
    posts_of_members,
    leaders,
    persons,
    persons_of_findings,
    reporters,
    printable_names,
)
