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
from keyword import iskeyword
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from pipeline import typography
from pipeline.sandbox import MOST_TEXT, LimitedSandbox, printed

# Most texts have none of these and are printed as they are.
_SPECIAL = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff&<>'\"]")
_NUMBERS = (Decimal, int, float)
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'


class Undefined(StrictUndefined):
    """A name that is not there: an error in any use, in Chinese, with the names that are."""

    @property
    def _undefined_message(self) -> str:
        """The message of the error."""
        name, holder = str(self._undefined_name), self._undefined_obj
        if self._undefined_hint:
            return self._undefined_hint
        if not is_dataclass(holder):
            return f"没有“{name}”这个内容"
        names = [*(field.name for field in fields(holder)), *getattr(holder, "extra", ())]
        near = get_close_matches(name, names, 1)
        guess = f"是不是想写“{near[0]}”？" if near else ""
        return f"没有“{name}”这个内容。{guess}可用的有：{'、'.join(names)}"


class WordCodeGenerator(CodeGenerator):
    """Writes the two things that a template does most in less code than jinja2 does.

    A value is printed by one call of `word_text`, where jinja2 makes three objects of it; a field
    of a frozen record is read without a call. The extension points are those that jinja2's own
    native environment uses. Autoescape stays on for what jinja2 builds itself: macros, blocks.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.word_text(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        const = node.as_const(frame.eval_ctx)
        return str(const) if isinstance(node, nodes.TemplateData) else word_text(const)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (jinja2's)
        """Write `record.field`, read directly where `record` is one and has it."""
        simple = isinstance(node.node, nodes.Name) and not iskeyword(node.attr)
        if simple:
            self.write("(")
            self.visit(node.node, frame)
            self.write(f".{node.attr} if {node.attr!r} in environment.fields.get(")
            self.visit(node.node, frame)
            self.write(".__class__, ()) else ")
        super().visit_Getattr(node, frame)
        if simple:
            self.write(")")


class Environment(LimitedSandbox):
    """The sandbox, quick about the frozen records that templates are made for."""

    code_generator_class = WordCodeGenerator
    word_text: Callable[[Any], str]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.word_text = word_text
        self.fields: dict[type, frozenset[str]] = {}  # of the records met so far; all are public

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An attribute, by the sandbox's rules; a record's fields need no further questions."""
        if type(obj) not in self.fields and _is_record(obj):
            self.fields[type(obj)] = frozenset(
                field.name for field in fields(obj) if not field.name.startswith("_")
            )
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
        if len(value) > MOST_TEXT:
            printed(value)
        plain = value.isalnum() or _SPECIAL.search(value) is None  # the first is much the faster
        return value if plain else _escaped(value)
    if isinstance(value, Markup):
        return str(printed(value))
    if value is None:
        return ""
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        return typography.number(value)
    return _escaped(str(printed(value)))


def _escaped(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if (bad := typography.FORBIDDEN.search(text)) is not None:
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
