"""What an edition may ask for beside the official columns of 附件4: 状态 and 自评分.

Their cells hold a placeholder until somebody fills them in: the full score of the row, or that
something is to be chosen or written. A program that knows no placeholders leaves it standing;
it is nobody's answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from pipeline.forms.control_tags import ASKED
from pipeline.tables.contract import PROGRESS
from pipeline.tables.settings import Settings
from pipeline.typography import number

_LIMIT = re.compile(r"（满分[\d.]+）|满分见各行")
CHOOSE, WRITE = "选择", "填写"

_PLACEHOLDERS = {
    "status": re.compile(f"{CHOOSE}(?:一项)?[。.]?"),
    "self_score": re.compile(rf"{WRITE}|满分\s*[\d.]+"),
}


def heading(field: str) -> str:
    """The heading of a field's column, as progress.csv has it."""
    return PROGRESS.column(field).header


def asked_fields(settings: Settings) -> tuple[str, ...]:
    """The fields that an edition asks for, in the order of their columns."""
    return tuple(field for field in ASKED if heading(field) in settings.form.ask)


def score_limit(most: Mapping[str, Decimal], codes: Collection[str]) -> str:
    """What stands under the heading 自评分; `most` maps 编号 to the full score.

    One figure where all indicators of the form have the same, else where to look.
    """
    shared = shared_score(most, codes)
    return "满分见各行" if shared is None else f"（{full_score(shared)}）"


def shared_score(most: Mapping[str, Decimal], codes: Collection[str]) -> Decimal | None:
    """The full score that all indicators of a form have, None where they differ."""
    scores = {most[code] for code in codes}
    return scores.pop() if len(scores) == 1 else None


def full_score(most: Decimal) -> str:
    """A full score in words: 满分20."""
    return f"满分{number(most)}"


def without_limit(text: str) -> str:
    """A heading without the full score under it."""
    return _LIMIT.sub("", text)


def without_placeholder(field: str, text: str) -> str:
    """What was filled in under a field: nothing where only the placeholder stands."""
    placeholder = _PLACEHOLDERS.get(field)
    return "" if placeholder is not None and placeholder.fullmatch(text.strip()) else text
