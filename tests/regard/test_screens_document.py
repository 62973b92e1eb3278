"""The document that measures the screens: its form; its figures need the real results and some minutes."""

from collections import Counter
from pathlib import Path

import pytest

from regard.reference.screens_document import DOCUMENT, ScreenedTable, main, screen_nights, text
from tests.verify.night_builder import small_night
from verify.model.evidence import Sources
from verify.model.thresholds import Thresholds
from verify.rulebook.catalogue import rules


def test_its_form() -> None:
    screens = [code for code in rules() if code.startswith("P")]
    cases = [
        ScreenedTable("machines 1", 1, 1377, Counter(P401=1234), frozenset(screens)),
        ScreenedTable("clean", 3, 30, Counter(P404=7), frozenset(screens) - {"P408"}),
    ]
    made = text(cases, 3, [("results.csv", "0123456789abcdef" * 4)], Thresholds(), 4)
    lines = made.splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 4 + len(screens)
    assert all(line.count("|") == 4 for line in table)
    assert f"| P401 {rules()['P401'].title} | 1,234 | 0 |" in table
    assert f"| P408 {rules()['P408'].title} | 0 | – |" in table
    assert max(len(line) for line in lines if not line.startswith("|")) <= 120
    assert "prove nothing" in made
    assert "--seeds 3" in made
    assert "`results.csv` 0123456789abcdef…" in made
    assert "P404 names 7 bureaux in 3 clean nights, where it would name one in 20 nights" in " ".join(made.split())
    assert "{" not in made


def test_a_night_is_counted(tmp_path: Path) -> None:
    built = small_night()
    for name in ("emargements.csv", "pv.csv"):
        built.add(name, "0001", "emargements", -4)
    found = screen_nights("night", [Sources(folder=built.write(tmp_path / "night"))] * 2)
    assert (found.nights, found.bureaux, found.found) == (2, 10, Counter(P401=2))
    assert "P403" not in found.checked


def test_without_the_real_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)], tmp_path / "screens.md") == 2
    assert "not there" in capsys.readouterr().err
    assert not (tmp_path / "screens.md").exists()


def test_the_one_that_is_kept_names_every_screen() -> None:
    kept = DOCUMENT.read_text(encoding="utf-8")
    for code, rule in rules().items():
        if code.startswith("P"):
            assert f"| {code} {rule.title} |" in kept
