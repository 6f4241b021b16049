"""A table kept as .xlsx: the same cells as its CSV would hold, or the reason why not.

What a cell shows in Excel and what it holds can differ (dates, percentages, leading zeros, hidden
decimals, formulas without a result). Where they do, the cell carries a flaw, so that nothing is
printed that nobody saw.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline.tables.cell_reference import cell_name
from pipeline.tables.cells import Flaw, clean, date_damage
from pipeline.tables.contract import Table
from pipeline.tables.folder import BOOK
from pipeline.tables.grid import SEARCHED_ROWS, CellPosition, Grid, GridError, gathered, heading

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LARGEST = 100 << 20  # bytes unpacked; a workbook of 40,000 rows has about 20 MB
MOST_TAGS = 6_000_000  # in all parts: a cell has four; 40,000 rows of 20 columns have 3.3 million
MOST_IN_AREAS = 1_000_000  # cells in merged or linked areas: openpyxl makes an object of each
MOST_CELLS = 10_000_000  # of the rectangle that holds everything that is filled in

_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576
_SHEETS = "xl/worksheets/"
_FIXED_DECIMALS = re.compile(r"(?:#,##)?0(?:\.(0+))?(?:_[ )])?")
_FORMULA = re.compile(rb"<f[ >]")
_SAVE_AS = "用 Excel 或 WPS 打开，另存为 .xlsx 或者“CSV UTF-8（逗号分隔）”；有密码的先去掉密码"


def read_workbook(data: bytes, table: Table) -> Grid:
    """The cells of the visible sheet that shows most of the table's headers; raises GridError."""
    book = _open(data)
    sheet = _chosen(book, set(table.headers))
    cells = _cells(sheet)
    return replace(
        gathered(enumerate(_records(cells), 1), BOOK),
        lines=(),
        flaws={**dict(_flaws(cells)), **dict(_without_result(data, sheet))},
        merged=_merged(sheet),
        hidden=_hidden_records(sheet),
    )


def _merged(sheet: Worksheet) -> list[tuple[CellPosition, CellPosition]]:
    """The first and the last cell of each merged area."""
    return [
        (_position(area.min_row, area.min_col), _position(area.max_row, area.max_col))
        for area in sheet.merged_cells.ranges
    ]


def _hidden_records(sheet: Worksheet) -> list[int]:
    """The records that Excel does not show, in order."""
    return sorted(row - 2 for row, look in sheet.row_dimensions.items() if look.hidden)


def _position(row: int, column: int) -> CellPosition:
    """The record and the column from 0, of a cell that openpyxl counts from 1."""
    return row - 2, column - 1


def _open(data: bytes, *, formulas: bool = False) -> Workbook:
    """The workbook with its results, or with its formulas; raises GridError."""
    import openpyxl

    try:
        _refuse_bomb(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about print settings and validation that we don't use
            return openpyxl.load_workbook(io.BytesIO(data), data_only=not formulas)
    except GridError:
        raise
    except Exception as error:  # openpyxl raises whatever its XML and zip layers raise
        raise GridError(Flaw("workbook", "这个 Excel 文件打不开", _SAVE_AS)) from error


def _refuse_bomb(data: bytes) -> None:
    """Raise GridError on a file that would fill the memory once it is unpacked or read."""
    size = _unpacked_size(data)
    if size > LARGEST:
        raise _too_large(f"展开后有 {size >> 20} MB")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(name) for name in package.namelist()]
    if sum(part.count(b"<") for part in parts) > MOST_TAGS:
        raise _too_large("格子太多")
    areas = 0
    for part in filter(_may_have_areas, parts):  # a sheet may be called anything
        for area in _areas(part):
            areas += _size_of(area)
            if areas > MOST_IN_AREAS:
                raise _too_large(f"{area} 这么大的一块合并了，或者有链接")


def _too_large(what: str) -> GridError:
    hint = "删掉表格外面的内容和格式，或者另存为“CSV UTF-8（逗号分隔）”"
    return GridError(Flaw("workbook", f"{what}，不像是一张表", hint))


def _may_have_areas(part: bytes) -> bool:
    """Whether a part may be a sheet with merged or linked areas; what is in UTF-16 may be."""
    return b"mergeCell" in part or b"hyperlink" in part or b"\0<" in part or b"<\0" in part


def _areas(sheet: bytes) -> Iterator[str]:
    """The areas of a sheet for which openpyxl makes an object of every cell."""
    from lxml import etree

    tags = ("{*}mergeCell", "{*}hyperlink")
    try:
        for _, element in etree.iterparse(io.BytesIO(sheet), tag=tags, resolve_entities=False):
            yield element.get("ref", "")
    except etree.XMLSyntaxError:
        return  # where openpyxl needs it, it says so


def _size_of(area: str) -> int:
    """How many cells an area has; A:XFD stands for whole columns."""
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(area)
    columns = (right or _LAST_COLUMN) - (left or 1) + 1
    rows = (bottom or _LAST_ROW) - (top or 1) + 1
    return int(columns * rows)


