"""A Word file from outside: only the parts that are needed, within limits, nothing followed.

Memory: a file of 20 MB, 100 MB of it unpacked, and a million marks in its XML (a tag or an
attribute each) take less than 512 MB together; what has more is refused before it is parsed.
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
from pipeline.ooxml.ns import CONTENT_TYPES_URI, M_URI, RELATIONSHIPS_URI, W_URI, w
from pipeline.ooxml.package import CONTENT_TYPES, Parts, parse, unpacked

MOST_XML_TAGS = 1_000_000

_RELATIONSHIP = f"{{{RELATIONSHIPS_URI}}}Relationship"
_OVERRIDE = f"{{{CONTENT_TYPES_URI}}}Override"
# The names of Strict Office Open XML, and what they are called elsewhere.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W_URI.encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": M_URI.encode(),
}
_NOTES = ("comments", "footnotes", "endnotes")
_PARTS = ("styles", "numbering", *_NOTES)
_UNREAD = ("word/theme/", "word/settings", "word/fontTable")
_MARGINS = re.compile(r"word/(?:header|footer)\d*\.xml")
_WORDS = re.compile(rb"<w:t(?: [^<>]*)?>([^<]*)</w:t>")
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe<\x00|\xfe\xff\x00<")
_ENCODING = re.compile(rb"""^[^>]{0,200}?encoding\s*=\s*["']([\w.-]+)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class UntrustedDocument:
    """The parts of a document that say something, each by its root; None where there is none.

    `notes` are comments, footnotes and endnotes, `margins` the words of the pages' headers and
    footers.
    """

    document: etree._Element
    styles: etree._Element | None
    numbering: etree._Element | None
    notes: tuple[etree._Element, ...]
    margins: tuple[str, ...]

    @property
    def body(self) -> etree._Element:
        """What the document contains; raises PackageError."""
        body = self.document.find(w("body"))
        if self.document.tag != w("document") or body is None:
            raise PackageError("不是 Word 文档（.docx）")
        return body


def read_document(data: bytes) -> UntrustedDocument:
    """The document in a file; raises PackageError for what is broken, foreign or dangerous."""
    parts = unpacked(data, _wanted)
    _refuse_macros(parts)
    main = _related(parts, "").get("officeDocument", "")
    if main not in parts:
        raise PackageError("不是 Word 文档（.docx）")
    _refuse_external(parts)
    found = _related(parts, main)
    if "numbering" not in found:
        found.pop("styles", None)  # they only matter for the numbers of lists
    read = {name: _parsed(parts, found.get(name, "")) for name in _PARTS}
    document = _parsed(parts, main)
    assert document is not None, "the main part is there"
    notes = [read.pop(name) for name in _NOTES]
    return UntrustedDocument(
        document=document,
        **read,
        notes=tuple(note for note in notes if note is not None),
        margins=tuple(margins(parts)),
    )


def margins(parts: Parts) -> Iterator[str]:
    """The paragraphs in the headers and footers of the pages that say more than figures."""
    for name, data in parts.items():
        for paragraph in data.split(b"</w:p>") if _MARGINS.fullmatch(name) else ():
            words = html.unescape(b"".join(_WORDS.findall(paragraph)).decode(errors="replace"))
            if re.search(r"[^\W\d_]", words):
                yield re.sub(r"\d+", "", words)  # pages have numbers of their own


def _wanted(name: str) -> bool:
    return name.endswith(".rels") or (
        name.endswith(".xml") and not name.startswith((*_UNREAD, "docProps/", "customXml/"))
    )


def _related(parts: Parts, source: str) -> dict[str, str]:
    """Kind of relationship → the part that it leads to, from a part or from the package."""
    folder, file = posixpath.split(source)
    rels = posixpath.join(folder, "_rels", f"{file}.rels")
    if rels not in parts:
        return {}
    return {
        each.get("Type", "").rpartition("/")[2]: _target(folder, each.get("Target", ""))
        for each in _root(parts[rels]).iter(_RELATIONSHIP)
        if each.get("TargetMode") != "External"
    }


def _target(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _refuse_macros(parts: Parts) -> None:
    if CONTENT_TYPES not in parts:
        raise PackageError("不是 Word 文档（.docx）")
    types = _root(parts[CONTENT_TYPES])
    if any("macroEnabled" in each or "vbaProject" in each for each in _types(types)):
        raise PackageError("文件带宏，不收。用 Word 或 WPS 另存为 .docx（不带宏）")


def _types(root: etree._Element) -> Iterator[str]:
    for element in root:
        yield element.get("ContentType", "")


def _refuse_external(parts: Parts) -> None:
    """Pictures, objects and templates that lie elsewhere; links for people to click are none."""
    for name, data in parts.items():
        for each in _root(data).iter(_RELATIONSHIP) if name.endswith(".rels") else ():
            kind, target = each.get("Type", "").rpartition("/")[2], each.get("Target", "")
            local = kind == "attachedTemplate" and _is_local(target)
            if each.get("TargetMode") == "External" and kind != "hyperlink" and not local:
                raise PackageError(
                    f"文件引用外面的内容（{kind}：{target[:60]}），不收。粘贴进来，或者删掉，再收"
                )


def _is_local(target: str) -> bool:
    """Word notes the template that a document was begun with: file:///C:/…/公文.dotx."""
    path = target.lower().replace("\\", "/")
    return path.startswith("file:///") or not re.match(r"\w\w+:|//", path)


def _parsed(parts: Parts, name: str) -> etree._Element | None:
    if name not in parts:
        return None
    data = parts[name]
    for strict, transitional in _STRICT.items():
        data = data.replace(strict, transitional)
    return _root(data)


def _root(data: bytes) -> etree._Element:
    """The root of a part, refused unparsed when it would not fit into memory."""
    encoding = _ENCODING.match(data)
    if not _BEGINS.match(data) or (encoding and encoding[1].lower() not in _ENCODINGS):
        raise PackageError("文件里的 XML 用了不认识的编码")
    if data.count(b"<") + data.count(b"=") > MOST_XML_TAGS:
        raise PackageError("文件太复杂，不像是附件4")
    return parse(data)


_ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"ascii"}
