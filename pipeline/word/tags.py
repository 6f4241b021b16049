"""The tags of a template and where they stand, so that every error has its location.

Also finds, before anything is rendered, what the template language would lose without a word:
text beside a row or paragraph tag, unfinished tags, loops that nobody closes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.errors import TemplateError
from pipeline.ooxml.body import texts
from pipeline.ooxml.ns import w
from pipeline.word.elements import is_added, joined

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_PREFIXED = re.compile(r"[{][{%#](tr|tc|p|r)\s")
_STATEMENT = re.compile(r"\{%(?:tr|tc|p|r)?[-+]?\s*(\w+)")

# What a prefixed tag replaces, and its name in messages.
_REPLACED = {"tr": (w("tr"), "行"), "tc": (w("tc"), "单元格"), "p": (w("p"), "段落")}
_OPENING = {"for", "if", "macro", "filter", "with", "call", "autoescape"}
_MIDDLE = {"else", "elif"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as typed, and its location in words: 第1个表 第3行 第2格."""

    text: str
    location: str


def find_tags(root: etree._Element) -> list[Tag]:
    """Every tag of a part in document order; raises TemplateError for what would be lost."""
    tags: list[Tag] = []
    for number, chunk in enumerate(_chunks(root), 1):
        text = _own_text(chunk)
        if "{" in text or "}" in text:
            tags += _tags_of(chunk, text, _location(chunk, number))
    _check_closed(tags)
    return tags


def _tags_of(chunk: etree._Element, text: str, location: str) -> list[Tag]:
    """The tags in a chunk's text; raises TemplateError for one that is not whole or not alone."""
    if _BRACES.search(TAG.sub("", text)):
        raise TemplateError("标签没有写完整，花括号要成对", location=location, tag=text)
    tags = [Tag(tag, location) for tag in TAG.findall(text)]
    for tag in tags:
        _check_alone(tag.text, chunk, location)
    return tags


def _chunks(root: etree._Element) -> Iterator[etree._Element]:
    """What can hold tags: paragraphs, and the properties of cells and of their controls."""
    for chunk in root.iter(w("p"), w("tcPr"), w("sdtPr")):
        if chunk.tag != w("sdtPr") or next(chunk.iterancestors(w("p")), None) is None:
            yield chunk


def _own_text(chunk: etree._Element) -> str:
    """The text in which a chunk's tags stand; a paragraph's controls have theirs in it."""
    if chunk.tag != w("p"):
        return "".join(map(str, chunk.itertext()))
    if chunk.find(f".//{w('sdtPr')}") is None:
        return "".join(texts(chunk))
    return joined(chunk.iter(w("t"), w("sdtPr")))


def _location(chunk: etree._Element, number: int) -> str:
    """Where a chunk is: its cell, or its paragraph by number."""
    cell = next(chunk.iterancestors(w("tc")), None)
    if cell is None:
        return f"第{_count_paragraphs(chunk, number)}段"
    row = next(cell.iterancestors(w("tr")))
    table = next(row.iterancestors(w("tbl")))
    tables = list(table.getroottree().iter(w("tbl")))
    return f"第{tables.index(table) + 1}个表 第{_position(row, table)}行 第{_position(cell, row)}格"


def _count_paragraphs(paragraph: etree._Element, number: int) -> int:
    siblings = paragraph.getparent()
    return number if siblings is None else _position(paragraph, siblings)


def _position(element: etree._Element, container: etree._Element) -> int:
    before = element.itersiblings(element.tag, preceding=True)
    return 1 + sum(1 for each in before if not is_added(each))


def _check_alone(tag: str, chunk: etree._Element, location: str) -> None:
    """A prefixed tag replaces all of its row, cell or paragraph: nothing else may be in it."""
    prefix = _PREFIXED.match(tag)
    if prefix is None or prefix[1] not in _REPLACED:
        return
    element, name = _REPLACED[prefix[1]]
    holder = _holder(chunk, element)
    if holder is None:
        raise TemplateError(f"这个标签只能写在表格的{name}里", location=location, tag=tag)
    beside = "".join(map(_own_text, holder.iter(w("p")))).replace(tag, "", 1).strip()
    if beside:
        raise TemplateError(
            f"这个标签要独占一{name}，同{name}的“{beside}”会丢失",
            location=location,
            tag=tag,
            hint=f"把它移到单独的一{name}",
        )
    if re.search(r"[%}]", tag[2:-2]):
        raise TemplateError("这个标签里面不能有 % 或 }", location=location, tag=tag)


def _holder(chunk: etree._Element, tag: str) -> etree._Element | None:
    """The chunk itself or what it is in, by its XML tag; None where there is none."""
    return chunk if chunk.tag == tag else next(chunk.iterancestors(tag), None)


def _check_closed(tags: list[Tag]) -> None:
    """Each block is closed by its own end tag."""
    open_blocks: list[tuple[str, Tag]] = []
    for word, tag in _statements(tags):
        _follow(word, tag, open_blocks)
    if open_blocks:
        word, tag = open_blocks[-1]
        raise TemplateError(f"后面没有与它配对的 end{word}", location=tag.location, tag=tag.text)


def _follow(word: str, tag: Tag, open_blocks: list[tuple[str, Tag]]) -> None:
    """Bring the blocks that are open before a statement to what is open after it."""
    if _opens(word, tag.text):
        open_blocks.append((word, tag))
    elif word in _MIDDLE:
        _check_fits(word, tag, open_blocks)
    elif word.startswith("end"):
        _check_fits(word, tag, open_blocks)
        open_blocks.pop()


def _check_fits(word: str, tag: Tag, open_blocks: list[tuple[str, Tag]]) -> None:
    """A middle tag needs an open block; an end tag must be that of the innermost one."""
    if not open_blocks:
        raise TemplateError("前面没有与它配对的开始标签", location=tag.location, tag=tag.text)
    block, opening = open_blocks[-1]
    if word not in _MIDDLE and word != f"end{block}":
        hint = f"{opening.location} 的 {opening.text} 还没有结束"
        raise TemplateError(
            f"这里应当是 end{block}", location=tag.location, tag=tag.text, hint=hint
        )


def _statements(tags: list[Tag]) -> Iterator[tuple[str, Tag]]:
    """The tags that are statements, each behind its first word."""
    for tag in tags:
        statement = _STATEMENT.match(tag.text)
        if statement is not None:
            yield statement[1], tag


def _opens(word: str, tag: str) -> bool:
    """Whether a statement begins a block; `set` does when it sets no value itself."""
    return word in _OPENING or (word == "set" and "=" not in tag)
