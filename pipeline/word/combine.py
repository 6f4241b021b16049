"""Several templates in one: each keeps its own section, header, footer, styles and lists.

Combined before compiling, tags and all, so that one rendering gives the whole document.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from itertools import chain

from lxml import etree

from pipeline.errors import TemplateError
from pipeline.ooxml.elements import body_of, is_external
from pipeline.ooxml.ns import CONTENT_TYPES_URI, R_URI, RELATIONSHIPS_URI, w
from pipeline.ooxml.package import CONTENT_TYPES, DOCUMENT, Parts, parse, serialize
from pipeline.word.elements import first_child, thin_paragraph
from pipeline.word.source import TemplateSource
from pipeline.word.styles import import_styles, rename_styles

_RELATIONSHIP = f"{{{RELATIONSHIPS_URI}}}Relationship"
_OVERRIDE = f"{{{CONTENT_TYPES_URI}}}Override"
_DEFAULT = f"{{{CONTENT_TYPES_URI}}}Default"
_DOCUMENT_RELS = "word/_rels/document.xml.rels"
_NUMBERING = "word/numbering.xml"
_DOC_PR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"

# What a document has one of: not copied, but merged below or taken from the first.
_SINGLE = {
    *("styles", "settings", "fontTable", "theme", "webSettings", "numbering", "stylesWithEffects"),
    *("footnotes", "endnotes", "comments", "commentsExtended", "commentsIds", "people"),
    *("customXml", "glossaryDocument"),
}
_NOTES = tuple(w(name) for name in ("footnoteReference", "endnoteReference", "commentReference"))


def combine(sources: Sequence[TemplateSource], name: str) -> TemplateSource:
    """One source with the bodies of all, in order, each in its own section."""
    first = sources[0]
    whole = _Whole(first)
    for number, source in enumerate(sources[1:], 2):
        whole.append(source, str(number))
    measures = next((source.measures for source in sources if source.measures), None)
    return TemplateSource(
        name=name,
        parts=whole.parts(),
        constants=whole.constants,
        measures=measures,
        roster=next((source.roster for source in sources if source.roster), ()),
    )


class _Whole:
    """The document that grows; XML parts are held parsed until `parts`."""

    def __init__(self, first: TemplateSource) -> None:
        """Begin with the first source."""
        self._parts: Parts = dict(first.parts)
        self.constants = dict(first.constants)
        self._document = parse(first.parts[DOCUMENT])
        self._styles = parse(first.parts["word/styles.xml"])
        self._types = parse(first.parts[CONTENT_TYPES])
        self._relationships = parse(first.parts[_DOCUMENT_RELS])

    def append(self, source: TemplateSource, number: str) -> None:
        """Add a source's body as a section of its own; `number` makes its names unique."""
        document = parse(source.parts[DOCUMENT])
        _refuse_notes(document, source.name)
        styles = parse(source.parts["word/styles.xml"])
        new_ids = import_styles(self._styles, styles, number)
        copied = self._copy_related(source, document, number)
        self._renumber_lists(source, document, number)
        rename_styles(document, new_ids, styles)
        for part in copied:
            self._rename_styles_of(part, new_ids, styles)
        self._import_fonts(source)
        self._append_body(document, number)

    def parts(self) -> Parts:
        """The whole package, its drawings numbered anew: an id may stand only once."""
        xml = {
            DOCUMENT: self._document,
            "word/styles.xml": self._styles,
            CONTENT_TYPES: self._types,
            _DOCUMENT_RELS: self._relationships,
        }
        xml |= self._margins()
        _number_drawings(xml.values())
        return {**self._parts, **{name: serialize(root) for name, root in xml.items()}}

    def _margins(self) -> dict[str, etree._Element]:
        """Name → root of each header and footer."""
        return {
            name: parse(data)
            for name, data in self._parts.items()
            if name.startswith(("word/header", "word/footer"))
        }

    def _copy_related(
        self, source: TemplateSource, document: etree._Element, number: str
    ) -> list[str]:
        """Copy headers, footers, pictures; returns the names of the copied parts."""
        new_ids: dict[str, str] = {}
        copied: list[str] = []
        for relationship in parse(source.parts[_DOCUMENT_RELS]).iter(_RELATIONSHIP):
            if relationship.get("Type", "").rpartition("/")[2] in _SINGLE:
                continue
            twin = deepcopy(relationship)
            old_id = twin.get("Id", "")
            new_ids[old_id] = f"{old_id}-{number}"
            twin.set("Id", new_ids[old_id])
            self._copy_target(source, DOCUMENT, twin, number, copied)
            self._relationships.append(twin)
        _rename_references(document, new_ids)
        return copied

    def _copy_target(
        self,
        source: TemplateSource,
        part: str,
        relationship: etree._Element,
        number: str,
        copied: list[str],
    ) -> None:
        """Copy what a relationship of a part leads to, and let it lead to the copy."""
        if not is_external(relationship):
            old = _resolved(part, relationship.get("Target", ""))
            relationship.set("Target", f"/{self._copy_part(source, old, number, copied)}")

    def _copy_part(self, source: TemplateSource, old: str, number: str, copied: list[str]) -> str:
        """Copy a part, and what it refers to, under a new name; returns the name."""
        folder, file = posixpath.split(old)
        stem, extension = posixpath.splitext(file)
        new = f"{folder}/{stem}-{number}{extension}"
        if new in self._parts:
            return new
        self._parts[new] = source.parts[old]
        copied.append(new)
        if old in source.constants:
            self.constants[new] = source.constants[old]
        self._copy_type(source, old, new)
        if _rels(old) in source.parts:
            root = parse(source.parts[_rels(old)])
            for relationship in root.iter(_RELATIONSHIP):
                self._copy_target(source, old, relationship, number, copied)
            self._parts[_rels(new)] = serialize(root)
        return new

    def _copy_type(self, source: TemplateSource, old: str, new: str) -> None:
        """Give the copy of a part the content type that the part has."""
        types = parse(source.parts[CONTENT_TYPES])
        override = _override_of(types, old)
        if override is None:
            self._copy_default_type(types, old)
        else:
            override.set("PartName", f"/{new}")
            self._types.append(override)

    def _copy_default_type(self, types: etree._Element, old: str) -> None:
        """Add the content type of a part's extension where there is none for it."""
        present = {default.get("Extension") for default in self._types.iter(_DEFAULT)}
        for default in types.iter(_DEFAULT):
            extension = default.get("Extension")
            if old.endswith(f".{extension}") and extension not in present:
                self._types.insert(0, deepcopy(default))

    def _rename_styles_of(self, part: str, new_ids: dict[str, str], styles: etree._Element) -> None:
        """Let a copied part use the new ids of its styles."""
        if part.endswith(".xml"):
            root = parse(self._parts[part])
            rename_styles(root, new_ids, styles)
            self._parts[part] = serialize(root)

    def _renumber_lists(
        self, source: TemplateSource, document: etree._Element, number: str
    ) -> None:
        """Give the source's lists numbers of their own, so that each counts from its start."""
        used = [element for element in document.iter(w("numId")) if element.get(w("val")) != "0"]
        if not used or _NUMBERING not in source.parts:
            return
        if _NUMBERING not in self._parts:
            raise TemplateError(
                "第一个模板没有编号列表，不能并入带编号列表的模板", template=source.name
            )
        shift = int(number) * 1000
        whole, own = parse(self._parts[_NUMBERING]), parse(source.parts[_NUMBERING])
        _shift(own.iter(w("abstractNum")), "abstractNumId", shift)
        _shift(own.iter(w("num")), "numId", shift)
        _shift((*own.iter(w("abstractNumId")), *used), "val", shift)
        position = len(whole.findall(w("abstractNum")))
        whole[position:position] = own.findall(w("abstractNum"))
        whole.extend(own.findall(w("num")))
        self._parts[_NUMBERING] = serialize(whole)

    def _import_fonts(self, source: TemplateSource) -> None:
        """Add the source's entries to the table of fonts where it lacks them."""
        table = "word/fontTable.xml"
        if table not in self._parts or table not in source.parts:
            return
        fonts = parse(self._parts[table])
        present = {font.get(w("name")) for font in fonts}
        more = [font for font in parse(source.parts[table]) if font.get(w("name")) not in present]
        fonts.extend(more)
        if more:
            self._parts[table] = serialize(fonts)

    def _append_body(self, document: etree._Element, number: str) -> None:
        """Add what a document's body holds, its bookmarks under numbers of their own."""
        body, more = body_of(self._document), body_of(document)
        _close_section(body)
        for bookmark in more.iter(w("bookmarkStart"), w("bookmarkEnd")):
            bookmark.set(w("id"), f"{number}{bookmark.get(w('id'))}")
        body.extend(list(more))


