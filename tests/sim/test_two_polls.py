"""Two polls on one day on real machines: one enabling, both votes pressed, each counted in its own poll."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pytest

from machine.configuration import Configuration, ConfiguredPoll
from machine.esf1 import Machine
from machine.keys import Key, Role
from machine.states import State
from protocol import civil_time
from protocol.export import record as export
from sim import parameters
from sim.bureaux import Bureau
from sim.day import Day, MachineFailure, Room, VotingMachine
from sim.elections import PROFILES, SCENARIOS
from sim.executors import Here
from sim.queues.days import PlannedDay, day_of, town_days
from sim.queues.town import Breakdowns, Circumstances, Interruption, Outage, Then, TownBureau
from sim.streams import stream
from sim.voters import HOUR, LEAVES, NO_VISIT, Voters
from sim.waits import passage

LISTED = TownBureau("76351", "Le Havre", "1", 600, 1, 1, 8, 19)
TWO = Circumstances(PROFILES["2022-P1"], polls=2, second=replace(parameters.VOTE, mean=25.0), proxies=0.15)
MIDNIGHT = civil_time.seconds(SCENARIOS[2022].date, 0)
CHOICES = (7, 3)
CASES = {
    "plain": (LISTED, TWO),
    "two machines, two tables": (replace(LISTED, registered=1200, machines=2, tables=2), TWO),
    "the first poll only": (LISTED, replace(TWO, first_only=0.1)),
    "the first poll only, repaired": (
        LISTED,
        replace(TWO, first_only=0.1, outage=Outage(12 * HOUR, 40 * 60_000)),
    ),
    "impatient": (LISTED, replace(TWO, patience=10.0, turnout=0.95)),
    "late": (LISTED, replace(TWO, opening_delay=20)),
    "repaired in the middle": (LISTED, replace(TWO, outage=Outage(12 * HOUR, 40 * 60_000))),
    "reserve in the middle": (
        replace(LISTED, machines=2),
        replace(TWO, outage=Outage(12 * HOUR, 40 * 60_000, Then.RESERVE), reserves=1),
    ),
    "breakdowns": (replace(LISTED, machines=3), replace(TWO, breakdowns=Breakdowns(0.9, 90.0), turnout=0.99)),
}


@dataclass
class Machines:
    """The real machines of a bureau, and those that take the place of what failed."""

    own: list[Machine]
    further: list[Machine]

    def fail(self, failure: Interruption) -> None:
        machine = self.own[failure.machine]
        if failure.then is Then.RESERVE:
            machine.break_down()
        else:
            machine.power_off()

    def resume(self, failure: Interruption, now: int) -> tuple[VotingMachine, bool]:
        if failure.then is Then.RESERVE:
            self.further.append(opened(len(self.own) + len(self.further) + 1, now // 1000))
            return self.further[-1], False
        machine = self.own[failure.machine]
        machine.power_on(MIDNIGHT + now // 1000)
        return machine, machine.state is State.ENABLED


def opened(part: int, at: int) -> Machine:
    polls = (
        ConfiguredPoll(number, "", tuple(f"CHOIX {number}-{choice}" for choice in range(1, choices + 1)))
        for number, choices in enumerate(CHOICES, 1)
    )
    machine = Machine(
        Configuration(
            "essai-2022",
            SCENARIOS[2022].date,
            1,
            "76351",
            "1",
            part,
            600,
            tuple(polls),
            *(f"X{part}" for _ in range(4)),
        ),
        stream(1, "urn", part),
    )
    machine.insert_key(Key(Role.PRESIDENT, 100_001))
    machine.insert_key(Key(Role.ASSESSOR, 100_002))
    machine.zero_check(MIDNIGHT + at - 60)
    machine.open(MIDNIGHT + at)
    machine.remove_key(Role.ASSESSOR)
    return machine


def with_choices(voters: Voters, seed: int) -> Voters:
    """Each vote of each poll for one of its choices, blank in a tenth of them; a few more people leave without any."""
    assert voters.second is not None
    random = np.random.default_rng(seed)
    drawn = [random.integers(1, most + 1, voters.choices.shape) for most in CHOICES]
    first, second = (np.where(random.random(each.shape) < 0.1, 0, each) for each in drawn)
    leave = (random.random(len(voters)) < 0.02) & (voters.choices[:, 1] == NO_VISIT)
    choices = voters.choices.copy()
    choices[leave, 0] = LEAVES
    further = np.where(choices >= 0, voters.second, choices)
    marks, others = (np.where(leave, 0, each) for each in voters.lists)
    return replace(
        voters,
        choices=np.where(choices >= 0, first, choices),
        second=np.where(further >= 0, second, further),
        signatures=marks,
        second_signatures=others,
    )


def held(planned: PlannedDay, voters: Voters) -> tuple[Day, list[Machine]]:
    machines = Machines([opened(part, planned.opening // 1000) for part in range(1, planned.bureau.machines + 1)], [])
    failures = [
        MachineFailure(each.at, each.length, partial(machines.fail, each), partial(machines.resume, each), each.machine)
        for each in planned.failures
    ]
    day = Room(
        planned.opening, planned.closing, voters, machines.own, failures=failures, tables=planned.bureau.tables
    ).hold()
    return day, [*machines.own, *machines.further]


def closed(machine: Machine, at: int) -> Machine:
    """The machine, or another one with its urn, with its poll closed."""
    if machine.state is State.OFF:
        machine = Machine.with_urn(machine.take_urn(), stream(1, "rescue"), at=at)
        machine.insert_key(Key(Role.PRESIDENT, 100_001))
        if machine.state is State.ENABLED:
            machine.cancel()
    machine.insert_key(Key(Role.ASSESSOR, 100_002))
    machine.close(at)
    return machine


@pytest.mark.parametrize("case", CASES)
def test_a_day_of_two_polls_on_real_machines(case: str) -> None:
    """Its figures are those of the vectorised days; counters and both results are what people pressed."""
    listed, of = CASES[case]
    (figures,) = town_days([listed], [of], 5, 3, Here())
    failed = stranded = gone = alone = 0
    for number in range(3):
        (planned,) = day_of([listed], of, 5, number)
        voters = with_choices(planned.voters, number)
        assert voters.second is not None
        alone += int(((voters.choices >= 0) & (voters.second == LEAVES)).sum())
        day, machines = held(planned, voters)
        bureau = Bureau("76351", "", "76", "", "", "", "1", listed.registered, listed.machines, 8, 19)
        seen = passage(bureau, voters, day)
        assert (seen.people, seen.lost, sum(seen.waited), seen.longest, seen.queue, seen.closing) == tuple(
            int(getattr(figures, name)[number, 0]) for name in ("people", "lost", "waited", "longest", "queue", "last")
        )
        failed += len(planned.failures)
        at = MIDNIGHT + -(-day.last // 1000)
        closed_machines = [closed(machine, at) for machine in machines]
        results = [machine.results() for machine in closed_machines]
        voted = ~day.lost[:, None] & (voters.choices != NO_VISIT)
        for poll, pressed in enumerate((voters.choices, voters.second)):
            assert pressed is not None
            left = pressed == LEAVES
            expected = Counter(pressed[voted & ~left].tolist())
            of_poll = [result[poll] for result in results]
            assert {result.poll for result in of_poll} == {poll + 1}
            assert sum(result.blank for result in of_poll) == expected[0]
            tallies = np.sum([result.tallies for result in of_poll], axis=0)
            assert tallies.tolist() == [expected[choice] for choice in range(1, CHOICES[poll] + 1)]
            cast = sum(result.cast for result in of_poll)
            assert cast == sum(result.voters for result in of_poll) == day.signatures[poll]
            enablings, cancelled = (sum(getattr(r, n) for r in of_poll) for n in ("enablings", "cancellations"))
            assert enablings - cancelled == cast
            stranded += cancelled - int((voted & left).sum())
            gone += int((voted & left).sum())
            for machine, result in zip(closed_machines, of_poll, strict=True):
                values = export.parse(machine.export(poll + 1, at + 60))
                assert (values.cast, values.blank) == (result.cast, result.blank)
    assert gone > 0
    assert (alone > 0) is (of.first_only > 0)
    assert (failed > 0) is (of.outage is not None or of.breakdowns is not None)
    assert (stranded > 0) is case.startswith("reserve")  # who was at work at the machine that broke down
