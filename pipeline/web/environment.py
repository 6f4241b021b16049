"""The template language of the pages: jinja2, always escaped, undefined names are errors.

Templates run in jinja2's sandbox, like those of the Word documents.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup, escape

from pipeline.errors import TemplateError
from pipeline.sandbox import LimitedSandbox, printed
from pipeline.typography import HAN, full_date, number

# Where Chinese and Latin letters or digits meet without a blank between.
_SEAM = re.compile(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{HAN}])")

# Latin letters or digits with Chinese before, after, on both sides or on neither.
_LATIN = {
    (True, True): Markup('<span class="before after">{}</span>'),
    (True, False): Markup('<span class="before">{}</span>'),
    (False, True): Markup('<span class="after">{}</span>'),
    (False, False): Markup("{}"),
}


def render(folder: Path, name: str, context: Mapping[str, Any]) -> str:
    """The page that template `name` in `folder` makes of `context`; raises TemplateError."""
    with _template_errors(folder, name):
        environment = _environment(folder)
        environment.begin()
        return environment.get_template(name).render(context)


def variable_of(folder: Path, name: str, variable: str) -> Any:
    """What template `name` in `folder` sets `variable` to; raises TemplateError."""
    with _template_errors(folder, name):
        return getattr(_environment(folder).get_template(name).module, variable)


@contextmanager
def _template_errors(folder: Path, name: str) -> Iterator[None]:
    """Raise TemplateError, with the template and the line, for whatever goes wrong within."""
    try:
        yield
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(
            str(error.message), template=error.name or name, location=f"第{error.lineno}行"
        ) from error
    except jinja2.TemplateNotFound as error:
        raise TemplateError("没有这个文件", template=str(folder / (error.name or name))) from error
    except Exception as error:  # a template can raise anything
        raise TemplateError(str(error), template=name) from error


@cache
def _environment(folder: Path) -> LimitedSandbox:
    """The environment of the templates in a folder, made once."""
    env = LimitedSandbox(
        loader=jinja2.FunctionLoader(lambda name: _loaded(folder, name)),
        finalize=printed,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(FILTERS)
    env.globals["source_of"] = lambda name: Markup(_source_of(folder, name))
    return env


def _loaded(folder: Path, name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """A template's source, its path, and that it stays so; None where there is none."""
    if not (folder / name).is_file():
        return None
    return _source_of(folder, name), str(folder / name), lambda: True


def _source_of(folder: Path, name: str) -> str:
    """A file in the templates' folder, and none that a link in it leads to outside."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"{name} 不在模板的文件夹里")
    return path.read_text(encoding="utf-8")


def lines(text: str) -> Markup:
    """The text with its line breaks as the page's."""
    return Markup("<br>").join(text.split("\n"))


def spaced(text: str) -> Markup:
    """The text with a thin gap where Chinese meets Latin letters or digits.

    The gap is a margin, so that searching and copying find the text as typed. For
    headings and sentences in PDF; browsers have `text-autospace`.
    """
    parts = _SEAM.split(text)
    last = len(parts) - 1
    spaced_parts = [
        _spaced_part(part, before=index > 0, after=index < last) for index, part in enumerate(parts)
    ]
    return Markup("").join(spaced_parts)


def _spaced_part(part: str, *, before: bool, after: bool) -> Markup:
    """A part in one script, with its gaps where it is Latin letters or digits."""
    return _LATIN[before, after].format(part) if part[:1].isascii() else escape(part)


def share(value: Decimal | int, whole: Decimal | int, room: int) -> str:
    """How much of `room` a part takes, to two decimals, for the lengths in charts."""
    return f"{Decimal(value) * room / Decimal(whole):.2f}" if whole else "0"


def hash_source(text: str) -> str:
    """The source expression that allows exactly this style or script (CSP, level 2)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def anchor(id_: str) -> str:
    """The fragment of an indicator's row: its 编号 after a prefix that no section's id has."""
    return quote(f"i-{id_}")


FILTERS: dict[str, Callable[..., Any]] = {
    "anchor": anchor,
    "number": number,
    "full_date": full_date,
    "lines": lines,
    "spaced": spaced,
    "share": share,
    "hash_source": hash_source,
}
