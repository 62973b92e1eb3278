"""Module images in which one thing is not as the format has it, with all checksums right: as a wrong writer would."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from protocol.urn.image import DTYPE, EVENT_SIZE, SPANS, Section, event_crc, seal, slot_bytes
from tests.machine.people import vote
from tests.protocol.urn.module_images import closed, opened

Change = Callable[[bytearray], None]


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong, the section it is in, and the field that the careful reader names first."""

    name: str
    section: Section
    field: str
    change: Change


def sealed(image: bytearray) -> bytes:
    """An image with every checksum as its bytes ask for: of entries that are written, and of all sections if closed."""
    serial = bytes(image[0x3C:0x48])
    image[0x94:0x98] = _seal(image, Section.CHOICES, 0x3000, 0x8000)[:4]
    image[0x1F8:0x200] = _seal(image, Section.CONFIGURATION, 0, 0x1F8)
    for place in range(0x200, 0x400, 64):
        if set(image[place : place + 64]) != {0xFF}:
            image[place + 24 : place + 28] = _seal(image, Section.TEST_VOTES, 0x400, 0x500)[:4]
            image[place + 56 : place + 64] = _seal(image, Section.ZERO_CHECKS, place, place + 56)
    for place in range(0x500, 0xF80, EVENT_SIZE):
        if set(image[place : place + 12]) not in ({0xFF}, {0}):
            image[place + 12 : place + 16] = event_crc(serial, bytes(image[place : place + 12])).to_bytes(4, "big")
    return closed_anew(image)


def _seal(image: bytearray, section: Section, start: int, end: int) -> bytes:
    """A checksum of some bytes as those of a section, and its complement."""
    crc = seal(bytes(image[0x3C:0x48]), section, bytes(image[start:end]))
    return crc.to_bytes(4, "big") + (crc ^ 0xFFFF_FFFF).to_bytes(4, "big")


def closed_anew(image: bytearray) -> bytes:
    """An image with the seals of all sections as they stand, if it was closed."""
    start, end = SPANS[Section.CLOSING]
    if set(image[start:end]) != {0xFF}:
        for section in Section:
            if section is not Section.CLOSING:
                place = 0x2F60 + 8 * section
                image[place : place + 8] = _seal(image, section, *SPANS[section])
        image[end - 8 : end] = _seal(image, Section.CLOSING, start, end - 8)
    return bytes(image)


def whole() -> bytes:
    """The image that is changed: two polls of 3 and 2 choices, ten voters, two test votes."""
    return closed(3, 2, voters=10, tests=2).image()


def changed(change: Change, *, checksums: bool = True) -> bytes:
    """`whole` with a change in it and right checksums, or with the seals alone."""
    image = bytearray(whole())
    change(image)
    return sealed(image) if checksums else closed_anew(image)


def put(place: int, raw: bytes) -> Change:
    """Bytes at an offset of the image."""

    def change(image: bytearray) -> None:
        image[place : place + len(raw)] = raw

    return change


def put_number(place: int, value: int, size: int = 4) -> Change:
    """A number at an offset of the image."""
    return put(place, value.to_bytes(size, "big"))


def at(section: str, field: str, index: int = 0) -> int:
    """Find the offset of a field of an entry of a section."""
    assert DTYPE.fields is not None
    base = DTYPE[section].base
    assert base.fields is not None
    return int(DTYPE.fields[section][1]) + index * base.itemsize + int(base.fields[field][1])


