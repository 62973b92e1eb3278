"""The image of an urn has the same distribution whatever the order of voting: every order and every draw enumerated.

The banks are small, so that all draws can be gone through; each is as likely as any other, so equal counts of images
are equal probabilities, exactly.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations
from math import factorial

import numpy as np
import numpy.typing as npt
import pytest

from machine.configuration import Configuration
from machine.esf1 import Machine
from machine.states import State
from protocol.urn.image import UrnLayout
from tests.machine.failing_memory import FailingMemory, PowerCut
from tests.machine.people import People, configuration

SLOTS = 4
TINY = UrnLayout(slots=SLOTS, events=12)
CONFIGURATION: Configuration = configuration(2)
OPENING: list[tuple[object, ...]] = [("zero",), ("open",)]


class Scripted:
    """A generator that gives the orders it is told to, by their number among all orders of what is asked for."""

    def __init__(self, orders: Sequence[int]) -> None:
        self._orders = iter(orders)

    def permutation(self, x: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """That order."""
        number = next(self._orders)
        return np.array(list(permutations(x.tolist()))[number])


def _orders(*elements: int) -> Iterator[tuple[int, ...]]:
    """All numbers of orders of that many elements each."""
    return (tuple(index) for index in np.ndindex(*map(factorial, elements)))


OPENED = FailingMemory(TINY.size)
People(OPENING).go_on(Machine(CONFIGURATION, Scripted([0]), memory=OPENED, layout=TINY))
IMAGE = OPENED.read(0, len(OPENED))


def _vote(machine: Machine, choice: int) -> None:
    if machine.state is not State.ENABLED:
        machine.enable()
    machine.choose(choice)
    machine.validate()


def _image(votes: Sequence[int], orders: Sequence[int], cut: tuple[int, int] | None) -> bytes:
    """The memory after ``votes``; ``cut``: the power goes away in that vote, before that byte of it."""
    memory = FailingMemory(IMAGE)
    # One order for the power-on before the first vote, one for that after the cut.
    machine = Machine.with_urn(memory, Scripted(orders), at=0, layout=TINY)
    for index, choice in enumerate(votes):
        if cut is not None and cut[0] == index:
            machine.enable()
            memory.cut_after(cut[1])
            with pytest.raises(PowerCut):
                _vote(machine, choice)
            machine.power_on(0)
            if machine.state is State.ENABLED:
                _vote(machine, choice)
        else:
            _vote(machine, choice)
    if cut is None:
        machine.power_off()
        machine.power_on(0)  # so that the log has the same entries
    return memory.read(0, len(memory))


def _distribution(votes: Sequence[int], free: int, cut: tuple[int, int] | None = None) -> dict[bytes, Fraction]:
    """The probability of every image; ``free``: the positions left when the power comes back."""
    images = Counter(_image(votes, orders, cut) for orders in _orders(SLOTS, free))
    return {image: Fraction(times, images.total()) for image, times in images.items()}


@pytest.mark.parametrize("votes", [(1, 2), (1, 1, 2), (0, 1, 2)])
def test_no_order_of_voting_changes_the_distribution(votes: tuple[int, ...]) -> None:
    left = SLOTS - len(votes)
    distributions = [_distribution(order, left) for order in set(permutations(votes))]
    assert all(distribution == distributions[0] for distribution in distributions)
    # and it is uniform over all placings of the votes
    assert len(set(distributions[0].values())) == 1


@pytest.mark.check(7)
@pytest.mark.parametrize("byte", range(10))
def test_after_recovery_neither_the_order_nor_the_vote_that_was_cut_shows(byte: int) -> None:
    votes = (1, 2)
    distributions = []
    for order in set(permutations(votes)):
        for index in range(len(votes)):
            taken = index + (byte > 0)  # the slot of the vote that was cut, by it or by zeros
            distributions.append(_distribution(order, SLOTS - taken, (index, byte)))
    assert all(distribution == distributions[0] for distribution in distributions)


def test_the_test_would_see_positions_in_order() -> None:
    first, second = (_image(order, (0, 0), None) for order in ((1, 2), (2, 1)))
    assert first != second
