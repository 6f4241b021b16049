"""The files that come back: singly, in folders, in zips of attachments; old formats turned new.

One document is held in memory at a time.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.errors import JixiaoError, OutputError, PackageError
from pipeline.ooxml.file_kind import ZIP, kind, refuse_odt
from pipeline.ooxml.libreoffice import convert
from pipeline.ooxml.package import BROKEN, LARGEST, MOST_ENTRIES

_SECONDS, _SECONDS_EACH = 60, 10  # for LibreOffice to start, and for each document
_LARGEST_ZIP = 1 << 30  # bytes of a zip with attachments, which is not read as a whole
_TOO_LARGE = f"文件超过了 {LARGEST >> 20} MB"
_SYSTEM_FILES = {"thumbs.db", "desktop.ini", "__macosx"}


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
        old: dict[Path, str] = {}  # with the names to call them
        for document in _files([*paths]):
            try:
                file_format = _format(document)
            except JixiaoError as error:
                yield Document(name=document.name, error=error)
                continue
            if file_format == "docx":
                yield document
            else:
                path = Path(folder) / f"{len(old)}.{file_format}"
                path.write_bytes(document.data)
                old[path] = document.name
        yield from _converted(old, Path(folder) / "docx", environment)


def _format(document: Document) -> str:
    """The format of a file, such as docx or doc; raises its error, or PackageError."""
    if document.error is not None:
        raise document.error
    file_format = kind(document.data)
    if file_format == "zip":
        raise PackageError("压缩包里还有压缩包，先解开再收")
    if file_format == "odt":
        refuse_odt(document.data)
    return file_format


def _files(paths: Sequence[Path]) -> Iterator[Document]:
    """Every file, in whichever format."""
    for path in paths:
        if path.is_dir():  # two folders may have files of the same names
            yield from _in_folder(path, f"{path.name}/" if len(paths) > 1 else "")
        else:
            yield from _contents(path, path.name)


def _in_folder(folder: Path, prefix: str) -> Iterator[Document]:
    """The files in a folder and in those below it; `prefix` begins their names."""
    names = {file: prefix + str(file.relative_to(folder)) for file in sorted(folder.rglob("*"))}
    wanted = [file for file, name in names.items() if _is_wanted(file, name)]
    for file in wanted:
        yield from _contents(file, names[file])
    if not wanted:
        yield _unread(folder.name, "文件夹里没有文件")


def _is_wanted(file: Path, name: str) -> bool:
    return not (file.is_dir() or file.is_symlink() or _is_system_file(name))


def _is_system_file(name: str) -> bool:
    """Whether a system or an office program put a file there: .DS_Store, ~$表.docx."""
    parts = (part for part in PurePosixPath(name).parts if part != "..")
    return any(part.startswith((".", "~$")) or part.lower() in _SYSTEM_FILES for part in parts)


def _contents(file: Path, name: str) -> Iterator[Document]:
    """A file, or what a zip of attachments holds."""
    if not file.is_file():  # a pipe would be waited for without end
        yield _unread(name, "不是普通的文件")
        return
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        if data.startswith(ZIP) and (len(data) > LARGEST or kind(data) == "zip"):
            yield from _attachments(file, name)
        elif len(data) > LARGEST:
            raise PackageError(_TOO_LARGE)
        else:
            yield Document(name=name, data=data)
    except PackageError as error:
        yield Document(name=name, error=error)
    except OSError as error:
        yield _unread(name, f"读不了：{error.strerror}")


def _attachments(file: Path, name: str) -> Iterator[Document]:
    """The members of a zip; raises PackageError for one that is too large or broken."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            _refuse_large(members, file.stat().st_size)
            for info in members:
                inner = _decoded(info)
                if not _is_system_file(inner):
                    yield _attachment(archive, info, f"{name}/{inner}")
    except BROKEN as error:
        raise PackageError("压缩包没有收全，或者已经损坏") from error


def _refuse_large(members: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Raise PackageError for a large document, which is a zip too, and for a zip too large."""
    if any(info.filename == "[Content_Types].xml" for info in members):
        raise PackageError(_TOO_LARGE)
    if len(members) > MOST_ENTRIES or size > _LARGEST_ZIP:
        raise PackageError(f"压缩包太大（超过 1 GB 或者 {MOST_ENTRIES} 个文件），分几次收")


def _attachment(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Document:
    """A member of a zip, or the reason why it cannot be read."""
    try:
        with archive.open(info) as member:
            data = member.read(LARGEST + 1)
    except Exception as error:
        reason = "有密码" if info.flag_bits & 1 else "已经损坏"
        return _unread(name, f"压缩包里的这个文件{reason}：{error}")
    if len(data) > LARGEST:
        return _unread(name, _TOO_LARGE)
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
    results, failure = _attempt(paths, folder, environment)
    for path, result in zip(paths, results, strict=True):
        reason = failure
        if result is None and failure is not None and len(paths) > 1:
            (result,), reason = _attempt([path], folder, environment)
        yield _new_document(old[path], result, reason)


def _new_document(name: str, result: Path | None, reason: OutputError | None) -> Document:
    """What LibreOffice made of a document, or why it made nothing."""
    if result is not None:
        return Document(name=name, data=result.read_bytes(), converted=True)
    return _unread(name, _why_not_converted(reason))


def _why_not_converted(reason: OutputError | None) -> str:
    cause = str(reason) if reason else "LibreOffice 打不开，可能有密码，或者已经损坏"
    return f"是 .doc、.wps 或 .odt，转换不了：{cause}。用 Word 或 WPS 另存为 .docx"


def _unread(name: str, reason: str) -> Document:
    return Document(name=name, error=PackageError(reason))


def _attempt(
    paths: list[Path], folder: Path, environment: Mapping[str, str]
) -> tuple[list[Path | None], OutputError | None]:
    """The documents as .docx, None for one that failed, and what broke the run off."""
    seconds = _SECONDS + _SECONDS_EACH * len(paths)
    try:
        return convert(paths, folder, "docx:MS Word 2007 XML", environment, seconds), None
    except OutputError as error:
        done = [folder / f"{path.stem}.docx" for path in paths]
        return [path if path.is_file() else None for path in done], error