_POLL = at("configuration", "polls")
_RESULT = at("closing", "polls")
_LABEL = SPANS[Section.CHOICES][0]
_LOG = SPANS[Section.LOG][0]
_TEST = SPANS[Section.TEST_VOTES][0]
_HEAD, _ZERO, _TESTS, _EVENTS, _MARKS, _CLOSING, _CHOICES = (
    Section.CONFIGURATION,
    Section.ZERO_CHECKS,
    Section.TEST_VOTES,
    Section.LOG,
    Section.MARKS,
    Section.CLOSING,
    Section.CHOICES,
)
_CASES: tuple[tuple[str, Section, str, Change], ...] = (
    ("round 0", _HEAD, "configuration.round", put_number(at("configuration", "round"), 0, 1)),
    ("round 3", _HEAD, "configuration.round", put_number(at("configuration", "round"), 3, 1)),
    ("31 February", _HEAD, "configuration.date", put_number(at("configuration", "date"), 2022_02_31)),
    ("1999", _HEAD, "configuration.date", put_number(at("configuration", "date"), 1999_12_31)),
    ("part 0", _HEAD, "configuration.part", put_number(at("configuration", "part"), 0, 1)),
    ("registered FFFFFFFF", _HEAD, "configuration.registered", put(at("configuration", "registered"), b"\xff" * 4)),
    ("registered 2**28", _HEAD, "configuration.registered", put_number(at("configuration", "registered"), 2**28)),
    *(
        (f"{name} {raw!r}", _HEAD, f"configuration.{name}", put(at("configuration", name), raw))
        for name in ("model", "machine_serial", "machine_seal", "module_seal", "election", "insee", "bureau")
        for raw in (b"\x1bA", b"\xe9A", b"A\0A")
    ),
    ("serial", _HEAD, "configuration.module_serial", put(at("configuration", "module_serial") + 1, b"\x7f")),
    ("constituency", _HEAD, "configuration.polls[1].constituency", put(_POLL + 44 + 4, b"\n")),
    ("no choice", _HEAD, "configuration.polls[1].choices", put(_POLL + 45, b"\0")),
    ("65 choices", _HEAD, "configuration.polls[1].choices", put(_POLL + 45, b"\x41")),
    ("poll 3 as the second", _HEAD, "configuration.polls[1].number", put(_POLL + 44, b"\3")),
    ("poll 0", _HEAD, "configuration.polls[0].number", put(_POLL, b"\0")),
    ("poll without number", _HEAD, "configuration.polls[2]", put(_POLL + 88 + 4, b"\0")),
    ("no poll", _HEAD, "configuration.polls", put(_POLL, b"\xff" * 88)),
    ("zero check at", _ZERO, "zero_checks[0].at", put_number(at("zero_checks", "at"), 2**31)),
    ("sum", _ZERO, "zero_checks[0].counter_sum", put_number(at("zero_checks", "counter_sum"), 27_137)),
    ("slots", _ZERO, "zero_checks[0].slots_written", put_number(at("zero_checks", "slots_written"), 4_097)),
    ("tests", _ZERO, "zero_checks[0].test_votes", put_number(at("zero_checks", "test_votes"), 65)),
    ("a vote among the tests", _TESTS, "test_votes[0]", put(_TEST, slot_bytes(1, 1))),
    ("a test of a poll that is not", _TESTS, "test_votes[1]", put(_TEST + 4, slot_bytes(0x83, 1))),
    ("a blank test of a poll that is not", _TESTS, "test_votes[1]", put(_TEST + 4, slot_bytes(0x83, 0))),
    ("a test of a choice that is not", _TESTS, "test_votes[1]", put(_TEST + 4, slot_bytes(0x82, 3))),
    ("a test with another check", _TESTS, "test_votes[1]", put(_TEST + 7, b"\1")),
    ("a test cut in its middle", _TESTS, "test_votes[5]", put(_TEST + 20, b"\xff\1\xff\xff")),
    ("kind 0", _EVENTS, "log[0].kind", put(_LOG, b"\0")),
    ("kind 8", _EVENTS, "log[0].kind", put(_LOG, b"\x08")),
    ("sequence", _EVENTS, "log[0].sequence", put(_LOG + 3, b"\1")),
    ("opening of a poll", _EVENTS, "log[0].poll", put(_LOG + 1, b"\1")),
    ("hour of no poll", _EVENTS, "log[0].poll", put(_LOG, b"\3\0")),
    ("hour of a poll that is not", _EVENTS, "log[0].poll", put(_LOG, b"\3\3")),
    ("time of an entry", _EVENTS, "log[0].at", put_number(_LOG + 4, 2**31)),
    ("marks of no poll", _MARKS, "marks.voters[2]", put(at("marks", "voters") + 2 * 1024, b"\x7f")),
    ("cancellations of no poll", _MARKS, "marks.cancellations[4]", put(at("marks", "cancellations") + 639, b"\xfe")),
    ("closing at", _CLOSING, "closing.at", put_number(at("closing", "at"), 2**31)),
    ("enablings", _CLOSING, "closing.enablings", put_number(at("closing", "enablings"), 4_097)),
    ("unreadable", _CLOSING, "closing.unreadable", put_number(at("closing", "unreadable"), 4_097)),
    ("burnt", _CLOSING, "closing.burnt", put(at("closing", "burnt"), b"\xff" * 4)),
    ("voters", _CLOSING, "closing.polls[1].voters", put_number(_RESULT + 272, 4_097)),
    ("cancellations", _CLOSING, "closing.polls[1].cancellations", put_number(_RESULT + 276, 513)),
    ("cast", _CLOSING, "closing.polls[1].cast", put_number(_RESULT + 280, 4_097)),
    ("blank", _CLOSING, "closing.polls[1].blank", put_number(_RESULT + 284, 4_097)),
    ("tally", _CLOSING, "closing.polls[1].tallies[0]", put_number(_RESULT + 288, 4_097)),
    ("tally beyond", _CLOSING, "closing.polls[1].tallies[2]", put_number(_RESULT + 296, 1)),
    ("result of no poll", _CLOSING, "closing.polls[2]", put_number(_RESULT + 544, 0)),
    ("label in Latin-1", _CHOICES, "choices[0][0]", put(_LABEL, b"\xc9lan")),
    ("label with a line feed", _CHOICES, "choices[0][1]", put(_LABEL + 64, b"\n")),
    ("label with a C1 control", _CHOICES, "choices[0][1]", put(_LABEL + 64, b"\xc2\x9b")),
    ("label after a zero", _CHOICES, "choices[0][1]", put(_LABEL + 64 + 20, b"x")),
    ("empty label", _CHOICES, "choices[0][2]", put(_LABEL + 128, bytes(64))),
    ("label not written", _CHOICES, "choices[0][2]", put(_LABEL + 128, b"\xff" * 64)),
    ("the same label twice", _CHOICES, "choices[0][1]", put(_LABEL + 64, b"Choix 1")),
    ("label beyond the last", _CHOICES, "choices[0][3]", put(_LABEL + 192, b"x")),
    ("label of no poll", _CHOICES, "choices[4][63]", put(0x7FFF, b"\0")),
)
VIOLATIONS = tuple(Violation(*case) for case in _CASES)
WITHOUT_CHECKSUMS = tuple(
    Violation(*case)
    for case in (
        ("zero check with another checksum", _ZERO, "zero_checks[0].crc32", put(0x210, b"\1")),
        ("entry with another checksum", _EVENTS, "log[0].crc32", put(_LOG + 11, b"\1")),
        ("gap in the log", _EVENTS, "log[0]", put(_LOG, b"\xff" * 16)),
        ("entry cut in a closed urn", _EVENTS, "log[2].crc32", put(_LOG + 32, b"\1\0\0\2" + b"\xff" * 12)),
    )
)
"""Changes that leave an entry with a wrong checksum of its own entry."""


