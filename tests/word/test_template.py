"""Texts come out as typed; templates fail with their place; stock docxtpl is the oracle."""

from __future__ import annotations

import string
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.checks.load import checked
from pipeline.errors import TemplateError
from pipeline.ooxml.package import DOCUMENT, parse, read_parts
from pipeline.views.edition import annex_views
from pipeline.word.layout import Switches
from pipeline.word.source import prepare
from pipeline.word.template import compile_template
from tests.conftest import EDITIONS, TEMPLATES
from tests.word.templates import Label, Row, lines, prepared, render, stock, template

ROWS = template([["{%tr for row in rows %}"], ["{{ row.name }}"], ["{%tr endfor %}"]])

HARD = [
    "A & B <c>",
    "{{ x }}",
    "{% if %}",
    "{# not a comment #}",
    "{_{ x }_}",  # docxtpl's own escape: stock docxtpl changes it
    "“引号”和\"quotes\"和'apostrophes'",
    "第一行\n第二行\n\n第四行",
    "一\t二\t",
    "  前后有空格  ",
    "</w:t></w:r></w:p>",
    "<w:t>&lt;&amp;]]>",
    "&#10;&nbsp;",
    "㛃𬭳😀🀄",
    "一" * 3000,
    "\\n \\t %} }} {%tr x %}",
]


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
def test_a_text_comes_out_as_typed(text: str) -> None:
    document = render(ROWS, rows=[Row("前"), Row(text), Row("后")])

    assert lines(document) == ["前", text, "后"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_any_text_comes_out_as_typed_or_is_refused(text: str) -> None:
    try:
        document = TEMPLATE.render({"rows": [Row(text)]})
    except TemplateError as error:
        assert "Word 文件不能有的字符" in str(error)
        assert set(text) & {chr(code) for code in (*range(32), 0xFFFE, 0xFFFF)} - set("\n\t")
    else:
        assert lines(document) == [text]


TEMPLATE = compile_template(prepared(ROWS))


def test_numbers_print_without_padding_and_none_prints_nothing() -> None:
    data = template("{{ a }}|{{ b }}|{{ c }}|{{ d }}")

    assert lines(render(data, a=Decimal("30.0"), b=0.5, c=None, d=7)) == ["30|0.5||7"]


def merged(*rows: tuple[str, ...]) -> list[Row]:
    """Rows of labels; `^` continues the cell above."""
    spans: list[Row] = []
    for number, row in enumerate(rows):
        labels: list[Label] = []
        for level, text in enumerate(row):
            below = [other[level] for other in rows[number + 1 :]]
            span = 1 + next((n for n, t in enumerate(below) if t != "^"), len(below))
            above = number - next(n for n in range(number + 1) if rows[number - n][level] != "^")
            first = text != "^"
            labels.append(Label(rows[above][level], first, span if first else 2))
        spans.append(Row(f"名{number}", tuple(labels)))
    return spans


def test_cells_merge_at_any_level_as_the_data_says() -> None:
    data = template(
        [
            ["{%tr for row in rows %}"],
            [
                "{{ row.labels[0]|merge }}",
                "{{ row.labels[1]|merge }}",
                "{{ row.labels[2] | merge }}",
            ],
            ["{%tr endfor %}"],
        ]
    )
    rows = merged(("甲", "子", "一"), ("^", "^", "二"), ("^", "丑", "^"), ("乙", "寅", "三"))

    document = render(data, rows=rows)

    assert lines(document) == ["甲|子|一", "〃|〃|二", "〃|丑|〃", "乙|寅|三"]
    properties = [
        [etree.QName(child).localname for child in cell]
        for cell in parse(read_parts(document)[DOCUMENT]).iter("{*}tcPr")
    ]
    assert properties[0] == ["tcW", "vMerge"]  # in the order that the schema asks for
    assert properties[2] == ["tcW"]  # a label of one row is not merged


@pytest.mark.parametrize("edition", ["2023", "demo"])
@pytest.mark.parametrize("number", "1234")
def test_stock_docxtpl_makes_the_same_body(edition: str, number: str) -> None:
    read, _ = checked(EDITIONS[edition])
    chosen = read.settings.indicators
    columns = {"label": len(chosen.labels), "score": len(chosen.scores)}
    data = (TEMPLATES / f"附件{number}.docx").read_bytes()
    source = prepare(data, f"附件{number}.docx", Switches(), columns)
    context = {**annex_views(read), "page_number": "upright"}

    ours = compile_template(source).render(context)
    theirs = stock(source, context)

    assert canonical(ours) == canonical(theirs)


def canonical(document: bytes) -> bytes:
    """The body, without the attributes that say whether blanks count."""
    body = parse(read_parts(document)[DOCUMENT])[0]
    for text in body.iter("{*}t"):
        text.attrib.clear()
    return etree.tostring(body, method="c14n", exclusive=True)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            template(
                "题", [["头"], ["{%tr for row in rows %}"], ["{{ row.nam }}"], ["{%tr endfor %}"]]
            ),
            "模板 试.docx 第1个表 第3行 第1格，标签 {{ row.nam }}：没有“nam”这个内容。"
            "是不是想写“name”？可用的有：name、labels",
        ),
        (
            template("一", "{{ nothing }}"),
            "模板 试.docx 第2段，标签 {{ nothing }}：没有“nothing”这个内容",
        ),
        (
            template([["{%tr for row in missing %}"], ["x"], ["{%tr endfor %}"]]),
            "模板 试.docx 第1个表 第1行 第1格，标签 {%tr for row in missing %}：没有“missing”这个内容",
        ),
        (
            template("{{ rows[0].name + 1 }}"),
            "模板 试.docx 第1段，标签 {{ rows[0].name + 1 }}："
            '标签算不出来（can only concatenate str (not "int") to str）',
        ),
        (
            template([["{%tr for row in rows %}", "合计"], ["x", "y"], ["{%tr endfor %}"]]),
            "模板 试.docx 第1个表 第1行 第1格，标签 {%tr for row in rows %}："
            "这个标签要独占一行，同行的“合计”会丢失。把它移到单独的一行",
        ),
        (
            template("先{%p if rows %}", "x", "{%p endif %}"),
            "模板 试.docx 第1段，标签 {%p if rows %}：这个标签要独占一段落，同段落的“先”会丢失。"
            "把它移到单独的一段落",
        ),
        (
            template("{%tr for row in rows %}"),
            "模板 试.docx 第1段，标签 {%tr for row in rows %}：这个标签只能写在表格的行里",
        ),
        (
            template([["a", "{{ rows }"]]),
            "模板 试.docx 第1个表 第1行 第2格，标签 {{ rows }：标签没有写完整，花括号要成对",
        ),
        (
            template("{%p for row in rows %}", "{{ row.name }}"),
            "模板 试.docx 第1段，标签 {%p for row in rows %}：后面没有与它配对的 endfor",
        ),
        (
            template("{%p for row in rows %}", "{%p endif %}"),
            "模板 试.docx 第2段，标签 {%p endif %}：这里应当是 endfor。"
            "第1段 的 {%p for row in rows %} 还没有结束",
        ),
        (
            template("{%p endfor %}"),
            "模板 试.docx 第1段，标签 {%p endfor %}：前面没有与它配对的开始标签",
        ),
        (template("{{ rows| }}"), "模板 试.docx 第1段，标签 {{ rows| }}：标签写法不对"),
        (
            template("{{ rows|nofilter }}"),
            "模板 试.docx 第1段，标签 {{ rows|nofilter }}：标签写法不对",
        ),
        (
            template("{{ rows.__class__.__mro__ }}"),
            "模板 试.docx 第1段，标签 {{ rows.__class__.__mro__ }}：",
        ),
    ],
    ids=range(14),
)
def test_an_error_names_template_place_and_tag(data: bytes, message: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(data, rows=[Row("甲")])

    assert str(caught.value).startswith(message)


def test_a_template_cannot_run_code() -> None:
    attack = "{{ ''.__class__.__mro__[1].__subclasses__() }}"

    with pytest.raises(TemplateError):
        render(template(attack))


def test_a_tag_that_word_cut_into_runs_still_works() -> None:
    whole = "<w:r><w:t>{{ name }}</w:t></w:r>"
    cut = (
        '<w:r><w:t>{</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:b/></w:rPr>'
        "<w:t>{ na</w:t></w:r><w:r><w:t>me }</w:t></w:r><w:r><w:t>}</w:t></w:r>"
    )
    parts = read_parts(template("{{ name }}"))
    from pipeline.ooxml.package import archive

    xml = parts[DOCUMENT].decode().replace(whole, cut)
    assert cut in xml

    assert lines(render(archive({**parts, DOCUMENT: xml.encode()}), name="甲")) == ["甲"]


def test_one_template_serves_many_threads() -> None:
    names = [f"单位{number}" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda name: TEMPLATE.render({"rows": [Row(name)] * 30}), names))

    assert [set(lines(document)) for document in made] == [{name} for name in names]


def test_macros_and_blocks_are_not_escaped_twice() -> None:
    data = template(
        "{% macro m(x) %}（{{ x }}）{% endmacro %}{{ m('a&b') }}{% set s %}{{ v }}{% endset %}{{ s }}"
    )

    assert lines(render(data, v="<" + string.punctuation)) == ["（a&b）<" + string.punctuation]