def _refuse_notes(document: etree._Element, template: str) -> None:
    """Raise TemplateError for what has a part of its own that is not taken over."""
    if next(document.iter(*_NOTES), None) is not None:
        raise TemplateError("脚注、尾注和批注不能合到一个文件里", template=template)


def _override_of(types: etree._Element, part: str) -> etree._Element | None:
    """A copy of a part's own content type, None where the one of its extension holds."""
    for override in types.iter(_OVERRIDE):
        if override.get("PartName") == f"/{part}":
            return deepcopy(override)
    return None


def _number_drawings(roots: Iterable[etree._Element]) -> None:
    """Number the drawings of all parts from 1."""
    drawings = chain.from_iterable(root.iter(_DOC_PR) for root in roots)
    for number, drawing in enumerate(drawings, 1):
        drawing.set("id", str(number))


def _rename_references(document: etree._Element, new_ids: Mapping[str, str]) -> None:
    """Let everything that refers to a relationship (r:id, r:embed, …) use its new id."""
    for element in document.iter():
        for key, value in element.attrib.items():
            if str(key).startswith(f"{{{R_URI}}}") and value in new_ids:
                element.set(key, new_ids[str(value)])


def _shift(elements: Iterable[etree._Element], attribute: str, by: int) -> None:
    """Make the number that elements have in an attribute larger."""
    for element in elements:
        element.set(w(attribute), str(int(element.get(w(attribute), "0")) + by))


