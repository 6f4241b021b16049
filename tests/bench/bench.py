"""How fast 附件2 is rendered, an edition checked and scored, against peers, in one run: `make bench`.

Each peer makes the same table from the same rows in a warm process; the results are compared cell
by cell before any figure is printed. The peers take turns in rounds; a ratio is the median of the
rounds' ratios, so that a slow moment of the machine, which hits a whole round, cancels out.
carbone and docxtemplater have no vertical merging: they print the same texts unmerged, which is
less work than this program does.
"""

from __future__ import annotations

import gc
import io
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import docx
import jinja2
from docxtpl import DocxTemplate
from lxml import etree

from pipeline import typography as formats
from pipeline.checks.load import checked
from pipeline.cli import ROOT
from pipeline.ooxml.body import table
from pipeline.ooxml.ns import w
from pipeline.ooxml.package import DOCUMENT, archive, parse, read_parts, serialize
from pipeline.views.edition import annex_views
from pipeline.word.layout import Switches
from pipeline.word.merge import FILTERS
from pipeline.word.source import TemplateSource, prepare
from pipeline.word.template import compile_template
from tests.bench import collecting, planning, scoring
from tests.bench.checking import large_edition, measure
from tests.bench.printing import show_printing
from tests.conftest import EDITIONS

Render = Callable[[], bytes]
ROUNDS = {51: 7, 1_000: 3, 10_000: 1}  # rows → rounds of all peers
PEERS = Path(__file__).parent / "peers.mjs"


def main() -> None:
    """Measure, compare, print a table, write build/bench.json."""
    report: dict[str, Any] = {"milliseconds": {}, "times as long as jixiao": {}}
    report["checking"] = show_checking()  # first, while the process is small
    report["printing"] = show_printing() if shutil.which("chromium") else {}
    report["scoring"] = scoring.show()
    report["collecting"] = show_collecting()
    source = annex2()
    report["planning"] = planning.show(stock(source, sized(51)))
    for size, rounds in ROUNDS.items():
        context = sized(size)
        with tempfile.TemporaryDirectory() as folder:
            peers = all_peers(source, context, Path(folder))
            for peer in peers:
                compare(peer.name, peer.once(), texts(context))
            measured = [{peer.name: peer.milliseconds() for peer in peers} for _ in range(rounds)]
        spent = {peer.name: statistics.median(m[peer.name] for m in measured) for peer in peers}
        ratios = {
            peer.name: statistics.median(m[peer.name] / m["jixiao"] for m in measured)
            for peer in peers
        }
        report["milliseconds"][size] = spent
        report["times as long as jixiao"][size] = ratios
        show(size, spent, ratios)
    growth = growth_of(source)
    report["growth from 1,000 to 10,000 rows"] = growth
    print(f"\nten times the rows (1,000 → 10,000): {growth:.1f} times the time")
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"written to {target.relative_to(ROOT)}")


@dataclass(frozen=True)
class Peer:
    """A way to make the document: `once` returns it, `milliseconds` is the median of warm calls."""

    name: str
    once: Callable[[], bytes]
    milliseconds: Callable[[], float]


def all_peers(source: TemplateSource, context: dict[str, Any], folder: Path) -> list[Peer]:
    """This program first, the others as far as they are installed."""
    template, rows = compile_template(source), texts(context)
    peers = [
        in_process("jixiao", lambda: template.render(context)),
        in_process("docxtpl", stock(source, context)),
        in_process("python-docx", by_hand(source, rows)),
    ]
    if shutil.which("node") and (PEERS.parent.parent / "node_modules" / "carbone").is_dir():
        peers += in_node(source, rows, folder)
    return peers


def growth_of(source: TemplateSource, rounds: int = 9) -> float:
    """How much longer ten times the rows take this program: the median of rounds of both."""
    template = compile_template(source)
    small, large = (
        in_process("", partial(template.render, sized(size))).milliseconds
        for size in (1_000, 10_000)
    )
    return statistics.median(large() / small() for _ in range(rounds))


def annex2() -> TemplateSource:
    """The real template of 附件2, prepared."""
    data = (ROOT / "templates" / "docx" / "附件2.docx").read_bytes()
    return prepare(data, "附件2.docx", Switches(), {"label": 2, "score": 1})


