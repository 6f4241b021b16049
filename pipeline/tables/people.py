"""Who is named in an edition."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from pipeline.tables.cells import parts
from pipeline.tables.edition import Edition
from pipeline.tables.groups import names_of_groups
from pipeline.typography import HAN

# The columns that hold names, beside the roster's.
NAME_COLUMNS = (("indicators", "leader"), ("indicators", "person"), ("findings", "person"))

_PIECES = re.compile(rf"[{HAN}·]{{2,}}")
_LATIN_PIECES = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ .'·-]+[A-Za-zÀ-ɏ]")
_DOT = re.compile("[·・•‧]")
# What is written behind a name, with the rank before it: 赵六六主任, 赵六六四级调研员.
_TITLE = re.compile(
    r"(?:[一二三四]级)?(?:[副正代]|常务|助理)*"
    r"(?:主任科员|科员|调研员|主任|科长|股长|局长|区长|县长|处长|部长|队长|组长|所长|站长|书记|委员"
    r"|会计师|统计师|经济师|工程师|干事|专员|老师|师傅|同志|先生|女士|[代同]?填报?|代)$"
)
# What stands beside a name and is nobody.
_WORDS = {
    *("代填", "代报", "电话", "手机", "联系人", "联系电话", "填报人", "报送人", "审核", "审核人"),
    *("负责人", "签字", "签名", "盖章", "本人", "同上", "办公室", "暂无", "待定", "牵头", "配合"),
    *("主办", "协办", "分管", "外线", "内线", "分机", "全体", "全科", "全组", "各组"),
}


def people_in(edition: Edition) -> list[str]:
    """Every name in the edition: the roster's, those responsible, those who filled in a form.

    A group and a section are nobody. Neither is what edition.toml calls a phrase, in the column of
    those responsible, unless it stands in another column as a name.
    """
    roster = edition["roster"].vocabulary("name")
    nobody = {*names_of_groups(edition), *edition["sections"]["section"]} - {*roster}
    names = [*roster]
    for table, field in (*NAME_COLUMNS, ("submissions", "reporter")):
        if (table, field) != ("indicators", "person"):
            names += _people_in_cells(edition[table][field], nobody)
    phrases = {*edition.settings.indicators.phrases} - {*names}
    names += _people_in_cells(edition["indicators"]["person"], nobody | phrases)
    return list(dict.fromkeys([*names, *_parts_of(names)]))


def _people_in_cells(cells: Iterable[str | None], nobody: Collection[str]) -> Iterator[str]:
    """The names in a column, without the texts that are nobody's name."""
    for cell in cells:
        if cell and cell not in nobody:
            yield from (name for name in _names_in(cell) if name not in nobody)


def _names_in(cell: str) -> Iterator[str]:
    """The names in a cell: each that it lists, and what stands beside signs and figures in it.

    Forms come back filled in with 赵六六/钱七七, 赵六六（代）, 赵六六主任 or a telephone number
    behind a name.
    """
    for part in parts(cell):
        pieces = [part, *_PIECES.findall(part), *_LATIN_PIECES.findall(part)]
        for piece in dict.fromkeys(pieces):
            if piece not in _WORDS:
                yield piece
                yield from _without_title(piece)


def _without_title(name: str) -> Iterator[str]:
    """The name before a title, where there is one and more than a family name is left."""
    bare = _TITLE.sub("", name)
    if bare != name and len(bare) > 1 and bare not in _WORDS:
        yield bare


def _parts_of(names: Iterable[str]) -> Iterator[str]:
    """The parts of a name with a dot, which stand alone as well: 艾合买提·艾山."""
    for name in names:
        parts_of_name = _DOT.split(name)
        if len(parts_of_name) > 1:
            yield from (part for part in parts_of_name if len(part) > 1)
