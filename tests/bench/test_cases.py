"""The benchmark of cases: its nations are what it says they are, and a missed bound is an exit code."""

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


@pytest.mark.check(20)
@pytest.mark.parametrize(("bound", "code"), [(1000.0, 0), (0.0, 1)])
def test_a_missed_bound_is_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bound: float, code: int
) -> None:
    monkeypatch.setattr(cases, "MOST_RATIO", bound)
    monkeypatch.setattr(cases, "MOST_WHERE_ALL_DIFFER", 1000.0)
    assert cases.main(rounds=1) is (code == 0)
    said = capsys.readouterr().out
    assert said.count("MISSED") == code
    assert "one too many: 1 cases, 1 that says so" in said


def test_each_time_is_of_evidence_loaded_anew(tmp_path: Path) -> None:
    """Else rules are not timed that a table's own memory spares: what it shows by itself is looked at once."""
    seen: list[Published] = []
    folder = cases.written(cases.as_in_life, tmp_path / "life")
    ways = dict.fromkeys(("one", "other"), lambda evidence: seen.extend(evidence.tables))
    assert len(cases.best_of(ways, folder, 1)) == 2
    assert len(seen) == len({id(table) for table in seen}) == 4
