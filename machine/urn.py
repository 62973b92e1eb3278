"""The electronic urn: everything that a module remembers, written so that a power cut at any byte loses nothing.

The commit point of each operation, and what a cut before it means:

    zero check   the last byte of its entry: the check was not made
    opening      the last byte of its log entry: the poll is not open
    enabling     its mark in the first copy: the president enables again
    vote         the last byte of its slot in bank A: the voter, still enabled, votes again
    cancelling   its mark in the first copy, poll by poll: the president cancels again
    closing      the last byte of its log entry: the poll is still open. After it, the result is written whole when
                 the power returns, from the stored votes alone
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from machine.banks import BankCount, Banks, Draw
from machine.configuration import Configuration
from machine.event_log import EventLog
from machine.marks import Marks
from machine.memory import Memory
from machine.states import State
from protocol.export.record import MAX_POLLS
from protocol.urn.image import (
    CLOSING_DTYPE,
    ERASED,
    SLOT_SIZE,
    TEST_POLL,
    TEST_VOTES,
    ZERO_CHECK_DTYPE,
    ZERO_CHECK_SIZE,
    EventKind,
    Section,
    UrnLayout,
    seal,
    slot_bytes,
)

_ONES = 0xFFFF_FFFF
"""32 bits of ones: a checksum's complement is its exclusive or with them."""


@dataclass(frozen=True, slots=True)
class ZeroCheck:
    """One zero check as the memory holds it: time, key numbers, the sum of all counters, test votes before it."""

    at: int
    president_key: int
    assessor_key: int
    counter_sum: int
    slots_written: int
    test_votes: int


@dataclass(frozen=True, slots=True)
class PollResult:
    """Counts of one poll, blanks apart; ``tallies`` in panel order, enablings of all polls together."""

    poll: int
    tallies: tuple[int, ...]
    blank: int
    voters: int
    enablings: int
    cancellations: int

    @property
    def cast(self) -> int:
        """Votes for a choice and blank votes."""
        return self.blank + sum(self.tallies)


