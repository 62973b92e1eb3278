"""What a benchmark ends with: whether all bounds held; without the real results nothing is measured."""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bench import ballots, bulletins, cases, history, parse, plan, report, seal

slow = pytest.mark.check(20)
LOOSE = {"BOUND_CONSTRUCT": 0.0, "BOUND_MEMCPY": 1e9, "BOUND_CRC": 1e9}
MANY = {"count": 100, "rounds": 1}


@pytest.mark.parametrize(
    ("benchmark", "values", "missed", "arguments"),
    [
        pytest.param(
            cases,
            {"BUREAUX": 600, "SLIPS": 0.02, "MOST_WHERE_ALL_DIFFER": 1000.0, "MOST_RATIO": 1000.0},
            {"MOST_RATIO": 0.0},
            {"rounds": 1},
            marks=slow,
        ),
        pytest.param(
            plan,
            {"BUREAUX": 2, "MOST_MEMORY": 1e6, "MOST": 1e6},
            {"MOST": 1e-9},
            {"rounds": 1},
            marks=slow,
        ),
        (
            report,
            {"CITY": 60, "NATION": 90, "MOST_MEGABYTES": {60: 1000.0, 90: 1000.0}, "MOST_SECONDS": 1000.0},
            {"MOST_MEGABYTES": {60: 0.0, 90: 1000.0}},
            {"rounds": 1},
        ),
        (
            bulletins,
            {"BOUND_A_MINUTE": 0.0},
            {"BOUND_A_MINUTE": 1e12},
            {"count": 2, "signed": 1, "rounds": 1},
        ),
        (parse, LOOSE, {"BOUND_CONSTRUCT": 1e9}, MANY),
        (parse, LOOSE, {"BOUND_MEMCPY": 0.0}, MANY),
        (parse, LOOSE, {"BOUND_CRC": 0.0}, MANY),
    ],
)
def test_a_missed_bound_is_an_exit_code(
    benchmark: ModuleType,
    values: Mapping[str, Any],
    missed: Mapping[str, Any],
    arguments: Mapping[str, int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for several in (values, missed):
        for name, value in several.items():
            monkeypatch.setattr(benchmark, name, value)
        held = several is values
        assert benchmark.main(**arguments) is held
        assert ("MISSED" in capsys.readouterr().out) is not held


@pytest.mark.parametrize("benchmark", [ballots, history, seal])
def test_without_the_real_results_nothing_is_measured(
    benchmark: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGARD_DATA", str(tmp_path))
    assert not benchmark.main()
    assert "not measured" in capsys.readouterr().out
