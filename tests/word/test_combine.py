"""Four templates in one document, each with the look it has alone."""

from __future__ import annotations

import re

from lxml import etree

from pipeline.ooxml import dump
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import CONTENT_TYPES, DOCUMENT, archive, parse, read_parts
from pipeline.word.combine import combine
from pipeline.word.template import compile_template
from tests.word.templates import Row, lines, prepared, template


def test_each_annex_has_its_own_section_and_title(documents: dict[str, dict[str, bytes]]) -> None:
    parts = read_parts(documents["2023"]["附件1-4.docx"])

    view = dump.text(parts).splitlines()
    sections = [line for line in view if line.startswith("---- 节")]
    assert ["横" in section for section in sections] == [False, True, False, True]
    assert [line for line in view if line.startswith("[附件序号]")] == [
        f"[附件序号] 附件{number}" for number in "1234"
    ]
    assert sum(line.startswith("[附件标题]") for line in view) == 4
    assert not list(parse(parts[DOCUMENT]).iter(w("pgNumType")))  # page numbers run on


def test_every_part_is_typed_and_every_relationship_leads_somewhere(
    documents: dict[str, dict[str, bytes]],
) -> None:
    parts = read_parts(documents["demo"]["附件1-4.docx"])

    typed = set(re.findall(r'PartName="/([^"]+)"', parts[CONTENT_TYPES].decode()))
    xml = {name for name in parts if name.startswith("word/") and "_rels" not in name}
    assert xml <= typed <= set(parts)
    rels = parse(parts["word/_rels/document.xml.rels"])
    targets = {each.get("Id"): str(each.get("Target")) for each in rels}
    assert {target.removeprefix("/word/") for target in targets.values()} <= {
        name.removeprefix("word/") for name in parts
    }
    used = {
        value
        for element in parse(parts[DOCUMENT]).iter()
        for key, value in element.attrib.items()
        if "officeDocument/2006/relationships" in str(key)
    }
    assert len(used) == 16
    assert used <= set(targets)


def restyled(data: bytes, old: str, new: str) -> bytes:
    parts = read_parts(data)
    styles = parts["word/styles.xml"].decode()
    assert old in styles
    return archive({**parts, "word/styles.xml": styles.replace(old, new, 1).encode()})


def test_a_style_that_one_template_changed_keeps_its_look_there_only() -> None:
    first = prepared(template("{{ a }}"))
    changed = restyled(template("{{ b }}"), 'w:line="579"', 'w:line="600"')  # Normal's pitch

    whole = compile_template(combine([first, prepared(changed)], "合.docx")).render(
        {"a": "甲", "b": "乙"}
    )

    assert lines(whole) == ["甲", "乙"]
    parts = read_parts(whole)
    paragraphs = list(parse(parts[DOCUMENT]).iter(w("p")))
    styles = {s.get(w("styleId")): s for s in parse(parts["word/styles.xml"]).iter(w("style"))}
    references = [paragraph.find(f"{w('pPr')}/{w('pStyle')}") for paragraph in paragraphs]
    assert references[0] is None  # the default style, unchanged
    assert references[1] is not None
    style = styles[references[1].get(w("val"))]
    spacing = style.find(f"{w('pPr')}/{w('spacing')}")
    assert spacing is not None
    assert spacing.get(w("line")) == "600"
    names = [str(s.find(w("name")).get(w("val"))) for s in styles.values()]  # type: ignore[union-attr]  # every style has a name
    assert len(names) == len(set(names))


def test_lists_keep_their_own_numbers() -> None:
    numbering = (
        f'<w:numbering xmlns:w="{w("x")[1:-2]}"><w:abstractNum w:abstractNumId="0">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )

    def listed(text: str) -> bytes:
        parts = read_parts(template(text))
        item = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        xml = parts[DOCUMENT].decode().replace("<w:p><w:r>", f"<w:p>{item}<w:r>")
        return archive({**parts, DOCUMENT: xml.encode(), "word/numbering.xml": numbering.encode()})

    whole = combine([prepared(listed("{{ a }}")), prepared(listed("{{ b }}"))], "合.docx")

    used = [e.get(w("val")) for e in parse(whole.parts[DOCUMENT]).iter(w("numId"))]
    defined = parse(whole.parts["word/numbering.xml"])
    assert used == ["1", "2001"]
    assert [e.get(w("numId")) for e in defined.iter(w("num"))] == used
    order = [etree.QName(child).localname for child in defined]
    assert order == ["abstractNum", "abstractNum", "num", "num"]


def test_a_body_that_ends_with_a_table_or_a_tag_makes_no_blank_page() -> None:
    table = prepared(
        template([["{%tr for row in rows %}"], ["{{ row.name }}"], ["{%tr endfor %}"]])
    )
    loop = prepared(template("{%p for row in rows %}", "{{ row.name }}", "{%p endfor %}"))

    whole = compile_template(combine([table, loop, table], "合.docx")).render({"rows": [Row("甲")]})

    assert lines(whole) == ["甲", "", "甲", "", "甲"]
    root = parse(read_parts(whole)[DOCUMENT])
    pitches = [s.get(w("line")) for s in root.iter(w("spacing"))]
    assert pitches == ["20", "20"]
    assert len(list(root.iter(w("sectPr")))) == 3
