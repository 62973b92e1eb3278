"""A short run of the fuzzing of every reader of published results."""

from pathlib import Path

import pytest

from tests.fuzz._guided import Effort
from tests.fuzz.published import examine, run, seeds

SLOW = ("ministry-workbook", "ministry-nation", "ods")
"""Each of these is read in a process of its own."""


@pytest.mark.check(110)
@pytest.mark.parametrize("name", sorted(seeds()))
def test_no_crash_and_no_hang(tmp_path: Path, name: str) -> None:
    if name in SLOW:
        pytest.importorskip("python_calamine")
    said: list[str] = []
    assert run(Effort(10 if name in SLOW else 60, only=(name,)), 2, said.append) == 0, said
    assert examine(tmp_path / "input", seeds()[name]) > 0