def _rels(part: str) -> str:
    """The part with a part's relationships (ECMA-376, part 2, 9.3.3)."""
    folder, file = posixpath.split(part)
    return f"{folder}/_rels/{file}.rels"


def _resolved(part: str, target: str) -> str:
    """A relationship's target as a part name (ECMA-376, part 2, 9.3)."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _close_section(body: etree._Element) -> None:
    """Move the body's section properties into its last paragraph: the next section follows.

    A body that ends with a table, or with a paragraph tag that may vanish, gets a paragraph of
    its own for this, one point high so that it never makes a page.
    """
    section = body.find(w("sectPr"))
    assert section is not None, "every template has a section"
    body.remove(section)
    _insert_section(first_child(_last_paragraph(body), w("pPr")), section)


def _last_paragraph(body: etree._Element) -> etree._Element:
    """The body's last paragraph that is sure to stay, a new one where it ends otherwise."""
    last = body[-1] if len(body) else None
    if last is None or last.tag != w("p") or "{%" in "".join(map(str, last.itertext())):
        last = thin_paragraph()
        body.append(last)
    return last


def _insert_section(properties: etree._Element, section: etree._Element) -> None:
    """Put sectPr near the end of pPr, before pPrChange (ECMA-376, 17.3.1.26)."""
    change = properties.find(w("pPrChange"))
    if change is None:
        properties.append(section)
    else:
        change.addprevious(section)
