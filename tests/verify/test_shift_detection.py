"""Probability of seeing a shift of votes, against sums over every drawing and every way to hide it."""

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.statistics.shift_detection import (
    DrawnPart,
    chance_of_missing,
    detection,
    enough,
    fewest,
    shared_out,
)

SMALL = st.lists(st.integers(0, 9), min_size=1, max_size=5)


def ways(part: DrawnPart) -> list[frozenset[int]]:
    """Every drawing of a part: the bureaux that are looked at."""
    return [frozenset(some) for some in itertools.combinations(range(len(part.bounds)), part.drawn)]


def least_seen(parts: Sequence[DrawnPart], shift: int) -> Fraction:
    """Of every set of bureaux that has room for the shift, the smallest share of drawings that meets it."""
    places = [(at, index) for at, part in enumerate(parts) for index in range(len(part.bounds))]
    drawings = [
        {(at, index) for at, some in enumerate(drawn) for index in some}
        for drawn in itertools.product(*(ways(part) for part in parts))
    ]
    found = Fraction(1)
    for count in range(len(places) + 1):
        for altered in itertools.combinations(places, count):
            if sum(parts[at].bounds[index] for at, index in altered) >= shift:
                hits = sum(not drawn.isdisjoint(altered) for drawn in drawings)
                found = min(found, Fraction(hits, len(drawings)))
    return found


@st.composite
def one_part(draw: st.DrawFn, most: int = 5) -> DrawnPart:
    bounds = draw(st.lists(st.integers(0, 9), min_size=1, max_size=most))
    return DrawnPart(tuple(bounds), draw(st.integers(0, len(bounds))))


@pytest.mark.parametrize(
    ("bounds", "shift", "count"),
    [((5, 9, 1), 9, 1), ((5, 9, 1), 10, 2), ((5, 9, 1), 15, 3), ((5, 9, 1), 16, None), ((), 1, None), ((), 0, 0)],
)
def test_the_largest_bureaux_are_changed_first(bounds: tuple[int, ...], shift: int, count: int | None) -> None:
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


@given(one_part(7), st.integers(1, 40))
def test_of_one_part_it_is_what_the_worst_shift_meets(part: DrawnPart, shift: int) -> None:
    found = detection([part], shift)
    assert found.seen == least_seen([part], shift)
    assert found.free == (0 if part.drawn else sum(part.bounds))


@given(st.lists(one_part(4), min_size=2, max_size=3), st.integers(1, 40))
def test_of_several_parts_no_shift_meets_less(parts: list[DrawnPart], shift: int) -> None:
    assert detection(parts, shift).seen <= least_seen(parts, shift)


@given(st.lists(one_part(3), min_size=2, max_size=3), st.integers(1, 9), st.integers(1, 40))
def test_of_equal_bureaux_it_is_exact_in_any_number_of_parts(parts: list[DrawnPart], bound: int, shift: int) -> None:
    equal = [DrawnPart((bound,) * len(part.bounds), part.drawn) for part in parts]
    assert detection(equal, shift).seen == least_seen(equal, shift)


def test_what_cannot_be_drawn_is_used_first() -> None:
    watched, other = DrawnPart((100,) * 10, 5), DrawnPart((100,) * 3, 0)
    within = detection([watched, other], 300)
    assert (within.free, within.altered, within.seen) == (300, 0, Fraction(0))
    beyond = detection([watched, other], 301)
    assert (beyond.free, beyond.altered, beyond.seen) == (300, 1, Fraction(1, 2))


def test_a_shift_without_room_is_hidden_nowhere() -> None:
    found = detection([DrawnPart((3, 4), 1)], 8)
    assert (found.altered, found.seen) == (None, Fraction(1))


def test_many_small_bureaux_do_not_stand_for_a_few_large_ones() -> None:
    """The shift has no room in the small ones, of which few are looked at: giving them away says more."""
    large, small = DrawnPart((100,) * 10, 8), DrawnPart((1,) * 100, 1)
    assert detection([large, small], 500).seen == 1 - chance_of_missing(10, 4, 8)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=6), st.data())
def test_sheets_are_shared_out_where_the_fewest_are(bureaux: list[int], data: st.DataObject) -> None:
    drawn = data.draw(st.integers(0, sum(bureaux)))
    shares = shared_out(drawn, bureaux)
    assert sum(shares) == drawn
    assert all(share <= count for share, count in zip(shares, bureaux, strict=True))
    # no part could give one to another without being looked at less than that one was
    for mine, count in zip(shares, bureaux, strict=True):
        for other, size in zip(shares, bureaux, strict=True):
            if mine and other < size:
                assert Fraction(mine - 1, count) <= Fraction(other, size)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=6), st.data())
def test_one_more_in_all_is_never_one_fewer_in_a_part(bureaux: list[int], data: st.DataObject) -> None:
    drawn = data.draw(st.integers(0, max(sum(bureaux) - 1, 0)))
    if drawn < sum(bureaux):
        pairs = zip(shared_out(drawn, bureaux), shared_out(drawn + 1, bureaux), strict=True)
        assert all(fewer <= more for fewer, more in pairs)


@given(SMALL, SMALL, st.lists(st.integers(0, 9), max_size=3), st.integers(1, 30), st.integers(0, 20))
def test_the_fewest_that_are_enough(
    first: list[int], second: list[int], beyond: list[int], shift: int, twentieths: int
) -> None:
    probability = Fraction(twentieths, 20)
    found = enough([first, second], beyond, shift, probability)

    def seen(drawn: int) -> Fraction:
        shares = shared_out(drawn, [len(first), len(second)])
        parts = [DrawnPart(tuple(first), shares[0]), DrawnPart(tuple(second), shares[1])]
        return detection([*parts, DrawnPart(tuple(beyond), 0)], shift).seen

    every = [drawn for drawn in range(len(first) + len(second) + 1) if seen(drawn) >= probability]
    if found is None:
        assert not every
    else:
        assert sum(found) == every[0]


def test_of_all_bureaux_of_one_list_the_known_figure() -> None:
    """66,000 bureaux of 500 votes, half a million votes moved: 1,000 bureaux, and 196 sheets for 95 %."""
    found = enough([[500] * 66_000], [], 500_000, Fraction(19, 20))
    assert found is not None
    drawn = found[0]
    assert chance_of_missing(66_000, 1000, drawn) <= Fraction(1, 20) < chance_of_missing(66_000, 1000, drawn - 1)
    assert drawn == 196


def test_what_cannot_be_seen_has_no_number() -> None:
    assert enough([[100] * 5], [100] * 5, 400, Fraction(1, 100)) is None
    assert enough([[100] * 5], [100] * 5, 501, Fraction(1)) == [5]


@pytest.mark.parametrize(("bounds", "drawn"), [((1, 2), 3), ((1,), -1), ((1, -1), 1)])
def test_no_part_is_drawn_more_than_it_has(bounds: tuple[int, ...], drawn: int) -> None:
    with pytest.raises(ValueError, match="drawn of"):
        DrawnPart(bounds, drawn)
