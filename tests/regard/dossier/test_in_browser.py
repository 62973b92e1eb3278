"""The page in a real Chromium: what its script does, without it, on a phone, in the dark, for a screen reader."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from regard.dossier import bureau_table, contents
from regard.dossier.contents import build
from regard.dossier.page import as_page
from tests.regard.browser import complaints, needs_chromium, obstacles, sees
from tests.regard.dossier.reports import examined
from tests.regard.test_verify_night import damaged_night
from tests.verify.night_builder import Night, small_night

pytestmark = needs_chromium
REGISTERED = "#bureau-rows tbody td:nth-child(5)"


def spoilt() -> Night:
    night = damaged_night()
    night.add("emargements.csv", "0A11", "emargements", -3)
    return night


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return spoilt().write(tmp_path / "night")


def written(folder: Path, language: str = "en") -> Path:
    """The page of a night, as a file."""
    evidence, result = examined(folder)
    target = folder.with_name(f"report-{language}.html")
    target.write_bytes(as_page(build(evidence, result, language)))
    return target


def opened(browser: Browser, path: Path, width: int = 1280, **options: object) -> Page:
    """The page in a window of its own, in which nothing may go wrong."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
    page = context.new_page()
    wrong = complaints(page, path.as_uri())
    page.goto(path.as_uri())
    assert wrong == []
    return page


@pytest.mark.check(27)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_nothing_is_in_the_way_of_anybody(
    chromium: Browser, folder: Path, language: str, scheme: str, width: int
) -> None:
    page = opened(chromium, written(folder, language), width, color_scheme=scheme)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert obstacles(page) == []


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_page_itself_does_not_scroll_sideways(chromium: Browser, folder: Path, width: int) -> None:
    page = opened(chromium, written(folder), width)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for seen in ("svg.picture >> nth=0", "#bureau-rows td a >> nth=0"):  # a picture and a case need no scrolling
        box = page.locator(seen).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width, seen


def test_rows_are_filtered_and_sorted(chromium: Browser, folder: Path) -> None:
    page = opened(chromium, written(folder))
    shown = page.locator("#bureau-rows tbody tr:visible")
    expect(shown).to_have_count(5)
    page.get_by_label("Search commune or bureau").fill("temoin")
    expect(page.locator("#bureau-tools output")).to_have_text("1 of 5")
    expect(shown).to_have_count(1)
    page.get_by_label("Search commune or bureau").fill("")
    page.get_by_label("Show", exact=True).select_option("lacking")
    expect(page.locator("#bureau-tools output")).to_have_text("1 of 5")
    expect(shown).to_have_count(1)
    expect(shown.first).to_contain_text("0A11")
    page.get_by_label("Show", exact=True).select_option("all")
    button = page.get_by_role("button", name="Registered voters")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#bureau-rows th[aria-sort=ascending]")).to_have_count(1)
    figures = [int(text.replace(",", "")) for text in page.locator(REGISTERED).all_inner_texts()]
    assert figures == sorted(figures)
    page.keyboard.press("Enter")
    expect(page.locator("#bureau-rows th[aria-sort=descending]")).to_have_count(1)
    down = page.locator(REGISTERED).all_inner_texts()
    assert [int(text.replace(",", "")) for text in down] == figures[::-1]


def test_cases_are_searched(chromium: Browser, folder: Path) -> None:
    page = opened(chromium, written(folder))
    cards = page.locator("#cases-all article:visible")
    every = cards.count()
    page.get_by_label("Search the cases").fill("0A11")
    expect(cards).not_to_have_count(every)
    assert cards.count() > 0
    assert all("0A11" in text for text in cards.all_text_contents())


def test_without_scripts_all_of_it_is_there(chromium: Browser, folder: Path) -> None:
    page = opened(chromium, written(folder), java_script_enabled=False)
    assert page.locator("#bureau-rows tbody tr").count() == 5
    assert page.locator("#cases-all article").count() > 3
    assert page.locator("h2#inputs").is_visible()


def test_what_is_folded_is_printed(chromium: Browser, folder: Path) -> None:
    page = opened(chromium, written(folder))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_of_many_bureaux_those_in_a_case_are_shown(
    chromium: Browser, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bureau_table, "MOST_ROWS", 1)
    monkeypatch.setattr(contents, "MOST_CARDS", 1)
    dossier = build(*examined(folder), "en")
    page = opened(chromium, written(folder))
    rows, in_case = page.locator("#bureau-rows tbody tr"), int((dossier.bureaux.case > 0).sum())
    expect(rows).to_have_count(in_case)
    assert 0 < in_case < len(dossier.bureaux)
    left = len(dossier.bureaux) - in_case
    sees(page, f"{left} further bureau")
    sees(page, f"{dossier.further} further case")


@pytest.mark.check(12)
def test_a_nation_is_filtered_within_the_bound(chromium: Browser, tmp_path: Path) -> None:
    from bench import cases

    path = written(cases.written(cases.one_too_many, tmp_path / "night"))
    assert path.stat().st_size <= 10_000_000
    page = opened(chromium, path)
    assert 0 < page.locator("#bureau-rows tbody tr").count() <= bureau_table.MOST_IN_CASES
    sees(page, "further bureaux are not in this page")


def test_a_clean_night_says_so_on_the_first_screen(chromium: Browser, tmp_path: Path) -> None:
    page = opened(chromium, written(small_night().write(tmp_path / "night")))
    verdict = page.get_by_text("nothing is left to be settled")
    box = verdict.bounding_box()
    assert box is not None
    assert box["y"] < 700
