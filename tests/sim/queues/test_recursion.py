"""The recursion over people equals the simpy day to the millisecond, whatever fails, whoever leaves, whatever ties."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocol.arrays import Ints
from sim.bureaux import choose, machine_bureaux
from sim.day import MachineFailure, Room, VotingMachine
from sim.elections import SCENARIOS
from sim.queues.recursion import FAR, Failures, Services, serve
from sim.voters import HOUR, NO_VISIT, VISITS, Voters
from sim.voters import draw as draw_voters
from tests.sim.queues.as_columns import columns
from tests.sim.queues.silent import Silent

OPENING, CLOSING = 8 * HOUR, 19 * HOUR
Failing = dict[int, tuple[int, int, int]]
"""By machine: seconds after the opening, seconds until the bureau goes on, booths (0: a machine)."""


def resume(now: int) -> tuple[VotingMachine, bool]:
    return Silent(), False


def simpy_day(voters: Voters, tables: int, machines: int, failing: Failing, delay: int) -> dict[str, list[int]]:
    failures = [
        MachineFailure(OPENING + at * 1000, length * 1000, lambda: None, resume, machine, booths)
        for machine, (at, length, booths) in failing.items()
    ]
    there = [Silent() for _ in range(machines)]
    day = Room(OPENING + delay * 1000, CLOSING, voters, there, None, failures, tables).hold()
    spans = {
        f"{name}_{side}": spans[:, at].tolist()
        for name, spans in (("identify", day.identify), ("vote", day.vote), ("sign", day.sign))
        for at, side in enumerate(("start", "end"))
    }
    assert day.last == max([CLOSING, *spans["sign_end"]])
    return spans | {"lost": day.lost.tolist()}


def failures(days: Sequence[Failing], machines: int) -> Failures:
    def values(which: int, nothing: int) -> Ints:
        rows = [
            [days[day][machine][which] if machine in days[day] else nothing for day in range(len(days))]
            for machine in range(machines)
        ]
        return np.array(rows, np.int64).reshape(machines, len(days))

    at = values(0, -1)
    return Failures(np.where(at < 0, FAR, OPENING + at * 1000), values(1, 1) * 1000, values(2, 0))


def column(services: Services, day: int, people: int) -> dict[str, list[int]]:
    return {name: getattr(services, name)[:people, day].tolist() for name in Services.__slots__}


def crowd(people: Sequence[tuple[int, int, Sequence[int], int, int, int]]) -> Voters:
    """Arrival after the opening, identification, visits, signature, further time in a booth, patience, in seconds."""
    visits = np.zeros((len(people), VISITS), np.int64)
    for row, (_, _, some, *_) in enumerate(people):
        visits[row, : len(some)] = some

    def values(which: int) -> Ints:
        return np.array([each[which] for each in people], np.int64)

    return Voters(
        arrival=values(0) * 1000 + OPENING,
        identify=values(1) * 1000,
        visits=visits * 1000,
        choices=np.where(visits > 0, 1, NO_VISIT),
        sign=values(3) * 1000,
        signatures=np.minimum(values(3), 1),
        proxies=0,
        booths=np.where(visits > 0, visits + values(4)[:, None], 0) * 1000,
        patience=values(5) * 1000,
    )


person = st.tuples(
    st.integers(0, 25),
    st.integers(1, 5),
    st.lists(st.integers(1, 5), min_size=1, max_size=VISITS),
    st.integers(0, 5),
    st.integers(0, 3),
    st.integers(0, 30),
)
crowds = st.lists(person, max_size=15).map(sorted).map(crowd)
"""People in whole seconds, few and short, so that many things happen in one millisecond."""
failing = st.dictionaries(
    st.integers(0, 2), st.tuples(st.integers(0, 40), st.integers(1, 15), st.integers(0, 3)), max_size=3
)
days = st.lists(st.tuples(crowds, failing), min_size=1, max_size=4)

TWO_THIRD_VISITS_AT_ONCE = crowd(
    [(0, 1, visits, sign, 0, 90) for visits, sign in (([1], 0), ([1], 0), ([1], 0), ([3, 1, 1], 1), ([1, 2, 1], 1))]
)
LIGHT_AND_A_FIRST_VISIT_AT_ONCE = crowd([(1, 3, [2], 1, 0, 90), (2, 3, [2], 1, 0, 90)])


@pytest.mark.check(4)
@example([(TWO_THIRD_VISITS_AT_ONCE, {})], 1, 2, 0, False)
@example([(LIGHT_AND_A_FIRST_VISIT_AT_ONCE, {0: (5, 2, 0)})], 1, 2, 0, False)
@settings(max_examples=400)
@given(days, st.integers(1, 3), st.integers(1, 3), st.sampled_from([0, 0, 7]), st.booleans())
def test_equals_the_simpy_day_whatever_happens_at_once(
    days: list[tuple[Voters, Failing]], tables: int, machines: int, delay: int, patient: bool
) -> None:
    held = [replace(voters, patience=None) if patient else voters for voters, _ in days]
    dark = [{machine: each for machine, each in failing.items() if machine < machines} for _, failing in days]
    broken = failures(dark, machines) if any(dark) else None
    services = serve(columns(held), OPENING + delay * 1000, tables, machines, broken)
    for at, (voters, failing) in enumerate(zip(held, dark, strict=True)):
        assert column(services, at, len(voters)) == simpy_day(voters, tables, machines, failing, delay)


@pytest.mark.parametrize("machines", [1, 2])
@pytest.mark.parametrize(
    "dark", [{}, {0: (3 * 3600, 1500, 0)}, {0: (4 * 3600, 1700, 4), 1: (5 * 3600, 900, 0)}], ids=str
)
def test_equals_the_simpy_day_of_real_bureaux(machines: int, dark: Failing) -> None:
    scenario = SCENARIOS[2022]
    held = [draw_voters(1, scenario, bureau) for bureau in machine_bureaux(1, scenario, *choose(2022, ["34192"]))]
    some = {machine: each for machine, each in dark.items() if machine < machines}
    services = serve(columns(held), OPENING, machines=machines, failures=failures([some] * len(held), machines))
    for at, voters in enumerate(held):
        assert column(services, at, len(voters)) == simpy_day(voters, 1, machines, some, 0)
