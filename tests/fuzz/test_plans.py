"""A short run of the fuzzing of what a plan is given."""

from pathlib import Path

import pytest

from tests.fuzz import plans
from tests.fuzz._guided import Effort


@pytest.mark.check(10)
@pytest.mark.parametrize("name", sorted(plans.seeds()))
def test_no_crash_and_no_hang(tmp_path: Path, name: str) -> None:
    said: list[str] = []
    assert plans.run(Effort(60, only=(name,)), 2, said.append) == 0, said
    if name == "scenarios":
        assert int(said[-1].split(" understood")[0].split()[-1]) > 30, said
    assert plans.examine(name, tmp_path / "input", plans.seeds()[name]) >= 2


def test_the_harness_sees_a_reader_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(plans, "scenarios_of", fails)
    with pytest.raises(KeyError):
        plans.run(Effort(3, only=("option",)), 1, lambda _: None)
