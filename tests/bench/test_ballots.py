"""The benchmark of counting ballots: all ways find the same votes."""

from pathlib import Path

import pytest

from bench import ballots


@pytest.fixture
def export(real_data: Path, tmp_path: Path) -> Path:
    samples = real_data / ballots.SAMPLES
    if not samples.is_dir():
        pytest.skip("exports of other machines absent from the folder of real data")
    return ballots.make(samples, tmp_path / "export", 600)


def test_all_ways_find_the_same_votes(export: Path) -> None:
    found = {way: count(export) for way, count in ballots.WAYS.items()}
    assert sum(found["json"].values()) > 600
    assert found["regard"] == found["json"]


def test_a_missed_bound_is_an_exit_code(
    real_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not (real_data / ballots.SAMPLES).is_dir():
        pytest.skip("exports of other machines absent from the folder of real data")
    monkeypatch.setenv("REGARD_DATA", str(real_data))
    monkeypatch.setattr(ballots, "BOUND_SECONDS", 1e-9)
    assert not ballots.main(cards=300, small=200, rounds=1)
    out = capsys.readouterr().out
    assert "MISSED  seconds of processors for the county" in out
    assert "held    megabytes for the county" in out
