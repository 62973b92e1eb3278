"""A short run of the fuzzing of TOML and JSON; and a reader that takes too much is found out."""

from pathlib import Path

import pytest

from protocol import structured as bounded
from sim.nights import folder
from tests.fuzz import structured
from tests.fuzz._guided import Effort


@pytest.mark.check(3)
@pytest.mark.parametrize("name", structured.seeds())
def test_every_kind_changed(name: str) -> None:
    said: list[str] = []
    assert structured.run(Effort(100, only=(name,)), 4, said.append) == 0, said


@pytest.mark.parametrize("name", structured.seeds())
def test_the_examples_themselves_are_accepted(tmp_path: Path, name: str) -> None:
    assert structured.examine(name, tmp_path / "input", structured.seeds()[name]) == 1


def test_many_changed_forms_are_accepted_still() -> None:
    """Changes that only break the syntax would not come past the first line of a reader."""
    said: list[str] = []
    structured.run(Effort(200, only=("toml", "json")), 1, said.append)
    for line in said:
        assert int(line.split(" understood")[0].split()[-1]) > 10, line


def test_the_harness_sees_values_that_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "_object", lambda pairs, _: dict(pairs[:2]))
    assert structured.run(Effort(300, only=("json",)), 1, lambda _: None) > 0


def test_the_harness_sees_files_that_go_unlisted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_listed", lambda _: {"univers.csv", "exports/a.esf", "manifest.json"})
    assert structured.run(Effort(50, only=("manifest",)), 1, lambda _: None) > 0
