"""Assignments and their leads, against all permutations of small tables."""

from itertools import permutations

import numpy as np

from verify.explanations.permutations import _leads, assign
from verify.explanations.side_by_side import FOUND, SIGNATURES, VOTES
from verify.explanations.slips import slip


def test_an_assignment_of_several_augmenting_paths_is_the_cheapest() -> None:
    draw = np.random.default_rng(11)
    for _ in range(150):
        cost = draw.integers(0, 40, (6, 6)).astype(np.int64)
        least = min(cost[np.arange(6), each].sum() for each in permutations(range(6)))
        assert cost[np.arange(6), assign(cost)].sum() == least


def test_a_lead_is_what_the_cheapest_other_column_of_a_row_costs() -> None:
    draw = np.random.default_rng(12)
    rows = np.arange(5)
    for _ in range(40):
        cost = draw.integers(0, 30, (5, 5)).astype(np.int64)
        best = assign(cost)
        sums = {each: int(cost[rows, each].sum()) for each in permutations(range(5))}
        for row, lead in enumerate(_leads(cost, best, 5).tolist()):
            others = [each for perm, each in sums.items() if perm[row] != best[row]]
            assert lead == min(others) - min(sums.values())


def test_only_a_pv_has_its_votes_found_copied_from_its_signatures() -> None:
    row = [900, 655, 655, 5, 0, 650, *[0] * 4]
    assert (len(row) > VOTES, row[FOUND]) == (True, row[SIGNATURES])
    assert slip("pv", row, FOUND, 652, by_machine=True) == "found-from-signatures"
    assert slip("recap", row, FOUND, 652, by_machine=True) != "found-from-signatures"
