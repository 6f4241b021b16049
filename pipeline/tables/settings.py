"""An edition's settings: its names, when its forms are due, how its tables are laid out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from pipeline.lookalikes import UNSEEN, without_second_forms
from pipeline.tables import annexes
from pipeline.tables.annexes import Annex, Orientation
from pipeline.tables.grid import heading
from pipeline.typography import FORBIDDEN

FILE = "edition.toml"

_CONFIG = ConfigDict(extra="forbid", strict=False, arbitrary_types_allowed=False)

_LONGEST = 2_000  # characters of a text
_UNSEEN = re.compile(f"[{UNSEEN}]")


def _holdable(text: str) -> str:
    """The text; raises PydanticCustomError for a character that no document can hold."""
    if FORBIDDEN.search(text):
        raise PydanticCustomError("forbidden_character", "forbidden character")
    return text


def _seen(text: str) -> str:
    """The text; raises PydanticCustomError for what makes it another than it looks."""
    if _UNSEEN.search(text):
        raise PydanticCustomError("invisible", "invisible character")
    if without_second_forms(text) != text:
        raise PydanticCustomError("second_form", "radical for a character")
    return text


_Any = Annotated[str, Field(min_length=1, max_length=_LONGEST), AfterValidator(_holdable)]
Text = Annotated[_Any, AfterValidator(_seen)]
Day = Annotated[date, Field(ge=date(1999, 1, 1), le=date(2101, 12, 31))]
Points = Annotated[Decimal, Field(ge=0, le=1_000_000)]
# Blanks and line breaks in headers don't count, neither here nor in the tables.
Header = Annotated[Text, AfterValidator(heading)]
Headers = Annotated[tuple[Header, ...], Field(min_length=1, max_length=3)]


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, each once."""
    return tuple(dict.fromkeys(names))


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
    due: Day


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class IndicatorSettings:
    """How indicators.csv is built and how 附件2 prints it."""

    labels: Headers = ("项目", "一级指标")  # outermost first
    name: Header = "二级指标"
    scores: Headers = ("分值",)  # the first one is summed in labels
    extra: tuple[Header, ...] = ()  # further columns, which templates may print
    label_totals: tuple[Header, ...] | None = None  # label columns that print a total; None: all
    total: Points | None = None  # what the first score must add up to
    totals: dict[Text, Points] = field(default_factory=dict)  # label → what is under it
    total_row: bool = False  # a last row with the sum of every score column
    repeat_labels_at: tuple[Text, ...] = ()  # 编号 from which on a merged label stands again
    phrases: tuple[Text, ...] = ()  # texts in 责任人 that are not people


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class FormSettings:
    """附件4, the progress form."""

    return_to: Text
    blank_rows: Annotated[int, Field(ge=1, le=100)] = 5
    # Columns of progress.csv that forms ask for beside the official three; the blank form does not.
    ask: Annotated[tuple[Literal["状态", "自评分"], ...], AfterValidator(_each_once)] = ()


# What templates are held to: see pipeline/word/standard.py.
StandardRule = Literal["paper", "margins", "mark", "title", "text", "page-number"]


def _rules(value: Any) -> Any:
    """The rules that true or false stand for; anything else as it is."""
    if isinstance(value, bool):
        return get_args(StandardRule) if value else ()
    return value


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Layout:
    """Switches over the templates' look; what is not given stays as the template has it."""

    page_number: Literal["standard", "plain"] = "standard"
    title_size: Annotated[Decimal, Field(ge=9, le=42)] | None = None  # pt
    # The widths of the columns of 附件1 and 附件2: "auto" as what stands in them needs, "template"
    # never others than the template's.
    columns: Literal["auto", "template"] = "auto"
    orientation: Orientations = field(default_factory=Orientations)
    fonts: dict[Text, Text] = field(default_factory=dict)  # template's font → house font
    # What of GB/T 9704 `check` holds the templates to; true is all of it, false nothing.
    standard: Annotated[tuple[StandardRule, ...], BeforeValidator(_rules)] = get_args(StandardRule)

    def orientation_of(self, annex: Annex) -> Orientation | None:
        """How the edition turns an annex's pages; None: as its template has them."""
        turned: Orientation | None = getattr(self.orientation, annex.view)
        return turned


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class ScoringSettings:
    """How 附件3 is read where its text can be read in two ways; `transforms.scoring` applies it.

    Whether 双倍 comes before 减半 is no question: a product is the same either way, points are
    not rounded, and a cap counts what comes out. What matters is whether they act before or after
    the higher of two standards is taken.
    """

    # 二.1 and 四.1 both say 双倍. False: cited together they double once; True: they make four
    # times. The same goes for two clauses that halve.
    compound: bool = False
    # 二.1 doubles what is deducted by an ordinary clause, and 二.2 has its own, heavier figure.
    # "clause": only the figure of an ordinary clause is doubled, in whichever column 二.2 stands;
    # "higher": the higher of the two standards is.
    double: Literal["clause", "higher"] = "clause"
    # What 双倍 doubles: "own" the figure of this method, "superior" what the superior who found it
    # has deducted, written under 上级扣分.
    base: Literal["own", "superior"] = "own"
    # 四.2 halves the unit's deduction. "higher": what is left after the higher standard was
    # taken; "clause": only an ordinary clause's figure, so that a heavier standard stays whole.
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
class CheckSettings:
    """What `jixiao check` need not tell any more."""

    accepted: tuple[_Any, ...] = ()  # warnings, each as `checks.accepted.identity` names it


PLACEHOLDERS = ("year", "district", "bureau")
_PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")


@dataclass(frozen=True, kw_only=True, config=_CONFIG)
class Settings:
    """An edition's settings, as edition.toml gives them."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    district: Text
    bureau: Text
    titles: Titles
    periods: Annotated[tuple[Period, ...], Field(min_length=1, max_length=60)]
    form: FormSettings
    last_day: Day | None = None  # of the year's work; None: 31 December
    indicators: IndicatorSettings = field(default_factory=IndicatorSettings)
    layout: Layout = field(default_factory=Layout)
    scoring: ScoringSettings = field(default_factory=ScoringSettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    publish: Publish | None = None  # None: nothing is published

    @property
    def closing(self) -> date:
        """The day after which nothing of the year grows later: of its work and of its forms."""
        last = self.last_day or date(self.year, 12, 31)
        return max(last, *(period.due for period in self.periods))

    def title_of(self, annex: Annex) -> str:
        """An annex's title, with the edition's year, district and bureau put in."""
        return self.title(getattr(self.titles, annex.view))

    def title(self, template: str) -> str:
        """A title with the edition's year, district and bureau put in."""
        words = {"year": str(self.year), "district": self.district, "bureau": self.bureau}
        return _PLACEHOLDER.sub(lambda match: words[match[1]], template)
