"""Numbers that belong to a person: mobile phones and identity cards.

Sources: GB 11643-1999 for the identity number, whose last digit is a checksum (ISO 7064, MOD 11-2);
mobile numbers have eleven digits and begin with 13 to 19.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_GAP = r"[ \-‐-―]?"  # people write 138-0000-0000
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d(?:{_GAP}\d){{8}}(?!\d)")
_IDENTITY = re.compile(r"(?<![\dXx])[1-9](?: ?\d){16} ?[\dXx](?![\dXx])")
_MANY_DIGITS = re.compile(r"\d(?:[ \u3000\-‐-―－]?\d){10}")
_WEIGHTS = [2**power % 11 for power in range(17, 0, -1)]
_CHECK_DIGITS = "10X98765432"  # by the weighted sum modulo 11


def may_have_numbers(text: str) -> bool:
    """Whether a text has as many digits as such a number: a quick look at many cells at once."""
    return _MANY_DIGITS.search(text) is not None


def personal_numbers(text: str) -> Iterator[tuple[str, str]]:
    """What each number is, 手机号 or 身份证号, and the number as it is written."""
    plain = _plain_digits(text)
    for match in _IDENTITY.finditer(plain):
        if _is_identity_number(match[0]):
            yield "身份证号", text[match.start() : match.end()]
    for match in _MOBILE.finditer(plain):
        yield "手机号", text[match.start() : match.end()]


def _plain_digits(text: str) -> str:
    """The text, as long as it was, with every digit, in full width too, as 0 to 9."""
    if text.isascii():
        return text
    return "".join(map(_plain_digit, text))


def _plain_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return {"　": " ", "＋": "+", "－": "-", "Ｘ": "X"}.get(character, character)


def _is_identity_number(text: str) -> bool:
    """Whether the last digit is the checksum of the others; any 18 digits have it once in 11."""
    digits = text.replace(" ", "").upper()
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:17], strict=True))
    return _CHECK_DIGITS[total % 11] == digits[17]
