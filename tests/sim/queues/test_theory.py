"""The engine of queues against queueing theory: what is known in closed form is met within intervals.

Each mean is taken of many independent days, after their first people, and has to lie within four standard errors of
what theory says: with other seeds one comparison in some ten thousand would fail by chance. Every interval is asked to
be narrow as well, so that an engine that is wrong by a twelfth would be seen.
"""

import math
from collections.abc import Callable

import numpy as np
import pytest

from protocol.arrays import Floats, Ints
from sim import parameters
from sim.elections import Profile
from sim.executors import Here
from sim.parameters import Service
from sim.queues.days import town_days
from sim.queues.draws import exponential_table
from sim.queues.recursion import Draws, Services, serve
from sim.queues.town import Circumstances, TownBureau
from sim.voters import service_table

PEOPLE, FIRST, DAYS = 3000, 600, 400
MEAN = 60_000
"""Milliseconds of a service."""
ERRORS = 4
WIDEST = 1 / 12

Law = Callable[[np.random.Generator], Ints]


def exponential(mean: float) -> Law:
    return lambda random: np.rint(random.exponential(mean, (PEOPLE, DAYS))).astype(np.int64)


def tabled(table: Ints) -> Law:
    return lambda random: table[random.integers(0, len(table), (PEOPLE, DAYS))]


def nothing(random: np.random.Generator) -> Ints:
    return np.zeros((PEOPLE, DAYS), np.int64)


def drawn(
    gap: float, identify: Law = nothing, vote: Law = nothing, sign: Law = nothing, patience: Law | None = None
) -> Draws:
    """Days without a morning or an evening: people come at one rate, ``gap`` milliseconds apart on average."""
    random = np.random.Generator(np.random.PCG64(17))
    return Draws(
        arrival=np.cumsum(exponential(gap)(random), axis=0),
        identify=identify(random),
        visits=vote(random)[None],
        sign=sign(random),
        people=np.full(DAYS, PEOPLE, np.int64),
        patience=None if patience is None else patience(random),
    )


def meets(seen: Floats, expected: float) -> None:
    """The mean of independent values is what is expected."""
    error = ERRORS * float(seen.std(ddof=1)) / math.sqrt(len(seen))
    assert float(seen.mean()) == pytest.approx(expected, abs=error)
    assert error < WIDEST * expected, "too wide to say anything"


def waits(draws: Draws, services: Services, station: str) -> Floats:
    """Mean wait of each day's people but the first, before that station, shape ``(DAYS,)``."""
    since = {"identify": draws.arrival, "vote": services.identify_end, "sign": services.vote_end}[station]
    return np.asarray((getattr(services, f"{station}_start") - since)[FIRST:].mean(axis=0))


def erlang_c(servers: int, offered: float) -> float:
    """Chance that who comes has to wait, with so many servers and so much work offered (M/M/c)."""
    terms = [offered**n / math.factorial(n) for n in range(servers)]
    last = offered**servers / math.factorial(servers) * servers / (servers - offered)
    return last / (sum(terms) + last)


@pytest.mark.parametrize("station", ["identify", "vote", "sign"])
@pytest.mark.parametrize("load", [0.5, 0.7])
def test_one_server_is_m_m_1(station: str, load: float) -> None:
    draws = drawn(MEAN / load, **{station: exponential(MEAN)})
    meets(waits(draws, serve(draws), station), MEAN * load / (1 - load))


@pytest.mark.parametrize(
    "service", [parameters.IDENTIFY, parameters.VOTE, parameters.BOOTH, Service(45.0, 0.5, 0.1, 4.0)], ids=str
)
def test_one_machine_is_m_g_1(service: Service) -> None:
    """Pollaczek and Khinchine: the wait depends on mean and variance of a vote alone."""
    table, load = service_table(service), 0.7
    draws = drawn(table.mean() / load, vote=tabled(table))
    square = float((table.astype(np.float64) ** 2).mean())
    meets(waits(draws, serve(draws), "vote"), load / table.mean() * square / (2 * (1 - load)))


@pytest.mark.parametrize(("tables", "machines", "station"), [(2, 1, "identify"), (1, 2, "vote"), (1, 4, "vote")])
def test_several_servers_with_one_line_are_m_m_c(tables: int, machines: int, station: str) -> None:
    """Erlang's formula."""
    servers, load = max(tables, machines), 0.75
    draws = drawn(MEAN / load / servers, **{station: exponential(MEAN)})
    services = serve(draws, tables=tables, machines=machines)
    meets(waits(draws, services, station), erlang_c(servers, load * servers) * MEAN / (servers * (1 - load)))


def test_three_stations_in_a_row_wait_as_if_each_were_alone() -> None:
    """Burke and Jackson: who leaves an M/M/c comes to the next station as if from the street."""
    loads = {"identify": 0.6, "vote": 0.7, "sign": 0.5}
    gap = MEAN / 0.5
    draws = drawn(
        gap,
        identify=exponential(gap * loads["identify"]),
        vote=exponential(2 * gap * loads["vote"]),
        sign=exponential(gap * loads["sign"]),
    )
    services = serve(draws, machines=2)
    for station, load in loads.items():
        mean = gap * load
        alone = mean * load / (1 - load)
        pair = erlang_c(2, 2 * load) * 2 * mean / (2 * (1 - load))
        meets(waits(draws, services, station), pair if station == "vote" else alone)


def test_who_leaves_is_as_many_as_with_exponential_patience() -> None:
    """M/M/1+M (Palm): the chain of how many are there, one leaving it at each one's own rate."""
    load, patience = 1.1, 4.0  # of a service's mean
    weights = [1.0]
    while weights[-1] > 1e-15 * sum(weights):
        weights.append(weights[-1] * load / (1.0 + (len(weights) - 1) / patience))
    waiting = sum(weight * max(there - 1, 0) for there, weight in enumerate(weights)) / sum(weights)
    draws = drawn(MEAN / load, identify=exponential(MEAN), patience=exponential(patience * MEAN))
    meets(serve(draws).lost[FIRST:].mean(axis=0), waiting / patience / load)


@pytest.mark.parametrize("slow", ["identify", "vote"])
def test_a_towns_day_at_an_even_rate_is_m_g_1(slow: str) -> None:
    """From list to figures: people by day and hour, laws, stations, waits by hour; of many registered few come."""
    even, law = Profile(round(4 / 12 * 9999), round(9 / 12 * 9999), 9999), Service(42.0, 0.5, 0.03, 3.0)
    quick = Service(1.0, 0.01)
    identify, vote = (law, quick) if slow == "identify" else (quick, law)
    of = Circumstances(even, turnout=0.03, proxies=0.0, identify=identify, service=vote, sign=quick)
    bureau = TownBureau("76351", "Le Havre", "1", 24_000, 1, 1, 8, 20)
    table = service_table(law).astype(np.float64)
    gap = 12 * 3_600_000 / (bureau.registered * 0.03)
    means = []
    for seed in range(40):
        [found] = town_days([bureau], [of], seed, 50, Here())
        some = slice(10 - found.first_hour, 19 - found.first_hour)
        means.append(found.waited_by_hour[0, some].sum() / found.arrivals[0, some].sum())
    meets(np.array(means), float((table**2).mean() / gap / (2 * (1 - table.mean() / gap))))


def test_the_exponential_table_is_exponential() -> None:
    table = exponential_table(float(MEAN))
    assert table.mean() == pytest.approx(MEAN, rel=1e-6)
    assert table.std() == pytest.approx(MEAN, rel=1e-3)
