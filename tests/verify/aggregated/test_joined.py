"""Ids that are there more than once are found, in whatever order the bureaux are."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from verify.read.aggregated import joined


@given(st.lists(st.text("ab_é", max_size=3), max_size=12))
@example(["a", "b", "c"])
@example(["c", "d", "a", "b"])
@example(["c", "e", "a", "d"])  # runs that overlap, without an id in common
@example(["c", "d", "a", "c"])
@example(["a", "a"])
@example([])
def test_ids_that_are_there_more_than_once(ids: list[str]) -> None:
    assert joined._twice(pa.array(ids, pa.string())).tolist() == [ids.count(each) > 1 for each in ids]


def test_runs_that_do_not_overlap_are_told_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_runs(*ids: str) -> bool:
        return joined._in_runs(pa.array(ids, pa.string()))

    assert in_runs("01001_0001", "01001_0002", "98701_0001", "98801_0001", "97501_0001", "97501_0002")
    assert in_runs("d", "e", "a", "b", "z")
    assert in_runs("d", "e", "a", "b", "z", "c", "x")
    assert not in_runs("d", "e", "a", "b", "z", "c", "dx")
    assert not in_runs("01001_0001", "99231_0001", "01001_0001B", "99231_0001B")
    assert not in_runs("01001_0001", "01001_0001")
    assert in_runs("c", "b", "a")
    monkeypatch.setattr(joined, "_RUNS", 1)
    assert not in_runs("c", "b", "a")
