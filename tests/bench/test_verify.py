"""The benchmark of reconciling: all ways come to the same, and what does not is said."""

from pathlib import Path

import numpy as np
import pytest

from bench import verify
from bench.core.night import write_night
from bench.peers import WAYS, agree, way


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night")
    write_night(folder, bureaux=12_000)
    return folder


def test_all_ways_come_to_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert agree({name: way("core", name)(folder) for name in WAYS}, "rules that fire", verify.alike)
    out = capsys.readouterr().out
    for code in ("R201", "R204", "R219 ouverture", "P401", "C105 1", "C106 1", "I114 1"):
        assert code in out


def test_other_findings_and_other_sums_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fired, sums = way("core", "ours")(folder)
    fewer = {code: rows[1:] if code == "R201" else rows for code, rows in fired.items()}
    assert not agree({"ours": (fired, sums), "polars": (fewer, sums)}, "rules that fire", verify.alike)
    assert "polars comes to something else: R201\n" in capsys.readouterr().out
    other = [sums[0] + np.eye(*sums[0].shape, dtype=np.int64), *sums[1:]]
    assert not agree({"ours": (fired, sums), "polars": (fired, other)}, "rules that fire", verify.alike)
    assert "polars comes to something else: sums\n" in capsys.readouterr().out


def test_the_night_is_the_same_for_the_same_seed(tmp_path: Path, folder: Path) -> None:
    write_night(tmp_path, bureaux=12_000)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }
    write_night(tmp_path, bureaux=12_000, seed=2)
    assert (tmp_path / "pv.csv").read_bytes() != (folder / "pv.csv").read_bytes()


def test_a_missed_bound_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_night(tmp_path, bureaux=6_000)
    monkeypatch.setattr(verify, "BOUND_WARM", 0.0)
    monkeypatch.setattr(verify, "BOUND_PROCESS", 1e9)
    assert verify.against_polars(tmp_path, 1) == [False, True]
    out = capsys.readouterr().out
    assert "MISSED  warm, ours against polars" in out
    assert "held    whole process, ours against polars" in out
