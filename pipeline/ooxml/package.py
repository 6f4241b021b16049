"""A .docx as its parts: member name → bytes. Zips are read with care and written repeatably."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from lxml import etree

from pipeline.errors import PackageError

Parts: TypeAlias = dict[str, bytes]

DOCUMENT = "word/document.xml"
CONTENT_TYPES = "[Content_Types].xml"

# A Word file's limits: bytes packed, bytes unpacked, members.
LARGEST, LARGEST_UNPACKED, MOST_ENTRIES = 20 << 20, 100 << 20, 1_000

# Nothing is fetched, no entity is expanded: a document type is refused below.
# Comments and processing instructions are removed: they would cut a text in two.
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


def read_parts(data: bytes) -> Parts:
    """The parts of a Word file in stored order; raises PackageError when it is not one."""
    parts = unpacked(data)
    if not {DOCUMENT, CONTENT_TYPES} <= parts.keys():
        raise PackageError("不是 Word 文档（.docx）")
    return parts


def unpacked(data: bytes, wanted: Callable[[str], bool] = lambda _: True) -> Parts:
    """The wanted members of a zip; raises PackageError for a broken one or one beyond the limits.

    The size that a zip declares for a member is not trusted: the bytes that come out are counted.
    """
    if len(data) > LARGEST:
        raise PackageError(f"文件有 {len(data) >> 20} MB，超过了 {LARGEST >> 20} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return dict(_members(archive, wanted))
    except BROKEN as error:
        raise PackageError("不是 .docx 文件，或者文件已经损坏") from error


BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)


def _members(
    archive: zipfile.ZipFile, wanted: Callable[[str], bool]
) -> Iterator[tuple[str, bytes]]:
    """The wanted members, name and content, as long as there is room for them."""
    room = LARGEST_UNPACKED
    for name in filter(wanted, _names(archive)):
        with archive.open(name) as member:
            content = member.read(room + 1)
        room -= len(content)
        if room < 0:
            raise PackageError(f"解开以后超过了 {LARGEST_UNPACKED >> 20} MB")
        yield name, content


def _names(archive: zipfile.ZipFile) -> list[str]:
    """The names of a zip's members; raises PackageError for what `_refuse_entries` does."""
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    _refuse_entries(names)
    return names


def _refuse_entries(names: Collection[str]) -> None:
    """Raise PackageError for too many members, or two of one name."""
    if len(names) > MOST_ENTRIES:
        raise PackageError(f"压缩包里有 {len(names)} 个文件，超过了 {MOST_ENTRIES} 个")
    if len({name.casefold() for name in names}) < len(names):
        raise PackageError("压缩包里有同名的文件，看不出哪个算数")


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


def archive(parts: Mapping[str, bytes]) -> bytes:
    """A zip of the parts, content types first, as the convention wants; always the same bytes."""
    return Base(parts).extended({})


class Base:
    """Parts compressed once, as the beginning of many zips."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        """Compress them as small as possible, content types first."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
            for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
                _add(target, name, [parts[name]])
            self._members = buffer.getvalue()  # without the directory, which closing would write
            self._entries = target.infolist()

    def extended(self, parts: Mapping[str, Iterable[bytes]]) -> bytes:
        """A zip of the base, which stays as it is, and more parts, each given in chunks.

        What is new is compressed at level 1: a third of the time of level 6, a tenth larger.
        """
        buffer = io.BytesIO()
        buffer.write(self._members)
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            target.infolist().extend(self._entries)
            for name, chunks in parts.items():
                _add(target, name, chunks)
        return buffer.getvalue()


def _add(target: zipfile.ZipFile, name: str, chunks: Iterable[bytes]) -> None:
    """Add a member, dated 1980 as zipfile does by itself, and of no particular system."""
    with target.open(name, "w") as member:
        for chunk in chunks:
            member.write(chunk)
    target.infolist()[-1].create_system = 0
