"""Damaged images, a short run of the command: nothing raises, every change is found, two readers say the same."""

import numpy as np
import pytest

from protocol.urn.recount import recount
from tests.machine.failing_memory import decay
from tests.machine.people import vote
from tests.protocol.urn.module_damage import KINDS, compare, images, is_found, run
from tests.protocol.urn.module_images import opened, rows


@pytest.mark.check(4)
def test_random_damage() -> None:
    tried = run(400, seed=7, every=4)
    assert set(tried) == set(KINDS)


def test_two_readers_agree_on_whole_images_and_find_nothing() -> None:
    whole = images()
    urns = recount(rows(whole))
    for index, image in enumerate(whole):
        compare(urns, index, image)
        assert not is_found(urns, index)


def test_two_readers_agree_on_urns_in_the_middle_of_a_day_with_decayed_cells() -> None:
    random = np.random.default_rng(3)
    made = []
    for number in range(20):
        machine = opened(3, 2, seed=number)
        for _ in range(30):
            vote(machine, int(random.integers(0, 4)), int(random.integers(0, 3)))
        machine.power_off()
        memory = machine.take_urn()
        for _ in range(number * 10):
            decay(memory, int(random.integers(0xF80, 0x10000)), 1 << int(random.integers(8)))
        made.append(memory.read(0, len(memory)))
    urns = recount(rows(made))
    for index, image in enumerate(made):
        compare(urns, index, image)
    assert urns.columns["repaired"].sum() + urns.columns["not_blank"].sum() > 100
