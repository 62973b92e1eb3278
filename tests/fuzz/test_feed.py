"""A short run of the fuzzing of the ministry's night feed."""

from pathlib import Path

import pytest

from tests.fuzz._guided import Effort
from tests.fuzz.feed import run, seeds
from tests.fuzz.published import examine


@pytest.mark.check(8)
@pytest.mark.parametrize("name", sorted(seeds()))
def test_no_crash_and_no_hang(tmp_path: Path, name: str) -> None:
    said: list[str] = []
    assert run(Effort(60, only=(name,)), 2, said.append) == 0, said
    assert (examine(tmp_path / "input", seeds()[name]) > 0) is (name != "index")
