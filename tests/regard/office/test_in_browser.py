"""The pages of the office in a real Chromium: on a phone, in the dark, on paper and for a screen reader."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from regard.office.plan_page import plan_page
from tests.regard.browser import complaints, needs_chromium, obstacles
from tests.regard.office.plans import plan
from tests.regard.sealing.test_sheet import text_of

pytestmark = needs_chromium

PAGES = {
    "plan-12": lambda code: plan_page(plan([2.0 + at * 7 % 45 for at in range(12)], scenarios=4), code),
    "plan-one": lambda code: plan_page(plan([31.0]), code),
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
    wrong = complaints(page, target.as_uri())
    page.goto(target.as_uri())
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert obstacles(page) == []
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
    sheets = text_of(page.pdf(prefer_css_page_size=True))
    assert not any(each.strip().endswith("people in the queue") for each in sheets)
    page.close()
