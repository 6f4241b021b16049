"""Writing results: whole files or none, one writer at a time.

What is written is prepared in a hidden folder beside its place, whole and on the disk; one rename
makes it ready; then each file is moved to its place. A program that is killed before the rename
has written nothing; after it, whoever comes next puts the rest in place (`finish`).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.errors import OutputError

_LOCK = ".lock"
_WRITING = ".jixiao-writing"  # what is being prepared: the next one who writes here removes it
_READY = ".jixiao-ready"  # what is prepared and on its way to its place
_FORMER = ".jixiao-former"  # a folder that another one has replaced
LEFTOVERS = (_WRITING, _READY, _FORMER)
# In the folder of what is prepared: files for their places, a whole folder, and what goes where.
_FILES, _FOLDER, _PLAN = "files", "folder", "plan.json"
UNPLACED = ".未写入"  # added to the name of what could not be put in its place


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be put in place: file → SHA-256 of what it replaces; the name of a `folder`."""

    replaced: Mapping[str, str]
    folder: str = ""


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
    """Hold `folder` (made if need be) against other writers, and settle what a killed one left."""
    # Late: to see that there is nothing to `finish` should cost nothing.
    from filelock import FileLock, Timeout

    with as_output_error(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder / _LOCK, timeout=120):
                _settle(folder)
                yield
        except Timeout as error:
            raise OutputError(f"另一个程序正在写 {folder}，等了两分钟还没有写完") from error


def finish(folder: Path) -> None:
    """Put in place what a killed program had ready in `folder`; raises OutputError.

    Called before anything in the folder is read: else a table of before and one of after may be
    read together. A program that is at it just now is waited for.
    """
    if (folder / _READY).is_dir():
        with locked(folder):
            pass


def write_files(folder: Path, contents: Mapping[str, bytes]) -> list[str]:
    """Write the files (names or paths below `folder`) whose content changed; returns their names.

    The caller holds the lock of `folder`.
    """
    changed = [name for name, data in contents.items() if not _holds(folder / name, data)]
    if changed:
        _write(folder, {f"{_FILES}/{name}": contents[name] for name in changed}, changed)
    return changed


def replace_folder(
    folder: Path, contents: Mapping[str, bytes], beside: Mapping[str, bytes] | None = None
) -> None:
    """Make `folder` hold these files (paths below it) and no others, and write those `beside` it.

    The new folder is complete before the former one goes, so that what a web server or git takes
    from it is never a mixture. The caller holds the lock of the folder that it stands in.
    """
    prepared = {f"{_FOLDER}/{name}": data for name, data in contents.items()}
    prepared |= {f"{_FILES}/{name}": data for name, data in (beside or {}).items()}
    _write(folder.parent, prepared, [*(beside or ())], folder.name)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder for what is of use only now, swept by the next writer where this one is killed.

    The caller holds the lock of `folder`.
    """
    temporary = folder / _WRITING
    with as_output_error(folder):
        temporary.mkdir()
    try:
        yield temporary
    finally:
        _remove(temporary)


def _write(
    folder: Path, prepared: Mapping[str, bytes], names: Iterable[str], whole: str = ""
) -> None:
    """Prepare files, and put those with `names`, and the `whole` folder, in place in `folder`."""
    plan = _Plan({name: _hash_of(folder / name) for name in names}, whole)
    writing = folder / _WRITING
    try:
        for name, data in prepared.items():
            _write_through(writing / name, data)
        _write_through(writing / _PLAN, json.dumps(asdict(plan)).encode())
        writing.replace(folder / _READY)
    finally:
        _remove(writing)
    _sync(folder)
    _put_in_place(folder, plan)


def _settle(folder: Path) -> None:
    """Finish, or remove, what a killed program left in `folder`; its lock is held."""
    ready = folder / _READY
    if ready.is_dir():
        try:
            plan = _Plan(**json.loads((ready / _PLAN).read_bytes()))
        except FileNotFoundError:
            _remove(ready)  # all was in place already
        else:
            _put_in_place(folder, plan)
    _remove(folder / _WRITING)


def _put_in_place(folder: Path, plan: _Plan) -> None:
    """Move what is ready to its place; what is there already stays.

    A file that somebody else has changed since stays too; ours is put beside it. Raises
    OutputError, which names it.
    """
    ready = folder / _READY
    if plan.folder:
        _swap(folder, plan.folder)
    kept = [name for name, before in plan.replaced.items() if not _place(folder, name, before)]
    _sync(folder)
    _remove(ready)
    if kept:
        names = "、".join(kept)
        raise OutputError(
            f"{folder} 里的 {names} 写的时候有人改过，没有覆盖它；"
            f"程序要写的放在旁边，名字后面加了“{UNPLACED}”"
        )


def _place(folder: Path, name: str, before: str) -> bool:
    """Move a file to its place; False where what it replaces is not what it was."""
    source, target = folder / _READY / _FILES / name, folder / name
    if not source.is_file():
        return True  # a killed program had moved it already
    target.parent.mkdir(parents=True, exist_ok=True)
    if _hash_of(target) != before:
        source.replace(target.with_name(target.name + UNPLACED))
        return False
    source.replace(target)
    return True


def _swap(folder: Path, name: str) -> None:
    """Put a whole folder in the place of another; the former one comes back where that fails."""
    source, target, former = folder / _READY / _FOLDER, folder / name, folder / _FORMER
    if source.is_dir():
        if target.exists():
            _remove(former)
            target.replace(former)
        try:
            source.replace(target)
        except OSError:
            if former.exists():
                former.replace(target)
            raise
    _remove(former)


def _remove(folder: Path) -> None:
    """Remove a folder with all that is in it, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)


def _hash_of(path: Path) -> str:
    """The SHA-256 of a file, empty where there is none."""
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file has this content."""
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _write_through(path: Path, data: bytes) -> None:
    """Write a file, its folder made if need be, until it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk too; some systems cannot do that to a folder."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
