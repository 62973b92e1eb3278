"""A real Chromium, the system's own, for what only a browser can tell of a page."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.programs import HANG

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"),
    reason="there is no Chromium (on Debian: apt install chromium); where CI is set that is a failure",
)
LEVELS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def press(page: Page, name: str, role: Literal["button", "link"] = "button") -> None:
    """Click what has this name."""
    page.get_by_role(role, name=name).click()


def sees(page: Page, text: str) -> None:
    """The text is there to be seen."""
    expect(page.get_by_text(text)).to_be_visible()


def headed(page: Page, text: str) -> None:
    """The heading of the page is this."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def reads(page: Page, place: str, text: str) -> None:
    """The text stands at a place."""
    expect(page.locator(place)).to_contain_text(text)


def obstacles(page: Page, options: object = LEVELS) -> list[tuple[str, list[str]]]:
    """List what axe-core finds in a page: the rule, and the first elements that break it."""
    found = Axe().run(page, options=options).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in found]


def complaints(page: Page, own: str) -> list[str]:
    """Keep a list of what a page complains of: messages, errors, dialogs, and requests to elsewhere."""
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.on("request", lambda asked: None if asked.url.startswith(own) else wrong.append(asked.url))
    return wrong


@pytest.fixture(scope="session")
def chromium_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one browser for all tests of a process: to start one takes longer than most tests in it."""
    profile = tmp_path_factory.mktemp("chromium")
    words = [str(CHROMIUM), "--headless", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = (re.search(r"DevTools listening on (\S+)", line) for line in process.stderr)
        address = next(filter(None, said))[1]
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield address
        process.terminate()


def new_page(browser: Browser, **options: Any) -> Page:
    """A page in a window of its own, whose actions wait as long as what is expected of it does."""
    context = browser.new_context(**options)
    context.set_default_timeout(HANG * 1000)
    return context.new_page()


@pytest.fixture(scope="module")
def chromium(chromium_address: str) -> Iterator[Browser]:
    """The browser for all tests of a file. Beside other work a page takes its time: only one that hangs is too late.

    The connection is of a file, as it is a running event loop, beside which other files could have none.
    """
    expect.set_options(timeout=HANG * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(chromium_address, timeout=HANG * 1000)
        yield browser
        browser.close()