def sized(size: int) -> dict[str, Any]:
    """The real edition's views, its 51 rows repeated or cut to `size`."""
    context = annex_views(checked(EDITIONS["2023"])[0])
    rows = context["indicators"].rows
    repeated = (rows * (size // len(rows) + 1))[:size]
    return {**context, "indicators": replace(context["indicators"], rows=repeated)}


def texts(context: dict[str, Any]) -> list[list[str]]:
    """The cells that every peer must print."""
    return [
        [
            *(label.text if label.first else "" for label in row.labels),
            row.name,
            formats.number(row.scores[0]),
            *(row.unit, row.leader, row.section, row.person),
        ]
        for row in context["indicators"].rows
    ]


def in_process(name: str, render: Render) -> Peer:
    """A Python peer, timed after a warming call until half a second is spent."""

    def milliseconds() -> float:
        gc.collect()  # another peer's rubbish is not this one's to clear
        start = time.perf_counter()
        render()
        first = time.perf_counter() - start
        times: list[float] = [first * 1000] if first > 2 else []
        while sum(times) < 500:
            start = time.perf_counter()
            render()
            times.append((time.perf_counter() - start) * 1000)
        return statistics.median(times)

    return Peer(name, render, milliseconds)


def stock(source: TemplateSource, context: dict[str, Any]) -> Render:
    """Stock docxtpl: opened, rendered and saved each time, as its documentation shows."""
    file = archive(source.parts)
    env = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    env.filters.update(FILTERS)

    def render() -> bytes:
        document = DocxTemplate(io.BytesIO(file))
        document.render({**context, "page_number": "turned"}, env)
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()

    return render


def by_hand(source: TemplateSource, rows: list[list[str]]) -> Render:
    """python-docx: a row is added and its cells are filled."""
    file = flat(source, [])

    def render() -> bytes:
        document = docx.Document(io.BytesIO(file))
        target = document.tables[0]
        for row in rows:
            for cell, text in zip(target.add_row().cells, row, strict=True):
                cell.text = text
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()

    return render


def flat(source: TemplateSource, body: list[list[str]]) -> bytes:
    """The template's table with its head row and the given rows of tags, without its loop rows."""
    root = parse(source.parts[DOCUMENT])
    found = next(root.iter(w("tbl")))
    head, _, model, *_ = found.findall(w("tr"))
    for row in found.findall(w("tr"))[1:]:
        found.remove(row)
    found.extend(filled(model, tags) for tags in body)
    for text in (*head.iter(w("t")), *(t for p in root.iter(w("p")) for t in p.iter(w("t")))):
        if "{{" in (text.text or ""):
            text.text = plain(text.text)
    parts = dict(source.parts)
    for name in parts:
        if name.startswith(("word/header", "word/footer")):
            parts[name] = re.sub(rb"\{%.*?%\}", b"", parts[name])  # other languages' errors
    return archive({**parts, DOCUMENT: serialize(root)})


def filled(model: etree._Element, tags: list[str]) -> etree._Element:
    """A copy of the model row with other texts and without the marks of merged cells."""
    row = deepcopy(model)
    for cell, tag in zip(row.iter(w("tc")), tags, strict=True):
        for child in cell[0]:
            child.tail = None
        next(cell.iter(w("t"))).text = tag
    return row


def plain(text: str | None) -> str:
    """A text with words in place of its tags."""
    return re.sub(r"\{\{.*?\}\}", "列", text or "")


def in_node(source: TemplateSource, rows: list[list[str]], folder: Path) -> list[Peer]:
    """The node peers, each in a warm process of its own."""
    count = len(rows[0])
    places = range(count)
    templates = {
        "carbone": [[f"{{d.rows[i{step}].c{n}:convCRLF}}" for n in places] for step in ("", "+1")],
        "docxtemplater": [
            ["{#rows}{c0}", *(f"{{c{n}}}" for n in places[1:-1]), f"{{c{count - 1}}}{{/rows}}"]
        ],
    }
    data = folder / "rows.json"
    records = [{f"c{n}": text for n, text in enumerate(row)} for row in rows]
    data.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    times = {51: 60, 1_000: 10, 10_000: 3}[len(rows)]
    return [node_peer(name, flat(source, body), data, times) for name, body in templates.items()]


def node_peer(name: str, template: bytes, data: Path, times: int) -> Peer:
    """A node peer's template, written beside its data."""
    file, result = data.parent / f"{name}.docx", data.parent / f"{name}-made.docx"
    file.write_bytes(template)

    def milliseconds(count: int = times) -> float:
        command = ["node", PEERS, name, file, data, result, str(count)]
        run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return statistics.median(json.loads(run.stdout.splitlines()[-1]))

    def once() -> bytes:
        milliseconds(1)
        return result.read_bytes()

    return Peer(name, once, milliseconds)


def compare(peer: str, document: bytes, rows: list[list[str]]) -> None:
    """Stop when a peer printed anything else in any cell."""
    found = table(next(parse(read_parts(document)[DOCUMENT]).iter(w("tbl"))))
    printed = [[cell.text for cell in row.cells] for row in found.rows[1:]]
    for number, (ours, theirs) in enumerate(zip(rows, printed, strict=True)):
        if ours != theirs:
            sys.exit(f"{peer} printed row {number} as {theirs}, expected {ours}")


def show_checking() -> dict[str, float]:
    """Check a large edition and one of a tenth of its size; print and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        small, _, _ = measure(large_edition(Path(folder) / "small", 1_000, 4_000))
        large, pandas, ratio = measure(large_edition(Path(folder) / "large", 10_000, 40_000))
    print("\nchecking 10,000 indicators and 40,000 rows of progress")
    print(f"  jixiao checks         {large:10.2f} ms  {ratio:7.1f} x")
    print(f"  pandas reads          {pandas:10.2f} ms      1.0 x")
    print(f"  ten times the rows: {large / small:.1f} times the time")
    return {"jixiao": large, "pandas": pandas, "ratio": ratio, "growth": large / small}


def show_collecting() -> dict[str, float]:
    """Collect 200 returned forms; print and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs, ratio = collecting.measure(Path(folder))
    print(f"\ncollecting {collecting.FORMS} returned forms of {collecting.ROWS} rows")
    print(f"  jixiao collects       {mine:10.2f} ms  {ratio:7.2f} x")
    print(f"  python-docx reads     {theirs:10.2f} ms      1.0 x")
    return {"jixiao": mine, "python-docx": theirs, "ratio": ratio}


def show(size: int, spent: dict[str, float], ratios: dict[str, float]) -> None:
    """Print one size's figures."""
    print(f"\n附件2 with {size:,} rows; all peers printed the same cells")
    for peer, milliseconds in sorted(spent.items(), key=lambda item: item[1]):
        print(f"  {peer:14} {milliseconds:10.2f} ms  {ratios[peer]:7.1f} x")


if __name__ == "__main__":
    main()
