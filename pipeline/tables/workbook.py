"""A table kept as .xlsx: the same cells as its CSV would hold, or the reason why not.

What a cell shows in Excel and what it holds can differ (dates, percentages, leading zeros,
formulas without a result). Where they do, the cell carries a flaw, so that nothing is printed
that nobody saw.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pipeline.tables.cells import Flaw, clean, date_damage
from pipeline.tables.contract import Table
from pipeline.tables.grid import Grid, GridError, Place, heading, transposed

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SOURCE = "Excel 工作簿"
LARGEST = 100 << 20  # bytes unpacked; a workbook of 40,000 rows has about 20 MB

_PLAIN_FORMATS = {"General", "@", "0"}
_AS_TEXT = "把单元格的格式改成“文本”，重新输入"


def read_workbook(data: bytes, table: Table) -> Grid:
    """The cells of the sheet whose first row fits the table; raises GridError."""
    shown = _open(data)
    sheet = _chosen(shown, {column.header for column in table.columns})
    flaws: dict[Place, Flaw] = {}
    for record, row in enumerate(sheet.iter_rows(min_row=2)):
        for place, cell in enumerate(row):
            if (flaw := _flaw(cell)) is not None:
                flaws[record, place] = flaw
    texts = ([_text(value) for value in row] for row in sheet.iter_rows(values_only=True))
    top, columns, overlong = transposed(texts)
    return Grid(
        source=SOURCE,
        top=top,
        columns=columns,
        overlong=overlong,
        flaws={**flaws, **dict(_without_result(data, sheet))},
        merged=[
            ((each.min_row - 2, each.min_col - 1), (each.max_row - 2, each.max_col - 1))
            for each in sheet.merged_cells.ranges
        ],
    )


def _open(data: bytes, *, formulas: bool = False) -> Workbook:
    import openpyxl

    _refuse_bomb(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about print settings and validation that we don't use
            return openpyxl.load_workbook(io.BytesIO(data), data_only=not formulas)
    except Exception as error:  # openpyxl raises whatever its XML and zip layers raise
        hint = "用 Excel 或 WPS 打开，另存为 .xlsx 或者“CSV UTF-8（逗号分隔）”；有密码的先去掉密码"
        raise GridError(Flaw("workbook", "这个 Excel 文件打不开", hint)) from error


def _refuse_bomb(data: bytes) -> None:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return  # told by openpyxl
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        size = sum(entry.file_size for entry in package.infolist())
    if size > LARGEST:
        message = f"展开后有 {size >> 20} MB，不像是一张表"
        raise GridError(Flaw("workbook", message, "另存为“CSV UTF-8（逗号分隔）”"))


def _chosen(workbook: Workbook, known: set[str]) -> Worksheet:
    fits = {
        sheet.title: len(known.intersection(heading(_text(cell.value)) for cell in row))
        for sheet in workbook.worksheets
        for row in sheet.iter_rows(max_row=1)
    }
    best = max(fits.values(), default=0)
    alike = [title for title, fit in fits.items() if fit == best]
    if not alike:
        raise GridError(Flaw("header", "没有表头", "第1行写上表头"), row=1)
    if best and len(alike) > 1:
        message = f"有 {len(alike)} 个工作表都像是这张表：{'、'.join(alike)}"
        raise GridError(Flaw("worksheet", message, "只留一个"))
    return workbook[alike[0]]  # a worksheet, since it was listed


def _text(value: Any) -> str:
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


def _flaw(cell: Cell | Any) -> Flaw | None:
    """What a cell's value hides; merged cells other than the first have none."""
    if cell.data_type == "e":
        message = f"Excel 的错误值 {cell.value} 代替了原来的内容"
        return Flaw("excel-error", message, "重新输入")
    if isinstance(cell.value, date):
        return date_damage().flaw
    if cell.data_type == "n" and cell.value is not None and not _is_plain(cell.number_format):
        return Flaw("number-format", f"Excel 里显示的样子和存的数（{cell.value}）不同", _AS_TEXT)
    return None


def _is_plain(number_format: str) -> bool:
    return number_format in _PLAIN_FORMATS


def _without_result(data: bytes, shown: Worksheet) -> Iterator[tuple[Place, Flaw]]:
    """Formulas that were saved without their result; they would be read as blanks."""
    if not _has_formulas(data):
        return
    flaw = Flaw("formula-result", "公式没有算出结果", "用 Excel 打开，保存一次；或者直接写结果")
    formulas = _open(data, formulas=True)[shown.title].iter_rows()
    for record, (row, results) in enumerate(zip(formulas, shown.iter_rows(), strict=True), -1):
        for place, (cell, result) in enumerate(zip(row, results, strict=True)):
            if cell.data_type == "f" and result.value is None:
                yield (record, place), flaw


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return any(
            b"<f>" in (sheet := package.read(name)) or b"<f " in sheet
            for name in package.namelist()
            if name.startswith("xl/worksheets/")
        )
