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
from tests.regard.letters.test_letters import asked_about
from tests.regard.test_verify_night import damaged_night
from verify.model.use import Input

pytestmark = needs_chromium


def written(folder: Path, language: str) -> Path:
    inputs = [Input("file", name, 1, "00" * 32) for name in NAMES]
    made = handout(Vote("municipales", DATE, 1), Matter((("Brest", ("0001",)),), facts=NAMES), inputs, language)
    target = folder / "next.html"
    target.write_bytes(forms.html_of(made))
    return target


@pytest.mark.check(8)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_nothing_is_in_the_way_of_anybody(
    chromium: Browser, tmp_path: Path, language: str, scheme: str, width: int
) -> None:
    page = opened(chromium, written(tmp_path, language), width, color_scheme=scheme)
    assert obstacles(page) == []


@pytest.mark.check(3)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_in_the_way_in_the_letters_of_a_night(chromium: Browser, tmp_path: Path, width: int) -> None:
    night = damaged_night()
    night.sign("0001", -3)
    asked = asked_about(night, tmp_path)
    target = tmp_path / "next.html"
    target.write_bytes(forms.html_of(handout(Vote("presidentielle", DATE, 1), asked, [], "fr")))
    page = opened(chromium, target, width)
    assert asked.facts
    assert asked.corrections
    assert obstacles(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_page_does_not_scroll_sideways(chromium: Browser, tmp_path: Path, width: int) -> None:
    page = opened(chromium, written(tmp_path, "en"), width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
