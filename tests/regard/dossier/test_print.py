"""A large night on paper: what is not printed is said, is on the page, and a small night is printed whole."""

import dataclasses
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from regard.dossier import page
from regard.dossier.model import Dossier
from regard.dossier.page import MOST_PRINTED_ROWS, PRINTED_ROWS, as_page, not_printed
from tests.regard.browser import needs_chromium
from tests.regard.dossier.reports import dossier_of
from tests.verify.night_builder import small_night


@pytest.fixture
def dossier(tmp_path: Path) -> Dossier:
    night = small_night()
    for bureau in ("0001", "0002", "0003"):
        night.sign(bureau, 2)
    return dossier_of(night, tmp_path / "night")[0]


def test_of_many_bureaux_those_in_a_case_are_printed() -> None:
    assert not_printed([0, 3] * (PRINTED_ROWS // 2)) == frozenset()
    few = not_printed([0, 3, 0] + [0] * PRINTED_ROWS)
    assert few == frozenset({0, *range(2, PRINTED_ROWS + 3)})
    assert len(not_printed([1] * (MOST_PRINTED_ROWS + 7))) == 7
    assert not_printed([]) == frozenset()


def test_a_small_night_is_printed_whole(dossier: Dossier) -> None:
    text = as_page(dossier).decode()
    body = text.partition("</style>")[2]
    assert "off-print" not in body
    assert "only-print" not in body


def test_what_is_not_printed_is_said_and_is_there(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = as_page(dossier).decode()
    monkeypatch.setattr(page, "PRINTED_CARDS", 0)
    monkeypatch.setattr(page, "PRINTED_ROWS", 1)
    exports = [dataclasses.replace(line, used="whole") for line in dossier.inputs if line.kind == "exports"]
    others = [line for line in dossier.inputs if line.kind != "exports"]
    text = as_page(dataclasses.replace(dossier, inputs=(*others, *exports))).decode()
    cards = re.findall(r'<article class="([^"]*)"', text)
    assert len(cards) == whole.count("<article") >= 2
    sections = [section.cards for section in dossier.sections if section.cards]
    assert sum("off-print" in each for each in cards) == sum(map(len, sections)) > 0
    left = len(dossier.bureaux) - 3
    assert len(re.findall(r'<tr class="[^"]*off-print', text)) == left
    said = re.findall(r'<p class="only-print">(.*?)</p>', text)
    assert said.count("The table of 2 rows is left out of the print. It is in this page, on a screen.") == 2
    said = [each for each in said if not each.startswith("The table")]
    for note, left_out in zip(said, sections, strict=False):
        assert note.startswith(f"{sum(card.cases for card in left_out)} more case")
    assert said[len(sections)].startswith(f"{left} bureau")
    assert f"the list of {len(exports)} files" in said[len(sections) + 1]
    for line in exports:
        assert line.sha256 in text


@needs_chromium
def test_what_is_left_out_takes_no_paper(
    dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chromium: Browser
) -> None:
    monkeypatch.setattr(page, "PRINTED_CARDS", 0)
    (tmp_path / "report.html").write_bytes(as_page(dossier))
    shown = chromium.new_page()
    shown.goto((tmp_path / "report.html").as_uri())
    left, note = shown.locator("article.off-print"), shown.locator(".only-print")
    assert left.count() > 0
    assert (left.first.is_visible(), note.first.is_visible()) == (True, False)
    shown.emulate_media(media="print")
    assert (left.first.is_visible(), note.first.is_visible()) == (False, True)
    shown.close()
