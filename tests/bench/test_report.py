"""The benchmark of the report: its nights are what it says they are, and a missed bound is an exit code."""

from pathlib import Path

import pytest

from bench import report
from tests.verify.night_builder import audited


def test_a_citys_bureaux_are_in_cases(tmp_path: Path) -> None:
    report.write_night(tmp_path, 300, 1.0)
    result = audited(tmp_path)
    assert result.coverage.bureaux == 300
    assert len(result.cases) > 250
    assert {"emargements", "pv"} <= result.coverage.kinds.keys()
    assert any(found.code == "R214" for found in result.findings)


@pytest.mark.parametrize(("bound", "code"), [(1000.0, 0), (0.0, 1)])
def test_a_missed_bound_is_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bound: float, code: int
) -> None:
    monkeypatch.setattr(report, "CITY", 60)
    monkeypatch.setattr(report, "NATION", 90)
    monkeypatch.setattr(report, "MOST_MEGABYTES", {60: bound, 90: 1000.0})
    monkeypatch.setattr(report, "MOST_SECONDS", 1000.0)
    assert report.main(rounds=1) is (code == 0)
    assert capsys.readouterr().out.count("MISSED") == code
