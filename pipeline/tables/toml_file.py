"""edition.toml: from bytes to settings, every problem by its key and line."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from pipeline.errors import Problem
from pipeline.tables.contract import indicators
from pipeline.tables.settings import FILE, IndicatorSettings, Settings
from pipeline.tables.suggestions import Vocabulary

_SECTION = re.compile(r"\s*(\[\[?)\s*([\w.]+)\s*\]")
_KEY = re.compile(r"\s*(\w+)\s*=")
_DATE = re.compile(r"(\w+)\s*=\s*((20\d\d)[-/.年](\d\d?)[-/.月](\d\d?)日?)\s*(?:#.*)?$")

_LARGEST = 1 << 20  # bytes; the demo's has 2,000
_DEEP = re.compile(rb"(?:[\w-]+\s*\.\s*){30}")  # a key of so many parts takes squared time

_ADAPTER = TypeAdapter(Settings)

_MESSAGES = {
    "missing": "缺少这一项",
    "extra_forbidden": "程序不认识这一项",
    "unexpected_keyword_argument": "程序不认识这一项",
    "string_type": "必须是文字，用双引号括起来",
    "string_too_short": "不能空着",
    "int_type": "必须是整数",
    "int_parsing": "必须是整数",
    "int_from_float": "必须是整数",
    "decimal_parsing": "必须是数",
    "decimal_type": "必须是数",
    "bool_parsing": "只能是 true 或 false",
    "bool_type": "只能是 true 或 false",
    "tuple_type": "必须是一组值，写在方括号里",
    "dict_type": "必须是一组“名称 = 值”",
    "dataclass_type": "必须是一组“名称 = 值”",
    "date_type": "必须是日期，写成 2023-09-30 的样子，不加引号",
    "date_parsing": "必须是日期，写成 2023-09-30 的样子，不加引号",
    "date_from_datetime_parsing": "必须是日期，写成 2023-09-30 的样子，不加引号",
    "date_from_datetime_inexact": "必须是日期，不带时刻",
    "finite_number": "必须是数",
    "literal_error": "只能是{expected}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "too_short": "至少要有 {min_length} 个",
    "too_long": "最多 {max_length} 个",
    "string_too_long": "最多 {max_length} 个字",
    "forbidden_character": "里面有 Word 文件不能有的控制字符，删掉重新输入",
    "invisible": "里面有看不见的字符，会和别处的写法对不上，删掉重新输入",
    "second_form": "里面有看上去一样的另一个字（部首），会和别处的写法对不上，重新输入",
}


def parse_settings(data: bytes, file: str = FILE) -> tuple[Settings | None, list[Problem]]:
    """The settings, or None where they cannot be used, and every problem with them."""
    if len(data) > _LARGEST or _DEEP.search(data):
        return None, [_unreadable("内容太多", file)]
    try:
        text = data.decode("utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        return None, [_undecodable(data, error.start, file)]
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax(str(error), text, file)]
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, 20,000 brackets
        what = "数太长" if isinstance(error, ValueError) else "括号套得太深"
        return None, [_unreadable(what, file)]
    try:
        settings = _ADAPTER.validate_python(raw)
    except ValidationError as error:
        return None, [_rejected(details, file) for details in error.errors()]
    problems = list(_headers_twice(settings.indicators, file))
    return (None if problems else settings), problems


def settings_content(settings: Settings) -> dict[str, Any]:
    """What edition.toml would have to say for these settings, as `tomllib.loads` gives it."""
    plain = _ADAPTER.dump_python(settings, exclude_defaults=True, exclude_none=True)
    return dict(_without_decimals(plain))


def settings_of(content: Mapping[str, Any]) -> Settings:
    """The settings that such a content stands for; raises ValidationError."""
    return _ADAPTER.validate_python(content)


def settings_bytes(settings: Settings) -> bytes:
    """The settings as an edition.toml, without the comments and the order that a clerk gave it."""
    import tomli_w

    return tomli_w.dumps(settings_content(settings), multiline_strings=False).encode()


def _without_decimals(value: Any) -> Any:
    """Decimals as whole numbers where they are: 1000, not 1000.0; tuples as lists."""
    match value:
        case Mapping():
            return {key: _without_decimals(each) for key, each in value.items()}
        case list() | tuple():
            return [_without_decimals(each) for each in value]
        case Decimal() if value == value.to_integral_value():
            return int(value)
        case _:
            return value


def _undecodable(data: bytes, start: int, file: str) -> Problem:
    """The problem of a byte that is no UTF-8."""
    return Problem(
        file=file,
        row=data.count(b"\n", 0, start) + 1,
        rule="encoding",
        message="这里的字节不是 UTF-8",
        hint="用记事本打开，另存为时编码选 UTF-8",
    )


def key_lines(text: str) -> dict[str, int]:
    """The line of each key, such as periods[2].due, from 1; only for reporting problems."""
    lines: dict[str, int] = {}
    section, counts = "", Counter[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if match := _SECTION.match(line):
            name = match[2]
            counts[name] += 1
            section = f"{name}[{counts[name]}]" if match[1] == "[[" else name
            lines[section] = number
        elif match := _KEY.match(line):
            lines[f"{section}.{match[1]}".lstrip(".")] = number
    return lines


def line_of(key: str, lines: Mapping[str, int]) -> int | None:
    """The line of a key, or of what it stands in."""
    while key and key not in lines:
        key = _outer(key)
    return lines.get(key)


def _outer(key: str) -> str:
    """What a key stands in: periods[1].due → periods[1] → periods → nothing."""
    return key[: max(key.rfind("."), key.rfind("["), 0)]


def _headers_twice(chosen: IndicatorSettings, file: str) -> Iterator[Problem]:
    """A header that stands for two columns of indicators.csv."""
    counts = Counter(indicators(chosen.labels, chosen.name, chosen.scores, chosen.extra).headers)
    for header, count in counts.items():
        if count > 1:
            message = "indicators.csv 的两列不能用同一个表头"
            yield Problem(
                file=file, column="indicators", rule="unique", message=message, value=header
            )


def _syntax(reported: str, text: str, file: str) -> Problem:
    """The problem of a file that is no TOML; `reported` is what the parser said of its text."""
    line = _line_in(reported)
    if line and (match := _DATE.search(text.splitlines()[line - 1])):
        return _misspelt_date(match, line, file)
    message = "这一行的写法不对，应当是“名称 = 值”，文字要用英文双引号括起来"
    if "overwrite" in reported or "twice" in reported:
        message = "这一项前面已经写过了"
    return Problem(
        file=file,
        row=line,
        line=line,
        rule="toml",
        message=message,
        hint=None if line else "文件好像没有写完",
    )


def _unreadable(what: str, file: str) -> Problem:
    """The problem of a file that is TOML by its signs, but beyond what can be read."""
    message = f"文件里的{what}，读不了"
    return Problem(file=file, rule="toml", message=message, hint="看看是不是放错了文件")


def _misspelt_date(match: re.Match[str], line: int, file: str) -> Problem:
    """The problem of a date as TOML does not know it, such as 2023-6-30, or of no date."""
    key, value, year, month, day = match.groups()
    corrected = f"{year}-{int(month):02}-{int(day):02}"
    is_no_day = corrected == value
    return Problem(
        file=file,
        row=line,
        line=line,
        column=key,
        rule="date",
        message="没有这一天" if is_no_day else "日期的年、月、日用短横隔开，月和日都写两位",
        value=value,
        hint=None if is_no_day else f"写成 {corrected}",
    )


def _line_in(text: str) -> int | None:
    """The line that the parser's report names, if any."""
    found = re.search(r"line (\d+)", text)
    return int(found[1]) if found else None


