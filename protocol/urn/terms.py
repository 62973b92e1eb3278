"""Terms of the columns of module images; the layout itself is in `protocol.urn.image`."""

from __future__ import annotations

from enum import IntEnum

from protocol.words import Message, msg

MAGIC = b"\x89URN\r\n\x1a\n"
IMAGE_SIZE = 0x10000
LABEL_SIZE = 64
"""Bytes of a label as the panel shows it (UTF-8). A longer one is cut there; the digest is that of the whole."""

GOOD, FAILS, UNSEALED = 1, 0, -1
"""Verdict on a section; UNSEALED where nothing was written that could be checked against."""
FITS, DIFFERS, UNTOLD = 1, 0, -1
"""Verdict on the digest of a poll's list; UNTOLD where one of them may have been cut, where one
cannot be read, and for a poll that there is not."""


class Section(IntEnum):
    """The sections in the order of the map; all but the closing entry have a seal in it, by this number."""

    CONFIGURATION = 0
    ZERO_CHECKS = 1
    TEST_VOTES = 2
    LOG = 3
    MARKS = 4
    CHOICES = 5
    BANK_A = 6
    BANK_B = 7
    CLOSING = 8


SECTION_LABELS: dict[str, Message] = {
    "configuration": msg("configuration"),
    "zero_checks": msg("zero checks"),
    "test_votes": msg("test votes"),
    "log": msg("log"),
    "marks": msg("counters"),
    "choices": msg("list of choices"),
    "bank_a": msg("first copy of the votes"),
    "bank_b": msg("second copy of the votes"),
    "closing": msg("closing"),
}
"""Names of the sections for people."""


class EventKind(IntEnum):
    """Kinds of log entries. No entry is written for a voter, so nothing dates a vote."""

    OPENING = 1
    CLOSING = 2
    HOURLY = 3
    """The public counter of one poll at a full hour."""
    POWER = 4
    """The power came back."""
    CLOCK = 5
    """The clock was set; the value is the time it showed before."""
    INCIDENT = 6
    """Another incident that the president notes; the value is its number in the bureau's record."""
    MAINS = 7
    """The mains failed (value 0) or came back (value 1) while the battery kept the machine on."""


class SlotState(IntEnum):
    """Irregular states of a slot: neither blank, nor given up in both banks, nor the same vote in both."""

    REPAIRED_FROM_A = 1
    """Bank B lost the vote, or never had it: counted from bank A."""
    REPAIRED_FROM_B = 2
    """Bank A lost the vote: counted from bank B."""
    CONFLICT = 3
    """Each bank holds a vote, and not the same one. Not counted."""
    UNREADABLE = 4
    """Something stands in both banks, and neither holds a vote. Not counted."""
    NOT_BLANK = 5
    """One bank is blank and the other holds no vote: a stray write, or a vote cut before it counted. Not counted."""
    FOREIGN = 6
    """A vote for a poll or a choice that the module does not have. Not counted among the tallies."""
    TEST = 7
    """Both banks hold the same vote of the test mode. Not counted; the machine counts the slot as unreadable."""
