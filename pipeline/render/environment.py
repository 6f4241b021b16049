"""The template language: jinja2 as docxtpl has it, made safe for Word's XML.

Every value is escaped, undefined names are errors, templates run in a sandbox (they may come from
another office), and what jinja2 would write into the XML as is, a line break or a tab, becomes
the element that Word shows as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from pipeline import formats

# Line breaks and tabs, and the characters that XML 1.0 (section 2.2) has no way to write.
_SPECIAL = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_REOPEN = '<w:t xml:space="preserve">'
_ELEMENTS = {
    "\n": Markup(f"</w:t><w:br/>{_REOPEN}"),
    "\t": Markup(f"</w:t><w:tab/>{_REOPEN}"),
}
_PIECES = re.compile("([\n\t])")


class Undefined(StrictUndefined):
    """A name that is not there: an error in any use, told in Chinese with what is there."""

    @property
    def _undefined_message(self) -> str:
        name, holder = str(self._undefined_name), self._undefined_obj
        if self._undefined_hint:
            return self._undefined_hint
        if not is_dataclass(holder):
            return f"没有“{name}”这个内容"
        known = [field.name for field in fields(holder)]
        near = get_close_matches(name, known, 1)
        guess = f"是不是想写“{near[0]}”？" if near else ""
        return f"没有“{name}”这个内容。{guess}可用的有：{'、'.join(known)}"


class Environment(ImmutableSandboxedEnvironment):
    """The sandbox, quick about the records that templates are made for."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Views are frozen records without methods: all their public fields are safe."""
        if is_dataclass(obj):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)


def word_text(value: Any) -> Any:
    """A value as it goes between `<w:t>` and `</w:t>`, before escaping.

    Texts with breaks or tabs become markup; numbers print without padding; None prints nothing.
    Raises ValueError for a character that no XML document can hold.
    """
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return value if _SPECIAL.search(value) is None else _with_breaks(value)
    if value is None:
        return ""
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return formats.number(value)
    return value


def _with_breaks(text: str) -> Markup:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for bad in _SPECIAL.finditer(text):
        if bad[0] not in _ELEMENTS:
            raise ValueError(f"内容里有 Word 文件不能有的字符 U+{ord(bad[0]):04X}：{text!r}")
    return Markup("").join(_ELEMENTS.get(piece, escape(piece)) for piece in _PIECES.split(text))


def environment(filters: Iterable[tuple[str, Any]]) -> Environment:
    """A new environment with the given filters."""
    env = Environment(
        autoescape=True,
        undefined=Undefined,
        finalize=word_text,
        keep_trailing_newline=True,
        cache_size=0,
    )
    env.filters.update(filters)
    return env
