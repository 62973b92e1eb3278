"""The engine of queues against Ciw, a simulator of queueing networks that others wrote: on the same arrivals and times.

Every service begins and ends in the same millisecond.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import ciw
import numpy as np
import pytest

from protocol.arrays import Ints
from sim import parameters
from sim.elections import PROFILES
from sim.queues.days import day_of
from sim.queues.recursion import Draws, Services, serve
from sim.queues.town import Circumstances, TownBureau
from sim.voters import HOUR
from tests.sim.queues.as_columns import columns

STATIONS = ("identify", "vote", "sign")
Spans = dict[str, list[tuple[int, int]]]
Times = Callable[[int], int]
"""Of a person, from 0."""


class OneByOne(ciw.dists.Distribution):  # type: ignore[misc]  # Ciw has no types
    """Gaps between arrivals; Ciw's own for that cannot be copied by newer Pythons, as Ciw does."""

    def __init__(self, gaps: list[int]) -> None:
        self.left = gaps[::-1]

    def sample(self, t: object = None, ind: object = None) -> float:
        return self.left.pop() if self.left else math.inf


class ByPerson(ciw.dists.Distribution):  # type: ignore[misc]
    """A time for each person, whenever the turn comes."""

    def __init__(self, times: Times) -> None:
        self.times = times

    def sample(self, t: object = None, ind: object = None) -> int:
        number: int = ind.id_number  # type: ignore[attr-defined]
        return self.times(number - 1)


def in_ciw(arrival: Ints, times: dict[str, Times], tables: int, machines: int) -> Spans:
    """Start and end of each person's services by Ciw; times in milliseconds since midnight."""
    network = ciw.create_network(
        arrival_distributions=[OneByOne(np.diff(arrival, prepend=0).tolist()), None, None],
        service_distributions=[ByPerson(times[station]) for station in STATIONS],
        number_of_servers=[tables, machines, 1],
        routing=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(48 * HOUR)
    spans: Spans = {station: [(0, 0)] * len(arrival) for station in STATIONS}
    for record in simulation.get_all_records():
        times_of = spans[STATIONS[record.node - 1]]
        times_of[record.id_number - 1] = record.service_start_date, record.service_end_date
    return spans


def without_ties(bureau: TownBureau, of: Circumstances, number: int) -> tuple[Draws, Services] | None:
    """A day by our engine; None where two leave a station in one millisecond, whom Ciw may let go on in another order.

    The few who leave without a vote pass by the roll: Ciw would let them stand in its line, so here they sign at once.
    """
    [day] = day_of([bureau], of, 1, number)
    draws = columns([day.voters])
    draws = replace(draws, sign=np.maximum(draws.sign, 1))
    services = serve(draws, day.opening, bureau.tables, bureau.machines)
    alone = all(len(np.unique(ends)) == len(ends) for ends in (services.identify_end[:, 0], services.vote_end[:, 0]))
    return (draws, services) if alone else None


@pytest.mark.parametrize(("tables", "machines"), [(1, 1), (2, 1), (1, 2), (3, 2)])
def test_the_same_day_in_ciw_to_the_millisecond(tables: int, machines: int) -> None:
    """A crowded day, 2007 with 45 s a vote, of more voters the more machines there are; proxies included."""
    of = Circumstances(PROFILES["2007-P1"], service=replace(parameters.VOTE, mean=45))
    bureau = TownBureau("76351", "Le Havre", "1", 1150 * machines, machines, tables, 8, 20)
    draws, services = next(filter(None, (without_ties(bureau, of, day) for day in range(50))))
    visits = draws.visits.sum(axis=0)
    times: dict[str, Times] = {
        "identify": lambda person: int(draws.identify[person, 0]),
        "vote": lambda person: int(visits[person, 0]),
        "sign": lambda person: int(draws.sign[person, 0]),
    }
    found = in_ciw(draws.arrival[:, 0], times, tables, machines)
    for station in STATIONS:
        start, end = getattr(services, f"{station}_start"), getattr(services, f"{station}_end")
        assert found[station] == list(zip(start[:, 0].tolist(), end[:, 0].tolist(), strict=True))
    assert max(services.vote_start[:, 0] - services.identify_end[:, 0]) > 10 * 60_000, "nobody waits"
