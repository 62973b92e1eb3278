"""Ids that are there more than once are found, in whatever order the bureaux are."""

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from verify.read.aggregated import results as joined


@given(st.lists(st.text("ab_é", max_size=3), max_size=12))
@example(["a", "b", "c"])
@example(["c", "d", "a", "b"])
@example(["c", "e", "a", "d"])  # runs that overlap, without an id in common
@example(["c", "d", "a", "c"])
@example(["a", "a"])
@example([])
def test_ids_that_are_there_more_than_once(ids: list[str]) -> None:
    assert joined._twice(pa.array(ids, pa.string())).tolist() == [ids.count(each) > 1 for each in ids]
