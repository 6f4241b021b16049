"""How long digest.pdf takes, whole processes from start to end, in one run with its peers.

Chromium prints the digest's own page, which holds the same: once with the page given, once with
the making of the page counted as well, since digest.pdf is made from the tables. typst sets a
table of the same rows and columns, and nothing else. Rounds alternate; a ratio is the median of
the rounds' ratios.
"""

from __future__ import annotations

import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pylopdf_fonts_zh_cn

from pipeline.checks.load import checked, contents
from pipeline.cli import ROOT
from pipeline.web import digest
from pipeline.web.environment import render
from pipeline.web.printing import print_pdf
from tests.bench.checking import read, with_cells, write

ROUNDS = {51: 5, 500: 3, 1_000: 3}
REAL = ROOT / "tests" / "editions" / "2023"
TEMPLATES = ROOT / "templates" / "html"
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
CHROMIUM = [
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-pdf-header-footer"),
]


def make(what: str, folder: Path, target: Path) -> None:
    """What the measured processes do: from an edition's folder to a page or to digest.pdf."""
    gc.set_threshold(50_000)  # as the program and its printer do
    edition, _ = checked(folder)
    source = digest.Provenance(files=contents(folder))
    context = digest.context_of(edition, source, on=None, with_names=True)
    if what == "page":
        target.write_text(render(TEMPLATES, "digest.html.j2", context), encoding="utf-8")
    else:
        target.write_bytes(print_pdf(digest.print_job(edition, source, context, TEMPLATES)))


def edition_of(folder: Path, size: int) -> Path:
    """The real edition with `size` indicators, its own repeated under other numbers and names."""
    shutil.copytree(REAL, folder)
    if size == 51:
        return folder
    settings = (folder / "edition.toml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in settings if not line.startswith(("total", "repeat_labels"))]
    (folder / "edition.toml").write_text("\n".join(kept), encoding="utf-8")
    head, *rows = read(REAL / "indicators.csv")
    many = [rows[number * len(rows) // size] for number in range(size)]
    numbered = [
        with_cells(head, row, 编号=f"N{n:04}", 二级指标=f"{row[head.index('二级指标')]}{n}")
        for n, row in enumerate(many)
    ]
    write(folder / "indicators.csv", head, numbered)
    return folder


def typst_source(folder: Path) -> str:
    """The table of indicators in typst's markup."""
    head, *rows = read(folder / "indicators.csv")
    cells = ",".join(f"[#{_quoted(cell)}]" for row in [head, *rows] for cell in row)
    return (
        '#set page("a4", flipped: true, margin: 15mm)\n'
        '#set text(font: "Noto Serif SC", size: 8.5pt)\n'
        f"#table(columns: (1fr,) * {len(head)}, {cells})\n"
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def seconds(command: list[str | Path], target: Path) -> float:
    """One whole process; stop where it made nothing."""
    target.unlink(missing_ok=True)
    start = time.perf_counter()
    subprocess.run([*map(str, command)], check=True, capture_output=True, cwd=ROOT)
    spent = time.perf_counter() - start
    if not target.is_file() or target.stat().st_size < 10_000:
        sys.exit(f"{command[0]} made nothing")
    return spent


def measured(folder: Path, place: Path) -> dict[str, float]:
    """The seconds of one round."""
    page, pdf = place / "digest.html", place / "digest.pdf"
    other, table = place / "chromium.pdf", place / "typst.pdf"
    ours = [sys.executable, "-m", "tests.bench.printing"]
    compiled = (
        "import sys, typst; typst.compile(sys.argv[1], sys.argv[2], font_paths=[sys.argv[3]])"
    )
    return {
        "jixiao, tables to PDF": seconds([*ours, "pdf", folder, pdf], pdf),
        "making the page": seconds([*ours, "page", folder, page], page),
        "Chromium, page to PDF": seconds(
            [*CHROMIUM, f"--user-data-dir={place / 'profile'}", f"--print-to-pdf={other}", page],
            other,
        ),
        "typst, the table alone": seconds(
            [sys.executable, "-c", compiled, place / "table.typ", table, FONTS], table
        ),
    }


def show_printing() -> dict[str, dict[str, float]]:
    """Measure every size; print and return the figures."""
    found: dict[str, dict[str, float]] = {}
    for size, rounds in ROUNDS.items():
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            folder = edition_of(place / "2023", size)
            (place / "table.typ").write_text(typst_source(folder), encoding="utf-8")
            measured(folder, place)  # Chromium makes its profile, files get into the cache
            all_rounds = [measured(folder, place) for _ in range(rounds)]
        found[str(size)] = figures(all_rounds)
        print(f"\ndigest.pdf with {size:,} indicators, whole processes")
        for what, value in found[str(size)].items():
            print(f"  {what:42} {value:7.2f}")
    growth = found["1000"]["jixiao, tables to PDF (s)"] / found["500"]["jixiao, tables to PDF (s)"]
    print(f"  twice the indicators (500 → 1,000): {growth:.1f} times the time")
    return {**found, "growth": {"500 to 1,000": growth}}


def figures(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Median seconds, and the median ratios of this program's time to its peers'."""
    spent = {f"{name} (s)": statistics.median(each[name] for each in rounds) for name in rounds[0]}
    ours, page, theirs, typst = rounds[0]
    return {
        **spent,
        "jixiao to Chromium with the page's making": statistics.median(
            each[ours] / (each[page] + each[theirs]) for each in rounds
        ),
        "jixiao to Chromium alone": statistics.median(each[ours] / each[theirs] for each in rounds),
        "jixiao to typst": statistics.median(each[ours] / each[typst] for each in rounds),
    }


if __name__ == "__main__":
    make(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
