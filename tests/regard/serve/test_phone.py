"""The page of a case on a phone, in a real Chromium: nothing scrolls sideways, and a table is read card by card."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.regard.browser import needs_chromium, new_page, press
from tests.regard.serve.running import Client
from tests.regard.serve.test_in_browser import go, night, paths

__all__ = ["night"]  # a fixture
pytestmark = needs_chromium
WIDTH = 360

WIDE = """() => [document.documentElement, ...document.querySelectorAll('table.cards')].filter(
    (each) => each.scrollWidth > each.clientWidth || each.getBoundingClientRect().right > innerWidth
).length"""
UNREACHED = """() => [...document.querySelectorAll('main *')].filter(
    (each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX === 'auto'
    && each.tabIndex !== 0
).length"""
CELLS = """() => [...document.querySelectorAll('table.cards')].flatMap((table) => {
    const heads = [...table.tHead.rows[0].cells].map((head) => head.textContent.trim());
    return [...table.tBodies[0].rows].flatMap((row) => [...row.cells].map((cell, at) => [
        cell.tagName, heads[at], cell.dataset.label ?? '', getComputedStyle(cell, '::before').content,
    ]));
})"""


@contextmanager
def phone(browser: Browser, client: Client, code: str) -> Iterator[Page]:
    page = new_page(browser, viewport={"width": WIDTH, "height": 740}, is_mobile=True, has_touch=True)
    page.goto(client.server.address)
    if code == "fr":
        press(page, "Français")
    expect(page.locator("html")).to_have_attribute("lang", code)
    yield page
    page.context.close()


@pytest.mark.check(5)
@pytest.mark.parametrize("code", ["en", "fr"])
def test_on_a_phone_nothing_scrolls_sideways(chromium: Browser, night: Client, code: str) -> None:
    """But the bytes of a dump, in a part of the page that the keyboard reaches."""
    wide, unreached = {}, {}
    with phone(chromium, night, code) as page:
        for path in paths(night):
            go(page, night, path)
            page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
            wide[path], unreached[path] = page.evaluate(WIDE), page.evaluate(UNREACHED)
    assert wide == dict.fromkeys(wide, 0)
    assert unreached == dict.fromkeys(unreached, 0)


@pytest.mark.parametrize("code", ["en", "fr"])
def test_on_a_phone_the_menu_is_one_row_and_nothing_is_dropped(chromium: Browser, night: Client, code: str) -> None:
    with phone(chromium, night, code) as page:
        links = page.locator("header nav a")
        expect(links.first).to_have_css("display", "inline-block")  # a busy computer may show the page before its style
        boxes = [box for box in (links.nth(at).bounding_box() for at in range(links.count())) if box is not None]
        assert len(boxes) == 5
        assert {box["y"] for box in boxes} == {boxes[0]["y"]}
        assert max(box["x"] + box["width"] for box in boxes) <= WIDTH
        assert page.locator("#given-files").is_visible()
        assert not page.locator(".by-mouse").is_visible()


@pytest.mark.check(3)
def test_on_a_phone_each_cell_has_the_head_of_its_column(chromium: Browser, night: Client) -> None:
    shown = []
    with phone(chromium, night, "fr") as page:
        for path in paths(night):
            go(page, night, path)
            cells = [cell for cell in page.evaluate(CELLS) if cell[0] == "TD"]
            for _, head, label, before in cells:
                assert label == head != "", path
                assert before == f'"{head}"', path
            shown += [path] if cells else []
        page.set_viewport_size({"width": 1200, "height": 740})
        go(page, night, "/")
        assert {before for tag, *_, before in page.evaluate(CELLS) if tag == "TD"} == {"none"}
    assert {path.partition("?")[0] for path in shown} == {"/", "/file", "/bureau", "/entries"}