def _rejected(details: ErrorDetails, file: str) -> Problem:
    """The problem of a value, or of a key, that pydantic did not accept."""
    kind, path = details["type"], details["loc"]
    context = details.get("ctx", {})
    message = _MESSAGES.get(kind, "这个值不能用").format(**context).replace(" or ", "或")
    absent = kind in {"missing", "too_short", "too_long"}
    misspelt = kind in {"extra_forbidden", "unexpected_keyword_argument"}
    return Problem(
        file=file,
        column=_dotted(path),
        rule=kind.replace("_", "-"),
        message=message,
        value=None if absent else _shown(details["input"]),
        hint=_nearest(str(path[-1])) if misspelt else None,
    )


def _shown(value: Any) -> str:
    """A value as the file has it, with a number for each character that nothing can show."""
    signs = {ord(each): f"\\u{ord(each):04x}" for each in str(value) if not each.isprintable()}
    return str(value).translate(signs)


def _dotted(path: tuple[int | str, ...]) -> str:
    """("periods", 0, "due") → periods[1].due, counting from 1 as people do."""
    keys = [part for part in path if part != "[key]"]  # what pydantic adds where a key is wrong
    return _shown("".join(map(_step, keys)).lstrip("."))


def _step(part: int | str) -> str:
    """A part of a dotted key: 0 → [1], due → .due."""
    return f"[{part + 1}]" if isinstance(part, int) else f".{part}"


def _nearest(name: str) -> str | None:
    """The question whether a setting was meant that there is."""
    near = Vocabulary(_names(Settings)).nearest(name)
    return f"是不是 {near}？" if near else None


def _names(cls: Any) -> Iterator[str]:
    """The names of a settings class and of those inside it."""
    for name, info in cls.__pydantic_fields__.items():
        yield name
        for inner in (info.annotation, *getattr(info.annotation, "__args__", ())):
            if hasattr(inner, "__pydantic_fields__"):
                yield from _names(inner)
