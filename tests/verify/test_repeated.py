"""Findings about rows that repeat another row."""

import numpy as np

from protocol.words import msg
from verify.align.lined_tables import repeat


def test_of_several_that_are_of_the_same_the_first_is_named_and_all_are_counted() -> None:
    rows = np.array([5, 6, 7, 8])
    found = repeat("f.csv", "choix", msg("each choice once"), rows, str, of=np.array([1, 1, 2, 2]))
    assert [problem.row for problem in found.problems] == [5, 7]
    assert found.rows.tolist() == rows.tolist()
    known = np.array([True, False, False, False])
    found = repeat("f.csv", "choix", msg("each choice once"), rows, str, known, np.array([1, 1, 2, 2]))
    assert [problem.row for problem in found.problems] == [6, 7]
