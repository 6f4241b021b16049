"""The digest's page in a real browser, and under validators that others wrote."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import lxml.html
import pymupdf
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from pipeline.cli import ROOT
from pipeline.web.environment import render
from tests.conftest import EDITIONS
from tests.web.records import rows

MODULES = ROOT / "tests" / "node_modules"

# Without these switches Chromium calls home at every start.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [pytest.mark.slow, pytest.mark.system]


@pytest.fixture(scope="module")
def folder(digests: dict[str, dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each edition's page, by the edition's name, and the site's first page."""
    folder = tmp_path_factory.mktemp("pages")
    for name, files in digests.items():
        (folder / f"{name}.html").write_bytes(files["digest.html"])
    index = render(ROOT / "templates" / "html", "site.html.j2", {"editions": []})
    (folder / "index.html").write_text(index, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from shutil import which

    path = which("chromium")
    if path is None:
        pytest.skip("chromium is not installed: run `make deps`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, folder: Path) -> Iterator[Callable[..., Page]]:
    """Open an edition's page; in the end it asked nothing of the network and told no error."""
    told: list[str] = []
    contexts = []

    def open_page(name: str = "2023", fragment: str = "", **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]  # passed through
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: told.append(request.url))
        page.goto((folder / f"{name}.html").as_uri() + fragment)
        return page

    yield open_page
    for context in contexts:
        context.close()
    asked = [each for each in told if not each.startswith(("file:", "data:"))]
    assert asked == []
    assert len([each for each in told if each.startswith("file:")]) == len(contexts)


def shown(page: Page) -> list[str]:
    """The 编号 of the rows that can be seen, in their order."""
    return page.eval_on_selector_all(
        "#table tbody tr",
        "rows => rows.filter(row => row.checkVisibility()).map(row => row.id.slice(2))",
    )


def test_the_whole_table_is_there_at_first(opened: Callable[..., Page]) -> None:
    page = opened()

    assert shown(page) == [row["编号"] for row in rows("2023", "indicators")]
    assert page.inner_text("#shown") == "共 51 个指标"


def test_search_finds_names_units_and_words_together(opened: Callable[..., Page]) -> None:
    page = opened()

    page.fill("[name=q]", "罗成 区纪委")

    assert shown(page) == ["GT34", "GT35"]
    assert page.inner_text("#shown") == "显示 2 个，共 51 个指标"


def test_nothing_found_is_said(opened: Callable[..., Page]) -> None:
    page = opened()

    page.fill("[name=q]", "没有这个")

    assert shown(page) == []
    assert page.is_visible("text=没有符合条件的指标。")


@pytest.mark.parametrize(
    ("facet", "value", "column"),
    [
        ("people", "李苹苹", "责任人"),
        ("sections", "党支部", "责任科室"),
        ("units", "区财政局", "数据采集责任单位"),
    ],
)
def test_filters_leave_what_the_table_says(
    opened: Callable[..., Page], facet: str, value: str, column: str
) -> None:
    page = opened()

    page.select_option(f"[name={facet}]", value)

    expected = [row["编号"] for row in rows("2023", "indicators") if value in row[column]]
    assert shown(page) == expected != []


def test_the_status_of_the_current_period_filters(opened: Callable[..., Page]) -> None:
    page = opened("demo")
    stuck = {
        row["编号"]
        for row in rows("demo", "progress")
        if (row["期次"], row["状态"]) == ("前三季度", "有困难")
    }

    page.select_option("[name=statuses]", "有困难")

    assert set(shown(page)) == stuck != set()


def test_a_filter_by_group_finds_what_it_shares(opened: Callable[..., Page]) -> None:
    page = opened()

    page.select_option("[name=sections]", "调查队")

    assert len(shown(page)) == 10
    assert "CY01" in shown(page)  # 全局、队


def test_reset_shows_all_again(opened: Callable[..., Page]) -> None:
    page = opened()
    page.fill("[name=q]", "档案")

    page.click("text=全部显示")

    assert len(shown(page)) == 51
    assert page.input_value("[name=q]") == ""


def test_columns_sort_up_down_and_back(opened: Callable[..., Page]) -> None:
    page = opened()
    order = [row["编号"] for row in rows("2023", "indicators")]
    by_points = sorted(rows("2023", "indicators"), key=lambda row: float(row["分值"]))
    head = page.locator("#table").get_by_role("columnheader", name="分值")

    head.get_by_role("button").click()
    up, sign = shown(page), head.get_attribute("aria-sort")
    head.get_by_role("button").click()
    down, other = shown(page), head.get_attribute("aria-sort")
    head.get_by_role("button").click()

    assert (up, sign) == ([row["编号"] for row in by_points], "ascending")
    assert [points(each) for each in down] == sorted(map(points, order), reverse=True)
    assert other == "descending"
    assert (shown(page), head.get_attribute("aria-sort")) == (order, None)


def points(id_: str) -> float:
    return next(float(row["分值"]) for row in rows("2023", "indicators") if row["编号"] == id_)


def test_chinese_sorts_by_sound(opened: Callable[..., Page]) -> None:
    page = opened()

    page.locator("#table").get_by_role("columnheader", name="责任领导").get_by_role(
        "button"
    ).click()

    leaders = page.eval_on_selector_all(
        "#table tbody tr", "rows => rows.map(row => row.cells[6].textContent.replace(/\\s/g, ''))"
    )
    assert leaders == ["黄薇"] * 31 + ["林晨"] * 20


def test_a_deep_link_opens_at_its_row(opened: Callable[..., Page]) -> None:
    page = opened(fragment="#i-GT31")

    row = page.locator("#i-GT31")
    assert row.evaluate("row => row.matches(':target')")
    assert page.evaluate("document.getElementById('i-GT31').getBoundingClientRect().top") < 900


def test_a_link_to_a_filtered_row_shows_it_again(opened: Callable[..., Page]) -> None:
    page = opened()
    page.fill("[name=q]", "档案")

    page.evaluate("location.hash = '#i-CY05'")
    page.wait_for_function("document.querySelector('[name=q]').value === ''")

    assert len(shown(page)) == 51


def test_a_fragment_that_is_no_text_does_no_harm(opened: Callable[..., Page]) -> None:
    page = opened(fragment="#%E")

    assert len(shown(page)) == 51


def test_on_a_phone_hidden_heads_take_no_focus(opened: Callable[..., Page]) -> None:
    page = opened(viewport={"width": 390, "height": 800})

    page.focus("[type=reset]")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('thead')") is None
    assert page.evaluate("document.activeElement.closest('tbody') !== null")


def test_everything_works_by_keyboard(opened: Callable[..., Page]) -> None:
    page = opened()

    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent")
    page.focus("[name=q]")
    page.keyboard.type("禁毒")
    found = shown(page)
    for _ in range(5):
        page.keyboard.press("Tab")
    button = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('[name=q]').value === ''")

    assert skip == "跳到正文"
    assert found == ["CY16"]
    assert button == "全部显示"
    assert len(shown(page)) == 51


def test_without_scripts_the_page_is_complete(opened: Callable[..., Page]) -> None:
    page = opened(java_script_enabled=False)

    assert page.locator("#table tbody tr").count() == 51
    assert not page.is_visible("#tools")


def test_printed_each_page_of_the_table_has_its_head(opened: Callable[..., Page]) -> None:
    printed = opened("demo").pdf(prefer_css_page_size=True)

    with pymupdf.open(stream=printed) as document:
        wide = [page.get_text() for page in document if page.rect.width > page.rect.height]
    assert len(wide) > 2
    assert all("数据采集责任" in page.replace("\n", "") for page in wide)
    assert sum("合计" in page for page in wide) == 1


@pytest.mark.parametrize("name", EDITIONS)
def test_nothing_is_wider_than_the_window(opened: Callable[..., Page], name: str) -> None:
    page = opened(name)

    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


# What axe looks for: everything, and what the colours decide, which are all that is dark at night.
RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
PASSES = {"light": 10, "dark": 1}


@pytest.mark.parametrize("name", [*EDITIONS, "index"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, folder: Path, name: str, scheme: str) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,  # axe is put into the page, which lets no foreign script in
    )
    page = context.new_page()
    page.goto((folder / f"{name}.html").as_uri())
    page.add_script_tag(path=MODULES / "axe-core" / "axe.min.js")

    for width in (390, 1360):
        page.set_viewport_size({"width": width, "height": 900})
        # To list each element that passed takes five times as long as to look at it.
        found = page.evaluate(
            "rules => axe.run({ runOnly: rules, resultTypes: ['violations'] })", RULES[scheme]
        )

        assert [
            (each["id"], node["html"][:200])
            for each in found["violations"]
            for node in each["nodes"]
        ] == []
        assert len(found["passes"]) >= PASSES[scheme]
    context.close()


def test_the_html_validator_finds_nothing(folder: Path, needs: Callable[[str], str]) -> None:
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"

    run = subprocess.run(
        [
            *(needs("java"), "-jar", jar, "--Werror"),
            # It does not compute the hashes that the policy allows; the browser does, above.
            *("--filterpattern", "Inline (style|script) violates Content Security Policy.*"),
            *sorted(folder.glob("*.html")),
        ],
        capture_output=True,
        text=True,
    )

    assert run.stderr == ""
    assert run.returncode == 0


def test_html_validate_finds_nothing(folder: Path, needs: Callable[[str], str]) -> None:
    needs("node")
    # wcag/h32 wants a button that submits; here every field acts at once.
    rules = '{"extends": ["html-validate:recommended"], "rules": {"wcag/h32": "off"}}'
    (folder / ".htmlvalidate.json").write_text(rules, encoding="utf-8")

    run = subprocess.run(
        [MODULES / ".bin" / "html-validate", *sorted(folder.glob("*.html"))],
        cwd=folder,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout[:3000]


def test_the_page_asks_for_nothing_outside(folder: Path) -> None:
    """The browser is told so as well, by a policy that lets only the page's own script run."""
    text = (folder / "2023.html").read_text(encoding="utf-8")

    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', text) == []
    assert "default-src 'none'" in text
    assert "style=" not in text and "onclick" not in text


def test_numbers_on_the_page_are_those_of_the_tables(folder: Path) -> None:
    """Points and counts in the text, and the lengths of the bars, against sums from the CSV."""
    page = lxml.html.parse(folder / "2023.html").getroot()
    points: dict[str, float] = defaultdict(float)
    for row in rows("2023", "indicators"):
        points[row["责任领导"]] += float(row["分值"])

    (table,) = (each for each in page.iter("table") if "按责任领导" in each.findtext("caption"))
    shown = {
        row.findtext("th"): (
            float(row.findall("td")[0].text),
            float(row.xpath(".//rect[@class='fill']/@width")[0]),
            row.findtext(".//title"),
        )
        for row in table.iterfind("tbody/tr")
    }

    assert shown == {
        name: (value, pytest.approx(value / 5), f"占总分的 {value / 10:.1f}%")
        for name, value in points.items()
    }
    assert page.xpath("//ul[@class='cards']//b/text()")[:2] == ["1000", "51"]
