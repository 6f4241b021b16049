"""What a site holds, as text for whoever decides to publish it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.delivery.anonymise import SOMEBODY, Replaced
from pipeline.delivery.listing import Listing
from pipeline.errors import shorten


def text(listings: Sequence[Listing]) -> str:
    """Every edition's files, columns, replaced names and names left in."""
    if not listings:
        return "没有一个年度写了 [publish]，什么都不公布\n"
    return "\n".join(line for each in listings for line in _edition(each)) + "\n"


def _edition(listing: Listing) -> Iterator[str]:
    yield f"{listing.edition}：公布 {len(listing.files)} 个文件，{_on_names(listing)}"
    yield from _part("文件", listing.files)
    yield from _part("附在摘要 PDF 里的表格和列", _columns(listing.attached))
    yield from _part("没有公布的", listing.left_out)
    yield from _part(f"换成“{SOMEBODY}”的人名", _places(listing.replaced))
    yield from _part("留着的人名", ["、".join(listing.people)] if listing.people else [])


def _on_names(listing: Listing) -> str:
    """Whether names are published, and how many."""
    if listing.with_names:
        return f"带人名（{len(listing.people)} 人）"
    return "不带人名：责任领导写职务，责任人写科室，填报人写组队"


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A part of the listing, nothing where it is empty."""
    listed = [*lines]
    if listed:
        yield f"  {title}"
        yield from (f"    {line}" for line in listed)


def _columns(attached: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for file, headers in attached.items():
        yield f"{file}：{'、'.join(headers)}"
    if attached:
        yield "edition.toml（不带说明）"


def _places(replaced: Iterable[Replaced]) -> Iterator[str]:
    """Each place once, with the names in it as they are spelled there."""
    names: dict[str, list[str]] = {}
    for each in replaced:
        names.setdefault(each.location, []).append(shorten(each.name))
    for location, spelled in names.items():
        yield f"{location}：{'、'.join(spelled)}"
