"""The figures of a town's days: bins of waits, quantiles, hours that a profile can serve."""

import numpy as np
import pytest

from sim.elections import PROFILES
from sim.queues.town import BINS, Circumstances, TownBureau, quantile, wait_bin

BUREAU = TownBureau("76351", "Le Havre", "0001", 900, 1, 1, 8, 19)


def test_waits_are_counted_by_the_second_and_beyond_an_hour_by_ten() -> None:
    seconds = [0, 1, 3599, 3600, 3609, 3610, 12 * 3600 - 1, 12 * 3600, 10**7]
    found = wait_bin(np.array(seconds) * 1000 + 999)
    assert found.tolist() == [0, 1, 3599, 3600, 3600, 3601, BINS - 1, BINS - 1, BINS - 1]


def test_a_quantile_is_the_wait_that_so_many_stay_within() -> None:
    waits = np.zeros((4, BINS), np.int64)
    waits[0, 7], waits[0, 60] = 95, 5
    waits[1, 7], waits[1, 60] = 94, 6
    waits[2, 3601] = 1
    assert quantile(waits, 0.95).tolist() == [7_000, 60_000, 3_610_000, 0]


def test_hours_of_a_scenario_are_those_of_the_list_but_for_what_it_says() -> None:
    profile = PROFILES["2022-P1"]
    assert Circumstances(profile).hours(BUREAU) == (8, 19)
    assert Circumstances(profile, closing=20).hours(BUREAU) == (8, 20)
    for opening, closing in ((12, 19), (8, 17), (-1, 19), (8, 25)):
        with pytest.raises(ValueError, match="12h"):
            Circumstances(profile, opening=opening, closing=closing).hours(BUREAU)
