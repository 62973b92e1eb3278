"""The rows of a file in the order of the bureaux: the first that names one, whatever their order."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from verify.align.lined_tables import Rows

PLACES = 12


@given(st.lists(st.integers(-1, PLACES - 1), max_size=20))
@example(list(range(PLACES)))
@example([*range(PLACES), -1])
@example([*range(3), *range(PLACES)])
@example([])
def test_the_first_row_of_each_place_counts(named: list[int]) -> None:
    at = np.array(named, np.int64)
    found = Rows(at, np.flatnonzero(at >= 0), (PLACES // 2, 2))
    first = {place: row for row, place in reversed(list(enumerate(named))) if place >= 0}
    assert sorted(found.again.tolist()) == [r for r, place in enumerate(named) if place >= 0 and first[place] != r]
    values = np.arange(100, 100 + len(named))
    lined = found.lined(values, -3)
    assert lined.shape == (PLACES // 2, 2)
    assert lined.ravel().tolist() == [int(values[first[place]]) if place in first else -3 for place in range(PLACES)]
    nothing = found.lined(np.broadcast_to(np.int64(-3), len(named)), -3)
    assert (nothing == -3).all()
    assert found.lined(at >= 0, False).ravel().tolist() == [place in first for place in range(PLACES)]
