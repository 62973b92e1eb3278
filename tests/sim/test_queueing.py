"""The vectorised day equals the simpy day to the millisecond; queues are those that were seen."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regard.commands.simulate import ELECTIONS
from sim import parameters
from sim.bureaux import machine_bureaux
from sim.communes import choose
from sim.day import MachineFailure, Room, VotingMachine
from sim.elections import PROFILES, SCENARIOS
from sim.executors import Here
from sim.queues.replications import Darkness, Office, Services, columns, draw, largest, serve, waits
from sim.voters import HOUR, NO_VISIT, VISITS, Voters, service_table
from sim.voters import draw as draw_voters

OPENING, CLOSING = 8 * HOUR, 19 * HOUR


class Silent:
    """A machine that does nothing."""

    def enable(self) -> None:
        pass

    def select(self, poll_choice: int) -> None:
        pass

    def blank(self) -> None:
        pass

    def validate(self) -> None:
        pass

    def cancel(self) -> None:
        pass


def simpy_day(voters: Voters, machines: int, darkness: Darkness | None) -> dict[str, list[int]]:
    def resume(now: int) -> tuple[VotingMachine, bool]:
        return Silent(), False

    failures = [] if darkness is None else [MachineFailure(darkness.at, darkness.length, lambda: None, resume)]
    day = Room(OPENING, CLOSING, voters, [Silent() for _ in range(machines)], None, failures).hold()
    return {
        f"{name}_{side}": spans[:, at].tolist()
        for name, spans in (("identify", day.identify), ("vote", day.vote), ("sign", day.sign))
        for at, side in enumerate(("start", "end"))
    }


def column(services: Services, day: int, people: int) -> dict[str, list[int]]:
    return {name: getattr(services, name)[:people, day].tolist() for name in Services.__slots__}


def crowd(people: Sequence[tuple[int, int, Sequence[int], int]]) -> Voters:
    """Arrival after the opening, identification, visits and signature of each person, in seconds."""
    visits = np.zeros((len(people), VISITS), np.int64)
    for row, (_, _, some, _) in enumerate(people):
        visits[row, : len(some)] = some
    sign = np.array([each[3] for each in people], np.int64)
    return Voters(
        arrival=np.array([each[0] for each in people], np.int64) * 1000 + OPENING,
        identify=np.array([each[1] for each in people], np.int64) * 1000,
        visits=visits * 1000,
        choices=np.where(visits > 0, 1, NO_VISIT),
        sign=sign * 1000,
        signatures=np.minimum(sign, 1),
        proxies=0,
    )


person = st.tuples(
    st.integers(0, 25), st.integers(1, 5), st.lists(st.integers(1, 5), min_size=1, max_size=VISITS), st.integers(0, 5)
)
crowds = st.lists(person, max_size=15).map(sorted).map(crowd)
"""People in whole seconds, few and short, so that many things happen in one millisecond."""
darkness = st.none() | st.builds(
    lambda at, length: Darkness(OPENING + at * 1000, length * 1000), st.integers(0, 40), st.integers(1, 15)
)


TWO_THIRD_VISITS_AT_ONCE = crowd(
    [(0, 1, [1], 0), (0, 1, [1], 0), (0, 1, [1], 0), (0, 1, [3, 1, 1], 1), (0, 1, [1, 2, 1], 1), (0, 1, [1], 0)]
)
"""The fifth begins his second visit before the fourth, both their third in one millisecond: he signs first."""

LIGHT_AND_A_FIRST_VISIT_AT_ONCE = crowd([(1, 3, [2], 1), (2, 3, [2], 1)])
"""The first goes on after the failure when the second begins on the other machine: the first signs first."""


@example([TWO_THIRD_VISITS_AT_ONCE], 2, None)
@example([LIGHT_AND_A_FIRST_VISIT_AT_ONCE], 2, Darkness(OPENING + 5000, 2000))
@given(st.lists(crowds, min_size=1, max_size=4), st.integers(1, 3), darkness)
def test_equals_the_simpy_day_whatever_happens_at_once(
    days: list[Voters], machines: int, dark: Darkness | None
) -> None:
    services = serve(columns(days), machines, dark)
    for at, voters in enumerate(days):
        assert column(services, at, len(voters)) == simpy_day(voters, machines, dark)


@pytest.mark.parametrize("machines", [1, 2])
@pytest.mark.parametrize("dark", [None, Darkness(OPENING + 3 * HOUR + 7, 25 * 60_000 + 1)])
def test_equals_the_simpy_day_of_real_bureaux(machines: int, dark: Darkness | None) -> None:
    scenario = SCENARIOS[2022]
    days = [draw_voters(1, scenario, bureau) for bureau in machine_bureaux(1, scenario, *choose(2022, ["34192"]))]
    services = serve(columns(days), machines, dark)
    for at, voters in enumerate(days):
        assert column(services, at, len(voters)) == simpy_day(voters, machines, dark)


def mean_longest(registered: int, service: int, election: str, days: int = 300) -> tuple[float, float]:
    """Mean of the day's longest wait in minutes, mean closing in hours."""
    office = Office(registered, PROFILES[election], replace(parameters.VOTE, mean=service))
    draws = draw(office, 1, range(days))
    seen = waits(draws, serve(draws), office)
    return seen.longest.mean() / 60_000, seen.closing.mean() / HOUR


