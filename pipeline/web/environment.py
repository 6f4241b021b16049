"""The template language of the pages: jinja2, always escaped, undefined names are errors.

Templates run in jinja2's sandbox, like those of the Word documents.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from pipeline import typography as formats
from pipeline.errors import TemplateError

# Where Chinese and Latin letters or digits meet without a blank between.
_SEAM = re.compile(rf"(?<=[{formats.HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{formats.HAN}])")

# Latin letters or digits with Chinese before, after, on both sides or on none.
_FIGURES = {
    (True, True): Markup('<span class="before after">{}</span>'),
    (True, False): Markup('<span class="before">{}</span>'),
    (False, True): Markup('<span class="after">{}</span>'),
    (False, False): Markup("{}"),
}


def render(folder: Path, name: str, context: Mapping[str, Any]) -> str:
    """The page that template `name` in `folder` makes of `context`; raises TemplateError."""
    try:
        return _environment(folder).get_template(name).render(context)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(
            str(error.message), template=error.name or name, location=f"第{error.lineno}行"
        ) from error
    except jinja2.TemplateNotFound as error:
        raise TemplateError("没有这个文件", template=str(folder / (error.name or name))) from error
    except Exception as error:  # a template can raise anything
        raise TemplateError(str(error), template=name) from error


@cache
def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    env = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(FILTERS)
    env.globals["source_of"] = lambda name: Markup(_source_of(folder, name))
    return env


def _source_of(folder: Path, name: str) -> str:
    """A style sheet or script beside the templates, and nothing outside their folder."""
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
    return Markup("").join(
        _FIGURES[place > 0, place < last].format(part) if part[:1].isascii() else escape(part)
        for place, part in enumerate(parts)
    )


def share(value: Decimal | int, whole: Decimal | int, room: int) -> str:
    """How much of `room` a part takes, to two places, for the lengths in charts."""
    return f"{Decimal(value) * room / Decimal(whole):.2f}" if whole else "0"


def hash_source(text: str) -> str:
    """The source expression that allows exactly this style or script (CSP, level 2)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def anchor(id_: str) -> str:
    """The fragment of an indicator's row: its 编号 behind what no section's id begins with."""
    return quote(f"i-{id_}")


FILTERS: dict[str, Callable[..., Any]] = {
    "anchor": anchor,
    "number": formats.number,
    "full_date": formats.full_date,
    "lines": lines,
    "spaced": spaced,
    "share": share,
    "hash_source": hash_source,
}
