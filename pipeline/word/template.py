"""A prepared template, compiled once and rendered many times.

docxtpl opens, patches, compiles and saves the whole document for each rendering. Here its
`patch_xml`, which turns Word's XML with tags in it into jinja2 source, is used as a compiler
only; a rendering is then a string and one zip member for each part that has tags. All other
members are compressed once. Nothing is kept between renderings, so one template serves threads.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import jinja2
from docxtpl import DocxTemplate
from jinja2.meta import find_undeclared_variables

from pipeline.errors import TemplateError
from pipeline.ooxml.package import Base, Parts, parse
from pipeline.sandbox import TooMuchError, limited
from pipeline.word import controls, merge
from pipeline.word.environment import environment
from pipeline.word.measures import Measures
from pipeline.word.roster import RosterMeasures
from pipeline.word.source import TemplateSource
from pipeline.word.tags import TAG, Tag, find_tags

CORE = "docProps/core.xml"
_TAGGED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)[^/]*\.xml$")

_WIDTH = 'w:w="'  # before the width of a column
_PIECES = 4_000  # of text and tags in a chunk: about 300 kB

_ENVIRONMENT = environment((*merge.FILTERS, *controls.FILTERS))
_PATCHER = DocxTemplate("")  # its patch_xml needs no document


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with tags: line n of its source begins at tag n - 1."""

    template: jinja2.Template
    tags: list[Tag]
    constant: bool  # prints the same whatever the context: where a page number stands, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A compiled template: the zip of what never changes, and the parts that do."""

    name: str
    base: Base
    parts: Mapping[str, _Part]
    measures: Measures | None = None
    roster: RosterMeasures = ()

    def render(self, context: Mapping[str, Any], *, title: str = "", author: str = "") -> bytes:
        """The document's bytes; the same for the same context.

        `title` and `author` go into the document's properties. Raises TemplateError with the
        tag that failed and its location.
        """
        _ENVIRONMENT.begin()
        rendered: dict[str, Iterable[bytes]] = {CORE: [_core_properties(title, author)]}
        for name, part in self.parts.items():
            rendered[name] = _rendered(self.name, name, part, context)
        return self.base.extended(rendered)


def compile_template(source: TemplateSource) -> Template:
    """The template of a prepared source; raises TemplateError for tags that cannot work."""
    parts: dict[str, _Part] = {}
    static: Parts = {}
    for name, data in source.parts.items():
        if _TAGGED.match(name) and (part := _compile_part(source, name, data)):
            if part.constant:
                static[name] = b"".join(_rendered(source.name, name, part, {}))
            else:
                parts[name] = part
        elif name != CORE:
            static[name] = data
    return Template(
        name=source.name,
        base=Base(static),
        parts=parts,
        measures=source.measures,
        roster=source.roster,
    )


def _compile_part(source: TemplateSource, name: str, data: bytes) -> _Part | None:
    """The part compiled, or None when it has no tags."""
    try:
        tags = find_tags(parse(data))
        if not tags:
            return None
        text = _numbered(_PATCHER.patch_xml(data.decode()), tags)
        constants = dict(source.constants.get(name, {}))
        template = _ENVIRONMENT.from_string(text, globals=constants)
        variables = find_undeclared_variables(_ENVIRONMENT.parse(text))
    except jinja2.TemplateSyntaxError as error:
        tag = tags[max(min(error.lineno - 2, len(tags) - 1), 0)]
        raise _error(f"标签写法不对（{error.message}）", source.name, name, tag) from error
    except TemplateError as error:
        tag = Tag(error.tag, error.location)
        raise _error(error.message, source.name, name, tag, error.hint) from error
    return _Part(template, tags, constant=variables <= constants.keys())


def _rendered(template: str, name: str, part: _Part, context: Mapping[str, Any]) -> Iterator[bytes]:
    """The part in chunks that fit a processor's cache; a large one is never held as a whole."""
    try:
        for chunk in limited(part.template.generate(context), _PIECES):
            yield chunk.encode()
    except Exception as error:  # a template can raise anything: name the tag
        raise _error(_explained(error), template, name, _failed_tag(part, error)) from error


def _failed_tag(part: _Part, error: BaseException) -> Tag:
    """The tag in which an error arose, an empty one when unknown."""
    line = _line(error)
    return part.tags[line - 2] if line > 1 else Tag("", "")


def _numbered(text: str, tags: list[Tag]) -> str:
    """The source with a line break inside each tag and nowhere else.

    jinja2 reports lines; so line n + 1 is the nth tag. The breaks are within the braces, where
    they mean nothing.
    """
    text = re.sub(r"\s*\n\s*", " ", text)
    found = 0

    def with_break(tag: re.Match[str]) -> str:
        nonlocal found
        if text.endswith(_WIDTH, 0, tag.start()):
            return tag[0]  # the program's own, in an attribute: nobody typed it
        found += 1
        return _as_typed(f"{tag[0][:2]}\n{tag[0][2:]}")

    numbered = TAG.sub(with_break, text)
    if found != len(tags):
        raise TemplateError("有标签互相重叠，或者被分在两个段落里")
    return numbered


def _as_typed(tag: str) -> str:
    """A tag without XML's escapes; docxtpl undoes those of < and > only."""
    return tag.replace("&quot;", '"').replace("&apos;", "'").replace("&amp;", "&")


def _line(error: BaseException) -> int:
    """The template's line in which an error arose, 0 when unknown."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 0 for frame in frames if frame.filename == "<template>"]
    return lines[-1] if lines else 0


def _error(message: str, template: str, part: str, tag: Tag, hint: str = "") -> TemplateError:
    """What is wrong with a tag in a part of a template."""
    location = _location(part, tag)
    return TemplateError(message, template=template, location=location, tag=tag.text, hint=hint)


def _explained(error: Exception) -> str:
    """What went wrong in a tag, in Chinese."""
    if isinstance(error, jinja2.UndefinedError | ValueError | TooMuchError):
        return str(error)
    if isinstance(error, jinja2.exceptions.SecurityError):
        return "模板里不允许这样的写法"
    return f"标签算不出来（{error}）"


def _location(part: str, tag: Tag) -> str:
    """Where a tag is, in words; `part` is a name such as word/header1.xml."""
    kinds = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
    file = part.removeprefix("word/")
    kind = next((word for key, word in kinds.items() if file.startswith(key)), "")
    return f"{kind} {tag.location}".strip()


def _core_properties(title: str, author: str) -> bytes:
    """The document's properties (ECMA-376, part 2, 11), without dates: they differ each day."""
    properties = f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{properties}</cp:coreProperties>"
    ).encode()
