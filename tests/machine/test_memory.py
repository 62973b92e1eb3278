"""Write-once memory: bits are only cleared, each byte at once or not at all, and what ageing cells do to an urn."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machine.banks import Banks
from machine.configuration import ConfiguredPoll
from machine.errors import ConfigurationError, IllegalOperation, MachineError, UrnError, UrnFullError, ZeroCheckError
from machine.esf1 import Machine
from machine.event_log import RESERVED, EventLog
from machine.keys import Key, Role
from machine.marks import Marks
from machine.memory import Memory, WriteOnceError
from machine.programming import panel_label, program, read_configuration
from machine.states import State
from protocol.errors import FormatError
from protocol.urn.image import LAYOUT, SPANS, EventKind, Section, UrnLayout, seal, slot_bytes
from tests.machine.failing_memory import FailingMemory, PowerCut, decay
from tests.machine.people import AT, SMALL, InOrder, configuration, opened, vote, with_keys

SERIAL = b"U-1".ljust(12, b"\0")


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 255))))
def test_a_bit_once_cleared_stays_cleared(writes: list[tuple[int, int]]) -> None:
    memory = Memory(8)
    model = [0xFF] * 8
    for address, value in writes:
        if value & ~model[address]:
            with pytest.raises(WriteOnceError) as refused:
                memory.write(address, value)
            assert (refused.value.address, refused.value.held, refused.value.wanted) == (
                address,
                model[address],
                value,
            )
        else:
            memory.write(address, value)
            model[address] = value
        assert memory.read(0, 8) == bytes(model)


def test_a_module_is_programmed_once() -> None:
    memory = Memory(LAYOUT.size)
    program(memory, configuration(2))
    with pytest.raises(WriteOnceError):
        program(memory, configuration(2))


def test_the_power_goes_away_before_a_byte_and_never_within_one() -> None:
    memory = FailingMemory(4)
    told: list[str] = []
    memory.when_cut = lambda: told.append("off")
    memory.cut_after(2)
    with pytest.raises(PowerCut, match="before the write at 0002"):
        memory.write_bytes(0, b"\1\2\3\4")
    assert memory.read(0, 4) == b"\1\2\xff\xff"
    assert told == ["off"]
    memory.write_bytes(0, b"\1\2\3\4")  # what stands there already is not written again
    assert memory.read(0, 4) == b"\1\2\3\4"


def test_a_configuration_is_read_back_as_it_was_programmed() -> None:
    for polls in ((1,), (64,), (2, 3), (64, 64, 64, 64, 64)):
        memory = Memory(LAYOUT.size)
        program(memory, configuration(*polls))
        assert read_configuration(memory) == configuration(*polls)


def test_what_was_not_programmed_whole_is_refused() -> None:
    with pytest.raises(UrnError, match="not programmed"):
        read_configuration(Memory(LAYOUT.size))
    with pytest.raises(UrnError, match="100 bytes"):
        Machine.with_urn(Memory(100), at=AT)
    for address, what in ((0x60, "configuration"), (0x3000, "choice lists")):
        memory = Memory(LAYOUT.size)
        program(memory, configuration(2))
        decay(memory, address, 0x7F)
        with pytest.raises(UrnError, match=what):
            Machine.with_urn(memory, at=AT)


def test_a_label_is_cut_at_a_character_where_the_panel_ends() -> None:
    assert panel_label("é" * 40) == ("é" * 32).encode()
    assert panel_label("a" + "é" * 40) == ("a" + "é" * 31).encode()


def test_labels_that_look_alike_on_the_panel_are_refused() -> None:
    plain = configuration(2)
    polls = (ConfiguredPoll(1, "", ("L" * 64 + "A", "L" * 64 + "B")),)
    twins = replace(plain, polls=polls)
    with pytest.raises(ConfigurationError, match="alike"):
        program(Memory(LAYOUT.size), twins)


@pytest.mark.parametrize("number", [0, -1, 0xFFFF_FFFF])
def test_a_key_number_that_cannot_be_engraved(number: int) -> None:
    with pytest.raises(ConfigurationError):
        Key(Role.PRESIDENT, number)


def _banks(slots: int = 8) -> tuple[Memory, Banks]:
    memory = Memory(8 * slots)
    banks = Banks(memory, 0, 4 * slots, slots, InOrder())
    banks.load()
    return memory, banks


def test_a_vote_is_counted_from_the_bank_that_kept_it() -> None:
    for address in range(8):
        memory, banks = _banks(1)
        banks.store(2, 5)
        for bit in range(8):
            decay(memory, address, 1 << bit)
        count = banks.count()
        assert (dict(count.votes), count.unreadable) == ({(2, 5): 1}, 0)


def test_a_vote_that_both_banks_lost_is_unreadable_and_banks_that_differ_are_not_believed() -> None:
    memory, banks = _banks(4)
    banks.store(1, 1)  # in the last slot
    decay(memory, 4 * 3, 1)
    decay(memory, 16 + 4 * 3 + 1, 4)
    memory.write_bytes(0, slot_bytes(1, 1))
    memory.write_bytes(16, bytes(255 - byte for byte in slot_bytes(1, 2)))
    count = banks.count()
    assert (dict(count.votes), count.unreadable, count.burnt) == ({}, 2, 0)
    before = memory.read(0, 32)
    assert banks.load() == 0  # neither is touched: both are evidence
    assert memory.read(0, 32) == before


def test_a_stray_bit_in_an_unused_slot_is_cleared_when_the_power_returns() -> None:
    memory, banks = _banks()
    decay(memory, 9, 16)
    assert banks.written() == 1
    assert banks.load() == 0
    assert (memory.read(8, 12), banks.count().burnt, banks.free) == (bytes(4), 1, 7)


def test_marks_go_on_over_a_decayed_cell() -> None:
    memory = Memory(8)
    marks = Marks(memory, 0, 4)
    for _ in range(5):
        marks.add()
    decay(memory, 1, 0b0001_0000)
    again = Marks(memory, 0, 4)
    assert (again.load(), again.count) == (0, 5)  # the second copy is sound
    for _ in range(10):
        again.add()
    decay(memory, 6, 0b1000_0000)
    last = Marks(memory, 0, 4)
    last.load()
    assert last.count == 15
    assert memory.read(0, 4) == b"\0\x01\xff\xff"


def test_marks_whose_copies_are_both_decayed_count_what_stands_in_a_row() -> None:
    memory = Memory(8)
    marks = Marks(memory, 0, 4)
    for _ in range(5):
        marks.add()
    decay(memory, 2, 1)
    decay(memory, 5, 1)
    again = Marks(memory, 0, 4)
    again.load()
    assert again.count == 5


def test_a_log_that_is_full_refuses_nothing_but_the_last_entry() -> None:
    memory = Memory(16 * (RESERVED + 1))
    log = EventLog(memory, 0, RESERVED + 1, SERIAL)
    for _ in range(3):
        log.append(EventKind.HOURLY, 1, 2, 1)
    assert len(log.events) == 1
    for _ in range(RESERVED):
        log.append(EventKind.OPENING, 1, 2)
    with pytest.raises(MachineError, match="full"):
        log.append(EventKind.CLOSING, 1, 2)
    again = EventLog(memory, 0, RESERVED + 1, SERIAL)
    again.load()
    assert again.events == log.events


def test_a_full_urn_refuses_to_enable() -> None:
    machine = opened(2, 2, layout=SMALL)
    for _ in range(8):  # sixteen slots, two polls
        vote(machine, 1, 1)
    with pytest.raises(IllegalOperation, match="full"):
        machine.enable()
    assert machine.state is State.CAST
    machine.close(AT)
    assert [result.cast for result in machine.results()] == [8, 8]


def test_the_format_has_room_for_4096_votes() -> None:
    machine = opened(1)
    for _ in range(4096):
        vote(machine, 1)
    with pytest.raises(IllegalOperation, match="full"):
        machine.enable()
    machine.close(AT)
    assert machine.results()[0].cast == 4096


def test_cancellations_that_have_no_room_keep_the_machine_from_enabling() -> None:
    machine = opened(2, layout=UrnLayout(slots=64, events=24))  # eight cancellations
    for _ in range(8):
        machine.enable()
        machine.cancel()
    with pytest.raises(IllegalOperation, match="full"):
        machine.enable()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"round": 3}, "round 3"),
        ({"part": 0}, "part 0"),
        ({"registered": -1}, "-1 registered"),
        ({"bureau": "123456789"}, "at most 8"),
        ({"election": "é"}, "ASCII"),
        ({"module_serial": "a\tb"}, "printable"),
        ({"polls": ()}, "poll numbers"),
        ({"polls": (ConfiguredPoll(2, "", ("A",)), ConfiguredPoll(1, "", ("A",)))}, "poll numbers"),
    ],
)
def test_a_configuration_that_no_module_can_hold(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        replace(configuration(2), **change)


@pytest.mark.parametrize(
    ("number", "constituency", "choices", "words"),
    [
        (0, "", ("A",), "poll number 0"),
        (6, "", ("A",), "poll number 6"),
        (1, "", ("A", "A"), "twice"),
        (1, "", ("A", ""), "empty"),
        (1, "", ("A\nB",), "control character"),
        (1, "", ("A\x1b[31mB",), "control character"),
        (1, "", ("A\x9bB",), "control character"),
        (1, "123456789", ("A",), "constituency"),
    ],
)
def test_a_poll_that_no_module_can_hold(number: int, constituency: str, choices: tuple[str, ...], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        ConfiguredPoll(number, constituency, choices)


def test_a_poll_that_a_module_does_not_have() -> None:
    with pytest.raises(ConfigurationError, match="poll 3"):
        configuration(2, 2).poll(3)


def test_a_configuration_with_right_checksums_that_makes_no_sense() -> None:
    memory = Memory(LAYOUT.size)
    program(memory, configuration(2))
    head = bytearray(memory.read(0, 504))
    head[0x88:0x8C] = bytes(4)  # the day 0
    check = seal(b"YMC00001".ljust(12, b"\0"), Section.CONFIGURATION, bytes(head))
    raw = bytes(head) + check.to_bytes(4, "big") + (check ^ 0xFFFF_FFFF).to_bytes(4, "big")
    with pytest.raises(UrnError, match="makes no sense"):
        read_configuration(Memory(raw + memory.read(512, LAYOUT.size)))


def test_a_module_that_was_found_not_at_zero_eight_times_takes_no_ninth_check() -> None:
    machine = with_keys(Machine(configuration(2)))
    machine._memory.write(SPANS[Section.BANK_B][0], 0)
    for _ in range(8):
        with pytest.raises(ZeroCheckError):
            machine.zero_check(AT)
    with pytest.raises(IllegalOperation, match="no room for another zero check"):
        machine.zero_check(AT)


def test_a_damaged_module_never_makes_the_machine_fail_in_another_way_than_refusing() -> None:
    random = np.random.default_rng(9)
    machine = opened(3, 2)
    for _ in range(30):
        vote(machine, 2, 0)
    open_image = machine._memory.read(0, LAYOUT.size)
    machine.close(AT)
    closed_image = machine.image()
    refused = 0
    for number in range(200):
        image = bytearray(open_image if number % 2 else closed_image)
        for _ in range(int(random.integers(1, 30))):  # not in the choice lists: their checksum refuses at once
            start = int(random.choice([random.integers(0x200, 0x2FC0), random.integers(0x8000, LAYOUT.size - 40)]))
            image[start : start + 40] = random.bytes(40)
        try:
            other = Machine.with_urn(Memory(bytes(image)), random, at=AT)
            while other.state is State.ENABLED:
                other.cancel()
            with_keys(other)
            if other.state is not State.CLOSED:
                other.close(AT)
            other.results()
            other.export(1, AT)
        except (MachineError, FormatError):
            refused += 1
    assert 0 < refused < 150


def test_decayed_marks_cannot_make_counters_or_votes_run_over() -> None:
    memory = Memory(4)
    marks = Marks(memory, 0, 2)
    for _ in range(16):
        marks.add()
    with pytest.raises(UrnFullError):
        marks.add()
    _, banks = _banks(2)
    banks.store(1, 1)
    banks.store(1, 1)
    with pytest.raises(UrnFullError):
        banks.store(1, 1)
