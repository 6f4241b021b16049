"""The tags of a form's content controls, by which each answer is found again.

A tag reads jixiao:年度:期次:组队:编号:栏目, such as jixiao:2024:前三季度:业务组:SL001:progress.
Word takes no tag of more than 64 characters (w:tag, ECMA-376, part 1, 17.5.2.42, as Word limits
it), so a tag that would be longer has its parts shortened from left to right, one after the
other until it fits: # and the first eight hexadecimal digits of the SHA-256 of the name. A name
that has a colon in it or begins with # is always shortened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from hashlib import sha256

LONGEST = 64  # characters of a tag in Word

ANSWERS = ("progress", "problems", "measures")
ASKED = ("status", "self_score")  # where the edition asks for them
FIELDS = (*ANSWERS, *ASKED)  # of a row
HEADER = ("group", "reporter", "day")

_PROGRAM = "jixiao"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTag:
    """What a control is for; `indicator` is empty in the header and in the blank rows."""

    edition: str
    period: str
    group: str
    indicator: str
    field: str

    def __str__(self) -> str:
        """The tag as it stands in the file."""
        *names, field = astuple(self)
        parts = [_safe(name) for name in names]
        for index, name in enumerate(names):
            if len(_joined([*parts, field])) <= LONGEST:
                break
            parts[index] = shortened(name)
        return _joined([*parts, field])


def parse(text: str) -> ControlTag | None:
    """A control's tag, its parts as they stand there; None for one of another program."""
    program, *parts = text.split(":")
    if program != _PROGRAM or len(parts) != 5:
        return None
    edition, period, group, indicator, field = parts
    return ControlTag(edition=edition, period=period, group=group, indicator=indicator, field=field)


def resolve(part: str, names: Collection[str]) -> str | None:
    """The name that a part of a tag stands for, None where it is not among `names`."""
    if part in names:
        return part
    if not part.startswith("#"):
        return None
    return next((name for name in names if shortened(name) == part), None)


def stands_for(part: str, name: str) -> bool:
    """Whether a part of a tag is this name, or what stands for it."""
    return resolve(part, [name]) is not None


def resolved(parts: Iterable[str], names: Collection[str]) -> list[str]:
    """The names that the different parts of tags stand for, in the order of the parts."""
    found = (resolve(part, names) for part in dict.fromkeys(parts))
    return [name for name in found if name is not None]


def shortened(name: str) -> str:
    """What stands for a name that is too long for a tag."""
    return f"#{sha256(name.encode()).hexdigest()[:8]}" if name else ""


def _safe(name: str) -> str:
    return shortened(name) if ":" in name or name.startswith("#") else name


def _joined(parts: list[str]) -> str:
    return ":".join([_PROGRAM, *parts])
