"""A .docx as its parts: member name → bytes. Zips are read with care and written repeatably."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import TypeAlias

from lxml import etree

from pipeline.errors import PackageError

Parts: TypeAlias = dict[str, bytes]

DOCUMENT = "word/document.xml"
CONTENT_TYPES = "[Content_Types].xml"

# The earliest date a zip can hold: the same content gives the same bytes at any time.
_EPOCH = (1980, 1, 1, 0, 0, 0)

# Nothing is fetched, no entity is expanded: a document type is refused below.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def read_parts(data: bytes) -> Parts:
    """The parts of a Word file in stored order; raises PackageError when it is not one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {
                info.filename: archive.read(info)
                for info in archive.infolist()
                if not info.is_dir()
            }
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise PackageError("不是 .docx 文件，或者文件已经损坏") from error
    if DOCUMENT not in parts or CONTENT_TYPES not in parts:
        raise PackageError("不是 Word 文档（.docx）")
    return parts


def parse(data: bytes) -> etree._Element:
    """The root of an XML part; raises PackageError for broken XML and for document types."""
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise PackageError(f"文件里的 XML 已经损坏（{error}）") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise PackageError("文件里有不允许的文档类型声明")
    return root


def serialize(root: etree._Element) -> bytes:
    """An XML part's bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def archive(parts: Mapping[str, bytes], level: int = 9) -> bytes:
    """A zip of the parts, content types first, as the convention wants; always the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
            _add(target, name, parts[name], level)
    return buffer.getvalue()


def extended(base: bytes, parts: Mapping[str, bytes], level: int = 1) -> bytes:
    """The zip `base` with more parts; what is in it already is not compressed again.

    Level 1 costs a third of level 6 and makes files about a tenth larger.
    """
    buffer = io.BytesIO(base)
    with zipfile.ZipFile(buffer, "a") as target:
        for name, data in parts.items():
            _add(target, name, data, level)
    return buffer.getvalue()


def _add(target: zipfile.ZipFile, name: str, data: bytes, level: int) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = 0  # not the machine's own, so that every machine writes the same
    target.writestr(info, data, zipfile.ZIP_DEFLATED, level)
