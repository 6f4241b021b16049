"""The contracts for others to read: a data dictionary in Markdown, a Data Package for tools."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from pipeline.tables.contract import CellKind, Column, Table

# Table Schema (Data Package standard, v2) has no kind for names and codes: they are strings.
_TYPES = {CellKind.NUMBER: "number", CellKind.COUNT: "integer", CellKind.DATE: "date"}


def markdown(tables: Sequence[Table]) -> str:
    """The data dictionary: a heading and a table of columns for each table."""
    return "\n".join(chain.from_iterable(map(_section, tables))) + "\n"


def _section(table: Table) -> Iterator[str]:
    """The lines of one table's section."""
    yield f"### {table.file}：一行是{table.row}"
    yield ""
    yield "| 列 | 填什么 | 例子 | 要求 |"
    yield "|---|---|---|---|"
    for column in table.columns:
        demands = "、".join(_demands(column))
        yield f"| {column.header} | {column.meaning} | {column.example} | {demands} |"
    yield ""


def _demands(column: Column) -> Iterator[str]:
    """What a column demands of its cells, in Chinese."""
    if not column.present:
        yield "这一列可以没有"
    if column.filled:
        yield "必填"
    if column.unique:
        yield "不能重复"
    if column.kind is not CellKind.TEXT:
        yield column.kind.value
    if column.choices:
        yield f"只能是{'、'.join(column.choices)}"
    if column.positive:
        yield "大于 0"
    if column.at_most is not None:
        yield f"不大于 {column.at_most}"


def frictionless(tables: Sequence[Table]) -> str:
    """A Data Package descriptor with a Table Schema for each CSV.

    Cells that this program reads leniently (30分, 2023/9/30) must be plain for other tools;
    `jixiao fmt` writes them so.
    """
    files = {table.name: table for table in tables}
    content = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "jixiao",
        "resources": [_resource(table, files) for table in tables],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _resource(table: Table, files: Mapping[str, Table]) -> dict[str, Any]:
    """The table as a resource with a Table Schema."""
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "fieldsMatch": "superset",  # by name, in any order; optional columns may be missing
        "missingValues": [""],
    }
    key = [table.column(field) for field in table.key]
    if key and all(column.filled for column in key):
        schema["primaryKey"] = [column.header for column in key]
    if keys := list(_foreign_keys(table, files)):
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "type": "table",
        "path": table.file,
        "encoding": "utf-8-sig",
        "description": f"一行是{table.row}",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    """The column as a field of a Table Schema."""
    constraints = _constraints(column)
    field = {
        "name": column.header,
        "type": _TYPES.get(column.kind, "string"),
        "description": column.meaning,
    }
    return {**field, "constraints": constraints} if constraints else field


def _constraints(column: Column) -> dict[str, Any]:
    """What a Table Schema can demand of the column's cells."""
    constraints: dict[str, Any] = {}
    if column.filled:
        constraints["required"] = True
    if column.unique:
        constraints["unique"] = True
    if column.choices and column.kind is CellKind.WORDS:
        constraints["pattern"] = _list_of(column.choices)
    elif column.choices:
        constraints["enum"] = list(column.choices)
    if column.kind in (CellKind.NUMBER, CellKind.COUNT):
        constraints["exclusiveMinimum" if column.positive else "minimum"] = 0
    if column.at_most is not None:
        constraints["maximum"] = column.at_most
    return constraints


def _list_of(choices: Sequence[str]) -> str:
    """The pattern of one or more of the choices with 、 between them."""
    each = f"({'|'.join(choices)})"
    return f"{each}(、{each})*"


def _foreign_keys(table: Table, files: Mapping[str, Table]) -> Iterator[dict[str, Any]]:
    """References of cells that hold one value; lists are beyond Table Schema."""
    for column in table.columns:
        if column.refers and column.kind is not CellKind.CODES:
            target, _, field = column.refers.partition(".")
            header = files[target].column(field).header
            reference = {"resource": target, "fields": header}
            yield {"fields": column.header, "reference": reference}


FORMATS = {"markdown": markdown, "frictionless": frictionless}
