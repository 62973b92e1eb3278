"""The benchmark of a town's days: both ways find the same waits, and a missed bound is an exit code."""

import pytest

from bench import plan


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "BUREAUX", 2)
    monkeypatch.setattr(plan, "FEW", 1)
    monkeypatch.setattr(plan, "LEAST", 0.0)
    monkeypatch.setattr(plan, "MOST_MEMORY", 1e6)


@pytest.mark.check(10)
def test_all_ways_find_the_same_figures(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(plan, "MOST", 1e6)
    assert plan.main(["--rounds", "1"]) == 0
    assert "longest waits on which the ways differ: 0.00" in capsys.readouterr().out


@pytest.mark.check(14)
def test_a_missed_bound_is_an_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(plan, "MOST", 1e-9)
    monkeypatch.setattr(plan, "in_simpy", lambda planned: -1)
    assert plan.main(["--rounds", "1"]) == 1
    said = capsys.readouterr().out
    assert "MISSED  1,000 days, seconds" in said
    assert "MISSED  longest waits on which the ways differ: 8.00" in said
