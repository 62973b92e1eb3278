"""A town's days: each is the simpy day of the people and failures that `day_of` gives, whatever the scenario."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from sim import parameters
from sim.bureaux import Bureau
from sim.day import Day, MachineFailure, Room, VotingMachine
from sim.elections import PROFILES
from sim.executors import Here, executor
from sim.queues.days import PlannedDay, day_of, town_days
from sim.queues.town import Breakdowns, Circumstances, Outage, Then, TownBureau, TownDays, quantile, wait_bin
from sim.voters import HOUR, LEAVES
from sim.waits import passage
from tests.sim.queues.silent import Silent

TOWN = (
    TownBureau("76351", "Le Havre", "0001", 900, 1, 1, 8, 19),
    TownBureau("76351", "Le Havre", "0002", 1250, 1, 2, 8, 20),
    TownBureau("76351", "Le Havre", "0003", 1800, 2, 1, 8, 19),
    TownBureau("76351", "Le Havre", "0004", 0, 1, 1, 9, 18),
    TownBureau("76351", "Le Havre", "0005", 1, 3, 3, 8, 19),
)
PLAIN = Circumstances(PROFILES["2022-P1"])
DAYS = 12
OFTEN = Breakdowns(0.6, 45.0)
SCENARIOS = {
    "as planned": PLAIN,
    "two polls": replace(PLAIN, polls=2, second=replace(parameters.VOTE, mean=20.0)),
    "the first poll only": replace(PLAIN, polls=2, proxies=0.1, first_only=0.1),
    "the first poll only, paper": replace(
        PLAIN, polls=2, first_only=0.1, patience=25.0, breakdowns=replace(OFTEN, then=Then.PAPER)
    ),
    "proxies": replace(PLAIN, proxies=0.1, turnout=0.9, service=replace(parameters.VOTE, mean=55.0)),
    "late": replace(PLAIN, opening_delay=50, closing=18),
    "repairs": replace(PLAIN, breakdowns=OFTEN),
    "reserve": replace(PLAIN, breakdowns=replace(OFTEN, then=Then.RESERVE), reserves=1, travel=20),
    "paper": replace(PLAIN, breakdowns=replace(OFTEN, then=Then.PAPER), polls=2, patience=25.0),
    "outage": replace(PLAIN, outage=Outage(17 * HOUR, 40 * 60_000), breakdowns=OFTEN),
    "outage, paper": replace(PLAIN, outage=Outage(11 * HOUR, 40 * 60_000, Then.PAPER), paper_after=12.5),
    "outage, reserve": replace(
        PLAIN, outage=Outage(11 * HOUR, 90 * 60_000, Then.RESERVE), reserves=1, breakdowns=OFTEN
    ),
    "patience": replace(PLAIN, patience=10.0, opening_delay=30, service=replace(parameters.VOTE, mean=60.0)),
}


def played(planned: PlannedDay) -> Day:
    def resume(now: int) -> tuple[VotingMachine, bool]:
        return Silent(), False

    failures = [
        MachineFailure(each.at, each.length, lambda: None, resume, each.machine, each.booths)
        for each in planned.failures
    ]
    machines = [Silent() for _ in range(planned.bureau.machines)]
    tables = planned.bureau.tables
    return Room(planned.opening, planned.closing, planned.voters, machines, None, failures, tables).hold()


def expected(days: Sequence[PlannedDay], of: Circumstances, first_hour: int, hours: int) -> dict[str, object]:
    """The figures of some days of one bureau, from simpy."""
    opening, closing = of.hours(days[0].bureau)
    found: dict[str, list[int]] = {
        name: [] for name in ("people", "lost", "waited", "longest", "queue", "last", "failed")
    }
    by_hour = np.zeros((4, hours), np.int64)
    here = slice(opening - first_hour, closing - first_hour)
    waits: list[int] = []
    for planned in days:
        bureau = Bureau(
            "", "", "", "", "", "", "", planned.bureau.registered, planned.bureau.machines, opening, closing
        )
        day = played(planned)
        seen = passage(bureau, planned.voters, day)
        wait = day.identify[:, 0] - planned.voters.arrival + day.vote[:, 0] - day.identify[:, 1]
        waits += wait[~day.lost].tolist()
        hour = np.clip(planned.voters.arrival // HOUR, opening, closing - 1) - opening
        by_hour[0, here] += seen.arrivals
        by_hour[1, here] += np.bincount(hour[day.lost], minlength=closing - opening)
        by_hour[2, here] += seen.waited
        by_hour[3, here] += seen.queues
        for name, value in (
            ("people", seen.people),
            ("lost", seen.lost),
            ("waited", sum(seen.waited)),
            ("longest", seen.longest),
            ("queue", seen.queue),
            ("last", day.last),
            ("failed", len(planned.failures)),
        ):
            found[name].append(value)
    return {**found, "by hour": by_hour.tolist(), "waits": sorted(wait_bin(np.array(waits, np.int64)).tolist())}


def shown(found: TownDays, bureau: int) -> dict[str, object]:
    by_hour = (found.arrivals, found.lost_by_hour, found.waited_by_hour, found.queues)
    return {
        **{
            name: getattr(found, name)[:, bureau].tolist()
            for name in ("people", "lost", "waited", "longest", "queue", "last", "failed")
        },
        "by hour": [each[bureau].tolist() for each in by_hour],
        "waits": np.repeat(np.arange(found.waits.shape[1]), found.waits[bureau]).tolist(),
    }


@pytest.fixture(scope="module")
def found() -> dict[str, TownDays]:
    return dict(zip(SCENARIOS, town_days(TOWN, tuple(SCENARIOS.values()), 7, DAYS, Here()), strict=True))


@pytest.mark.check(19)
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_figure_is_that_of_the_simpy_day(name: str, found: dict[str, TownDays]) -> None:
    of, figures = SCENARIOS[name], found[name]
    days = [day_of(TOWN, of, 7, day) for day in range(DAYS)]
    for bureau in range(len(TOWN)):
        here = expected([day[bureau] for day in days], of, figures.first_hour, figures.arrivals.shape[1])
        assert shown(figures, bureau) == here


def same(left: TownDays, right: TownDays) -> bool:
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in TownDays.__slots__)


def test_scenarios_see_the_same_people(found: dict[str, TownDays]) -> None:
    assert (found["as planned"].people == found["repairs"].people).all()
    plain, slow = (
        day_of(TOWN, each, 7, 3)[0].voters
        for each in (PLAIN, replace(PLAIN, service=replace(parameters.VOTE, mean=60.0)))
    )
    assert (plain.arrival == slow.arrival).all()
    assert (plain.sign == slow.sign).all()
    assert (plain.visits[:, 0] < slow.visits[:, 0]).all()


def test_more_proxies_are_those_of_before_and_others() -> None:
    few, many = (day_of(TOWN, replace(PLAIN, proxies=share), 7, 3)[1].voters for share in (0.03, 0.1))
    there = min(len(few), len(many))
    assert set(np.flatnonzero(few.visits[:there, 1])) < set(np.flatnonzero(many.visits[:there, 1]))
    assert few.proxies == (few.visits[:, 1] > 0).sum()
    assert (few.signatures[few.choices[:, 0] == LEAVES] == 0).all()


def test_a_bureau_is_the_same_whatever_else_is_on_the_list(found: dict[str, TownDays]) -> None:
    for name in ("as planned", "paper", "repairs"):
        (alone,) = town_days(TOWN[1:2], [SCENARIOS[name]], 7, DAYS, Here())
        whole = found[name]
        assert (alone.longest[:, 0] == whole.longest[:, 1]).all()
        assert (alone.waits[0] == whole.waits[1]).all()
    assert not (found["as planned"].people[:, 0] == found["as planned"].people[:, 1]).any()


def test_bureaux_of_one_code_in_two_communes_have_people_of_their_own() -> None:
    """Also where the list has no INSEE codes."""
    here, there = (TownBureau("", commune, "0001", 900, 1, 1, 8, 19) for commune in ("Issy", "Sèvres"))
    (found,) = town_days([here, there, here], [PLAIN], 7, DAYS, Here())
    assert (found.longest[:, 0] != found.longest[:, 1]).any()
    assert (found.longest[:, 0] == found.longest[:, 2]).all()


@pytest.mark.check(2)
def test_days_are_the_same_on_any_processes_and_go_on_where_they_end() -> None:
    here = town_days(TOWN, [PLAIN, SCENARIOS["paper"]], 7, 120, Here())
    heard: list[tuple[int, int]] = []
    with executor(2) as pool:
        there = town_days(TOWN, [PLAIN, SCENARIOS["paper"]], 7, 120, pool, lambda *done: heard.append(done))
    assert all(same(left, right) for left, right in zip(here, there, strict=True))
    assert heard[-1] == (120, 120)
    assert len(heard) == 3
    (few,) = town_days(TOWN, [PLAIN], 7, 60, Here())
    assert (few.longest == here[0].longest[:60]).all()
    assert few.p95.tolist() == here[0].p95[:6].tolist()


def test_reserve_machines_go_to_the_first_failures_of_the_day(found: dict[str, TownDays]) -> None:
    of = SCENARIOS["reserve"]
    without = found["reserve"].without
    for day in range(DAYS):
        failures = sorted(
            (each.at, number, each)
            for number, planned in enumerate(day_of(TOWN, of, 7, day))
            for each in planned.failures
        )
        assert [each.then for *_, each in failures] == [Then.RESERVE, *[Then.REPAIR] * (len(failures) - 1)][
            : len(failures)
        ]
        assert all(each.length == 20 * 60_000 for *_, each in failures[:1])
        assert without[day].sum() == max(len(failures) - 1, 0)


def test_an_outage_takes_no_reserve_machine_from_the_others() -> None:
    of = replace(SCENARIOS["reserve"], outage=Outage(9 * HOUR, 60_000, Then.RESERVE))
    assert town_days(TOWN, [of], 7, DAYS, Here())[0].without.sum() < DAYS
    none = replace(of, reserves=0, breakdowns=None)
    assert (town_days(TOWN, [none], 7, 2, Here())[0].without == 1).all()


def test_booths_are_one_for_300_registered_voters_shared_among_the_machines() -> None:
    of = replace(PLAIN, breakdowns=Breakdowns(1.0, 30.0, Then.PAPER))
    planned = day_of(TOWN, of, 7, 0)
    assert [[each.booths for each in day.failures] for day in planned] == [[3], [5], [3, 3], [1], [1, 1, 1]]
    assert {each.length for day in planned for each in day.failures} == {30 * 60_000}


def test_machines_fail_as_often_as_said_over_all_hours() -> None:
    of = replace(PLAIN, breakdowns=Breakdowns(0.2, 45.0))
    failures = [each for day in range(300) for planned in day_of(TOWN[2:3], of, 7, day) for each in planned.failures]
    assert len(failures) / 600 == pytest.approx(0.2, abs=0.04)
    hours = np.array([each.at for each in failures]) / HOUR
    assert (hours.min(), hours.mean(), hours.max()) == pytest.approx((8, 13.5, 19), abs=0.7)
    minutes = np.array([each.length for each in failures]) / 60_000
    assert minutes.mean() == pytest.approx(45, abs=5)
    assert minutes.std() == pytest.approx(45 * parameters.REPAIR_VARIATION, abs=5)


def test_people_come_as_often_and_when_the_profile_says() -> None:
    town = [TownBureau("1", "", str(code), 1000, 1, 1, 8, 19) for code in range(5)]
    profile = PLAIN.profile
    (figures,) = town_days(town, [PLAIN], 1, 100, Here())
    share = profile.final / 10_000 * (1 - parameters.PROXY_SHARE)
    assert figures.people.mean() == pytest.approx(1000 * share, abs=2)
    assert figures.people.std() == pytest.approx((1000 * share * (1 - share)) ** 0.5, rel=0.1)
    by_noon = figures.arrivals[:, :4].sum() / figures.arrivals.sum()
    by_five = figures.arrivals[:, :9].sum() / figures.arrivals.sum()
    assert (by_noon, by_five) == pytest.approx((profile.noon / profile.final, profile.five / profile.final), abs=0.005)
    for turnout, people in ((0.0, 0), (1.0, 1000)):
        of = replace(PLAIN, turnout=turnout, proxies=0.0)
        assert (town_days(town[:1], [of], 1, 5, Here())[0].people == people).all()


def test_the_95th_percentile_of_a_section_is_that_of_its_waits(found: dict[str, TownDays]) -> None:
    (first,) = town_days(TOWN, [PLAIN], 7, 10, Here())
    assert (
        found["as planned"].p95[0].tolist() == quantile(first.waits, 0.95).tolist() == first.wait_within(0.95).tolist()
    )
    assert found["as planned"].p95.shape == (2, len(TOWN))


def test_hours_that_no_profile_knows_are_refused() -> None:
    with pytest.raises(ValueError, match="12h"):
        town_days(TOWN, [replace(PLAIN, closing=17)], 1, 1, Here())


def test_who_has_patience_for_months_never_leaves() -> None:
    patient, plain = town_days(TOWN[:1], [replace(PLAIN, patience=100_000.0), PLAIN], 7, 10, Here())
    assert same(patient, plain)
