"""The benchmark of cases: its nations are what it says they are."""

from pathlib import Path

import pytest

from bench import cases
from verify import audit
from verify.model.published import Published


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "BUREAUX", 600)
    monkeypatch.setattr(cases, "SLIPS", 0.02)


def test_gaps_are_as_in_life_and_some_figures_are_certainly_wrong(tmp_path: Path) -> None:
    found = audit.run(cases.loaded(cases.written(cases.as_in_life, tmp_path / "life")))
    named = [case.cause.name for case in found.cases]
    gaps = sum(name in ("open-gap", "gap-unmentioned") for name in named)
    assert 0.25 < gaps / 600 < 0.36
    assert "digits-exchanged" in named
    assert {lines.kind for lines in found.inputs} >= {"voix", "pv", "emargements", "publie"}


def test_each_time_is_of_evidence_loaded_anew(tmp_path: Path) -> None:
    """Else rules are not timed that a table's own memory spares: what it shows by itself is looked at once."""
    seen: list[Published] = []
    folder = cases.written(cases.as_in_life, tmp_path / "life")
    ways = dict.fromkeys(("one", "other"), lambda evidence: seen.extend(evidence.tables))
    assert len(cases.best_of(ways, folder, 1)) == 2
    assert len(seen) == len({id(table) for table in seen}) == 4
