"""The power cut before every single byte of a short day, and again before every byte of the recovery."""

from dataclasses import replace

import numpy as np
import pytest

from machine.esf1 import Machine
from machine.event_log import RESERVED
from machine.memory import Memory
from machine.states import State
from protocol.civil_time import seconds
from protocol.urn.checks import GOOD
from protocol.urn.image import LAYOUT, EventKind, Section
from protocol.urn.recount import recount
from tests.machine.failing_memory import FailingMemory, PowerCut, decay
from tests.machine.people import DAY, SMALL, InOrder, People, expected_votes, programmed, run

TWO_POLLS: list[tuple[object, ...]] = [
    ("zero",),
    ("open",),
    ("voter", (2, 1)),
    ("voter", (None, None)),
    ("hour",),
    ("voter", (1, None)),
    ("voter", (0, 3)),
    ("close",),
]
ONE_POLL: list[tuple[object, ...]] = [
    ("zero",),
    ("open",),
    ("voter", (1,)),
    ("voter", (None,)),
    ("voter", (2,)),
    ("close",),
]


def _check(machine: Machine, day: list[tuple[object, ...]], *, enablings: range) -> None:
    """Everything validated is there, nothing twice, and the counters agree."""
    counted: dict[tuple[int, int], int] = {}
    for result in machine.results():
        for choice, votes in enumerate((result.blank, *result.tallies)):
            if votes:
                counted[result.poll, choice] = votes
        assert result.voters == result.cast
        assert result.enablings - result.cancellations == result.cast
        assert result.enablings in enablings
    assert counted == expected_votes(day)
    closing = machine.closing
    assert closing == seconds(DAY, 19)


def test_a_cut_before_every_byte_of_the_day() -> None:
    image = programmed(2, 3)
    _, written = run(image, People(TWO_POLLS), [])
    for cut in range(written):
        machine, _ = run(image, People(TWO_POLLS), [cut])
        _check(machine, TWO_POLLS, enablings=range(4, 5))


def test_the_reader_finds_nothing_wrong_with_urns_that_were_cut() -> None:
    image = programmed(2, 3, layout=LAYOUT)
    _, written = run(image, People(TWO_POLLS), [], LAYOUT)
    cuts = [*range(180), *range(180, written, 25)]
    images = [run(image, People(TWO_POLLS), [cut], LAYOUT)[0].image() for cut in cuts]
    urns = recount(np.frombuffer(b"".join(images), np.uint8).reshape(len(images), -1))
    columns = urns.columns
    assert (columns["sections"] == GOOD).all()
    assert columns["counters_consistent"].all()
    assert len(urns.slots) == 0
    assert urns.events["good"].all()
    assert (columns["zero_sum"] == 0).all()
    for (poll, choice), votes in expected_votes(TWO_POLLS).items():
        counted = columns["tallies"][:, poll - 1, choice - 1] if choice else columns["blank"][:, poll - 1]
        assert (counted == votes).all()
    assert (columns["tallies"][:, :2] == columns["closed_tallies"][:, :2]).all()
    assert (columns["cast"] == columns["voters"]).all()
    assert set(columns["burnt"].tolist()) == {0, 1}
    assert set(columns["power_returns"].tolist()) == {0, 1}


class Recorded(Memory):
    """A memory that keeps what it looked like before every write."""

    def __init__(self, size: int | bytes) -> None:
        super().__init__(size)
        self.before: list[bytes] = []

    def write(self, address: int, value: int) -> None:
        """As `Memory.write`."""
        self.before.append(self.read(0, len(self)))
        super().write(address, value)


@pytest.mark.check(3)
def test_a_second_cut_before_every_byte_of_the_recovery() -> None:
    image = programmed(2)
    _, written = run(image, People(ONE_POLL), [])
    seen: set[tuple[bytes, int, bool]] = set()
    for cut in range(written):
        memory = FailingMemory(image)
        memory.cut_after(cut)
        people = People(ONE_POLL)
        machine = Machine.with_urn(memory, InOrder(), at=seconds(DAY, 12), layout=SMALL)
        with pytest.raises(PowerCut):
            people.go_on(machine)
        assert machine.state is State.OFF
        recovering = Recorded(memory.read(0, len(memory)))
        Machine.with_urn(recovering, InOrder(), at=seconds(DAY, 12), layout=SMALL)
        for cut_again in recovering.before:
            state = (cut_again, people.at, people.enabled)
            if state not in seen:  # the same bytes and the same people have the same future
                seen.add(state)
                machine, _ = run(cut_again, replace(people), [])
                _check(machine, ONE_POLL, enablings=range(3, 4))
    assert len(seen) > written


def test_a_full_log_does_not_keep_a_day_from_closing() -> None:
    machine = Machine.with_urn(FailingMemory(programmed(2)), InOrder(), at=0, layout=SMALL)
    People(ONE_POLL[:3]).go_on(machine)
    for _ in range(40):
        machine.power_off()
        machine.power_on(seconds(DAY, 12))
    incidents = [event for event in machine._urn._log.events if event.kind is EventKind.POWER]
    assert len(incidents) == SMALL.events - RESERVED - 1  # and the opening
    People(ONE_POLL[3:]).go_on(machine)
    _check(machine, ONE_POLL, enablings=range(3, 4))


def test_a_closed_urn_is_never_written_again() -> None:
    machine, _ = run(programmed(2), People(ONE_POLL), [])
    before = Recorded(machine.image())
    decay(before, SMALL.spans()[Section.LOG][0] + 5, 0xFF)  # an ageing cell in the opening's entry
    decay(before, SMALL.spans()[Section.BANK_A][0] + 63, 0xFF)
    again = Machine.with_urn(before, InOrder(), at=seconds(DAY, 23), layout=SMALL)
    assert again.state is State.CLOSED
    assert before.before == []
    assert again.results() == machine.results()


def test_the_voter_at_work_knows_whether_to_vote_again() -> None:
    memory = FailingMemory(programmed(2))
    machine = Machine.with_urn(memory, InOrder(), at=0, layout=SMALL)
    people = People(ONE_POLL[:2])
    people.go_on(machine)
    for cut in range(10):
        machine.enable()
        machine.select(1)
        before = machine.voters
        memory.cut_after(cut)
        try:
            machine.validate()
        except PowerCut:
            machine.power_on(seconds(DAY, 12))
        memory.cut_after(None)
        # Four bytes in bank A are the vote; whatever comes after them is put in order without the voter.
        if cut < 4:
            assert machine.state is State.ENABLED
            assert machine.voters == before
            machine.cancel()
        else:
            assert machine.state is State.CAST
            assert machine.voters == before + 1
