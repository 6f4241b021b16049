"""The files that come back: singly, in folders, in zips of attachments; old formats turned new.

One document is held in memory at a time.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.errors import JixiaoError, OutputError, PackageError
from pipeline.ooxml.file_kind import ZIP, kind, refuse_odt
from pipeline.ooxml.libreoffice import convert
from pipeline.ooxml.package import BROKEN, LARGEST, MOST_ENTRIES

_SECONDS, _SECONDS_EACH = 60, 10  # for LibreOffice to start, and for each document
_LARGEST_ZIP = 1 << 30  # bytes of a zip with attachments, which is not read as a whole
_BESIDE = {"thumbs.db", "desktop.ini", "__macosx"}  # what systems put beside files


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A .docx that came back, by the name to call it; or the reason why there is none."""

    name: str
    data: bytes = b""
    converted: bool = False  # by LibreOffice, from an old format
    error: JixiaoError | None = None


def documents(paths: Iterable[Path], environment: Mapping[str, str]) -> Iterator[Document]:
    """Every document in the files, folders and zips; those in old formats at the end."""
    with tempfile.TemporaryDirectory() as folder:
        old: dict[Path, str] = {}
        for found in _files(paths):
            if found.error is not None:
                yield found
                continue
            try:
                what = _known(found.data)
            except PackageError as error:
                yield Document(name=found.name, error=error)
                continue
            if what == "docx":
                yield found
            else:
                path = Path(folder) / f"{len(old)}.{what}"
                path.write_bytes(found.data)
                old[path] = found.name
        yield from _converted(old, Path(folder) / "docx", environment)


def _known(data: bytes) -> str:
    what = kind(data)
    if what == "zip":
        raise PackageError("压缩包里还有压缩包，先解开再收")
    if what == "odt":
        refuse_odt(data)
    return what


def _files(paths: Iterable[Path]) -> Iterator[Document]:
    paths = [*paths]
    for path in paths:
        found = 0
        beside = f"{path.name}/" if len(paths) > 1 else ""  # two folders may have the same names
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            name = beside + str(file.relative_to(path)) if path.is_dir() else file.name
            if path.is_dir() and (file.is_symlink() or not file.is_file() or _is_beside(name)):
                continue
            found += 1
            yield from _contents(file, name)
        if not found:
            yield Document(name=path.name, error=PackageError("文件夹里没有文件"))


def _is_beside(name: str) -> bool:
    parts = (part for part in PurePosixPath(name).parts if part != "..")
    return any(part.startswith((".", "~$")) or part.lower() in _BESIDE for part in parts)


def _contents(file: Path, name: str) -> Iterator[Document]:
    """A file, or what a zip of attachments holds."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        if data.startswith(ZIP) and (len(data) > LARGEST or kind(data) == "zip"):
            yield from _attachments(file, name)
        elif len(data) > LARGEST:
            raise PackageError(f"文件超过了 {LARGEST >> 20} MB")
        else:
            yield Document(name=name, data=data)
    except PackageError as error:
        yield Document(name=name, error=error)
    except OSError as error:
        yield Document(name=name, error=PackageError(f"读不了：{error.strerror}"))


def _attachments(file: Path, name: str) -> Iterator[Document]:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [info for info in archive.infolist() if not info.is_dir()]
            if any(info.filename == "[Content_Types].xml" for info in entries):
                raise PackageError(f"文件超过了 {LARGEST >> 20} MB")
            if len(entries) > MOST_ENTRIES or file.stat().st_size > _LARGEST_ZIP:
                raise PackageError(f"压缩包太大（超过 1 GB 或者 {MOST_ENTRIES} 个文件），分几次收")
            for info in entries:
                inner = _decoded(info)
                if not _is_beside(inner):
                    yield _attachment(archive, info, f"{name}/{inner}")
    except BROKEN as error:
        raise PackageError("压缩包没有收全，或者已经损坏") from error


def _attachment(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Document:
    try:
        with archive.open(info) as member:
            data = member.read(LARGEST + 1)
    except Exception as error:
        reason = "有密码" if info.flag_bits & 1 else "已经损坏"
        return Document(name=name, error=PackageError(f"压缩包里的这个文件{reason}：{error}"))
    if len(data) > LARGEST:
        return Document(name=name, error=PackageError(f"文件超过了 {LARGEST >> 20} MB"))
    return Document(name=name, data=data)


def _decoded(info: zipfile.ZipInfo) -> str:
    """A member's name; Chinese Windows writes GBK without saying so, zipfile takes it for cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _converted(
    old: Mapping[Path, str], folder: Path, environment: Mapping[str, str]
) -> Iterator[Document]:
    """The documents of old formats, in one run; one that breaks it off must not cost the others."""
    paths = list(old)
    if not paths:
        return
    results, whole = _attempt(paths, folder, environment)
    for path, result in zip(paths, results, strict=True):
        why = whole
        if result is None and whole is not None and len(paths) > 1:
            (result,), why = _attempt([path], folder, environment)
        if result is None:
            reason = str(why) if why else "LibreOffice 打不开，可能有密码，或者已经损坏"
            message = f"是 .doc、.wps 或 .odt，转换不了：{reason}。用 Word 或 WPS 另存为 .docx"
            yield Document(name=old[path], error=PackageError(message))
        else:
            yield Document(name=old[path], data=result.read_bytes(), converted=True)


def _attempt(
    paths: list[Path], folder: Path, environment: Mapping[str, str]
) -> tuple[list[Path | None], OutputError | None]:
    seconds = _SECONDS + _SECONDS_EACH * len(paths)
    try:
        return convert(paths, folder, "docx:MS Word 2007 XML", environment, seconds), None
    except OutputError as error:
        done = [folder / f"{path.stem}.docx" for path in paths]
        return [path if path.is_file() else None for path in done], error
