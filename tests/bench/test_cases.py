"""The benchmark of cases: its nations are what it says they are, and a missed bound is an exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import cases
from verify import audit


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "BUREAUX", 600)
    monkeypatch.setattr(cases, "SLIPS", 0.02)


def test_gaps_are_as_in_life_and_some_figures_are_certainly_wrong(tmp_path: Path) -> None:
    found = audit.run(cases.evidence_of(cases.as_in_life, tmp_path / "life"))
    named = [case.cause.name for case in found.cases]
    gaps = sum(name in ("open-gap", "gap-unmentioned") for name in named)
    assert 0.25 < gaps / cases.BUREAUX < 0.36
    assert "digits-exchanged" in named
    assert {lines.kind for lines in found.inputs} >= {"voix.csv", "pv.csv", "emargements.csv", "published"}


@pytest.mark.parametrize(("bound", "code"), [(1000.0, 0), (0.0, 1)])
def test_a_missed_bound_is_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bound: float, code: int
) -> None:
    monkeypatch.setattr(cases, "MOST_RATIO", bound)
    monkeypatch.setattr(cases, "MOST_WHERE_ALL_DIFFER", 1000.0)
    assert cases.main(["--rounds", "1"]) == code
    said = capsys.readouterr().out
    assert said.count("MISSED") == code
    assert "one too many: 1 cases, 1 that says so" in said
