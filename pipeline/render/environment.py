"""The template language: jinja2 as docxtpl has it, made safe for Word's XML.

Every value is escaped, undefined names are errors, templates run in a sandbox (they may come from
another office), and what jinja2 would write into the XML as is, a line break or a tab, becomes
the element that Word shows as one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from pipeline import formats

# Most texts have none of these and are printed as they are.
_SPECIAL = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff&<>'\"]")
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'


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


class WordCodeGenerator(CodeGenerator):
    """Writes each value by one call of `word_text`, where jinja2 makes three objects of it.

    The extension point is the one that jinja2's own native environment uses. Autoescape stays
    on for all that jinja2 builds itself: macros, blocks, joins.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.word_text(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        const = node.as_const(frame.eval_ctx)
        return str(const) if isinstance(node, nodes.TemplateData) else word_text(const)


class Environment(ImmutableSandboxedEnvironment):
    """The sandbox, quick about the frozen records that templates are made for."""

    code_generator_class = WordCodeGenerator
    word_text: Callable[[Any], str]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.word_text = word_text
        self._records: set[type] = set()

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An attribute; the public ones of a frozen record need no further questions."""
        if type(obj) in self._records and attribute[0] != "_":
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        if _is_record(obj):
            self._records.add(type(obj))
        return super().getattr(obj, attribute)


def _is_record(obj: Any) -> bool:
    parameters = getattr(type(obj), "__dataclass_params__", None)
    return parameters is not None and parameters.frozen


def word_text(value: Any) -> str:
    """A value as XML that may stand between `<w:t>` and `</w:t>`.

    Texts are escaped, their breaks and tabs become Word's elements; numbers print without
    padding; None prints nothing; markup stays as it is. Raises ValueError for a character that
    no XML document can hold.
    """
    if type(value) is str:
        return value if _SPECIAL.search(value) is None else _escaped(value)
    if isinstance(value, Markup):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return formats.number(value)
    return _escaped(str(value))


def _escaped(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if (bad := formats.FORBIDDEN.search(text)) is not None:
        raise ValueError(f"内容里有 Word 文件不能有的字符 U+{ord(bad[0]):04X}：{text!r}")
    return str(escape(text)).replace("\n", _BREAK).replace("\t", _TAB)


def environment(filters: Iterable[tuple[str, Any]]) -> Environment:
    """A new environment with the given filters."""
    env = Environment(
        autoescape=True,
        undefined=Undefined,
        keep_trailing_newline=True,
        cache_size=0,
    )
    env.filters.update(filters)
    return env
