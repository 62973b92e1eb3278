"""What the document of the module image says in words: how its parts are used, checked and read."""

from __future__ import annotations

from collections.abc import Callable

from protocol import civil_time
from protocol.export.record import MAX_CHOICES, MAX_POLLS
from protocol.limits import DATE_RULE, TEXT_RULE
from protocol.markdown import prose, table
from protocol.night import urn_name
from protocol.urn import image as urn
from protocol.urn.image import EVENT_SIZE, LABEL_SIZE, SLOT_SIZE, SLOTS, TEST_POLL, Section
from protocol.urn.votes import SlotState

Paragraphs = list[str]

_STATES = {
    SlotState.CONFLICT: ("A and B each hold a vote, and not the same one", "no"),
    SlotState.REPAIRED_FROM_A: ("A holds a vote, B does not", "as A has it"),
    SlotState.REPAIRED_FROM_B: ("B holds a vote, A does not", "as B has it"),
    SlotState.TEST: (f"A and B are the same four bytes, a vote of the test mode: poll {TEST_POLL + 1} to "
                     f"{TEST_POLL + MAX_POLLS}, choice 0 to {MAX_CHOICES}, the right check", "no"),
    SlotState.NOT_BLANK: ("one bank is blank there, and the other holds no vote", "no"),
    SlotState.UNREADABLE: ("anything else", "no"),
}  # fmt: skip
"""What the two banks are in each state, in the order in which a reader asks, and whether the slot counts."""
_FOREIGN = (
    "of the votes counted above, one for a poll that the module does not have or a choice beyond its last",
    "apart: in no tally, no blank, no cast",
)


def opening() -> Paragraphs:
    """What an image is, and how the tables are to be read."""
    terms = (
        ("offset", "in hexadecimal, from the start of the image; in a section of several entries, that in entry 0. The "
         "fields of the first struct of an array stand below it, as `polls[0].number`; the next struct begins after "
         "as many bytes as one has"),
        ("size", "of the whole field, in bytes"),
        ("type", "`u8`, `u16`, `u32`: an unsigned number; `text[n]`, `bytes[n]`: n bytes; `struct`: the fields below. "
         "`t[a][b]` is a times b times `t` as C lays it out: the last index varies fastest"),
        ("`3 to 5`", "these numbers, the first and the last included"),
        ("`3`, `89 55`", "this number, these bytes in hexadecimal, and nothing else"),
        ("text", TEXT_RULE),
        ("date", DATE_RULE),
        ("erased", "`FF` in every byte. Anything else is reported, and changes nothing"),
        ("checksum, marks, label, slot", "see [Checks](#checks), [A counter](#a-counter), [`choices`](#choices), "
         "[A vote](#a-vote)"),
        ("any, -", "whatever bytes; what the fields below it allow"),
    )  # fmt: skip
    return [
        prose(
            f"""The memory of an electronic urn: one fixed map of {urn.IMAGE_SIZE:,} bytes, written once. Erased
            bytes are `FF`, and a write can only clear bits; each byte is written whole or not at all. Numbers are
            unsigned and big-endian. What was not used stays erased. [urn.h](urn.h) states the map as a C header."""
        ),
        prose(
            f"""Times are whole seconds of local civil time since 2000-01-01 00:00, 0 to {civil_time.LATEST}, as in the
            [result export](format.md). A file is named `INSEE-BUREAU-PART.urn`, as in `{
                urn_name("77513", "0004", 1)
            }`, by the rule for the names of exports."""
        ),
        "## How to read the tables",
        table(("word", "meaning"), terms),
    ]


def _configuration() -> Paragraphs:
    return [
        prose(
            """`polls[i]` is that of poll i + 1: its number is i + 1, or `FF` where the module has no such poll, and
            then its choices, constituency and digest are `FF` throughout. There is at least one poll. Numbers may be
            left out; voters are asked in the order of the numbers. `choices_digest` is the SHA-256 of the whole labels
            in panel order, each in Unicode's normal form C as UTF-8 with one line feed (`0A`) after it, the last one
            too. Panel numbers are not stored: the first label is panel 1, and so on without a gap."""
        )
    ]


def _zero_checks() -> Paragraphs:
    return [
        prose(
            """Each try takes the first entry that is erased. The last entry with a right checksum is the zero check.
            An entry with a wrong checksum whose last byte is `FF` was cut by a loss of power: it is passed over.
            Another wrong checksum is not allowed."""
        )
    ]


def _test_votes() -> Paragraphs:
    return [
        prose(
            f"""A vote of the test mode: {TEST_POLL} + the number of a poll of this module, a choice of that poll or 0,
            and the check of [A vote](#a-vote) over these two bytes. Each takes the entry after the last one written.
            One that a loss of power cut has one to three of its bytes, then `FF`. Nothing else is allowed."""
        )
    ]


def _log() -> Paragraphs:
    return [
        prose(
            f"""Nothing is written for a single voter, so that nothing dates a vote. Entries follow one another without
            a gap; none is erased before one that is written. One of {EVENT_SIZE} zeros was cut by a loss of power and
            given up: it is passed over. In an urn that was never closed the last entry may still be a cut one: its
            checksum is wrong and its last byte `FF`. Otherwise its checksum is right, its sequence is its index, its
            kind is known, its `poll` is that of a poll of this module for HOURLY and 0 for all others, and `at` is a
            time; any other entry is not allowed, and nothing is read from it. The opening is the first OPENING, the
            closing the last CLOSING; after it nothing is written. The first poll is that with the lowest number of the
            module's."""
        )
    ]


