"""The recount: what it counts, what it repairs, what it names, and that nothing in the bytes makes it fail."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machine.esf1 import Machine
from protocol.civil_time import seconds
from protocol.export.record import RecordVerdict
from protocol.urn.checks import FAILS
from protocol.urn.image import IMAGE_SIZE, SPANS, EventKind, Section, event_crc, seal, slot_bytes
from protocol.urn.recount import recount
from protocol.urn.votes import SlotState
from tests.machine.people import vote
from tests.protocol.urn.module_images import DAY, closed, example, opened, rows
from tests.protocol.urn.module_violations import at, changed, put_number

A, B = SPANS[Section.BANK_A][0], SPANS[Section.BANK_B][0]


def _inverted(data: bytes) -> bytes:
    return bytes(255 - byte for byte in data)


def test_what_an_image_does_not_say_is_minus_one_or_empty() -> None:
    """Of an urn without a zero check that was not closed, and of one with times that are none."""
    open_one = example()[:0x200] + b"\xff" * 0x200 + example()[0x400:0x2A00] + b"\xff" * 0x600 + example()[0x3000:]
    late = changed(put_number(at("closing", "at"), 2**31))
    columns = recount(rows([open_one, late])).columns
    assert columns["zero_check"][0] == columns["closed_at"][0] == columns["closed_at"][1] == -1
    assert columns["closed_voters"][0].tolist() == [-1] * 5
    assert columns["closed_voters"][1].tolist() == [9, 9, -1, -1, -1]
    assert columns["constituency"][1].tolist() == [b"2A-1", b"2A-2", b"", b"", b""]


def test_a_clock_that_falls_right_after_opening() -> None:
    fallen = changed(put_number(at("log", "at", 1), seconds(DAY, 7)))
    assert recount(rows([fallen])).columns["clock_falls"].tolist() == [1]


@pytest.mark.parametrize(
    ("a", "b", "state", "counted"),
    [
        (slot_bytes(1, 2), b"\xff" * 4, SlotState.REPAIRED_FROM_A, 1),
        (slot_bytes(1, 2), _inverted(slot_bytes(1, 2))[:3] + b"\xff", SlotState.REPAIRED_FROM_A, 1),
        (slot_bytes(1, 2), b"\0\0\0\0", SlotState.REPAIRED_FROM_A, 1),
        (b"\xff" * 4, _inverted(slot_bytes(1, 2)), SlotState.REPAIRED_FROM_B, 1),
        (b"\0\2\x82\xfb", _inverted(slot_bytes(1, 2)), SlotState.REPAIRED_FROM_B, 1),
        (slot_bytes(1, 1), _inverted(slot_bytes(1, 2)), SlotState.CONFLICT, 0),
        (b"\1\2\3\4", _inverted(b"\1\2\3\4"), SlotState.UNREADABLE, 0),
        (b"\1\2\3\4", b"\0\0\0\0", SlotState.UNREADABLE, 0),
        (b"\0\0\0\0", b"\0\xff\xff\xff", SlotState.UNREADABLE, 0),
        (b"\1\2\xff\xff", b"\xff" * 4, SlotState.NOT_BLANK, 0),
        (b"\0\0\0\0", b"\xff" * 4, SlotState.NOT_BLANK, 0),
        (b"\xff" * 4, b"\xfe\xff\xff\xff", SlotState.NOT_BLANK, 0),
        (slot_bytes(0x81, 1), _inverted(slot_bytes(0x81, 1)), SlotState.TEST, 0),
    ],
)
def test_every_state_of_a_slot(a: bytes, b: bytes, state: SlotState, counted: int) -> None:
    machine = opened(2)
    vote(machine, 1)
    image = _off(machine)
    free = next(p for p in range(4096) if image[A + 4 * p : A + 4 * p + 4] == b"\xff" * 4)
    image[A + 4 * free : A + 4 * free + 4] = a
    image[B + 4 * free : B + 4 * free + 4] = b
    urns = recount(rows([bytes(image)]))
    (slot,) = urns.slots
    assert (slot["position"], slot["state"], slot["a"].tobytes(), slot["b"].tobytes()) == (free, state, a, b)
    assert (slot["poll"], slot["choice"]) == ((1, 2) if counted else (0, 0))
    (row,) = urns.columns
    assert (row["tallies"][0, 0], row["tallies"][0, 1], row["used"]) == (1, counted, 1 + counted)
    assert row["repaired"] == counted
    assert row["unreadable"] == (state in (SlotState.CONFLICT, SlotState.UNREADABLE))
    assert row["not_blank"] == (state is SlotState.NOT_BLANK)


def _off(machine: Machine) -> bytearray:
    machine.power_off()
    return bytearray(machine.image())


@pytest.mark.parametrize(("poll", "choice"), [(1, 3), (1, 64), (2, 0), (5, 1)])
def test_a_vote_for_what_does_not_exist_is_foreign(poll: int, choice: int) -> None:
    image = bytearray(closed(2, voters=3).image())
    free = next(p for p in range(4096) if image[A + 4 * p : A + 4 * p + 4] == b"\xff" * 4)
    image[A + 4 * free : A + 4 * free + 4] = slot_bytes(poll, choice)
    image[B + 4 * free : B + 4 * free + 4] = _inverted(slot_bytes(poll, choice))
    (row,) = recount(rows([bytes(image)])).columns
    assert (row["foreign"], row["cast"].sum(), row["used"]) == (1, 3, 4)


def test_a_counter_whose_copies_differ() -> None:
    marks = SPANS[Section.MARKS][0]
    torn, stray, other = (bytearray(closed(2, voters=5).image()) for _ in range(3))
    torn[marks] &= 0b1111_1011  # the sixth enabling, in the first copy alone
    stray[marks + 100] = 0xFE  # a bit cleared far behind the marks
    other[marks + 512 + 100] = 0xFE
    columns = recount(rows([bytes(torn), bytes(stray), bytes(other)])).columns
    assert columns["enablings"].tolist() == [6, 5, 5]
    assert columns["counters_consistent"].tolist() == [[False] + [True] * 10] * 3


def test_the_log_of_a_day_with_incidents() -> None:
    machine = opened(2)
    vote(machine, 1)
    machine.record_hour(seconds(DAY, 9))
    machine.set_clock(seconds(DAY, 9, 30), seconds(DAY, 9, 20))
    machine.record_incident(seconds(DAY, 9, 40), 7)
    machine.power_off()
    machine.power_on(seconds(DAY, 9, 10))  # the clock has fallen by itself
    machine.close(seconds(DAY, 19))
    urns = recount(rows([machine.image()]))
    (row,) = urns.columns
    assert (row["clock_sets"], row["clock_falls"], row["power_returns"], row["bad_events"]) == (1, 1, 1, 0)
    assert urns.events["kind"].tolist() == [1, 3, 5, 6, 4, 2]
    assert urns.events["value"].tolist() == [0, 1, seconds(DAY, 9, 30), 7, 0, 1]


def test_a_clock_set_before_opening_is_no_incident() -> None:
    machine = opened(2)
    early = type(machine)(machine.configuration)
    early.set_clock(0, seconds(DAY, 7))
    for key in machine._keys.values():
        early.insert_key(key)
    early.zero_check(seconds(DAY, 7, 45))
    early.open(seconds(DAY, 8))
    early.close(seconds(DAY, 19))
    (row,) = recount(rows([early.image()])).columns
    assert row["clock_sets"] == 0


def test_a_clock_that_is_put_back_has_not_fallen_by_itself() -> None:
    machine = opened(2)
    machine.record_incident(seconds(DAY, 9, 25), 7)
    machine.set_clock(seconds(DAY, 9, 30), seconds(DAY, 9, 20))
    (row,) = recount(rows([bytes(_off(machine))])).columns
    assert (row["clock_sets"], row["clock_falls"]) == (1, 0)


def test_of_two_openings_the_first_one_counts() -> None:
    machine = opened(2)
    machine.record_hour(seconds(DAY, 9))
    image = _off(machine)
    entry = SPANS[Section.LOG][0] + 16
    head = bytes([EventKind.OPENING, 0]) + bytes(image[entry + 2 : entry + 8]) + bytes(4)
    image[entry : entry + 16] = head + event_crc(b"U-0815".ljust(12, b"\0"), head).to_bytes(4, "big")
    urns = recount(rows([bytes(image)]))
    assert urns.events[["kind", "good"]].tolist() == [(EventKind.OPENING, True)] * 2
    assert urns.columns["opening"].tolist() == [seconds(DAY, 8)]


def test_an_hourly_counter_that_falls_and_an_entry_that_is_damaged() -> None:
    machine = opened(2)
    for hour in (9, 10, 11):
        vote(machine, 1)
        machine.record_hour(seconds(DAY, hour))
    image = _off(machine)
    entry = SPANS[Section.LOG][0] + 2 * 16  # the hour of ten o'clock, two voters
    head = bytes(image[entry : entry + 8]) + bytes(4)
    image[entry : entry + 16] = head + event_crc(b"U-0815".ljust(12, b"\0"), head).to_bytes(4, "big")
    damaged = bytearray(image)
    damaged[entry + 4] ^= 1
    columns = recount(rows([bytes(image), bytes(damaged)])).columns
    assert columns["hourly_falls"].tolist() == [1, 0]
    assert columns["bad_events"].tolist() == [0, 1]


def test_test_votes_changed_after_the_zero_check() -> None:
    image = bytearray(closed(2, voters=3).image())
    place = SPANS[Section.TEST_VOTES][0]
    image[place : place + 4] = slot_bytes(0x81, 1)
    (row,) = recount(rows([bytes(image)])).columns
    assert row["test_changed"]
    assert row["sections"][Section.TEST_VOTES] == FAILS
    assert row["cast"][0] == 3  # and it is not counted


@pytest.mark.parametrize("section", list(Section))
def test_sections_of_two_urns_cannot_be_exchanged(section: Section) -> None:
    one = closed(3, voters=20, seed=1, serial="U-1").image()
    other = closed(4, voters=30, seed=2, serial="U-2", tests=1).image()
    start, end = SPANS[section]
    assert one[start:end] != other[start:end]
    (row,) = recount(rows([one[:start] + other[start:end] + one[end:]])).columns
    assert FAILS in row["sections"]
    # Where the bytes are alike, the seals are not.
    data = one[start:end]
    assert seal(b"U-1".ljust(12, b"\0"), section, data) != seal(b"U-2".ljust(12, b"\0"), section, data)


def test_every_changed_byte_of_a_closed_image_is_found() -> None:
    image = closed(3, 2, voters=50).image()
    random = np.random.default_rng(5)
    banks = A + random.choice(IMAGE_SIZE - A, 500, replace=False)
    places = np.concatenate([np.arange(0, 0x3000, 7), np.arange(0x3000, 0x8000, 61), banks])
    flips = random.integers(1, 256, len(places))
    for start in range(0, len(places), 256):
        batch = rows([image] * len(places[start : start + 256]))
        batch[np.arange(len(batch)), places[start : start + 256]] ^= flips[start : start + 256].astype(np.uint8)
        columns = recount(batch).columns
        found = (columns["verdict"] != RecordVerdict.OK) | (columns["sections"] == FAILS).any(axis=1)
        assert found.all(), places[start : start + 256][~found]


@settings(max_examples=60)
@given(st.data())
def test_no_bytes_make_it_fail(data: st.DataObject) -> None:
    image = bytearray(example())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, IMAGE_SIZE - 1))
        raw = data.draw(st.binary(min_size=1, max_size=64) | st.integers(1, 9000).map(lambda n: b"\0" * n))
        image[start : start + len(raw)] = raw[: IMAGE_SIZE - start]
    both, alone = recount(rows([bytes(image), example()])), recount(rows([example()]))
    row, one = both.columns[1], alone.columns[0]
    assert [both.lists[index] for index in row["labels"][:1]] == [alone.lists[index] for index in one["labels"][:1]]
    row["labels"] = one["labels"]  # an index into the lists of all images
    assert row == one


def test_what_is_no_image_at_all() -> None:
    random = np.random.default_rng(0).bytes(IMAGE_SIZE)
    images = [b"\xff" * IMAGE_SIZE, b"\0" * IMAGE_SIZE, random, example()[:8] + random[8:], example()]
    urns = recount(rows(images))
    assert urns.columns["verdict"].tolist() == [
        RecordVerdict.MAGIC,
        RecordVerdict.MAGIC,
        RecordVerdict.MAGIC,
        RecordVerdict.VERSION,
        RecordVerdict.OK,
    ]
    assert urns.columns["cast"].sum() == 3
    assert set(urns.events["image"].tolist()) == {4}
