"""jinja2's sandbox with limits: a template from another office may not take all time or memory.

The sandbox of jinja2 keeps templates from attributes and functions that are dangerous. It does not
keep them from `'a' * 10**9`, from loops within loops, or from a macro that calls itself twice. Here
every loop, call, filter and operator is charged to an account, and no text grows without end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import wraps
from itertools import islice
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment

_MOST_STEPS = 10_000_000  # of one document; a digest of 72 indicators takes 47,000
MOST_TEXT = 2_000_000  # characters of one text in a template
_MOST_OUTPUT = 200_000_000  # characters of one part; the largest real one has 80 million
_MOST_NUMBER = 100_000  # as a width, a count, a precision
_MOST_EXPONENT = 100
_MOST_BITS = 10_000  # of a whole number
_PIECES = 10_000
_PER_CALL = 20  # steps: a macro takes as long as so many rounds of an empty loop
_PER_STEP = 10  # characters that are gone through in one step

_WIDTH = re.compile(r"\d{5,}|\*")  # in what formats a number
_NO_FUNCTIONS = ("lipsum",)  # makes texts by the thousand


class TooMuchError(SecurityError):
    """A template takes more time or memory than any document needs."""


class LimitedSandbox(ImmutableSandboxedEnvironment):
    """The sandbox, with an account for all that templates do; `begin` opens it anew."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.steps_left = _MOST_STEPS
        self.filters = {name: self._charged(each) for name, each in self.filters.items()}
        self.filters["format"] = _without_widths(self.filters["format"])
        for name in _NO_FUNCTIONS:
            self.globals.pop(name, None)

    def begin(self) -> None:
        """Open the account for another document."""
        self.steps_left = _MOST_STEPS

    def spend(self, steps: int = 1) -> None:
        """Charge some steps; raises TooMuchError where none is left."""
        self.steps_left -= steps
        if self.steps_left < 0:
            raise TooMuchError("循环太多，算不完")

    def counted(self, items: Iterable[Any]) -> Iterator[Any]:
        """What a loop goes over, each item charged."""
        for item in items:
            self.steps_left -= 1  # not by a call: this is what templates do most
            if self.steps_left < 0:
                self.spend()
            yield item

    def joined(self, *values: Any) -> Any:
        """What ~ makes of its operands."""
        self.spend()
        _refuse_text(sum(map(_size, values)))
        return markup_join(values)

    def concat(self, pieces: Iterable[str]) -> str:
        """A document's pieces as one text."""
        return "".join(limited(pieces))

    def call(  # noqa: D102 (jinja2's)
        __self,  # noqa: N805
        __context: Any,
        __obj: Any,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        __self.spend(_PER_CALL)
        owner = getattr(__obj, "__self__", None)
        _refuse_operands([owner, *args, *kwargs.values()])
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """The result of an operator, if it is no larger than any document needs."""
        self.spend(_steps(left) + _steps(right))
        _REFUSALS[operator](left, right)
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """`str.format`, without widths that fill the memory."""
        text = getattr(value, "__self__", None)
        if isinstance(text, str) and _WIDTH.search(text):
            raise TooMuchError("格式里的宽度太大")
        return super().wrap_str_format(value)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template's tree, with what loops and what joins texts put through the account."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            items: Any = loop.iter
            loop.iter = _call("counted", [items]).set_lineno(loop.lineno)
        return nodes.Template.set_environment(_with_joined(tree), self)  # type: ignore[return-value]

    def _charged(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """One of jinja2's filters, with what it is given charged."""

        @wraps(function)
        def charged(*args: Any, **kwargs: Any) -> Any:
            values = [each for each in (*args, *kwargs.values()) if not _is_jinja2_s(each)]
            self.spend(sum(map(_steps, values)))
            _refuse_operands(values)
            return function(*args, **kwargs)

        return charged


def _without_widths(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter that formats by a text, without widths that fill the memory."""

    @wraps(function)
    def formatted(text: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_format(text, args)
        return function(text, *args, **kwargs)

    return formatted


def limited(pieces: Iterable[str], at_once: int = _PIECES) -> Iterator[str]:
    """The pieces of a document, many at a time; raises TooMuchError where they get too many."""
    metered = _metered(pieces)
    while chunk := "".join(islice(metered, at_once)):
        yield chunk


def _metered(pieces: Iterable[str]) -> Iterator[str]:
    room = _MOST_OUTPUT
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            raise TooMuchError("生成的内容太大")
        yield piece


def printed(value: Any) -> Any:
    """A value that a template prints; raises TooMuchError for one that grew without end."""
    if not isinstance(value, _PLAIN):
        _refuse_text(_size(value))
    return value


_PLAIN = (int, float, Decimal, type(None))


def _call(function: str, arguments: list[nodes.Expr]) -> nodes.Expr:
    """A call of one of the environment's own functions."""
    return nodes.Call(nodes.EnvironmentAttribute(function), arguments, [], None, None)


def _with_joined(tree: nodes.Template) -> nodes.Template:
    """The tree with every ~ as a call that looks at what it joins."""
    for parent in [tree, *tree.find_all(nodes.Node)]:
        for field, child in parent.iter_fields():
            if isinstance(child, nodes.Node):
                setattr(parent, field, _joined(child))
            elif isinstance(child, list):
                child[:] = [
                    _joined(each) if isinstance(each, nodes.Concat) else each for each in child
                ]
    return tree


def _joined(node: Any) -> Any:
    """The call that stands for a ~; any other part of a tree as it is."""
    if not isinstance(node, nodes.Concat):
        return node
    return _call("joined", node.nodes).set_lineno(node.lineno)


def _is_jinja2_s(value: Any) -> bool:
    """Whether jinja2 passes something of its own to a filter."""
    own = (jinja2.Environment, jinja2.runtime.Context, nodes.EvalContext)
    return isinstance(value, own)


def _steps(value: Any) -> int:
    """What it costs to go through a value once."""
    return 1 + (_size(value) // _PER_STEP if isinstance(value, str) else _size(value))


def _size(value: Any) -> int:
    """How long a text is, or all that is in a sequence; 0 for anything else.

    What stands in a sequence twice counts twice: printed, it would stand there twice. Beyond what
    is refused anyway nothing is counted.
    """
    if isinstance(value, str | bytes | range):
        return len(value)
    size, waiting = 0, [value]
    while waiting and size <= MOST_TEXT:
        each = waiting.pop()
        if isinstance(each, str | bytes | range):
            size += len(each)
        elif isinstance(each, list | tuple | dict):
            size += len(each)
            waiting += each.values() if isinstance(each, dict) else each
    return size


def _refuse_text(length: int) -> None:
    if length > MOST_TEXT:
        raise TooMuchError("文字太长")


def _refuse_operands(values: Iterable[Any]) -> None:
    """Raise TooMuchError for numbers and sizes with which a function could fill the memory.

    What `'…'.replace('a', '…')` or `'…'.join([…])` makes is no longer than all sizes multiplied.
    """
    size = 1
    for value in values:
        own = _size(value)
        _refuse_text(own)
        size *= max(own, 1)
        if isinstance(value, int) and abs(value) > _MOST_NUMBER:
            raise TooMuchError(f"{value if abs(value) < 10**20 else '这个数'} 太大")
    _refuse_text(size // 50)


def _refuse_product(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        _refuse_bits(left.bit_length() + right.bit_length())
    for value, times in ((left, right), (right, left)):
        if isinstance(times, int):
            _refuse_text(_size(value) * times)


def _refuse_power(left: Any, right: Any) -> None:
    if abs(right) > _MOST_EXPONENT:
        raise TooMuchError("乘方太大")
    if isinstance(left, int) and isinstance(right, int):
        _refuse_bits(left.bit_length() * right)


def _refuse_bits(bits: int) -> None:
    if bits > _MOST_BITS:
        raise TooMuchError("数太大")


def _refuse_sum(left: Any, right: Any) -> None:
    _refuse_text(_size(left) + _size(right))


def _refuse_format(left: Any, right: Any) -> None:
    if isinstance(left, str) and _WIDTH.search(left):
        raise TooMuchError("格式里的宽度太大")
    if isinstance(left, str):
        _refuse_text(len(left) + _size(right) * left.count("%"))


_REFUSALS: dict[str, Callable[[Any, Any], None]] = {
    "*": _refuse_product,
    "**": _refuse_power,
    "+": _refuse_sum,
    "%": _refuse_format,
}