def _marks() -> Paragraphs:
    return [
        prose(
            """`voters[i]` and `cancellations[i]` are those of poll i + 1; of a poll that the module does not have they
            are erased."""
        )
    ]


def _closing() -> Paragraphs:
    return [
        prose(
            """Written once, after the log's CLOSING; `at` is the time of that entry. In an urn that was never closed
            all of it is erased. `polls[i]` is that of poll i + 1, erased where there is none; its tallies are zero
            beyond the poll's choices. `cast` is `blank` and the tallies added up. `enablings`, `voters` and
            `cancellations` are what the marks show, `unreadable` the slots of the banks in the states 3, 4, 5 and 7,
            `burnt` those that were given up."""
        )
    ]


def _choices() -> Paragraphs:
    return [
        prose(
            f"""`choices[i][j]` is the label of choice j + 1 of poll i + 1: UTF-8 without control characters (Unicode's
            category Cc), at least one byte, then zeros up to {LABEL_SIZE} bytes; no two labels of a poll are the same.
            A label longer than {LABEL_SIZE} bytes is cut after the last character of which all bytes fit, so one of
            {LABEL_SIZE - 3} to {LABEL_SIZE} bytes may have been cut. Labels stand as they were given, not normalised.
            Beyond the last choice of a poll, and for a poll that there is not, all is erased. Where no label of a poll
            may have been cut, their digest is `choices_digest`."""
        )
    ]


def _bank() -> Paragraphs:
    return [prose(f"{SLOTS:,} slots of {SLOT_SIZE} bytes one after another; see [A vote](#a-vote).")]


SECTIONS: dict[Section, Callable[[], Paragraphs]] = {
    Section.CONFIGURATION: _configuration,
    Section.ZERO_CHECKS: _zero_checks,
    Section.TEST_VOTES: _test_votes,
    Section.LOG: _log,
    Section.MARKS: _marks,
    Section.CLOSING: _closing,
    Section.CHOICES: _choices,
    Section.BANK_A: _bank,
    Section.BANK_B: _bank,
}
"""What is said of each section below its table."""


def votes() -> Paragraphs:
    """A slot: how a vote is stored, and how one is counted."""
    rows = (
        ("`0`", "1", "u8", "`poll`", f"1 to {MAX_POLLS}", f"number of the poll; plus {TEST_POLL} in the test area"),
        ("`1`", "1", "u8", "`choice`", f"0 to {MAX_CHOICES}", "number of the choice; 0 for a blank vote"),
        ("`2`", "2", "u16", "`check`", "checksum", f"CRC-16 of the two bytes: polynomial `1021`, start "
         f"`{urn.CHECK_START:04X}`, not reflected, no final XOR"),
    )  # fmt: skip
    example = urn.slot_bytes(1, 2)
    shown = example.hex(" ").upper(), bytes(255 - byte for byte in example).hex(" ").upper()
    states = [(str(int(state)), state.name, *text) for state, text in _STATES.items()]
    states.append((str(int(SlotState.FOREIGN)), SlotState.FOREIGN.name, *_FOREIGN))
    return [
        "## A vote",
        prose(
            f"""A vote stands in the same slot of both banks: in bank A as it is, in bank B with every bit inverted.
            The slot is drawn at random among those that are free, so that two urns with the same votes have the same
            distribution of images whatever the order of voting (Molnar, Kohno, Sastry and Wagner 2006; Bethencourt,
            Boneh and Waters 2007). What remains: a machine that does not draw can choose positions as it likes; and
            between a power cut and the recovery a torn slot says which vote was the last. Slot i begins {SLOT_SIZE} ×
            i bytes after the start of its bank."""
        ),
        table(("offset", "size", "type", "name", "allowed", "meaning"), rows),
        prose(
            f"""A vote for choice 2 of poll 1 is `{shown[0]}` in bank A and `{shown[1]}` in bank B. The four bytes of
            bank A are written first, in ascending order; the vote counts from the last of them on."""
        ),
        prose(
            """To count, take the four bytes of a slot in bank A (A) and those in bank B with every bit inverted (B).
            Either *holds a vote* if its poll, choice and check are as in the table, whether or not this module has
            that poll and choice. A bank is *blank* there if its own four bytes are `FF`. If both banks are blank, the
            slot is unused. If the bytes of both banks are `00`, it was given up after a power cut. If A and B hold the
            same vote, that is one vote. Otherwise the first that applies:"""
        ),
        table(("number", "state", "when", "counted"), states),
        prose(
            """The votes of a choice are its slots; those of choice 0 are the blank votes of the poll, and `cast` is
            their sum over the choices that the poll has, 0 included."""
        ),
    ]


def counters() -> Paragraphs:
    """The tally marks."""
    return [
        "## A counter",
        prose(
            """Tally marks: each count clears one more bit, in the first copy from its first byte on (`FF`, `7F`, `3F`,
            ... `00`), in the second from its last byte backwards (`FF`, `FE`, `FC`, ... `00`). A count is one byte
            written once: it cannot be torn, only missing in the second copy, which recovery completes. Eleven
            counters, two copies each, the first copy first: enablings; voters of polls 1 to 5; cancellations of polls
            1 to 5."""
        ),
        prose(
            """A copy is *sound* if its cleared bits are the first ones in this order and no others; its count is the
            number of its cleared bits. A counter is consistent if both copies are sound and show the same count: that
            is the count. Otherwise, of two sound copies the smaller count, or that of the first copy where it is one
            ahead of the second; of one sound copy its count; of none the smaller number of cleared bits."""
        ),
    ]
