"""edition.toml: what an edition is called, when its forms are due, how its tables are laid out."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails

from pipeline.errors import Problem
from pipeline.tables import annexes
from pipeline.tables.annexes import Annex, Orientation
from pipeline.tables.contract import indicators
from pipeline.tables.csv_file import heading
from pipeline.tables.suggestions import Vocabulary

FILE = "edition.toml"

_CONFIG = ConfigDict(extra="forbid", strict=False, arbitrary_types_allowed=False)

Text = Annotated[str, Field(min_length=1)]
# Blanks and line breaks in headers don't count, neither here nor in the tables.
Header = Annotated[Text, AfterValidator(heading)]
Headers = Annotated[tuple[Header, ...], Field(min_length=1, max_length=3)]


def _class_of_annexes(name: str, kind: Any, defaults: Mapping[str, str | None]) -> type[Any]:
    """A settings class with one field of a kind for each annex, by the name of its view."""
    kinds = {annex.view: kind for annex in annexes.ANNEXES}
    content = {"__module__": __name__, "__annotations__": kinds, **defaults}
    return dataclass(frozen=True, kw_only=True, config=_CONFIG)(type(name, (), content))


if TYPE_CHECKING:  # which fields they have only the list of annexes tells
    Titles: TypeAlias = Any
    Orientations: TypeAlias = Any
else:
    # The documents' titles; {year}, {district} and {bureau} stand for the edition's.
    Titles = _class_of_annexes(
        "Titles", Text, {each.view: each.title for each in annexes.ANNEXES if each.title}
    )
    # Turns an annex's pages; None leaves them as its template has them.
    Orientations = _class_of_annexes(
        "Orientations", Orientation | None, {each.view: None for each in annexes.ANNEXES}
    )


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Period:
    """A reporting period and the day its forms are due."""

    name: Text
    due: date


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class IndicatorSettings:
    """How indicators.csv is built and how 附件2 prints it."""

    labels: Headers = ("项目", "一级指标")  # outermost first
    name: Header = "二级指标"
    scores: Headers = ("分值",)  # the first one is summed in labels
    extra: tuple[Header, ...] = ()  # further columns, which templates may print
    label_totals: tuple[Header, ...] | None = None  # label columns that print a total; None: all
    total: Decimal | None = None  # what the first score must add up to
    totals: dict[Text, Decimal] = field(default_factory=dict)  # label → what is under it
    total_row: bool = False  # a last row with the sum of every score column
    repeat_labels_at: tuple[Text, ...] = ()  # 编号 from which on a merged label stands again
    phrases: tuple[Text, ...] = ()  # texts in 责任人 that are not people


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class FormSettings:
    """附件4, the progress form."""

    return_to: Text
    blank_rows: Annotated[int, Field(ge=1, le=100)] = 5


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Layout:
    """Switches over the templates' look; what is not given stays as the template has it."""

    page_number: Literal["standard", "plain"] = "standard"
    title_size: Annotated[Decimal, Field(ge=9, le=42)] | None = None  # pt
    orientation: Orientations = field(default_factory=Orientations)
    fonts: dict[Text, Text] = field(default_factory=dict)  # template's font → house font

    def orientation_of(self, annex: Annex) -> Orientation | None:
        """How the edition turns an annex's pages; None: as its template has them."""
        turned: Orientation | None = getattr(self.orientation, annex.view)
        return turned


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class ScoringSettings:
    """How 附件3 is read where its text can be read in two ways; `pipeline.scoring` applies it.

    Whether 双倍 comes before 减半 is no question: a product is the same either way, points are
    not rounded, and a cap counts what comes out. What matters is whether they act before or after
    the higher of two standards is taken.
    """

    # 二.1 and 四.1 both say 双倍. False: cited together they double once; True: they make four
    # times. The same goes for two clauses that halve.
    compound: bool = False
    # 二.1 doubles what is deducted by an ordinary clause, and 二.2 has its own, heavier figure.
    # "clause": only the 适用条款 is doubled; "higher": the higher of the two standards is.
    double: Literal["clause", "higher"] = "clause"
    # 四.2 halves the unit's deduction. "higher": what is left after the higher standard was
    # taken; "clause": only the 适用条款, so that a second standard stays whole.
    half: Literal["clause", "higher"] = "higher"
    # 三 is headed 减轻或免予. "whole": an exemption leaves nothing; "by_hand": the office decides
    # what is left and writes it under 核定扣分.
    exemption: Literal["whole", "by_hand"] = "whole"
    # Several groups may assess one indicator. "lead": the leading group's word counts, and where
    # it has none the lowest; "lowest": always the lowest.
    self_score: Literal["lead", "lowest"] = "lead"


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Publish:
    """What of the edition is published; whoever publishes decides on names."""

    names: bool  # whether people's names stand in what is published
    contents: Annotated[tuple[Literal["digest", "annexes"], ...], Field(min_length=1)] = (
        "digest",
        "annexes",
    )


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Settings:
    """An edition's settings, as edition.toml gives them."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    district: Text
    bureau: Text
    titles: Titles
    periods: Annotated[tuple[Period, ...], Field(min_length=1)]
    form: FormSettings
    last_day: date | None = None  # of the year's work; None: 31 December
    indicators: IndicatorSettings = field(default_factory=IndicatorSettings)
    layout: Layout = field(default_factory=Layout)
    scoring: ScoringSettings = field(default_factory=ScoringSettings)
    publish: Publish | None = None  # None: nothing is published

    def title_of(self, annex: Annex) -> str:
        """An annex's title, with the edition's year, district and bureau put in."""
        return self.title(getattr(self.titles, annex.view))

    def title(self, template: str) -> str:
        """A title with the edition's year, district and bureau put in."""
        words = {"year": str(self.year), "district": self.district, "bureau": self.bureau}
        return _PLACEHOLDER.sub(lambda match: words[match[1]], template)


