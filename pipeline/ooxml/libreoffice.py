"""LibreOffice as a converter: its own profile, a time limit, nothing fetched, no macro run."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import OutputError

# What a document from outside must not do while LibreOffice reads it: run macros, or fetch
# something. Its own switch against links does not stop those in .doc; a proxy that does not exist
# does (port 9, discard, RFC 863).
_COMMON, _NET = "org.openoffice.Office.Common", "org.openoffice.Inet"
_SETTINGS = {
    f"{_COMMON}/Security/Scripting": {
        "BlockUntrustedRefererLinks": "true",
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
    },
    f"{_NET}/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
        "ooInetFTPProxyName": "127.0.0.1",
        "ooInetFTPProxyPort": "9",
        "ooInetNoProxy": "",
    },
}


def convert(
    documents: Sequence[Path],
    folder: Path,
    to: str,
    environment: Mapping[str, str],
    seconds: int,
) -> list[Path | None]:
    """Convert the documents into `folder`, in one run of LibreOffice; returns the files.

    `to` is what --convert-to takes, such as pdf. LibreOffice reports success even when it wrote
    nothing: a document that could not be converted is None. Raises OutputError when LibreOffice is
    not there, or not done in time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    results = [folder / f"{path.stem}.{to.partition(':')[0]}" for path in documents]
    for result in results:
        result.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        _write_settings(Path(profile))
        command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        command += ["--norestore", "--convert-to", to, "--outdir", str(folder)]
        run([*command, *map(str, documents)], environment, seconds)
    return [result if result.is_file() else None for result in results]


def run(command: list[str], environment: Mapping[str, str], seconds: int) -> None:
    """Run a program of the system; raises OutputError.

    Programs that it has started end with it: soffice is a script that starts the real one.
    """
    process = _started(command, environment)
    errors = _errors_of(process, command[0], seconds)
    if process.returncode:
        raise OutputError(f"{command[0]} 出错：{errors.decode(errors='replace')}")


def _started(command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The running program; raises OutputError where it is not installed."""
    try:
        return subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=dict(environment),
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise OutputError(f"这台机器上没有 {command[0]}，运行 make deps 安装") from error


def _errors_of(process: subprocess.Popen[bytes], name: str, seconds: int) -> bytes:
    """What a program wrote to standard error until it ended; raises OutputError after the time."""
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise OutputError(f"{name} 用了 {seconds} 秒还没有做完") from error
    return errors


def _write_settings(profile: Path) -> None:
    """Write the settings into a new profile, as LibreOffice stores them."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" '
        f'oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items '
        f'xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>\n',
        encoding="utf-8",
    )
