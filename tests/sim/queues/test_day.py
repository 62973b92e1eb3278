"""One bureau's day: the voter's path, the order of its acts, closing."""

from dataclasses import replace

import numpy as np
import pytest

from sim.bureaux import Bureau
from sim.day import MachineFailure, Room
from sim.voters import HOUR, LEAVES, NO_VISIT, VISITS, Voters
from sim.waits import passage
from tests.sim.queues.silent import Silent

SECOND = 1000


def people(*arrivals: int, identify: int = 10, vote: int = 40, sign: int = 5) -> Voters:
    """People who come at these seconds after 8h; durations in seconds."""
    n = len(arrivals)
    visits = np.zeros((n, VISITS), np.int64)
    visits[:, 0] = vote * SECOND
    choices = np.full((n, VISITS), NO_VISIT, np.int64)
    choices[:, 0] = 1
    return Voters(
        arrival=np.array(arrivals, np.int64) * SECOND + 8 * HOUR,
        identify=np.full(n, identify * SECOND, np.int64),
        visits=visits,
        choices=choices,
        sign=np.full(n, sign * SECOND, np.int64),
        signatures=np.ones(n, np.int64),
        proxies=0,
    )


class Recorder:
    """A machine that writes down what is done to it, and when."""

    def __init__(self) -> None:
        self.room: Room | None = None
        self.acts: list[tuple[str, int]] = []

    def _note(self, act: str) -> None:
        assert self.room is not None
        self.acts.append((act, (int(self.room.env.now) - 8 * HOUR) // SECOND))

    def enable(self) -> None:
        self._note("enable")

    def select(self, poll_choice: int) -> None:
        self._note(f"select {poll_choice}")

    def blank(self) -> None:
        self._note("blank")

    def validate(self) -> None:
        self._note("validate")

    def cancel(self) -> None:
        self._note("cancel")


def held(voters: Voters, machines: int = 1) -> tuple[Room, list[Recorder]]:
    recorders = [Recorder() for _ in range(machines)]
    room = Room(8 * HOUR, 19 * HOUR, voters, recorders)
    for recorder in recorders:
        recorder.room = room
    return room, recorders


def test_who_leaves_without_validating_is_cancelled_and_does_not_sign() -> None:
    voters = people(0)
    voters.choices[0, 0] = LEAVES
    voters.signatures[0] = voters.sign[0] = 0
    room, (machine,) = held(voters)
    assert room.hold().signatures == (0,)
    assert machine.acts == [("enable", 10), ("cancel", 50)]


def test_whoever_is_in_the_room_at_closing_still_votes() -> None:
    last_second = 11 * 3600 - 1
    room, (machine,) = held(people(*[last_second] * 5))
    day = room.hold()
    assert day.signatures == (5,)
    assert len(machine.acts) == 15
    assert day.last == day.sign.max() > 19 * HOUR


def test_a_quiet_day_closes_on_the_hour_and_counts_signatures_each_hour() -> None:
    room, _ = held(people(0, 3 * 3600))
    day = room.hold()
    assert day.last == 19 * HOUR
    assert day.hourly == ((1, 1, 1, *[2] * 8),)


def test_nobody_comes() -> None:
    room, (machine,) = held(people())
    day = room.hold()
    assert (day.signatures, day.vote.shape, machine.acts) == ((0,), (0, 2), [])


def test_before_a_late_opening_one_waits_outside_and_that_counts() -> None:
    voters = people(0, 60, 700)
    room = Room(8 * HOUR + 600 * SECOND, 19 * HOUR, voters, [Silent()])
    day = room.hold()
    assert (day.identify[:, 0] - 8 * HOUR).tolist() == [600_000, 610_000, 700_000]
    assert len(day.hourly[0]) == 11
    bureau = Bureau("77513", "", "", "", "", "", "0001", 900, 1, 8, 19)
    seen = passage(bureau, voters, day)
    assert seen.longest == 600 * SECOND
    assert sum(seen.waited) == (600 + 580) * SECOND
    assert seen.queue == 2


def test_who_has_no_patience_left_leaves_the_line() -> None:
    """The first never waits; the second loses patience at the table, two in line for the machine and the table."""
    voters = replace(people(0, 1, 2, 3, 4), patience=np.array([1, 9, 30, 8, 80]) * SECOND)
    day = Room(8 * HOUR, 19 * HOUR, voters, [Silent()]).hold()
    assert day.lost.tolist() == [False, True, True, True, False]
    assert (day.identify[:, 0] - 8 * HOUR).tolist() == [0, 10_000, 20_000, 11_000, 30_000]
    assert (day.vote[:, 0] - 8 * HOUR).tolist() == [10_000, 20_000, 32_000, 11_000, 50_000]
    assert day.signatures == (2,)
    seen = passage(Bureau("77513", "", "", "", "", "", "0001", 900, 1, 8, 19), voters, day)
    assert (seen.people, seen.lost, sum(seen.waited)) == (5, 3, (0 + 26 + 10) * SECOND)
    assert seen.mean == 18 * SECOND


def test_with_two_polls_one_enabling_takes_two_votes() -> None:
    voters = people(0)
    voters.choices[0, 1], voters.visits[0, 1] = 0, 30 * SECOND
    voters = replace(voters, second=np.array([[0, 3, NO_VISIT]]))
    room, (machine,) = held(voters)
    room.hold()
    assert machine.acts == [
        ("enable", 10),
        ("select 1", 50),
        ("validate", 50),
        ("blank", 50),
        ("validate", 50),
        ("enable", 50),
        ("blank", 80),
        ("validate", 80),
        ("select 3", 80),
        ("validate", 80),
    ]


def test_who_comes_after_the_closing_is_not_among_those_before() -> None:
    voters = replace(people(0, 10, 20), patience=np.array([1, 2, 3]))
    voters.choices[:2, 1] = 0
    assert voters.before(8 * HOUR + 20 * SECOND) is voters
    some = voters.before(8 * HOUR + 10 * SECOND)
    assert (len(some), some.proxies) == (2, 2)
    assert some.patience is not None
    assert some.patience.tolist() == [1, 2]
    assert some.visits.shape == (2, VISITS)


@pytest.mark.parametrize(("arrival", "resumed"), [(0, []), (11 * 3600 - 60, [19 * HOUR + 540 * SECOND])])
def test_a_closed_bureau_that_all_have_left_waits_for_no_machine(arrival: int, resumed: list[int]) -> None:
    """The second voter comes before the closing, and finds no machine until it is repaired."""
    times: list[int] = []

    def resume(now: int) -> tuple[Silent, bool]:
        times.append(now)
        return Silent(), False

    failure = MachineFailure(19 * HOUR - 60 * SECOND, 600 * SECOND, lambda: None, resume)
    day = Room(8 * HOUR, 19 * HOUR, people(0, arrival), [Silent()], failures=[failure]).hold()
    assert times == resumed
    assert day.last == max(19 * HOUR, day.sign.max())
