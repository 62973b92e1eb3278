"""One bureau's day: the voter's path, the order of its acts, closing."""

from itertools import pairwise

import numpy as np
import pytest

from sim.day import Room
from sim.voters import HOUR, LEAVES, NO_VISIT, VISITS, Voters

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


def test_a_voter_is_identified_then_votes_then_signs() -> None:
    room, (machine,) = held(people(60))
    day = room.hold()
    assert (day.identify - 8 * HOUR).tolist() == [[60_000, 70_000]]
    assert (day.vote - 8 * HOUR).tolist() == [[70_000, 110_000]]
    assert (day.sign - 8 * HOUR).tolist() == [[110_000, 115_000]]
    assert machine.acts == [("enable", 70), ("select 1", 110), ("validate", 110)]
    assert day.signatures == 1


def test_one_at_the_machine_and_the_others_wait_in_order() -> None:
    room, _ = held(people(0, 0, 0, 0))
    day = room.hold()
    assert all(next_start >= end for (_, end), (next_start, _) in pairwise(day.vote.tolist()))
    assert day.vote[:, 0].tolist() == sorted(day.vote[:, 0].tolist())
    assert int(day.vote[-1, 1]) == 8 * HOUR + (10 + 4 * 40) * SECOND


def test_two_machines_take_two_voters_at_once() -> None:
    room, machines = held(people(0, 0, 0, 0), machines=2)
    day = room.hold()
    assert day.vote[1, 0] < day.vote[0, 1]
    assert [len(machine.acts) for machine in machines] == [6, 6]


def test_a_proxy_holder_is_enabled_twice_and_signs_twice() -> None:
    voters = people(0)
    voters.choices[0, 1], voters.visits[0, 1] = 0, 30 * SECOND
    voters.signatures[0] = 2
    room, (machine,) = held(voters)
    assert room.hold().signatures == 2
    assert [act for act, _ in machine.acts] == ["enable", "select 1", "validate", "enable", "blank", "validate"]


def test_who_leaves_without_validating_is_cancelled_and_does_not_sign() -> None:
    voters = people(0)
    voters.choices[0, 0] = LEAVES
    voters.signatures[0] = voters.sign[0] = 0
    room, (machine,) = held(voters)
    assert room.hold().signatures == 0
    assert machine.acts == [("enable", 10), ("cancel", 50)]


def test_whoever_is_in_the_room_at_closing_still_votes() -> None:
    last_second = 11 * 3600 - 1
    room, (machine,) = held(people(*[last_second] * 5))
    day = room.hold()
    assert day.signatures == 5
    assert len(machine.acts) == 15
    assert day.closing == day.sign.max() > 19 * HOUR


def test_a_quiet_day_closes_on_the_hour_and_counts_signatures_each_hour() -> None:
    room, _ = held(people(0, 3 * 3600))
    day = room.hold()
    assert day.closing == 19 * HOUR
    assert day.hourly == (1, 1, 1, *[2] * 8)


def test_nobody_comes() -> None:
    room, (machine,) = held(people())
    day = room.hold()
    assert (day.signatures, day.vote.shape, machine.acts) == (0, (0, 2), [])


@pytest.mark.parametrize("machines", [1, 2])
def test_services_never_overlap_at_one_table(machines: int) -> None:
    random = np.random.default_rng(2)
    room, _ = held(people(*sorted(random.integers(0, 3600, 60).tolist()), vote=50), machines)
    day = room.hold()
    for spans in (day.identify, day.sign):
        ordered = spans[np.argsort(spans[:, 0], kind="stable")]
        assert (ordered[1:, 0] >= ordered[:-1, 1]).all()
