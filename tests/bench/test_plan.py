"""The benchmark of a town's days: whether all bounds held is what it ends with."""

import pytest

from bench import plan


@pytest.mark.check(20)
@pytest.mark.parametrize("most", [1e6, 1e-9])
def test_a_missed_bound_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], most: float
) -> None:
    for name, value in (("BUREAUX", 2), ("FEW", 1), ("LEAST", 0.0), ("MOST_MEMORY", 1e6), ("MOST", most)):
        monkeypatch.setattr(plan, name, value)
    assert plan.main(rounds=1) is (most > 1)
    assert ("MISSED  1,000 days, seconds" in capsys.readouterr().out) is (most < 1)
