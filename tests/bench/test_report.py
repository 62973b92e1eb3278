"""The benchmark of the report: its nights are what it says they are."""

from pathlib import Path

from bench import report
from tests.verify.night_builder import audited


def test_a_citys_bureaux_are_in_cases(tmp_path: Path) -> None:
    report.write_night(tmp_path, 300, 1.0)
    result = audited(tmp_path)
    assert result.coverage.bureaux == 300
    assert len(result.cases) > 250
    assert {"emargements", "pv"} <= result.coverage.kinds.keys()
    assert any(found.code == "R214" for found in result.findings)
