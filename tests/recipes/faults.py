"""A program that runs a command again and again, each time with a fault at the next I/O call.

    python -m tests.recipes.faults FAULT SOURCE TARGET COMMAND...

SOURCE is copied to TARGET, and the command runs there with a fault at its first call that changes
a file, then anew with one at its second, until it comes to its end without one. After each fault
the edition is only looked at, then the command runs again. Written to standard output: a JSON list
with what was found each time. The command runs in a fork, so that everything is loaded only once.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.cli import COMMANDS, cli, main
from pipeline.recipes import site

MOST = 400
CHANGING = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link"}
ERRORS = {"full": errno.ENOSPC, "read-only": errno.EACCES}
NO_FAULT = 77


def run(folder: Path, fault: str, *, at: int, command: Sequence[str]) -> tuple[int, str]:
    """The exit code (77: the fault was not reached) and the error output of a command in a fork.

    `at` is the number of the I/O call with the fault, 0 for none.
    """
    errors = folder.parent / "errors"
    pid = os.fork()
    if pid == 0:
        with errors.open("w", encoding="utf-8") as file:
            os.dup2(file.fileno(), 2)
            os.dup2(file.fileno(), 1)
        os._exit(_in_fork(folder, fault, at, command))
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), errors.read_text(encoding="utf-8")


def _in_fork(folder: Path, fault: str, at: int, command: Sequence[str]) -> int:
    calls = _Calls(folder, fault, at)
    sys.argv = ["jixiao", *command]
    try:
        main()
    except SystemExit as end:
        return _code(end, calls, at)
    except BaseException:
        traceback.print_exc()
        return 99
    return NO_FAULT if at and calls.number < at else 0


def _code(end: SystemExit, calls: _Calls, at: int) -> int:
    code = end.code if isinstance(end.code, int) else int(bool(end.code))
    sys.stderr.flush()
    return NO_FAULT if code == 0 and at and calls.number < at else code


class _Calls:
    """Counts the calls that change a file, and makes one fail."""

    def __init__(self, folder: Path, fault: str, at: int) -> None:
        self.number = 0
        self._folder, self._fault, self._at = str(folder), fault, at
        sys.addaudithook(self._audited)
        sync = os.fsync

        def fsync(descriptor: int) -> None:
            self._count()
            sync(descriptor)

        os.fsync = fsync

    def _audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._changes(event, arguments):
            self._count()

    def _changes(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "subprocess.Popen":
            return True
        if event == "open":
            flags = arguments[2]
            return isinstance(flags, int) and bool(flags & 3) and self._folder in str(arguments[0])
        names = [str(each) for each in arguments if isinstance(each, str | os.PathLike)]
        return event in CHANGING and any(
            self._folder in name or not name.startswith("/") for name in names
        )

    def _count(self) -> None:
        self.number += 1
        if self.number != self._at:
            return
        if self._fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(ERRORS[self._fault], os.strerror(ERRORS[self._fault]), self._folder)


def snapshot(folder: Path) -> dict[str, str]:
    """Path → hash of the files in a folder: tables, documents, and what is left over of a fault."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock" and ".git" not in path.parts
    }


def trials(fault: str, source: Path, target: Path, command: Sequence[str]) -> list[dict[str, Any]]:
    """What was found with a fault at the first I/O call, the second and so on."""
    found: list[dict[str, Any]] = []
    look = ["check", "--inputs", str(target / "inputs")]
    for at in range(1, MOST):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True)
        code, errors = run(target, fault, at=at, command=command)
        looked, _ = run(target, fault, at=0, command=look)
        after_look = snapshot(target)
        again, more = run(target, fault, at=0, command=command)
        found.append(
            {
                "code": code,
                "errors": errors,
                "looked": looked,
                "after_look": after_look,
                "again": again,
                "more": more,
                "after": snapshot(target),
            }
        )
        if code == NO_FAULT:
            return found
    raise SystemExit(f"{MOST} calls and no end")


def without_printing() -> None:
    """Let `site` write something quick in the place of PDFs."""
    made: Callable[..., dict[str, bytes]] = lambda *_, **__: {  # noqa: E731
        "digest.html": b"page",
        "digest.pdf": b"PDF",
    }
    site.documents = made
    site.Printer = nullcontext  # type: ignore[assignment, misc]


def load() -> None:
    """Import what the commands load late, once for all forks."""
    for name in COMMANDS:
        cli.get_command(None, name)  # type: ignore[arg-type]
    with contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
        cli(["score", "demo", "--inputs", "tests/editions"], standalone_mode=False)


if __name__ == "__main__":
    fault, source, target, *command = sys.argv[1:]
    without_printing()
    load_output = io.StringIO()
    with contextlib.redirect_stdout(load_output):
        load()
    json.dump(trials(fault, Path(source), Path(target), command), sys.stdout)