_SECTION = re.compile(r"\s*(\[\[?)\s*([\w.]+)\s*\]")
_KEY = re.compile(r"\s*(\w+)\s*=")

PLACEHOLDERS = ("year", "district", "bureau")
_PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
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
}


def read_settings(data: bytes, file: str = FILE) -> tuple[Settings | None, list[Problem]]:
    """The settings, or None where they cannot be used, and every problem with them."""
    try:
        raw = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        return None, [
            Problem(
                file=file,
                row=row,
                rule="encoding",
                message="这里的字节不是 UTF-8",
                hint="用记事本打开，另存为时编码选 UTF-8",
            )
        ]
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax(str(error), file)]
    try:
        settings = _ADAPTER.validate_python(raw)
    except ValidationError as error:
        return None, [_problem(details, file) for details in error.errors()]
    twice = list(_headers_twice(settings.indicators, file))
    return (None if twice else settings), twice


def key_lines(text: str) -> dict[str, int]:
    """The line of each key, such as periods[2].due, from 1; for placing problems only."""
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
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return lines.get(key)


def _headers_twice(chosen: IndicatorSettings, file: str) -> Iterator[Problem]:
    """A header that stands for two columns of indicators.csv."""
    columns = indicators(chosen.labels, chosen.name, chosen.scores, chosen.extra).columns
    headers = [column.header for column in columns]
    for header in dict.fromkeys(headers):
        if headers.count(header) > 1:
            message = "indicators.csv 的两列不能用同一个表头"
            yield Problem(
                file=file, column="indicators", rule="unique", message=message, value=header
            )


def _syntax(text: str, file: str) -> Problem:
    place = re.search(r"line (\d+)", text)
    message = "这一行的写法不对，应当是“名称 = 值”，文字要用英文双引号括起来"
    if "overwrite" in text or "twice" in text:
        message = "这一项前面已经写过了"
    return Problem(
        file=file,
        row=int(place[1]) if place else None,
        line=int(place[1]) if place else None,
        rule="toml",
        message=message,
        hint=None if place else "文件好像没有写完",
    )


def _problem(details: ErrorDetails, file: str) -> Problem:
    kind, path = details["type"], details["loc"]
    context = details.get("ctx", {})
    message = _MESSAGES.get(kind, "这个值不能用").format(**context).replace(" or ", "或")
    absent = kind in {"missing", "too_short"}
    return Problem(
        file=file,
        column=_path(path),
        rule=kind.replace("_", "-"),
        message=message,
        value=None if absent else str(details["input"]),
        hint=_nearest(path) if kind in {"extra_forbidden", "unexpected_keyword_argument"} else None,
    )


def _path(path: tuple[int | str, ...]) -> str:
    """("periods", 0, "due") → periods[1].due, counting from 1 as people do."""
    return "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(
        "."
    )


def _nearest(path: tuple[int | str, ...]) -> str | None:
    near = Vocabulary(_names(Settings)).nearest(str(path[-1]))
    return f"是不是 {near}？" if near else None


def _names(cls: Any) -> Iterator[str]:
    """The names of a settings class and of those inside it."""
    for name, info in cls.__pydantic_fields__.items():
        yield name
        for inner in (info.annotation, *getattr(info.annotation, "__args__", ())):
            if hasattr(inner, "__pydantic_fields__"):
                yield from _names(inner)
