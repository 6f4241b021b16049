"""Bytes to text, strictly: what Excel and WPS save, or a refusal, never a guess with losses.

A byte-order mark decides. Without one, UTF-8 is tried before GB18030 (which contains GBK and
GB2312), and the header decides between them: many pairs of GBK bytes are valid UTF-8 by chance,
but a header that reads 姓名 in one of the two does not read so in the other.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass

OWN = "UTF-8（带标记）"  # what this program writes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", OWN),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_PLAIN = (("utf-8", "UTF-8"), ("gb18030", "GB18030（GBK）"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and the name of the encoding it was saved in."""

    text: str
    encoding: str


class UndecodableError(ValueError):
    """No accepted encoding fits; `line`, from 1, holds the first byte that fits none."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def decode(data: bytes, fit: Callable[[str], int]) -> Decoded:
    """The text of a file.

    `fit` counts the expected headers that a reading shows; the best reading wins, the first of
    equals. Raises UndecodableError when no reading is possible.
    """
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, codec), name)
    readings: list[Decoded] = []
    failures: list[UndecodableError] = []
    for codec, name in _PLAIN:
        try:
            readings.append(Decoded(_strict(data, codec), name))
        except UndecodableError as error:
            failures.append(error)
    if not readings:
        raise max(failures, key=lambda error: error.line)
    return max(readings, key=lambda reading: fit(reading.text))


def _strict(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise UndecodableError(data.count(b"\n", 0, error.start) + 1) from error
