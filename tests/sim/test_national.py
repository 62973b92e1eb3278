"""A nation's queues: the compiled recursion equals numpy's, and so the simpy day."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from sim import parameters
from sim.bureaux import Bureau, machine_bureaux
from sim.communes import choose
from sim.elections import SCENARIOS
from sim.queues import national
from sim.queues.national import NationDay, crowd, day, nation


def bureaux() -> list[Bureau]:
    return [
        bureau
        for commune in choose(2022, ["34192", "77513", "92076", "34324"])
        for bureau in machine_bureaux(1, SCENARIOS[2022], commune)
    ]


def same(left: NationDay, right: NationDay) -> bool:
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in NationDay.__slots__)


@pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="numba is not installed")
@pytest.mark.parametrize("service", [20, 45, 90])
def test_numba_and_numpy_give_the_same_day(service: int, monkeypatch: pytest.MonkeyPatch) -> None:
    there = bureaux()
    assert {bureau.machines for bureau in there} == {1, 2}
    of = nation(there, "2007-P1", replace(parameters.VOTE, mean=service))
    fast = [day(of, 1, replication) for replication in range(5)]
    monkeypatch.setattr(national, "compiled", lambda: None)
    assert all(same(each, day(of, 1, replication)) for replication, each in enumerate(fast))


def test_days_differ_and_come_again() -> None:
    of = nation(bureaux(), "2022-P1")
    assert same(day(of, 1, 0), day(of, 1, 0))
    assert not same(day(of, 1, 0), day(of, 1, 1))
    assert not same(day(of, 1, 0), day(of, 2, 0))


def test_everybody_is_counted_once() -> None:
    of = nation(bureaux(), "2022-P1")
    found = day(of, 1, 0)
    assert found.waits.sum() == found.people.sum() == len(crowd(of, 1, 0).arrival)
    assert (found.longest // 1000).max() == np.flatnonzero(found.waits).max()
    assert (found.people <= of.registered).all()
