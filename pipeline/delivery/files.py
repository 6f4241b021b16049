"""Writing results: whole files or none, one writer at a time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import OutputError

_LOCK = ".lock"
_SUFFIX = ".tmp"


@contextmanager
def as_output_error(folder: Path) -> Iterator[None]:
    """Turn what keeps files in `folder` from being written into an OutputError."""
    try:
        yield
    except PermissionError as error:
        raise OutputError(
            f"不能写 {error.filename}：没有权限，或者文件正在 Word、Excel、WPS 里打开着"
        ) from error
    except OSError as error:
        raise OutputError(f"不能写 {error.filename or folder}：{error.strerror}") from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold `folder` (made if need be) against other builds, and sweep what a killed one left."""
    with as_output_error(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder / _LOCK, timeout=120):
                _remove_files(filter(Path.is_file, folder.rglob(f".*{_SUFFIX}")))
                yield
        except Timeout as error:
            raise OutputError(f"另一个程序正在写 {folder}，等了两分钟还没有写完") from error


def write_files(folder: Path, contents: Mapping[str, bytes]) -> list[str]:
    """Write the files (names or paths below `folder`) whose content changed; returns their names.

    Every file is complete on the disk under a temporary name before the first one gets its own,
    so that a full disk or a kill leaves the former files as they were.
    """
    changed = [name for name, data in contents.items() if not _holds(folder / name, data)]
    temporary = {name: _temporary(folder / name) for name in changed}
    try:
        _write_all({path: contents[name] for name, path in temporary.items()})
        for name, path in temporary.items():
            path.replace(folder / name)
    finally:
        _remove_files(temporary.values())
    return changed


def replace_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Make `folder` hold these files (paths below it) and no others.

    The new folder is complete on the disk before the former one goes, so that what a web server
    or git takes from it is never a mixture.
    """
    fresh = folder.with_name(f".{folder.name}.new{_SUFFIX}")
    former = folder.with_name(f".{folder.name}.old{_SUFFIX}")
    _remove_folders(fresh, former)
    try:
        _write_all({fresh / name: data for name, data in contents.items()})
        if folder.exists():
            folder.replace(former)
        fresh.replace(folder)
    finally:
        _remove_folders(fresh, former)


def _temporary(path: Path) -> Path:
    """The name under which a file is written; `locked` sweeps what a killed program left."""
    return path.with_name(f".{path.name}{_SUFFIX}")


def _remove_files(paths: Iterable[Path]) -> None:
    """Remove the files that are there."""
    for path in paths:
        path.unlink(missing_ok=True)


def _remove_folders(*folders: Path) -> None:
    """Remove the folders that are there, with all that is in them."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file has this content."""
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _write_all(contents: Mapping[Path, bytes]) -> None:
    """Write every file until it is on the disk."""
    for path, data in contents.items():
        _write_through(path, data)


def _write_through(path: Path, data: bytes) -> None:
    """Write a file, its folder made if need be, until it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
