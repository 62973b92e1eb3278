"""The pages of the office in a real Chromium: on a phone, in the dark, on paper and for a screen reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from protocol.words import language
from regard.office.night_pages import day_page, truth_page
from regard.office.plan_page import plan_page
from sim.evidence import Truth
from sim.nights.summary import NightTold
from tests.regard.browser import chromium, needs_chromium
from tests.regard.office.nights import told
from tests.regard.office.plans import plan

__all__ = ["chromium"]  # a fixture
pytestmark = needs_chromium
LEVELS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
FAULTS = [Truth(name, "76351", "0001", "exports", "fichier", None, "") for name in ("dump-lost", "voted-twice")]


def night(bureaux: int) -> NightTold:
    waits = [float(at % 40) for at in range(bureaux)]
    return replace(told(waits, "Une élection <script>", queue=90), truth=FAULTS)


PAGES = {
    "jour-12": lambda code: day_page(night(12), language(code)),
    "jour-1400": lambda code: day_page(night(1400), language(code)),
    "plan-12": lambda code: plan_page(plan([2.0 + at * 7 % 45 for at in range(12)], scenarios=4), code),
    "plan-one": lambda code: plan_page(plan([31.0]), code),
    "verite": lambda code: truth_page(night(12), language(code)),
}


LARGE = {
    "plan-60": lambda code: plan_page(plan([2.0 + at * 7 % 45 for at in range(60)], scenarios=4), code),
    "plan-1400": lambda code: plan_page(plan([2.0 + at * 7 % 45 for at in range(1400)], scenarios=3), code),
}
"""Pages whose tables are too large to be examined cell by cell."""


@pytest.mark.check(36)
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_it(chromium: Browser, tmp_path: Path, name: str, width: int, colours: str) -> None:
    target = tmp_path / "page.html"
    target.write_bytes(PAGES[name]("fr"))
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=colours)  # type: ignore[arg-type]
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text))
    page.on("request", lambda asked: wrong.append(asked.url) if asked.url != target.as_uri() else None)
    page.goto(target.as_uri())
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=LEVELS)
    assert found.violations_count == 0, found.generate_report()
    page.close()


@pytest.mark.check(5)
@pytest.mark.parametrize("name", [*PAGES, *LARGE])
def test_on_paper_nothing_is_wider_than_the_sheet(chromium: Browser, tmp_path: Path, name: str) -> None:
    """A4 less its margins is 178 by 261 mm; a picture and its heading are no higher, so that none is cut or alone."""
    target = tmp_path / "page.html"
    target.write_bytes((PAGES | LARGE)[name]("en"))
    page = chromium.new_page(viewport={"width": 673, "height": 900})
    page.emulate_media(media="print")
    page.goto(target.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 673
    heights = page.evaluate("[...document.querySelectorAll('figure')].map(each => each.getBoundingClientRect().height)")
    assert all(height <= 860 for height in heights)
    page.close()


@pytest.mark.parametrize("width", [390, 1200])
def test_places_of_faults_have_the_width_of_a_phone(chromium: Browser, tmp_path: Path, width: int) -> None:
    """Beside three other columns they stood a word a line."""
    target = tmp_path / "page.html"
    target.write_bytes(PAGES["verite"]("fr"))
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.goto(target.as_uri())
    where = page.evaluate("document.querySelector('tbody tr').cells[2].getBoundingClientRect().width")
    assert where > 0.8 * width if width == 390 else where < 0.8 * width
    page.close()
