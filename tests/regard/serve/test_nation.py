"""A night of 69,242 bureaux on the page, in a real Chromium: it answers while they are compared, and no page grows."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from bench.nation import BUREAUX, CountedNation
from tests.programs import HANG
from tests.regard.browser import needs_chromium, press, sees
from tests.regard.serve.running import Client, serving
from tests.regard.serve.test_in_browser import go, opened
from verify.loading import load
from verify.model.evidence import LinedEvidence

pytestmark = needs_chromium
LARGEST = 150_000
"""Bytes of any page."""
WRONG = 3_000
"""Bureaux in which signatures and votes differ."""


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The PVs and sign-in lists of a nation, served."""
    folder: Path = tmp_path_factory.mktemp("nation")
    night = CountedNation()
    at = np.arange(0, BUREAUX, BUREAUX // WRONG)[:WRONG]
    night.signed[at] += 3
    night.on_list[at] += 3
    night.write(folder)
    with serving(folder) as client:
        yield client


@pytest.mark.check(15)
def test_a_nation_is_compared_and_looked_at(chromium: Browser, nation: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    examiner, begun = nation.server.desk.examiner, threading.Event()
    assert examiner.wait(HANG)

    def load_later(*args: Any, **named: Any) -> LinedEvidence:
        assert begun.wait(HANG)
        return load(*args, **named)

    monkeypatch.setattr("verify.loading.load", load_later)
    examiner.changed()
    with opened(chromium, nation) as page:
        sees(page, "The files are being compared")
        begun.set()
        asked = 0
        while examiner.busy:  # the status and a page, from this process, while the same process compares
            assert nation.ask("GET", "/progress").status == nation.ask("GET", "/").status == 200
            asked += 1
        assert asked
        expect(page.get_by_text(f"See the {BUREAUX:,} bureaux")).to_be_visible(timeout=HANG * 1000)
        assert "■ contradict each other: 0" not in page.content()
        with page.expect_navigation():
            page.get_by_role("link", name=f"See the {BUREAUX:,} bureaux").click()
        expect(page.get_by_role("status").last).to_contain_text("page 1 of")
        expect(page.locator("tbody tr")).to_have_count(200)
        press(page, "Next page", "link")
        expect(page.get_by_role("status").last).to_contain_text("page 2 of")
        page.get_by_label("With a bureau of this state").select_option("ERROR")
        with page.expect_navigation():
            press(page, "Show these")
        rows = page.locator("tbody tr")
        assert 10 < rows.count() <= 200
        assert page.locator("tbody tr .state.error").count() == rows.count()
        commune = rows.first.locator("a").text_content() or ""
        page.get_by_role("textbox", name="Commune").fill(commune)
        with page.expect_navigation():
            press(page, "Show these")
        with page.expect_navigation():
            page.get_by_role("link", name=commune).first.click()
        with page.expect_navigation():
            page.locator(".tile.error a").first.click()
        assert page.locator("table.figures tbody tr").count() > 4
        page.locator("ol.cases a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(commune)
        go(page, nation, f"/cases?place={commune}")
        found = nation.server.desk.compared()
        expect(page.get_by_role("status").last).to_contain_text(f"of {len(found.cases):,} cases")
        assert page.locator("ol.cases > li").count() < 10


@pytest.mark.check(19)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        *(f"/bureaux{query}" for query in ("", "?page=9", "?place=5", "?state=ERROR", "?state=AGREES&page=99")),
        *("/cases", "/cases?order=apart&page=40", "/cases/1", "/entries", "/hand-on"),
    ],
)
def test_no_page_of_a_nation_is_large(nation: Client, path: str) -> None:
    answer = nation.get(path)
    assert answer.status == 200
    assert len(answer.data) < LARGEST
