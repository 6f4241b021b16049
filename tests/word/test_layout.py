"""What an edition's switches change in a template, and that templates stay the source of the look."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from pipeline.ooxml import dump
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from pipeline.word.layout import Switches
from pipeline.word.source import TemplateSource, prepare
from tests.conftest import TEMPLATES
from tests.word.templates import Row, lines, prepared, render, template

NAMES = ("附件1", "附件2", "附件3", "附件4", "督查扣分台账")
LANDSCAPE = ("附件2", "附件4", "督查扣分台账")


def annex(name: str, switches: Switches | None = None, **columns: int) -> TemplateSource:
    data = (TEMPLATES / f"{name}.docx").read_bytes()
    return prepare(data, f"{name}.docx", switches or Switches(), columns)


def page(source: TemplateSource) -> str:
    return next(line for line in dump.look(source.parts).splitlines() if line.startswith("---- 节"))


def widths(source: TemplateSource) -> list[int]:
    root = parse(source.parts[DOCUMENT])
    tables = [[int(c.get(w("w"), "")) for c in t.iter(w("gridCol"))] for t in root.iter(w("tbl"))]
    return tables[-1]


@pytest.mark.parametrize("name", NAMES)
def test_the_text_view_beside_a_template_is_fresh(name: str) -> None:
    expected = dump.look(read_parts((TEMPLATES / f"{name}.docx").read_bytes()))

    assert (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8") == expected, "run `make views`"


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_the_official_page_and_fonts(name: str) -> None:
    parts = read_parts((TEMPLATES / f"{name}.docx").read_bytes())
    source = annex(name)

    landscape = "---- 节 横 297x210 mm 上28 下26 左35 右37"
    portrait = "---- 节 竖 210x297 mm 上37 下35 左28 右26"
    assert page(source) == (landscape if name in LANDSCAPE else portrait)
    for element in parse(parts["word/styles.xml"]).iter(w("rFonts")):
        assert {element.get(w(key)) for key in ("ascii", "hAnsi", "eastAsia", "cs")} != {None}
        assert not [key for key in element.attrib if "Theme" in str(key)]
    spacings = list(parse(parts["word/styles.xml"]).iter(w("spacing")))
    assert {s.get(w("lineRule")) for s in spacings if s.get(w("line"))} == {"exact"}


@pytest.mark.parametrize("name", LANDSCAPE)
def test_rows_are_not_split_and_the_head_row_is_repeated(name: str) -> None:
    table = list(parse(annex(name).parts[DOCUMENT]).iter(w("tbl")))[-1]
    rows = table.findall(w("tr"))

    assert all(row.find(f"{w('trPr')}/{w('cantSplit')}") is not None for row in rows)
    heads = [row.find(f"{w('trPr')}/{w('tblHeader')}") is not None for row in rows]
    assert heads == [True] + [False] * (len(rows) - 1)


def test_an_edition_like_the_template_changes_nothing_in_it() -> None:
    assert widths(annex("附件2", label=2, score=1)) == widths(annex("附件2"))


@pytest.mark.parametrize(("labels", "scores"), [(1, 1), (1, 3), (2, 2), (3, 1), (3, 3)])
def test_columns_follow_the_edition_and_the_table_keeps_its_width(labels: int, scores: int) -> None:
    source = annex("附件2", label=labels, score=scores)

    view = dump.text(source.parts)
    for name, count in (("labels", labels), ("scores", scores)):
        assert sorted(set(re.findall(rf"row\.{name}\[(\d)\]", view))) == list("012"[:count])
    for name, count in (("label_headings", labels), ("score_totals", scores)):
        assert sorted(set(re.findall(rf"{name}\[(\d)\]", view))) == list("012"[:count])
    assert len(widths(source)) == 6 + labels + scores - 1
    assert sum(widths(source)) == sum(widths(annex("附件2")))
    assert f"↔{labels + 1} 合计" in view
    root = parse(source.parts[DOCUMENT])
    for row in root.iter(w("tr")):
        sizes = [int(size.get(w("w"), "")) for size in row.iter(w("tcW"))]
        assert sum(sizes) == sum(widths(source))


def test_narrow_columns_keep_their_width_when_others_can_give() -> None:
    wide, narrow = widths(annex("附件2", label=3, score=2)), widths(annex("附件2"))

    assert wide[4] == wide[5] == narrow[3]  # the scores
    assert wide[7] == narrow[5]  # 责任领导


@pytest.mark.parametrize("name", NAMES)
def test_a_page_can_be_turned_and_back(name: str) -> None:
    turned = annex(name, Switches(orientation="portrait"))
    assert page(turned) == "---- 节 竖 210x297 mm 上37 下35 左28 右26"
    assert sum(widths(turned) if name != "附件3" else []) <= 8844

    other = annex(name, Switches(orientation="landscape"))
    assert page(other) == "---- 节 横 297x210 mm 上28 下26 左35 右37"


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        (Switches(), "turned"),
        (Switches(orientation="portrait"), "upright"),
        (Switches(page_number="plain"), "plain"),
    ],
)
def test_the_page_number_stands_as_the_page_does(switches: Switches, expected: str) -> None:
    constants = annex("附件2", switches).constants

    assert constants["word/footer1.xml"]["page_number"] == expected


def test_title_size_and_fonts_change_everywhere() -> None:
    switches = Switches(title_size=Decimal(18), fonts=(("仿宋_GB2312", "仿宋"), ("黑体", "SimHei")))

    view = dump.look(annex("附件2", switches).parts)

    assert (
        "附件标题（AnnexTitle）：基于=Normal 字体=方正小标宋简体 西文=方正小标宋简体 磅=18" in view
    )
    assert "仿宋_GB2312" not in view
    assert "字体=仿宋" in view
    assert "字体=SimHei" in view


def test_what_word_leaves_behind_is_not_repeated_in_every_row() -> None:
    data = template([["{%tr for row in rows %}"], ["{{ row.name }}"], ["{%tr endfor %}"]])
    parts = read_parts(data)
    xml = parts[DOCUMENT].decode()
    mess = (
        '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>'
        '<w:proofErr w:type="spellStart"/>'
    )
    xml = xml.replace("<w:p><w:r><w:t>{{ row", f'<w:p w:rsidR="00AB">{mess}<w:r><w:t>{{{{ row')
    assert mess in xml
    from pipeline.ooxml.package import archive

    messy = archive({**parts, DOCUMENT: xml.encode()})

    document = render(messy, rows=[Row("甲"), Row("乙")])

    made = read_parts(document)[DOCUMENT].decode()
    assert lines(document) == ["甲", "乙"]
    assert not re.search("bookmark|rsid|proofErr", made)
    assert prepared(messy).parts[DOCUMENT] == prepared(data).parts[DOCUMENT]
