"""A short run of the fuzzing of the reader of data.gouv.fr's tables of all elections."""

from pathlib import Path

import pytest

from tests.fuzz._guided import Effort
from tests.fuzz.aggregated import examine, run, seeds


@pytest.mark.check(10)
@pytest.mark.parametrize("name", sorted(seeds()))
def test_no_crash_and_no_hang(tmp_path: Path, name: str) -> None:
    said: list[str] = []
    assert run(Effort(6 if "parquet" in name else 60, only=(name,)), 2, said.append) == 0, said
    assert examine(name, tmp_path / "input", seeds()[name]) == 2
