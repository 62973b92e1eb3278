"""An urn that is read, watched in a real Chromium: with its script, without it, through a new look and to its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.programs import HANG
from tests.regard.browser import chromium, needs_chromium
from tests.regard.readings import IMAGE
from tests.regard.serve.running import Client
from tests.regard.serve.test_in_browser import LEVELS, go, opened
from tests.regard.serve.test_urns import SLOW, unit, until

__all__ = ["chromium"]  # a fixture
pytestmark = needs_chromium


def begin(page: Page, client: Client) -> None:
    go(page, client, "/")
    page.get_by_role("link", name="Urns").click()
    page.get_by_label("Rate of the line, in baud").fill(str(SLOW))
    page.get_by_label("Name of the new file").fill("bureau 1")
    page.get_by_role("button", name="Read the urn").click()


@pytest.mark.check(5)
def test_an_urn_is_watched(chromium: Browser, folder: Path) -> None:
    with unit(folder, baud=SLOW) as client, opened(chromium, client) as page:
        begin(page, client)
        expect(page.get_by_role("status").last).to_have_text("The urn is being read.")
        expect(page.get_by_text("of 20,000 bytes")).to_be_visible()
        page.reload()
        expect(page.get_by_role("status").last).to_have_text("The urn is being read.")
        assert Axe().run(page, options=LEVELS).response["violations"] == []
        expect(page.get_by_role("status").last).to_contain_text("being read again")  # by its script
        expect(page.get_by_role("heading", name="Read last")).to_be_visible(timeout=HANG * 1000)
        expect(page.get_by_text("bureau 1.urn: 20,000 bytes of urn")).to_be_visible()
        page.get_by_role("link", name="See it on the desk").click()
        expect(page.get_by_text("images of urns")).to_be_visible()
    assert (folder / "modules" / "bureau 1.urn").read_bytes() == IMAGE


@pytest.mark.check(4)
def test_an_urn_is_watched_and_stopped_without_the_script(chromium: Browser, folder: Path) -> None:
    with unit(folder, baud=SLOW) as client, opened(chromium, client, java_script_enabled=False) as page:
        begin(page, client)
        until(client, lambda now: now.done > 5000)
        page.get_by_role("link", name="Look again").last.click()
        expect(page.get_by_text("of 20,000 bytes")).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        assert client.server.desk.reader.wait(HANG)
        page.goto(page.url)
        expect(page.get_by_label("Go on, or anew")).to_have_value("bureau 1.urn")
        page.get_by_role("button", name="Read the urn").click()
        assert client.server.desk.reader.wait(HANG)
        page.goto(page.url)
        expect(page.get_by_text("The urn was read. Its image is in the folder now.")).to_be_visible()
    assert (folder / "modules" / "bureau 1.urn").read_bytes() == IMAGE
