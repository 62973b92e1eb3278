"""A short run of the fuzzing of the whole command."""

from pathlib import Path

import pytest

from tests.fuzz import evidence
from tests.fuzz._guided import Effort


@pytest.mark.check(31)
@pytest.mark.parametrize("name", evidence.seeds())
def test_every_file_changed_ends_with_a_report(name: str) -> None:
    if name == "--pv workbook":
        pytest.importorskip("python_calamine")
    said: list[str] = []
    assert evidence.run(Effort(8, only=(name,)), 3, said.append) == 0, said


@pytest.mark.check(2)
@pytest.mark.parametrize("name", evidence.seeds())
def test_the_examples_themselves_are_understood(tmp_path: Path, name: str) -> None:
    if name == "--pv workbook":
        pytest.importorskip("python_calamine")
    assert evidence.examine(name, tmp_path / "input", evidence.seeds()[name]) == 1


def test_the_harness_sees_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: list[str]) -> int:
        raise KeyError

    monkeypatch.setattr(evidence, "main", broken)
    with pytest.raises(KeyError):
        evidence.run(Effort(3, only=("pv.csv",)), 1, lambda _: None)