class Urn:
    """One urn in a machine. ``load`` must come first; it is all that the machine knows of the day so far.

    Args:
        memory: a programmed module.
        configuration: what it was programmed with.
        layout: where its sections are.
        random: draws the positions of the votes.
    """

    def __init__(self, memory: Memory, configuration: Configuration, layout: UrnLayout, random: Draw) -> None:
        self._memory = memory
        self._configuration = configuration
        self._spans = spans = layout.spans()
        self._serial = serial = configuration.module_serial.encode("ascii").ljust(12, b"\0")
        self._log = EventLog(memory, spans[Section.LOG][0], layout.events, serial)
        self._banks = Banks(memory, spans[Section.BANK_A][0], spans[Section.BANK_B][0], layout.slots, random)
        marks, long, short = spans[Section.MARKS][0], layout.mark_bytes, layout.cancellation_bytes
        polls = [poll.number for poll in configuration.polls]
        self.enablings = Marks(memory, marks, long)
        self.voters = {number: Marks(memory, marks + 2 * long * number, long) for number in polls}
        marks += 2 * long * (1 + MAX_POLLS)
        self.cancellations = {number: Marks(memory, marks + 2 * short * (number - 1), short) for number in polls}
        self._counters = (self.enablings, *self.voters.values(), *self.cancellations.values())
        self.phase = State.TEST
        """Stage of the day, as the memory shows it: test, ready, open or closed."""
        self.zero_check: ZeroCheck | None = None
        self.results: dict[int, PollResult] = {}
        self._test_votes = 0

    @property
    def opening(self) -> int | None:
        """Time of the opening in seconds of local civil time; None before it."""
        event = self._log.last(EventKind.OPENING)
        return event.at if event else None

    @property
    def closing(self) -> int | None:
        """Time of the closing; None before it."""
        event = self._log.last(EventKind.CLOSING)
        return event.at if event else None

    def load(self) -> int:
        """Read the memory when the power comes on, and put in order what a cut left unfinished.

        Returns:
            How often a vote that counted lacked something: bytes in bank B, a mark, or a mark's second copy.
        """
        closing = self._closing_entry()
        self._log.load(repair=closing is None)
        self._load_test_votes()
        self._load_zero_check()
        closed = self._log.last(EventKind.CLOSING)
        if closing is not None or closed is not None:
            self._load_closed(closing, closed.at if closed else 0)
            return 0
        completed = self._banks.load()
        for counter in (self.enablings, *self.cancellations.values()):
            counter.load()
        stored = {} if self._banks.erased() else self._banks.count().votes
        for number, voters in self.voters.items():
            completed += voters.load()
            votes = sum(count for (poll, _), count in stored.items() if poll == number)
            if votes == voters.count + 1:  # stored, and cut before its mark
                voters.add()
                completed += 1
        if self._log.last(EventKind.OPENING):
            self.phase = State.OPEN
        elif self.zero_check is not None:
            self.phase = State.READY
        else:
            self.phase = State.TEST
        return completed

    def waiting(self) -> int | None:
        """The poll that the voter at work is to vote in: enabled, neither voted nor cancelled; None for no voter."""
        for number, voters in self.voters.items():
            if self.enablings.count - voters.count - self.cancellations[number].count > 0:
                return number
        return None

    def room(self) -> int:
        """Count the voters that can surely still be enabled: limited by slots and by the marks of every counter."""
        marks = min(counter.capacity - counter.count for counter in self._counters)
        return min(self._banks.free // len(self.voters), marks)

    def store_test_vote(self, number: int, choice: int) -> bool:
        """Store a vote of the test mode, in an area and a code of its own; False when the area is full."""
        if self._test_votes >= TEST_VOTES:
            return False
        place = self._spans[Section.TEST_VOTES][0] + self._test_votes * SLOT_SIZE
        self._memory.write_bytes(place, slot_bytes(number | TEST_POLL, choice))
        self._test_votes += 1
        return True

    def check_zero(self, at: int, president_key: int, assessor_key: int) -> ZeroCheck | None:
        """Read all counters and write what they showed. The phase is READY if everything was at zero.

        Returns:
            What was written, or None where there is no room for another try.
        """
        start, end = self._spans[Section.ZERO_CHECKS]
        free = [
            place for place in range(start, end, ZERO_CHECK_SIZE) if self._memory.erased(place, place + ZERO_CHECK_SIZE)
        ]
        if not free:
            return None
        check = ZeroCheck(
            at=at,
            president_key=president_key,
            assessor_key=assessor_key,
            counter_sum=sum(counter.count for counter in self._counters),
            slots_written=self._banks.written(),
            test_votes=self._test_votes,
        )
        entry = np.frombuffer(bytearray([ERASED]) * ZERO_CHECK_SIZE, ZERO_CHECK_DTYPE)[0]
        for name in ZeroCheck.__slots__:
            entry[name] = getattr(check, name)
        entry["test_crc32"] = self._seal(Section.TEST_VOTES)
        self._write_checked(free[0], entry, Section.ZERO_CHECKS)
        self._load_zero_check()
        if self.zero_check is not None:
            self.phase = State.READY
        return check

    def open(self, at: int) -> None:
        """Open the poll."""
        self._log.append(EventKind.OPENING, at, self._voters())
        self.phase = State.OPEN

    def store(self, number: int, choice: int) -> None:
        """Store a vote in that poll (choice 0 for blank) and count the voter."""
        self._banks.store(number, choice)
        self.voters[number].add()

    def note(self, kind: EventKind, at: int, value: int, poll: int = 0) -> None:
        """Write an incident, or a poll's public counter at a full hour, into the log."""
        self._log.append(kind, at, value, poll)

    def close(self, at: int) -> None:
        """Close the poll for ever, count the votes and write the result and the seals."""
        self._log.append(EventKind.CLOSING, at, self._voters())
        self._write_closing(at)

    def image(self) -> bytes:
        """The whole memory."""
        return self._memory.read(0, len(self._memory))

    def _voters(self) -> int:
        return next(iter(self.voters.values())).count

    def _load_test_votes(self) -> None:
        start, end = self._spans[Section.TEST_VOTES]
        written = [place for place in range(start, end, SLOT_SIZE) if not self._memory.erased(place, place + 4)]
        self._test_votes = (written[-1] - start) // SLOT_SIZE + 1 if written else 0

    def _load_zero_check(self) -> None:
        """Find the last zero check that found zeros; a torn entry is passed over."""
        self.zero_check = None
        start, end = self._spans[Section.ZERO_CHECKS]
        for place in range(start, end, ZERO_CHECK_SIZE):
            raw = self._memory.read(place, place + ZERO_CHECK_SIZE)
            entry = np.frombuffer(raw, ZERO_CHECK_DTYPE)[0]
            check = seal(self._serial, Section.ZERO_CHECKS, raw[:-8])
            if entry["crc32"] == check and entry["complement"] == check ^ _ONES:
                found = ZeroCheck(**{name: int(entry[name]) for name in ZeroCheck.__slots__})
                if found.counter_sum == 0 and found.slots_written == 0:
                    self.zero_check = found

    def _closing_entry(self) -> np.void | None:
        """The closing entry, if it was written to its end."""
        raw = self._memory.read(*self._spans[Section.CLOSING])
        check = seal(self._serial, Section.CLOSING, raw[:-8])
        whole = raw[-8:] == check.to_bytes(4, "big") + (check ^ _ONES).to_bytes(4, "big")
        return np.frombuffer(raw, CLOSING_DTYPE)[0] if whole else None

    def _load_closed(self, closing: np.void | None, at: int) -> None:
        """After closing nothing is written any more, but what a cut kept from the closing entry."""
        for counter in self._counters:
            counter.load(repair=False)
        if closing is None:
            self._write_closing(at)
        else:
            for poll in self._configuration.polls:
                entry = closing["polls"][poll.number - 1]
                self.results[poll.number] = PollResult(
                    poll=poll.number,
                    enablings=self.enablings.count,
                    voters=int(entry["voters"]),
                    cancellations=int(entry["cancellations"]),
                    blank=int(entry["blank"]),
                    tallies=tuple(entry["tallies"][: len(poll.choices)].tolist()),
                )
        self.phase = State.CLOSED

    def count(self) -> dict[int, PollResult]:
        """Count the stored votes, poll by poll. The machine does so at the zero check and at closing, never between."""
        return self._results(self._banks.count())

    def _results(self, count: BankCount) -> dict[int, PollResult]:
        results = {}
        for poll in self._configuration.polls:
            number = poll.number
            blank, *tallies = (count.votes.get((number, choice), 0) for choice in range(len(poll.choices) + 1))
            voters, cancellations = self.voters[number].count, self.cancellations[number].count
            results[number] = PollResult(number, tuple(tallies), blank, voters, self.enablings.count, cancellations)
        return results

    def _write_closing(self, at: int) -> None:
        """Count, seal, write. The same bytes however often it is begun: they depend on nothing but the memory."""
        count = self._banks.count()
        self.results = self._results(count)
        entry = np.frombuffer(bytearray([ERASED]) * CLOSING_DTYPE.itemsize, CLOSING_DTYPE)[0]
        entry["at"], entry["enablings"] = at, self.enablings.count
        entry["unreadable"], entry["burnt"] = count.unreadable, count.burnt
        for number, result in self.results.items():
            line = entry["polls"][number - 1]
            line["voters"], line["cancellations"] = result.voters, result.cancellations
            line["cast"], line["blank"] = result.cast, result.blank
            line["tallies"] = 0
            line["tallies"][: len(result.tallies)] = result.tallies
        for section in Section:
            if section is not Section.CLOSING:
                check = self._seal(section)
                entry["seals"][section]["crc32"] = check
                entry["seals"][section]["complement"] = check ^ _ONES
        self._write_checked(self._spans[Section.CLOSING][0], entry, Section.CLOSING)
        self.phase = State.CLOSED

    def _seal(self, section: Section) -> int:
        return seal(self._serial, section, self._memory.read(*self._spans[section]))

    def _write_checked(self, place: int, entry: np.void, section: Section) -> None:
        check = seal(self._serial, section, entry.tobytes()[:-8])
        entry["crc32"], entry["complement"] = check, check ^ _ONES
        self._memory.write_bytes(place, entry.tobytes())
