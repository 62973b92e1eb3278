"""The page of `regard next` in a real Chromium: for a screen reader, in the dark, on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from regard.letters import forms
from regard.letters.law import Vote
from regard.letters.making import handout
from regard.letters.matter import Matter
from tests.regard.browser import needs_chromium, obstacles
from tests.regard.dossier.test_in_browser import opened
from tests.regard.letters.hostile import NAMES
from tests.regard.letters.test_law import DATE
from verify.model.use import Input

pytestmark = needs_chromium


def written(folder: Path, language: str) -> Path:
    inputs = [Input("file", name, 1, "00" * 32) for name in NAMES]
    made = handout(Vote("municipales", DATE, 1), Matter((("Brest", ("0001",)),), facts=NAMES), inputs, language)
    target = folder / "next.html"
    target.write_bytes(forms.html_of(made))
    return target


@pytest.mark.check(5)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_the_way_of_anybody(chromium: Browser, tmp_path: Path, language: str, scheme: str) -> None:
    page = opened(chromium, written(tmp_path, language), color_scheme=scheme)
    assert obstacles(page) == []


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_page_does_not_scroll_sideways(chromium: Browser, tmp_path: Path, width: int) -> None:
    page = opened(chromium, written(tmp_path, "en"), width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
