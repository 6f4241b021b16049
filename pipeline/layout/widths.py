"""How wide a table's columns are: what must stay whole has room, the rest makes the table low.

The template's widths are where it begins. Where they do already, they stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

from pipeline.layout.breaking import lines, unbroken, width

_STEP = 2.0  # pt by which columns give and take
_MOST_STEPS = 24
_MOST_GIVEN_UP = 3  # ways of having floors: see `_floor`
_HIGH_ROW = 8  # lines: a table with a higher row is made lower, whatever the template's widths
_SPARE = 0.6  # pt in a cell that a stand-in font may need more
_EXACT = 1e-6
_NEARLY_ALONE = 3.0  # em reckoned for the last line, where signs and figures make a difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its width in the template and what stands in it; lengths in pt.

    `size` is the type's, `side` what the cell's margins take. `cells` are the texts of its rows;
    the lines of `whole` are not broken, those of `firm` among them the last of all to be, those of
    `wished` only where there is room; `least` is the width in em that its heading needs. A `fixed`
    column keeps its width.
    """

    width: float
    size: float
    side: float
    cells: Sequence[str] = ()
    whole: Collection[str] = ()
    firm: Collection[str] = ()
    wished: Iterable[str] = ()
    least: float = 0.0
    fixed: bool = False


def solve(columns: Sequence[Column]) -> list[float]:
    """The width of each column, in pt; they sum to what the template's do."""
    table = _Table(columns)
    total = sum(column.width for column in columns)
    ways = [[_floor(column, given_up) for column in columns] for given_up in range(_MOST_GIVEN_UP)]
    floors = next((each for each in ways if sum(each) <= total), None)
    if floors is None:
        return _scaled(columns, ways[-1], total)
    widths = _shared(table, floors, total)
    if table.highest(widths)[0] > _HIGH_ROW:
        floors = ways[-1]
        widths = _lowered(table, floors, widths)
    elif floors is ways[0]:
        floors, widths = _with_wishes(table, floors, widths)
    return _without_orphans(table, floors, widths)


def _with_wishes(
    table: _Table, floors: list[float], widths: list[float]
) -> tuple[list[float], list[float]]:
    """Floors and widths with each wish that makes the table no higher."""
    total = sum(widths)
    for index, wish in enumerate(map(_wish, table.columns)):
        if wish > floors[index]:
            trial = [*floors[:index], wish, *floors[index + 1 :]]
            wider = _shared(table, trial, total) if sum(trial) <= total else widths
            if table.height(wider) <= table.height(widths):
                floors, widths = (trial, wider) if wider is not widths else (floors, widths)
    return floors, widths


def _floor(column: Column, given_up: int) -> float:
    """The least width with which everything that must stay whole does.

    Where there is no room for all, headings are given up first: they take two lines. Then whatever
    is not firm.
    """
    if column.fixed:
        return column.width
    heading = column.least if not given_up else _halved(column.least)
    whole = column.firm if given_up > 1 else [*column.whole, *column.firm]
    pieces = [heading, _widest_line(whole), *map(unbroken, {*column.cells})]
    return max(pieces) * column.size + column.side + _SPARE


def _halved(least: float) -> float:
    """The width in em that a heading needs on two lines; two characters stay together."""
    return max(float(ceil(least / 2)), min(least, 2.0))


def _wish(column: Column) -> float:
    """The width with which everything does that should."""
    return _widest_line(column.wished) * column.size + column.side + _SPARE


def _widest_line(texts: Iterable[str]) -> float:
    """The width in em of the widest line of some texts."""
    found = {line for text in texts for line in text.split("\n")}
    return max(map(width, found), default=0.0)


def _scaled(columns: Sequence[Column], floors: Sequence[float], total: float) -> list[float]:
    """Widths in proportion to the floors: there is no room for all, something has to break."""
    fixed = sum(column.width for column in columns if column.fixed)
    free = sum(floors) - fixed
    factor = (total - fixed) / free if free else 1
    pairs = zip(columns, floors, strict=True)
    return [column.width if column.fixed else least * factor for column, least in pairs]


def _shared(table: _Table, floors: Sequence[float], total: float) -> list[float]:
    """The template's widths, those too narrow made wider at the cost of those that can give."""
    widths = [max(column.width, each) for column, each in zip(table.columns, floors, strict=True)]
    step = max(_STEP, (sum(widths) - total) / _MOST_STEPS)
    while (excess := sum(widths) - total) > _EXACT:
        index = table.cheapest(widths, floors, step)
        widths[index] -= min(step, excess, widths[index] - floors[index])
    return widths


def _lowered(table: _Table, floors: Sequence[float], widths: list[float]) -> list[float]:
    """The widths, with more for the column that makes rows high, as long as that lowers the table.

    A row of many lines may be higher than a page; the template's widths are no reason for that.
    """
    while (highest := table.highest(widths))[0] > _HIGH_ROW:
        column, height = highest[1], table.height(widths)
        step = table.columns[column].size  # a character more to a line
        trials = []
        for giver in table.givers(widths, floors, step, but=column):
            trial = list(widths)
            trial[column] += step
            trial[giver] -= step
            trials.append(trial)
        lowest = min(trials, key=table.height, default=widths)
        if table.height(lowest) >= height:
            break
        widths = lowest
    return widths


