"""PVs whose counts stand one column off, figure by figure."""

import numpy as np

from verify.align.shifted import LEFT, RIGHT, shift_of

NAMES = ("signatures", "votes_found", "blank", "null", "valid")


def test_counts_that_add_up_one_column_beside_theirs() -> None:
    for figures, votes, shift in (
        ((100, 4, 6, 90, -1), (60, 30), LEFT),
        ((100, 4, 6, 90, 90), (60, 29), 0),  # the votes by choice say something else
        ((9, 99, 8, 1, 4), (3, 0), RIGHT),
        ((9, 99, 8, 1, 4), (2, 0), 0),
        ((9, 99, 5, 1, 4), (0, 0), 0),  # without a single vote nothing says that the counts are of other columns
        ((100, 100, 4, 6, 90), (60, 30), 0),  # it adds up,
    ):
        stated = {name: np.array([[figure]]) for name, figure in zip(NAMES, figures, strict=True)}
        found = shift_of(stated, np.array([[votes]]), np.array([[len(votes)]]), None)
        assert found.tolist() == [[shift]]
