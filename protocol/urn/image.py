"""The module image (``.urn``): the memory of an electronic urn, one fixed map of 65,536 bytes, written once.

The layout is a **model**; the vendor's is not public. The memory behaves as flash does: erased bytes are FF and a
write can only clear bits. The map is defined once, in `IMAGE`; the vote banks are bytes there and their slots are
read apart (`SLOT`). `protocol.urn.recount` reads many images with numpy, `protocol.urn.limits` names the faults of one.

    0000  configuration   what was programmed: bureau, polls, serials
    0200  zero checks     up to 8 tries: both keys, time, the sum of all counters, the test votes before it
    0400  test votes      64 votes of the test mode, in their own code, never counted
    0500  log             168 events: opening, closing, incidents, the hourly public counter
    0F80  marks           counters that grow all day: one bit cleared for each count, in two copies
    2A00  closing         the result, and a seal on every section
    3000  choices         the labels of the panel, 64 for each of five polls
    8000  bank A          4,096 slots of 4 bytes, a vote in each that is used
    C000  bank B          the same votes, complemented, in the same slots

**A vote** is stored on its own, in a slot drawn at random among those that are free: poll, choice, a checksum of the
two, and in bank B the complement of these four bytes. A bit that is cleared afterwards breaks the checksum of its
bank and the pair; no write can turn one stored vote into another. Slots hold nothing that depends on the votes
before them, so two urns with the same votes have the same distribution of images whatever the order of voting: the
store is history-independent (D. Molnar, T. Kohno, N. Sastry, D. Wagner, « Tamper-evident, history-independent,
subliminal-free data structures on PROM storage », 2006; J. Bethencourt, D. Boneh, B. Waters, « Cryptographic methods
for storing ballots on a voting machine », 2007). It is not subliminal-free: a dishonest machine may choose the
positions instead of drawing them. And until the urn has recovered from a power cut, a torn slot says which vote was
the last; recovery completes a vote that counts, and clears to zeros the slot of one that does not.

**A counter** is tally marks, not successive entries: a count is then one byte written once, so that a power cut
cannot tear it; it only grows; and the bytes after n counts are the same whatever came between them. The second copy
is filled from the other end, so that one fault in one place does not hit both alike.

**Checks.** An entry that is written during the day carries its own CRC-32, one that is final also the complement of
it: cleared bits cannot fit both. Closing seals each section with a CRC-32 that begins with the module's serial and
the section's number, so that sections of two urns cannot be exchanged. A CRC is no signature: it reveals faults, not
a forger.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from typing import Any

import construct
import numpy as np

from protocol.civil_time import LATEST
from protocol.export.dtypes import dtype_of
from protocol.export.record import MAX_CHOICES, MAX_COUNT, MAX_POLLS, TEXTS
from protocol.limits import crc32
from protocol.urn.terms import IMAGE_SIZE as IMAGE_SIZE
from protocol.urn.terms import LABEL_SIZE as LABEL_SIZE
from protocol.urn.terms import MAGIC as MAGIC
from protocol.urn.terms import EventKind as EventKind
from protocol.urn.terms import Section as Section

VERSION = 1
ERASED = 0xFF
SLOTS = 4096
SLOT_SIZE = 4
MARK_BYTES = SLOTS // 8
"""Bytes of one copy of a counter that can reach the number of slots."""
CANCELLATION_BYTES = MARK_BYTES // 8
EVENTS = 168
EVENT_SIZE = 16
ZERO_CHECKS = 8
ZERO_CHECK_SIZE = 64
TEST_VOTES = 64
TEST_POLL = 0x80
"""Added to the poll number of a test vote, so that it is no vote outside the test area."""
CHECK_START = 0x0080
"""Start value of a slot's checksum, chosen so that no vote's last byte is 00 or FF: writing it always changes both
banks."""

SLOT = construct.Struct(
    "poll" / construct.Int8ub,
    "choice" / construct.Int8ub,
    "check" / construct.Int16ub,
)
"""One slot of bank A; choice 0 is a blank vote. Bank B holds the complement of each byte."""

_POLL = construct.Struct(
    "number" / construct.Int8ub,
    "choices" / construct.Int8ub,
    "reserved" / construct.Bytes(2),
    "constituency" / construct.Bytes(8),
    "choices_digest" / construct.Bytes(32),
)
CONFIGURATION = construct.Struct(
    "magic" / construct.Const(MAGIC),
    "format_version" / construct.Const(VERSION, construct.Int16ub),
    "reserved_1" / construct.Bytes(2),
    "image_size" / construct.Const(IMAGE_SIZE, construct.Int32ub),
    "model" / construct.Bytes(32),
    "machine_serial" / construct.Bytes(12),
    "module_serial" / construct.Bytes(12),
    "machine_seal" / construct.Bytes(12),
    "module_seal" / construct.Bytes(12),
    "election" / construct.Bytes(24),
    "insee" / construct.Bytes(8),
    "bureau" / construct.Bytes(8),
    "date" / construct.Int32ub,
    "round" / construct.Int8ub,
    "part" / construct.Int8ub,
    "reserved_2" / construct.Bytes(2),
    "registered" / construct.Int32ub,
    "choices_crc32" / construct.Int32ub,
    "polls" / construct.Array(MAX_POLLS, _POLL),
    "reserved_3" / construct.Bytes(132),
    "crc32" / construct.Int32ub,
    "complement" / construct.Int32ub,
)
ZERO_CHECK = construct.Struct(
    "at" / construct.Int32ub,
    "president_key" / construct.Int32ub,
    "assessor_key" / construct.Int32ub,
    "counter_sum" / construct.Int32ub,
    "slots_written" / construct.Int32ub,
    "test_votes" / construct.Int32ub,
    "test_crc32" / construct.Int32ub,
    "reserved" / construct.Bytes(28),
    "crc32" / construct.Int32ub,
    "complement" / construct.Int32ub,
)
EVENT = construct.Struct(
    "kind" / construct.Int8ub,
    "poll" / construct.Int8ub,
    "sequence" / construct.Int16ub,
    "at" / construct.Int32ub,
    "value" / construct.Int32ub,
    "crc32" / construct.Int32ub,
)
MARKS = construct.Struct(
    "enablings" / construct.Array(2, construct.Bytes(MARK_BYTES)),
    "voters" / construct.Array(MAX_POLLS, construct.Array(2, construct.Bytes(MARK_BYTES))),
    "cancellations" / construct.Array(MAX_POLLS, construct.Array(2, construct.Bytes(CANCELLATION_BYTES))),
)
_SEAL = construct.Struct("crc32" / construct.Int32ub, "complement" / construct.Int32ub)
_POLL_RESULT = construct.Struct(
    "voters" / construct.Int32ub,
    "cancellations" / construct.Int32ub,
    "cast" / construct.Int32ub,
    "blank" / construct.Int32ub,
    "tallies" / construct.Array(MAX_CHOICES, construct.Int32ub),
)
CLOSING = construct.Struct(
    "at" / construct.Int32ub,
    "enablings" / construct.Int32ub,
    "unreadable" / construct.Int32ub,
    "burnt" / construct.Int32ub,
    "polls" / construct.Array(MAX_POLLS, _POLL_RESULT),
    "seals" / construct.Array(8, _SEAL),
    "reserved" / construct.Bytes(88),
    "crc32" / construct.Int32ub,
    "complement" / construct.Int32ub,
)
IMAGE = construct.Struct(
    "configuration" / CONFIGURATION,
    "zero_checks" / construct.Array(ZERO_CHECKS, ZERO_CHECK),
    "test_votes" / construct.Array(TEST_VOTES, SLOT),
    "log" / construct.Array(EVENTS, EVENT),
    "marks" / MARKS,
    "closing" / CLOSING,
    "choices" / construct.Array(MAX_POLLS, construct.Array(MAX_CHOICES, construct.Bytes(LABEL_SIZE))),
    "bank_a" / construct.Bytes(SLOTS * SLOT_SIZE),
    "bank_b" / construct.Bytes(SLOTS * SLOT_SIZE),
    construct.Terminated,
)
"""The whole map. Interpreted, never compiled. What an entry was not used for stays erased: all ones."""

DTYPE: np.dtype[Any] = dtype_of(IMAGE)
"""The map as a numpy type: structured, big-endian, raw bytes for text, marks and banks."""
ZERO_CHECK_DTYPE: np.dtype[Any] = dtype_of(ZERO_CHECK)
CONFIGURATION_DTYPE: np.dtype[Any] = dtype_of(CONFIGURATION)
CLOSING_DTYPE: np.dtype[Any] = dtype_of(CLOSING)
URN_TEXTS = tuple(name for name in CONFIGURATION_DTYPE.names or () if name in TEXTS)
"""Fields of the configuration that hold text."""


MOST_COUNTED = 8 * (MARK_BYTES * (1 + MAX_POLLS) + CANCELLATION_BYTES * MAX_POLLS)
"""The largest sum that the counters of an urn can show together."""
LIMITS: dict[str, tuple[int, int]] = {
    "configuration.round": (1, 2),
    "configuration.part": (1, 255),
    "configuration.registered": (0, MAX_COUNT),
    "configuration.polls.number": (1, MAX_POLLS),
    "configuration.polls.choices": (1, MAX_CHOICES),
    "zero_checks.at": (0, LATEST),
    "zero_checks.counter_sum": (0, MOST_COUNTED),
    "zero_checks.slots_written": (0, SLOTS),
    "zero_checks.test_votes": (0, TEST_VOTES),
    "test_votes.poll": (TEST_POLL + 1, TEST_POLL + MAX_POLLS),
    "test_votes.choice": (0, MAX_CHOICES),
    "log.kind": (min(EventKind), max(EventKind)),
    "log.poll": (0, MAX_POLLS),
    "log.sequence": (0, EVENTS - 1),
    "log.at": (0, LATEST),
    "closing.at": (0, LATEST),
    "closing.enablings": (0, 8 * MARK_BYTES),
    "closing.unreadable": (0, SLOTS),
    "closing.burnt": (0, SLOTS),
    "closing.polls.voters": (0, 8 * MARK_BYTES),
    "closing.polls.cancellations": (0, 8 * CANCELLATION_BYTES),
    "closing.polls.cast": (0, SLOTS),
    "closing.polls.blank": (0, SLOTS),
    "closing.polls.tallies": (0, SLOTS),
}
"""The least and the largest value of numbers that are bounded, by the path of the field in `IMAGE`."""


@dataclass(frozen=True, slots=True)
class UrnLayout:
    """Section offsets of an urn's memory. Real images have one layout; tests use smaller ones.

    Attributes:
        slots: votes that one bank takes.
        events: entries of the log.
    """

    slots: int = SLOTS
    events: int = EVENTS

    @property
    def mark_bytes(self) -> int:
        """Bytes of one copy of the enablings, or of the voters of a poll: one bit per slot."""
        return -(-self.slots // 8)

    @property
    def cancellation_bytes(self) -> int:
        """Bytes of one copy of the cancellations of a poll."""
        return -(-self.mark_bytes // 8)

    @property
    def size(self) -> int:
        """Bytes of the whole memory."""
        return max(end for _, end in self.spans().values())

    def spans(self) -> dict[Section, tuple[int, int]]:
        """Start and end of every section, in the order of the map."""
        marks = 2 * (self.mark_bytes * (1 + MAX_POLLS) + self.cancellation_bytes * MAX_POLLS)
        sizes = {
            Section.CONFIGURATION: CONFIGURATION_DTYPE.itemsize,
            Section.ZERO_CHECKS: ZERO_CHECKS * ZERO_CHECK_SIZE,
            Section.TEST_VOTES: TEST_VOTES * SLOT_SIZE,
            Section.LOG: self.events * EVENT_SIZE,
            Section.MARKS: marks,
            Section.CLOSING: CLOSING_DTYPE.itemsize,
            Section.CHOICES: MAX_POLLS * MAX_CHOICES * LABEL_SIZE,
            Section.BANK_A: self.slots * SLOT_SIZE,
            Section.BANK_B: self.slots * SLOT_SIZE,
        }
        spans: dict[Section, tuple[int, int]] = {}
        start = 0
        for section, size in sizes.items():
            spans[section] = (start, start + size)
            start += size
        return spans


LAYOUT = UrnLayout()
SPANS = LAYOUT.spans()
"""Start and end of every section of an image."""


def slot_bytes(poll: int, choice: int) -> bytes:
    """The four bytes of a vote in bank A: ``poll`` from 1 (plus `TEST_POLL` in a test), ``choice`` 0 for a blank."""
    head = bytes((poll, choice))
    return head + binascii.crc_hqx(head, CHECK_START).to_bytes(2, "big")


def seal(module_serial: bytes, section: Section, data: bytes | memoryview) -> int:
    """The checksum of a section: CRC-32 over the serial (12 bytes), the section's number (1 byte) and its bytes."""
    return crc32(data, crc32(bytes((section,)), crc32(module_serial)))


def event_crc(module_serial: bytes, head: bytes) -> int:
    """The checksum of a log entry: CRC-32 over the module's serial and the first twelve bytes of the entry."""
    return crc32(head, crc32(module_serial))