def _without_orphans(table: _Table, floors: Sequence[float], widths: list[float]) -> list[float]:
    """The widths, with a step more where last lines of one character go by it."""
    for index, column in enumerate(table.columns):
        more = table.orphans(index, widths[index] + _STEP) - table.orphans(index, widths[index])
        if more >= 0 or column.fixed:
            continue
        for giver in table.givers(widths, floors, _STEP, but=index):
            trial = list(widths)
            trial[index] += _STEP
            trial[giver] -= _STEP
            worse = table.orphans(giver, trial[giver]) - table.orphans(giver, widths[giver])
            if worse <= 0 and table.height(trial) <= table.height(widths):
                widths = trial
                break
    return widths


class _Table:
    """The rows of a table, whose height depends on the widths of its columns.

    How many lines a text takes is reckoned from its width, not from where its lines break: that is
    near enough to compare widths, and quick.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self._kinds, self._rows = _row_kinds(columns)
        self._lines: dict[tuple[int, float], list[int]] = {}

    def height(self, widths: Sequence[float]) -> int:
        """The lines of all rows together."""
        counts = [self._counts(index, at) for index, at in enumerate(widths)]
        return sum(map(max, zip(*counts, strict=True)))

    def highest(self, widths: Sequence[float]) -> tuple[int, int]:
        """The lines of the highest row, and the column that needs them."""
        counts = (max(self._counts(index, at), default=0) for index, at in enumerate(widths))
        return max((lines, index) for index, lines in enumerate(counts))

    def orphans(self, index: int, at: float) -> int:
        """How many texts of a column end with a line of one character, at a width."""
        room = self._room(index, at)
        texts = dict.fromkeys(self.columns[index].cells)
        pairs = zip(texts, self._kinds[index], strict=False)
        return sum(_ends_alone(text, widths, room) for text, widths in pairs)

    def cheapest(self, widths: Sequence[float], floors: Sequence[float], step: float) -> int:
        """The column whose narrowing by a step costs the fewest lines; of several the widest."""
        now = [self._counts(index, at) for index, at in enumerate(widths)]
        rows = list(map(max, zip(*now, strict=True)))
        height = sum(rows)

        def cost(index: int) -> tuple[int, float]:
            mine = self._counts(index, widths[index] - step)
            more = 0 if mine == now[index] else sum(map(max, rows, mine)) - height
            return more, -widths[index]

        return min(self.givers(widths, floors, 0, but=-1), key=cost)

    def givers(
        self, widths: Sequence[float], floors: Sequence[float], step: float, *, but: int
    ) -> Iterator[int]:
        """The columns that can give a step, the widest first."""
        found = [
            index
            for index, column in enumerate(self.columns)
            if not column.fixed and index != but and widths[index] - floors[index] > step + _EXACT
        ]
        yield from sorted(found, key=lambda index: -widths[index])

    def _room(self, index: int, at: float) -> float:
        """The em that a cell of a column has for its text."""
        column = self.columns[index]
        return max((at - column.side) / column.size, 1.0)

    def _counts(self, index: int, at: float) -> list[int]:
        """How many lines each row of a column takes at a width."""
        key = index, at
        if key not in self._lines:
            room = self._room(index, at)
            counted = [_lines(text, room) for text in self._kinds[index]]
            self._lines[key] = [counted[kind] for kind in self._rows[index]]
        return self._lines[key]


Text = tuple[float, ...]  # the widths in em of a text's lines


def _row_kinds(columns: Sequence[Column]) -> tuple[list[list[Text]], list[list[int]]]:
    """For each column its different texts, and for each row which of them stands in it."""
    rows = max((len(column.cells) for column in columns), default=0)
    kinds: list[list[Text]] = []
    chosen: list[list[int]] = []
    for column in columns:
        numbers = {text: number for number, text in enumerate(dict.fromkeys(column.cells))}
        kinds.append([tuple(map(width, text.split("\n"))) for text in numbers] or [(0.0,)])
        chosen.append([numbers[text] for text in column.cells] or [0] * rows)
    return kinds, chosen


def _lines(text: Text, room: float) -> int:
    """How many lines a text takes."""
    return sum(1 if each <= room else ceil((each - _EXACT) / floor(room)) for each in text)


def _ends_alone(text: str, widths: Text, room: float) -> bool:
    """Whether a text that is broken ends with a line of a single character."""
    last, full = widths[-1], floor(room)
    if last <= room or not 0 < last - (ceil((last - _EXACT) / full) - 1) * full <= _NEARLY_ALONE:
        return False  # far from it; only the others are worth breaking
    return len(lines(text.rpartition("\n")[2], room)[-1]) == 1
