"""A short run of the fuzzing of every reader of published results, the same each time."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.fuzz.published import examine, inputs, seeds

RUNS = 60
SLOW = ("ministry-workbook", "ministry-nation")
"""Each of these is read in a process of its own."""


@pytest.mark.parametrize("name", sorted(seeds()))
def test_no_crash_and_no_hang(tmp_path: Path, name: str) -> None:
    if name in SLOW:
        pytest.importorskip("python_calamine")
    path = tmp_path / "input"
    assert examine(path, seeds()[name]) > 0
    for _, data in itertools.islice(inputs([name], seed=2), RUNS // 6 if name in SLOW else RUNS):
        examine(path, data)
