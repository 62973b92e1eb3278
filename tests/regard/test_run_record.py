"""Every report states the conditions of its verdict beside the evidence: thresholds, options, versions."""

import csv
import hashlib
import io
import json
import platform
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.regard.calling import CommandLine
from tests.regard.test_many_nights import NIGHTS
from tests.regard.test_verify_night import VALIDATOR, as_json, gap_night, plain_environment
from tests.sources import new_file
from tests.verify.night_builder import small_night

__all__ = ["plain_environment"]  # a fixture

CHANGED = {"gap_votes": {"value": 1000, "instead_of": 15}, "votes_per_hour": {"value": 150, "instead_of": 200}}


@pytest.fixture
def thresholds() -> Path:
    path = new_file("thresholds.toml", "votes_per_hour = 150\ngap_votes = 1000\nscreen_votes = 100\n")
    return path


@pytest.fixture
def nights() -> list[Path]:
    return [gap_night().write(), small_night().write()]


def test_one_night(nights: list[Path], thresholds: Path, tmp_path: Path, cli: CommandLine) -> None:
    night, (as_json, as_csv) = nights[0], (tmp_path / "f.json", tmp_path / "f.csv")
    options: list[str | Path] = [
        "--thresholds",
        thresholds,
        "--fail-on",
        "warning",
        "--pv",
        night / "pv.csv",
    ]
    written: list[str | Path] = ["--json", as_json, "--csv", as_csv]
    cli("verify", night, *options, *written, code=None)
    assert "Thresholds changed: votes_per_hour 150 (instead of 200), gap_votes 1,000 (instead of 15)" in cli.said
    document = json.loads(as_json.read_bytes())
    VALIDATOR.validate(document)
    run = document["run"]
    assert run["thresholds"] == CHANGED
    assert run["options"] == {"fail_on": "warning", "pv": [str(night / "pv.csv")], "thresholds": str(thresholds)}
    assert run["versions"]["python"] == platform.python_version()
    for package in ("regard", "numpy"):
        assert run["versions"][package] == version(package)
    (used,) = [used for used in document["inputs"] if used["kind"] == "thresholds"]
    assert used["path"] == str(thresholds)
    assert (used["size"], used["sha256"]) == (
        thresholds.stat().st_size,
        hashlib.sha256(thresholds.read_bytes()).hexdigest(),
    )
    inputs = io.StringIO((tmp_path / "f-inputs.csv").read_text("utf-8-sig"))
    (row,) = [row for row in csv.DictReader(inputs) if row["kind"] == "thresholds of the rules"]
    assert row["sha256"] == used["sha256"]
    assert row["note"] == "votes_per_hour = 150 instead of 200; gap_votes = 1000 instead of 15"


def test_several_nights(nights: list[Path], thresholds: Path, tmp_path: Path, cli: CommandLine) -> None:
    target = tmp_path / "f.json"
    cli("verify", *nights, "--thresholds", thresholds, "--json", target, "--workers", "1", "--lang", "fr", code=None)
    assert "Seuils changés : votes_per_hour 150 (au lieu de 200)" in cli.out
    document = json.loads(target.read_bytes())
    NIGHTS.validate(document)
    digest = hashlib.sha256(thresholds.read_bytes()).hexdigest()
    for entry in document["nights"]:
        assert entry["result"]["run"] == document["run"]
        assert digest in [used["sha256"] for used in entry["result"]["inputs"]]
    assert document["run"]["thresholds"] == CHANGED
    assert document["run"]["options"] == {"fail_on": "error", "thresholds": str(thresholds)}


def test_nothing_is_said_of_thresholds_that_are_regards_own(
    nights: list[Path], tmp_path: Path, cli: CommandLine
) -> None:
    (tmp_path / "same.toml").write_text("votes_per_hour = 200\n")
    same: list[str | Path] = ["--thresholds", tmp_path / "same.toml"]
    for options in (same[:0], same):
        cli("verify", nights[0], *options, "--json", tmp_path / "f.json", code=None)
        assert "Thresholds" not in cli.out
        assert json.loads((tmp_path / "f.json").read_bytes())["run"]["thresholds"] == {}


def test_the_schema_tells_a_run_from_anything_else(nights: list[Path], cli: CommandLine) -> None:
    document = as_json(cli, nights[0])
    for name, value in (("versions", {"regard": "1"}), ("thresholds", {"a": 1}), ("options", {"pv": 1})):
        assert not VALIDATOR.is_valid({**document, "run": {**document["run"], name: value}})
    del document["run"]
    assert not VALIDATOR.is_valid(document)