def torn() -> dict[str, bytes]:
    """Images that losses of power leave, in which nothing is wrong."""
    machine = opened(2, tests=1)
    vote(machine, 1)
    machine.power_off()
    image = bytearray(machine.image())
    cases: dict[str, Change] = {
        "zero check": put(0x240, bytes(40)),
        "test vote": put(_TEST + 4, b"\x81\2"),
        "test vote, a byte": put(_TEST + 4, b"\x81"),
        "test vote, three bytes": put(_TEST + 4, slot_bytes(0x81, 2)[:3]),
        "log": put(_LOG + 16, b"\3\1\0\1"),
        "cleared entry": put(_LOG + 16, bytes(16)),
    }
    found = {}
    for name, change in cases.items():
        changed_image = bytearray(image)
        change(changed_image)
        found[name] = bytes(changed_image)
    return found


def noise(seed: int, count: int) -> list[bytes]:
    """Images with right checksums of which a few bytes are others, anywhere but in the banks."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        image = bytearray(whole())
        section = (_HEAD, _ZERO, _TESTS, _EVENTS, _MARKS, _CLOSING, _CHOICES)[int(random.integers(7))]
        start, end = SPANS[section]
        for _ in range(int(random.integers(1, 4))):
            near = int(random.integers(start, min(end, start + 300)))
            image[near] = int(random.integers(256)) if random.random() < 0.5 else image[near] ^ 1
        image[:16] = whole()[:16]
        made.append(sealed(image))
    return made