def test_queues_are_those_of_2007() -> None:
    """1,000 registered: 40 minutes and more were seen; 1,300: about three hours, and a closing at 22h."""
    wait, _ = mean_longest(1000, 45, "2007-P1")
    assert 35 <= wait <= 40
    wait, closing = mean_longest(1300, 45, "2007-P1")
    assert 165 <= wait <= 195
    assert 21.5 <= closing <= 22.2


@pytest.mark.parametrize("registered", [800, 930])
def test_queues_of_2022_are_short(registered: int) -> None:
    assert mean_longest(registered, 40, "2022-P1")[0] < 15


def test_a_second_machine_ends_the_queue() -> None:
    office = Office(1300, PROFILES["2007-P1"], replace(parameters.VOTE, mean=45), machines=2)
    draws = draw(office, 1, range(50))
    assert waits(draws, serve(draws, 2), office).longest.mean() < 10 * 60_000


def test_the_largest_bureau_is_where_the_limit_is() -> None:
    office = Office(1000, PROFILES["2007-P1"], replace(parameters.VOTE, mean=45))
    limit = 20 * 60_000
    found = largest(office, limit, 1, 100, Here())
    for registered, within in ((found, True), (found + 30, False)):
        tried = replace(office, registered=registered)
        draws = draw(tried, 1, range(100))
        assert (waits(draws, serve(draws), tried).longest.mean() <= limit) == within


@pytest.mark.parametrize("service", [parameters.IDENTIFY, parameters.VOTE, parameters.SIGN], ids=str)
def test_the_table_has_the_mean_and_spread_of_its_law(service: parameters.Service) -> None:
    table = service_table(service) / 1000.0
    assert table.mean() == pytest.approx(service.mean, rel=0.002)
    usual = service.mean / (1 + service.slow_share * (service.slow_factor - 1))
    square = (1 - service.slow_share + service.slow_share * service.slow_factor**2) * usual**2
    square *= 1 + service.variation**2
    assert table.std() == pytest.approx((square - service.mean**2) ** 0.5, rel=0.01)


def test_arrivals_follow_the_official_turnout() -> None:
    office = Office(100_000, PROFILES["2022-P1"])
    arrival = draw(office, 1, range(1)).arrival[:, 0]
    for hour, official in ((12, 2548), (17, 6500), (20, 7369)):
        assert (arrival <= hour * HOUR).mean() == pytest.approx(official / 7369, abs=0.01)


def test_a_late_city_votes_later() -> None:
    """Hauts-de-Seine, 10 April 2022: 19.13 % at 12h, the country 25.48 %."""
    usual, late = PROFILES["2022-P1"], PROFILES["2022-P1"].late()
    assert late.noon == pytest.approx(1913, abs=5)
    assert late.noon < late.five < usual.five < late.final == usual.final


def test_the_command_offers_every_profile() -> None:
    assert ELECTIONS == tuple(PROFILES)


def test_nobody_registered() -> None:
    office = Office(0, PROFILES["2022-P1"])
    draws = draw(office, 1, range(3))
    seen = waits(draws, serve(draws), office)
    assert (seen.longest.tolist(), seen.queue.tolist(), seen.closing.tolist()) == ([0] * 3, [0] * 3, [20 * HOUR] * 3)
