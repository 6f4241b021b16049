"""附件4 as people return it: its header and rows, whatever became of the form on the way.

Columns are known by their headings, in whatever order; where the headings are gone, by the tags of
the content controls. A table may be merged with another, split, nested in a layout table or stand
in somebody's letter; one file may hold several forms. What belongs to no known column is kept too,
and the characters are counted at the end: a form of which any were lost is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from lxml import etree

from pipeline.errors import PackageError, shorten
from pipeline.forms.parsing.document import FormParser, count
from pipeline.forms.parsing.lines import Form
from pipeline.ooxml.ns import w
from pipeline.ooxml.numbering import write_numbers
from pipeline.ooxml.revisions import accept
from pipeline.ooxml.untrusted import Allowance, UntrustedDocument, read_document


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """A returned file: its forms, and notes on what was not read as it stands in it."""

    forms: tuple[Form, ...]
    notes: tuple[str, ...]


def read_forms(data: bytes, allowance: Allowance | None = None) -> ParsedFile:
    """The forms in a .docx; raises PackageError for a file that is none or holds none.

    `allowance` is what is left for this file and those that are read after it.
    """
    try:
        return _read(read_document(data, allowance))
    except (ValueError, IndexError, OverflowError) as error:  # numbers that are none, or far off
        raise PackageError(
            "文件已经损坏（里面有不合规定的数）。用 Word 或 WPS 打开，另存为 .docx 再收"
        ) from error


def _read(document: UntrustedDocument) -> ParsedFile:
    """The forms in a document, whose tree is changed on the way."""
    notes = accept(document.document)
    write_numbers(document.body, document.numbering, document.styles)
    parser = FormParser()
    parser.read(document.body)
    forms = parser.forms()
    if not forms:
        raise PackageError("没有找到附件4的表格（要有“指标名称”“进展情况”等表头）")
    _refuse_unread(count(_words(document.body)) - parser.characters)
    first = replace(forms[0], outside=(*forms[0].outside, *document.margins))
    notes += [*_comments(document), *parser.notes]
    return ParsedFile(forms=(first, *forms[1:]), notes=tuple(notes))


def _refuse_unread(characters: int) -> None:
    """Raise PackageError when characters were lost, or read twice."""
    if characters:
        raise PackageError(
            f"有 {abs(characters)} 个字没有读准，不收。用 Word 或 WPS 另存为 .docx 再试"
        )


def _words(element: etree._Element) -> str:
    return "".join(map(str, element.itertext(w("t"), with_tail=False)))


def _comments(document: UntrustedDocument) -> Iterator[str]:
    """Comments and footnotes are not collected, but an answer may stand in one."""
    for note in chain.from_iterable(document.notes):
        text = "".join(_words(note).split())
        if text:
            kind = "批注" if note.tag == w("comment") else "脚注或尾注"
            yield f"有{kind}，没有收：“{shorten(text, 200)}”"
