"""Word documents as PDF and pictures, by LibreOffice and poppler, to look at without Word."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import OutputError

_SECONDS = 120


def to_pdf(
    documents: Sequence[Path], folder: Path, fonts: Path, environment: Mapping[str, str]
) -> list[Path]:
    """Convert the documents into `folder`; returns the PDFs.

    `fonts` is the fontconfig file with stand-ins for the official fonts. LibreOffice gets a
    profile of its own, so that one that is open is not disturbed, and reports success even when
    it wrote nothing: the files are checked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    results = [folder / f"{document.stem}.pdf" for document in documents]
    for result in results:
        result.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        _run(
            [
                "soffice",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(folder),
                *map(str, documents),
            ],
            {**environment, "FONTCONFIG_FILE": str(fonts.resolve())},
        )
    for result in results:
        if not result.is_file():
            raise OutputError(f"LibreOffice 没有生成 {result}")
    return results


def to_pictures(pdf: Path, environment: Mapping[str, str], resolution: int = 80) -> list[Path]:
    """One PNG a page, in a folder beside the PDF with its name; returns them in order."""
    folder = pdf.with_suffix("")
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    _run(["pdftoppm", "-r", str(resolution), "-png", str(pdf), str(folder / "page")], environment)
    return sorted(folder.glob("*.png"))


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    try:
        subprocess.run(
            command, check=True, capture_output=True, timeout=_SECONDS, env=dict(environment)
        )
    except FileNotFoundError as error:
        raise OutputError(f"这台机器上没有 {command[0]}，运行 make deps 安装") from error
    except subprocess.TimeoutExpired as error:
        raise OutputError(f"{command[0]} 用了 {_SECONDS} 秒还没有做完") from error
    except subprocess.CalledProcessError as error:
        raise OutputError(f"{command[0]} 出错：{error.stderr.decode(errors='replace')}") from error
