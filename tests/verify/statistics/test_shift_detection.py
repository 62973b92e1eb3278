"""Probability of seeing a shift of votes, against sums over every drawing and every way to hide it."""

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from regard.sealing.witness_plan import chance_of_missing, enough, fewest


def least_seen(bounds: Sequence[int], drawn: int, shift: int) -> Fraction:
    """Of every set of bureaux that has room for the shift, the smallest share of drawings that meets it."""
    places = range(len(bounds))
    drawings = [set(some) for some in itertools.combinations(places, drawn)]
    return min(
        (
            Fraction(sum(not each.isdisjoint(altered) for each in drawings), len(drawings))
            for count in range(len(bounds) + 1)
            for altered in itertools.combinations(places, count)
            if sum(bounds[at] for at in altered) >= shift
        ),
        default=Fraction(1),
    )


def test_the_largest_bureaux_are_changed_first() -> None:
    for bounds, shift, count in (
        ((5, 9, 1), 9, 1),
        ((5, 9, 1), 10, 2),
        ((5, 9, 1), 15, 3),
        ((5, 9, 1), 16, None),
        ((), 1, None),
        ((), 0, 0),
    ):
        assert fewest(bounds, shift) == count


@given(st.integers(0, 40), st.data())
def test_the_chance_of_missing_is_hypergeometric(bureaux: int, data: st.DataObject) -> None:
    altered, drawn = (data.draw(st.integers(0, bureaux)) for _ in "kn")
    exact = Fraction(math.comb(bureaux - altered, drawn), math.comb(bureaux, drawn))
    assert chance_of_missing(bureaux, altered, drawn) == exact


def test_the_chances_of_every_number_of_hits_add_up_to_one() -> None:
    hits = [Fraction(math.comb(7, k) * math.comb(13, 5 - k), math.comb(20, 5)) for k in range(6)]
    assert sum(hits) == 1
    assert chance_of_missing(20, 7, 5) == 1 - sum(hits[1:])


@given(st.lists(st.integers(0, 9), min_size=1, max_size=7), st.integers(1, 40), st.integers(0, 20))
def test_the_fewest_that_are_enough_whatever_the_worst_shift(bounds: list[int], shift: int, twentieths: int) -> None:
    altered, wanted = fewest(bounds, shift), Fraction(twentieths, 20)
    if altered is None:  # hidden nowhere
        assert sum(bounds) < shift
        return
    every = range(len(bounds) + 1)
    seen = [1 - chance_of_missing(len(bounds), altered, drawn) for drawn in every]
    assert seen == [least_seen(bounds, drawn, shift) for drawn in every]
    assert enough(len(bounds), altered, wanted) == next(drawn for drawn in every if seen[drawn] >= wanted)


def test_of_all_bureaux_of_one_list_the_known_figure() -> None:
    """66,000 bureaux of 500 votes, half a million votes moved: 1,000 bureaux, and 196 sheets for 95 %."""
    altered = fewest([500] * 66_000, 500_000)
    assert altered == 1000
    drawn = enough(66_000, altered, Fraction(19, 20))
    assert chance_of_missing(66_000, 1000, drawn) <= Fraction(1, 20) < chance_of_missing(66_000, 1000, drawn - 1)
    assert drawn == 196
