"""What a file is, by its first bytes and its members; its name is not trusted."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from lxml import etree

from pipeline.errors import PackageError
from pipeline.ooxml.package import parse, unpacked

FileKind = Literal["docx", "odt", "doc", "zip"]

_HREF = "{http://www.w3.org/1999/xlink}href"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LINK, _FIELD = f"{_TEXT}a", f"{_TEXT}text-input"  # for people to click, and to fill in
_OUTSIDE = re.compile(r"\w[\w.+-]+:|//|\.\./|/")

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SAVE_AS = "用 Word 或 WPS 打开，另存为 .docx"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")
_OTHERS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"<": "网页或 XML",
    b"\xef\xbb\xbf<": "网页或 XML",
}


def kind(data: bytes) -> FileKind:
    """A Word document, one that LibreOffice can turn into one, or a zip of files.

    Raises PackageError, with what it is, for everything else.
    """
    if not data:
        raise PackageError("文件是空的")
    if data.startswith(ZIP):
        return _kind_of_zip(data)
    if data.startswith(OLE):
        return _kind_of_ole(data)
    raise _foreign(data)


def _foreign(data: bytes) -> PackageError:
    """The error for a file of another kind, with its name where it is known."""
    if data.startswith(_PICTURES):
        return PackageError("是图片，里面的字收不了。请填报人把 Word 文件发来")
    for beginning, name in _OTHERS.items():
        if data.startswith(beginning):
            return PackageError(f"是{name}，不是 Word 文件。{_SAVE_AS}")
    return PackageError(f"不是 Word 文件，或者文件已经损坏。{_SAVE_AS}")


def _kind_of_zip(data: bytes) -> FileKind:
    """A zip's kind, by the names of its members."""
    names = _member_names(data)
    if "[Content_Types].xml" in names:
        _refuse_sheets_and_slides(names)
        return "docx"
    if "content.xml" in names and "mimetype" in names:
        return "odt"
    return "zip"


def _refuse_sheets_and_slides(names: set[str]) -> None:
    """Raise PackageError for an Office file that is no document."""
    if any(name.startswith(("xl/", "ppt/")) for name in names):
        raise PackageError("是表格或者幻灯片，不是 Word 文件")


def _member_names(data: bytes) -> set[str]:
    """The names in a zip's directory; raises PackageError for a broken one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise PackageError("文件没有收全，或者已经损坏") from error


def _kind_of_ole(data: bytes) -> FileKind:
    """A compound file's kind, by the names of its streams."""
    if _has_any(data, "EncryptedPackage", "EncryptionInfo"):
        raise PackageError("文件加了密码，去掉密码再收")
    if not _has_any(data, "WordDocument"):
        raise PackageError(f"不是 Word 文件（可能是 .xls、.ppt 或者邮件）。{_SAVE_AS}")
    if _has_any(data, "_VBA_PROJECT", "Macros"):
        raise PackageError(f"文件带宏，不收。{_SAVE_AS}（不带宏）")
    _refuse_fetching_fields(data)
    return "doc"


def _has_any(data: bytes, *streams: str) -> bool:
    """Whether a compound file has a stream ([MS-CFB]): its directory names them in UTF-16."""
    return any(stream.encode("utf-16-le") in data for stream in streams)


def _refuse_fetching_fields(data: bytes) -> None:
    """Raise PackageError for a field that fetches something; its code is in UTF-16 or in bytes."""
    for field in ("INCLUDETEXT", "DDEAUTO"):
        if _has_any(data, field) or field.encode() in data:
            raise PackageError(f"文件引用外面的内容（{field}），不收")


def refuse_odt(data: bytes) -> None:
    """Raise PackageError for an OpenDocument text that fetches something, or is converted wrongly.

    LibreOffice 7.4 makes input fields of controls over whole paragraphs, and then writes what is in
    such a field several times when it turns the file into a .docx.
    """
    parts = unpacked(data, lambda name: name in ("content.xml", "styles.xml"))
    for part in parts.values():
        for element in parse(part).iter():
            _refuse_odt_element(element)


def _refuse_odt_element(element: etree._Element) -> None:
    """Raise PackageError for an input field, or a reference to something outside the file."""
    if element.tag == _FIELD:
        raise PackageError("是 .odt，里面的控件读不准。用 Word 或 WPS 存成 .docx 再收")
    target = str(element.get(_HREF, ""))
    if element.tag != _LINK and _OUTSIDE.match(target):
        raise PackageError(f"文件引用外面的内容（{target[:60]}），不收")