def _unpacked_size(data: bytes) -> int:
    """How many bytes a ZIP file says that it holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return sum(entry.file_size for entry in package.infolist())


def _chosen(book: Workbook, headers: set[str]) -> Worksheet:
    """The sheet that shows most of the headers in one of its first rows."""
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    fits = {sheet.title: _fit(sheet, headers) for sheet in visible}
    best = max(fits.values(), default=0)
    if not best:
        message = f"没有一个工作表有这张表的表头：{'、'.join(fits)}"
        raise GridError(Flaw("header", message, "第1行写上表头"))
    alike = [sheet for sheet in visible if fits[sheet.title] == best]
    if len(alike) > 1:
        names = "、".join(sheet.title for sheet in alike)
        message = f"有 {len(alike)} 个工作表都像是这张表：{names}"
        raise GridError(Flaw("worksheet", message, "只留一个"))
    return alike[0]


def _fit(sheet: Worksheet, headers: set[str]) -> int:
    """How many of the headers the best of the sheet's first rows shows."""
    rows: dict[int, list[Any]] = {}
    for (row, _), cell in _cells(sheet).items():
        if row <= SEARCHED_ROWS:
            rows.setdefault(row, []).append(cell.value)
    return max((len(headers & _headings(row)) for row in rows.values()), default=0)


def _headings(row: Iterable[Any]) -> set[str]:
    """The values of a row as headers."""
    return {heading(_text(value)) for value in row}


def _cells(sheet: Worksheet) -> dict[tuple[int, int], Cell | Any]:
    """(row, column), from 1 → the cells that hold anything.

    Walking the sheet's rectangle instead would make a million cells where one far away is bold.
    """
    return {at: cell for at, cell in sheet._cells.items() if cell.value is not None}


def _records(cells: Mapping[tuple[int, int], Cell | Any]) -> Iterator[list[str]]:
    """The rows of the sheet from the first one on, as texts of one length."""
    height = max((row for row, _ in cells), default=0)
    width = max((column for _, column in cells), default=0)
    if height * width > MOST_CELLS:
        raise _too_large(f"一直填到 {cell_name(width - 1, height)}")
    rows: dict[int, list[str]] = {}
    for (row, column), cell in cells.items():
        rows.setdefault(row, [""] * width)[column - 1] = _text(cell.value)
    for row in range(1, height + 1):
        yield rows.get(row, [""] * width)


def _text(value: Any) -> str:
    """A cell's value as Excel would save it in a CSV."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            return f"{value:.15g}"  # as many digits as Excel has
        case datetime() if value.time().isoformat() == "00:00:00":
            return value.date().isoformat()
        case _:
            return clean(str(value))


def _flaws(cells: Mapping[tuple[int, int], Cell | Any]) -> Iterator[tuple[CellPosition, Flaw]]:
    """The cells with a value that hides something, each with what it hides."""
    for (row, column), cell in cells.items():
        flaw = _flaw(cell)
        if flaw is not None:
            yield _position(row, column), flaw


def _flaw(cell: Cell | Any) -> Flaw | None:
    """What a cell's value hides."""
    if cell.data_type == "e":
        message = f"Excel 的错误值 {cell.value} 代替了原来的内容"
        return Flaw("excel-error", message, "重新输入")
    if isinstance(cell.value, date):
        return date_damage().flaw
    if cell.data_type == "n":
        return _hidden_number(_text(cell.value), cell.number_format)
    return None


def _hidden_number(text: str, number_format: str) -> Flaw | None:
    """`number-shown` where another number is shown, `number-format` where it looks different."""
    if number_format in ("General", "@"):
        return None
    fixed = _FIXED_DECIMALS.fullmatch(number_format)
    shown = f"{Decimal(text):.{len(fixed[1] or '')}f}" if fixed else None
    if shown == text and "#" not in number_format:
        return None
    message = f"Excel 里显示的样子和存的数（{text}）不同"
    if "%" in number_format or (shown is not None and Decimal(shown) != Decimal(text)):
        return Flaw("number-shown", message, "把单元格的格式改成“常规”，看到的和存的要一样")
    return Flaw("number-format", message, "把单元格的格式改成“文本”，重新输入")


def _without_result(data: bytes, shown: Worksheet) -> Iterator[tuple[CellPosition, Flaw]]:
    """Formulas that were saved without their result; they would be read as blanks.

    openpyxl gives a result that is an empty text the type of a text, a missing one that of a
    number.
    """
    if not _has_formulas(data):
        return
    flaw = Flaw("formula-result", "公式没有算出结果", "用 Excel 打开，保存一次；或者直接写结果")
    for (row, column), cell in _cells(_open(data, formulas=True)[shown.title]).items():
        result = shown.cell(row, column)
        if cell.data_type == "f" and result.value is None and result.data_type == "n":
            yield _position(row, column), flaw


def _has_formulas(data: bytes) -> bool:
    """Whether any sheet has a formula: to look costs less than to open the workbook once more."""
    return any(_FORMULA.search(sheet) for sheet in _sheets_as_stored(data))


def _sheets_as_stored(data: bytes) -> Iterator[bytes]:
    """The XML of each sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith(_SHEETS):
                yield package.read(name)
