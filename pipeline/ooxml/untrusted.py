"""A Word file from outside: only the parts that are needed, within limits, nothing followed.

Memory: a file of 20 MB, 100 MB of it unpacked, and a million tags and attributes in its XML take
less than 512 MB together; what has more is refused before it is parsed.
Source of the part names and relationships: ECMA-376, part 1, 11.3, and part 2, 6.5.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.errors import PackageError
from pipeline.ooxml.elements import is_external
from pipeline.ooxml.ns import M_URI, RELATIONSHIPS_URI, W_URI, w
from pipeline.ooxml.package import CONTENT_TYPES, Parts, parse, unpacked

MOST_XML_TAGS = 1_000_000
MOST_BLOCKS = 50_000  # paragraphs and rows of a document: 附件4 for a hundred groups has 20,000

_RELATIONSHIP = f"{{{RELATIONSHIPS_URI}}}Relationship"
# The namespaces of Strict Office Open XML, and those of the other files.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W_URI.encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": M_URI.encode(),
}
_NOTES = ("comments", "footnotes", "endnotes")
_PARTS = ("styles", "numbering", *_NOTES)
_UNREAD = ("word/theme/", "word/settings", "word/fontTable", "docProps/", "customXml/")
_MARGINS = re.compile(r"word/(?:header|footer)\d*\.xml")
_MACROS = re.compile("macroEnabled|vbaProject")
_WORDS = re.compile(rb"<w:t(?: [^<>]*)?>([^<]*)</w:t>")
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe<\x00|\xfe\xff\x00<")
_ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"ascii"}
_ENCODING = re.compile(rb"""^[^>]{0,200}?encoding\s*=\s*["']([\w.-]+)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class UntrustedDocument:
    """The parts of a document that hold text, each by its root; None where there is none.

    `notes` are comments, footnotes and endnotes, `margins` the paragraphs of the pages' headers
    and footers.
    """

    document: etree._Element
    styles: etree._Element | None
    numbering: etree._Element | None
    notes: tuple[etree._Element, ...]
    margins: tuple[str, ...]

    @property
    def body(self) -> etree._Element:
        """The body of the document; raises PackageError where there is none."""
        body = self.document.find(w("body"))
        if self.document.tag != w("document") or body is None:
            raise PackageError("不是 Word 文档（.docx）")
        return body


class Allowance:
    """What the files of one call may come to together.

    Each may be within its own limits, and a thousand of them still take an hour. Three hundred
    forms have 100 MB and three million tags and attributes.
    """

    def __init__(self, *, unpacked: int = 1 << 30, tags: int = 15_000_000) -> None:
        self._bytes, self._tags = unpacked, tags

    def refuse_if_spent(self) -> None:
        """Raise PackageError where the files so far were all that is read in one call."""
        if self._bytes < 0 or self._tags < 0:
            raise PackageError("一次收的文件加起来太大，从这个文件起没有收。分几次收")

    def take(self, parts: Parts) -> None:
        """Count a file's parts; raises PackageError where they are more than was left."""
        self._bytes -= sum(map(len, parts.values()))
        self._tags -= sum(map(_count_tags, parts.values()))
        self.refuse_if_spent()


def read_document(data: bytes, allowance: Allowance | None = None) -> UntrustedDocument:
    """The document in a file; raises PackageError for what is broken, foreign or dangerous."""
    allowance = allowance or Allowance()
    allowance.refuse_if_spent()
    parts = unpacked(data, _is_wanted)
    allowance.take(parts)
    _refuse_macros(parts)
    main = _main_part(parts)
    _refuse_external(parts)
    roots = _roots(parts, main)
    document = _parsed(parts[main])
    _refuse_blocks(document)
    return UntrustedDocument(
        document=document,
        styles=roots.get("styles"),
        numbering=roots.get("numbering"),
        notes=tuple(roots[kind] for kind in _NOTES if kind in roots),
        margins=tuple(_margin_texts(parts)),
    )


def _main_part(parts: Parts) -> str:
    """The name of the document's own part; raises PackageError where there is none."""
    name = _targets(parts, "").get("officeDocument", "")
    if name not in parts:
        raise PackageError("不是 Word 文档（.docx）")
    return name


def _roots(parts: Parts, main: str) -> dict[str, etree._Element]:
    """Kind → root of the parts that are read beside the document's own."""
    names = _targets(parts, main)
    if "numbering" not in names:
        names.pop("styles", None)  # they only matter for the numbers of lists
    return {kind: _parsed(parts[names[kind]]) for kind in _PARTS if names.get(kind) in parts}


def _margin_texts(parts: Parts) -> Iterator[str]:
    """The paragraphs in the headers and footers of the pages that hold more than figures."""
    for name in filter(_MARGINS.fullmatch, parts):
        for paragraph in parts[name].split(b"</w:p>"):
            words = html.unescape(b"".join(_WORDS.findall(paragraph)).decode(errors="replace"))
            if re.search(r"[^\W\d_]", words):
                yield re.sub(r"\d+", "", words)  # pages have numbers of their own


def _is_wanted(name: str) -> bool:
    return _is_rels(name) or (name.endswith(".xml") and not name.startswith(_UNREAD))


def _is_rels(name: str) -> bool:
    return name.endswith(".rels")


def _targets(parts: Parts, source: str) -> dict[str, str]:
    """Kind of relationship → the part that it leads to, from a part or from the package."""
    folder, file = posixpath.split(source)
    rels = posixpath.join(folder, "_rels", f"{file}.rels")
    if rels not in parts:
        return {}
    return {
        _kind(each): _target(folder, each.get("Target", ""))
        for each in _root(parts[rels]).iter(_RELATIONSHIP)
        if not is_external(each)
    }


def _kind(relationship: etree._Element) -> str:
    """A relationship's type without its address, such as styles."""
    return relationship.get("Type", "").rpartition("/")[2]


def _target(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _refuse_macros(parts: Parts) -> None:
    """Raise PackageError for a document with macros, by the types of its parts."""
    if CONTENT_TYPES not in parts:
        raise PackageError("不是 Word 文档（.docx）")
    types = [each.get("ContentType", "") for each in _root(parts[CONTENT_TYPES])]
    if any(map(_MACROS.search, types)):
        raise PackageError("文件带宏，不收。用 Word 或 WPS 另存为 .docx（不带宏）")


def _refuse_external(parts: Parts) -> None:
    """Raise PackageError for pictures, objects and templates that are not in the file."""
    for name in filter(_is_rels, parts):
        for relationship in _root(parts[name]).iter(_RELATIONSHIP):
            _refuse_fetched(relationship)


def _refuse_fetched(relationship: etree._Element) -> None:
    """Raise PackageError for what Word fetches; links for people to click are harmless."""
    kind, target = _kind(relationship), relationship.get("Target", "")
    if not is_external(relationship) or kind == "hyperlink":
        return
    if kind != "attachedTemplate" or not _is_local(target):
        raise PackageError(
            f"文件引用外面的内容（{kind}：{target[:60]}），不收。粘贴进来，或者删掉，再收"
        )


def _is_local(target: str) -> bool:
    """Whether a target is a file: Word keeps where a document's template was, file:///C:/…/a.dotx."""
    path = target.lower().replace("\\", "/")
    return path.startswith("file:///") or not re.match(r"\w\w+:|//", path)


def _parsed(data: bytes) -> etree._Element:
    """The root of a part, its names as Word itself writes them."""
    for strict, transitional in _STRICT.items():
        data = data.replace(strict, transitional)
    return _root(data)


def _is_readable(data: bytes) -> bool:
    """Whether a part is written in an encoding in which its tags can be counted."""
    encoding = _ENCODING.match(data)
    if encoding and encoding[1].lower() not in _ENCODINGS:
        return False
    return _BEGINS.match(data) is not None


def _count_tags(data: bytes) -> int:
    """How many tags and attributes a part has, without parsing it."""
    return data.count(b"<") + data.count(b"=")


def _refuse_blocks(document: etree._Element) -> None:
    """Raise PackageError for more paragraphs and rows than a form can have."""
    blocks = sum(1 for _ in document.iter(w("p"), w("tr")))
    if blocks > MOST_BLOCKS:
        raise PackageError(f"有 {blocks} 个段落和表格行，不像是附件4")


def _root(data: bytes) -> etree._Element:
    """The root of a part, refused unparsed when it would not fit into memory."""
    if not _is_readable(data):
        raise PackageError("文件里的 XML 用了不认识的编码")
    if _count_tags(data) > MOST_XML_TAGS:
        raise PackageError("文件太复杂，不像是附件4")
    return parse(data)
