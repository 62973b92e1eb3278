"""The link in made-up time: each trouble that the docstring of `protocol.line.link` lists is a test of that name."""

import math
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import protocol.line.link
from protocol.errors import LinkError
from protocol.line.block_length import BlockLength, best_length
from protocol.line.block_reading import READ_AHEAD, UNDER_WAY, Missing
from protocol.line.emulator import EmulatedLine, Faults
from protocol.line.frames import MAX_BODY, Frame, FrameScanner, encode
from protocol.line.link import IDENTITY_WIRE, OPEN, UnitLink
from protocol.line.messages import (
    ANSWER,
    BLOCK,
    IDENTITY,
    MAX_BLOCK,
    MAX_IMAGE_LENGTH,
    READ_REQUEST,
    REFUSAL,
    REFUSED,
    MessageKind,
    Reason,
    parse,
)
from protocol.line.reading_unit import QUEUE, ReadingUnit
from protocol.line.timeouts import GIVE_UP, LONGEST_DELAY, MARGIN, ROUND_TRIP, TRIES, Timeouts
from tests.protocol.line.media import Medium, Weather
from tests.protocol.line.null_modem import NullModem

BAUD = 115_200
CLEAN = Faults()
IMAGE = np.random.default_rng(1).integers(0, 256, 20_000, np.uint8).tobytes()


def connect(
    faults: Faults = CLEAN, baud: int = BAUD, image: bytes | None = IMAGE
) -> tuple[UnitLink, NullModem, EmulatedLine]:
    emulator = EmulatedLine(ReadingUnit(image, boot=1), baud, faults)
    line = NullModem(emulator)
    return UnitLink(line, baud, line.clock), line, emulator


def behind(weather: Weather, faults: Faults = CLEAN, baud: int = BAUD) -> tuple[UnitLink, NullModem]:
    """A reader whose unit is behind a medium."""
    line = NullModem(Medium(ReadingUnit(IMAGE, boot=1), baud, faults, weather))
    return UnitLink(line, baud, line.clock), line


def read_all(link: UnitLink) -> bytes:
    return b"".join(link.read(0, link.identify().image_length))


class Meddler:
    """A stream in made-up time that lets a test change what either side gets."""

    def __init__(
        self,
        line: NullModem,
        requests: Callable[[bytes], bytes] = lambda data: data,
        answers: Callable[[bytes], bytes] = lambda data: data,
    ) -> None:
        self._line = line
        self.requests = requests
        self.answers = answers

    def send(self, data: bytes) -> None:
        self._line.send(self.requests(data))

    def receive(self, timeout: float) -> bytes:
        return self.answers(self._line.receive(timeout))

    def close(self) -> None:
        pass


def each_frame(change: Callable[[Frame], Frame]) -> Callable[[bytes], bytes]:
    """Change each frame of what passes."""
    scanner = FrameScanner()
    return lambda data: b"".join(encode(change(frame)) for frame in scanner.feed(data))


class Alone:
    """A unit that sends what it likes, a piece every so many seconds, whatever is asked."""

    def __init__(self, piece: Callable[[], bytes], every: float) -> None:
        self._piece = piece
        self._every = every
        self._now = 0.0

    def clock(self) -> float:
        return self._now

    def send(self, data: bytes) -> None:
        pass

    def receive(self, timeout: float) -> bytes:
        self._now += min(timeout, self._every) if timeout > 0 else self._every
        return self._piece() if timeout >= self._every or timeout <= 0 else b""

    def close(self) -> None:
        pass


def test_a_clean_line_is_filled() -> None:
    for baud in (9600, 19_200, 115_200):
        link, line, _ = connect(baud=baud)
        link.identify()
        start = line.clock()
        assert b"".join(link.read(0, len(IMAGE))) == IMAGE
        assert len(IMAGE) * 10 / baud / (line.clock() - start) >= 0.93
        assert (link.counts.repeated, link.counts.timeouts, link.counts.damaged, link.counts.foreign) == (0, 0, 0, 0)


def test_who_is_there() -> None:
    link, _, _ = connect()
    identity = link.identify()
    assert identity.image_length == len(IMAGE)
    assert identity.module_serial.startswith("sha256:")
    assert "a model" in identity.unit
    status = link.status()
    assert (status.slot, status.boot, status.insertions, status.answered, status.damaged) == (1, 1, 1, 1, 0)


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.sampled_from([0.001, 0.005, 0.01]), st.sampled_from([0.0, 0.002]))
def test_damage_costs_time_and_never_a_byte(seed: int, noise: float, drop: float) -> None:
    link, _, _ = connect(Faults(noise=noise, drop=drop, seed=seed), image=IMAGE[:4000])
    assert read_all(link) == IMAGE[:4000]


@given(st.integers(0, len(IMAGE)), st.integers(0, len(IMAGE)))
@settings(max_examples=20)
def test_any_range_can_be_read(one: int, two: int) -> None:
    start, stop = sorted((one, two))
    link, _, _ = connect()
    link.identify()
    assert b"".join(link.read(start, stop)) == IMAGE[start:stop]


def test_the_share_kept_on_a_damaged_line() -> None:
    for rate, kept in ((0.001, 0.65), (0.01, 0.30)):
        link, line, _ = connect(Faults(noise=rate, seed=4))
        link.identify()
        start = line.clock()
        assert b"".join(link.read(0, len(IMAGE))) == IMAGE
        assert len(IMAGE) * 10 / BAUD / (line.clock() - start) >= kept


def test_a_stalled_unit() -> None:
    image = 15 * IMAGE
    link, line, _ = connect(Faults(stall=3.0, seed=3), image=image)
    assert read_all(link) == image
    assert link.counts.timeouts > 0
    assert line.clock() > len(image) * 10 / BAUD + 3.0
    # What was under way when the unit stalled came late, and was used: hardly anything is sent for nothing.
    assert link.counts.foreign <= 2 * link.counts.timeouts < link.counts.requests / 10


@pytest.mark.parametrize("jitter", [0.0, 1.0])
@pytest.mark.parametrize("round_trip", [0.0, 0.05, 0.15, 0.2, 0.5, 1.0, 2.0, ROUND_TRIP])
def test_a_slow_line(round_trip: float, jitter: float) -> None:
    """Whatever was believed of the line before, the first answer counts, and the rest follows from it."""
    link, line = behind(Weather(round_trip, jitter * round_trip, seed=3))
    link.identify()
    assert line.clock() < round_trip * (1 + jitter) + 0.1
    start = line.clock()
    link.status()
    assert line.clock() - start < round_trip * (1 + jitter) + 0.1
    asked = link.counts.requests
    start = line.clock()
    assert b"".join(link.read(0, len(IMAGE))) == IMAGE
    # What the line carries, or what the unit holds in each round trip, whichever is less; the start costs two of them.
    fastest = max(len(IMAGE) * 10 / BAUD, round_trip * len(IMAGE) / (QUEUE * MAX_BLOCK))
    assert line.clock() - start < 1.3 * fastest + (2 + 4 * jitter) * round_trip
    assert asked <= 2 + 8
    assert link.counts.repeated <= (8 if jitter else 0)


def test_a_round_trip_that_grows_while_reading() -> None:
    """The line is quick, then something on the way holds every answer back for two seconds: they count all the same."""
    medium = Medium(ReadingUnit(IMAGE, boot=1), BAUD, CLEAN, Weather())
    line = NullModem(medium)
    link = UnitLink(line, BAUD, line.clock)
    link.identify()
    pieces = link.read(0, len(IMAGE))
    found = next(pieces)
    medium.turn(Weather(2.0))
    start = line.clock()
    assert found + b"".join(pieces) == IMAGE
    assert line.clock() - start < 12


def test_an_answer_out_of_order() -> None:
    link, _ = behind(Weather(0.5, jitter=0.2, reorder=True, seed=1))
    assert read_all(link) == IMAGE
    # Answers that others overtook were asked for again, came after all, and were used; else it would be 70.
    assert 0 < link.counts.repeated < 40
    # The second answer to what was asked twice brings nothing, and is not counted as kept.
    assert sum(length * times for length, times in link.counts.block_lengths.items()) == len(IMAGE)


def test_lost_and_doubled_packets() -> None:
    link, _ = behind(Weather(1.0, jitter=0.5, loss=0.05, doubled=0.05, seed=1))
    assert read_all(link) == IMAGE
    assert link.counts.repeated > 0


def test_a_resetting_unit() -> None:
    link, _, emulator = connect()
    link.identify()
    pieces = link.read(0, len(IMAGE))
    found = next(pieces)
    for _ in range(5):
        emulator.reconnect()
        found += next(pieces)
    assert found + b"".join(pieces) == IMAGE
    assert link.counts.repeated > 0
    assert link.status().boot == 6


def test_a_babbling_unit() -> None:
    for piece, message in (
        (b"\x55" * 4096, "but no whole frame, for 15 seconds"),
        (b"\x55\0" * 2048, "but no whole frame, for 15 seconds"),
        (encode(Frame(MessageKind.READ | ANSWER, 3, bytes(MAX_BODY))), "but none to what was asked, for 15 seconds"),
    ):
        alone = Alone(lambda piece=piece: piece, every=0.05)  # type: ignore[misc]
        link = UnitLink(alone, BAUD, alone.clock)
        with pytest.raises(LinkError, match=message):
            link.identify()
        assert alone.clock() < 40
        with pytest.raises(LinkError, match=message):
            list(link.read(0, 1000))
        assert alone.clock() < 80


def test_a_stale_answer() -> None:
    def stale(data: bytes) -> bytes:
        """Before each delimiter, answers that were right for another request: other bytes, addresses, lengths."""
        if data != b"\0":
            return data
        made = b""
        for sequence in range(0, 256, 5):
            body = BLOCK.build({"address": 7, "data": b"wrong"})
            made += encode(Frame(MessageKind.READ | ANSWER, sequence, body))
        return data + made + data

    link, line, _ = connect(image=IMAGE[:3000])
    link.identify()
    link._stream = Meddler(line, answers=stale)
    assert b"".join(link.read(0, 3000)) == IMAGE[:3000]
    assert link.counts.foreign > 0


def test_a_stale_identification_is_not_taken_for_a_new_one() -> None:
    link, line, _ = connect()
    identity = IDENTITY.build(
        {
            "nonce": 1,
            "version": 1,
            "slot": 1,
            "queue": 8,
            "block_limit": 1024,
            "image_length": 99,
            "unit": "another",
            "module_serial": "OLD",
            "machine_serial": "",
        }
    )
    old = b"".join(encode(Frame(MessageKind.IDENTIFY | ANSWER, sequence, identity)) for sequence in range(256))
    link._stream = Meddler(line, answers=lambda data: old + data if data == b"\0" else data)
    assert link.identify().image_length == len(IMAGE)


def test_an_echo() -> None:
    echoed: list[bytes] = []

    def remember(data: bytes) -> bytes:
        echoed.append(data)
        return data

    def play(data: bytes) -> bytes:
        return echoed.pop(0) + data if echoed and data == b"\0" else data

    link, line, _ = connect()
    link._stream = Meddler(line, requests=remember, answers=play)
    assert read_all(link) == IMAGE
    assert link.counts.foreign > 10


def test_a_trickle() -> None:
    """A byte of a frame that never ends, always just before any timeout: the deadline holds."""
    alone = Alone(lambda: b"\x07", every=0.03)
    link = UnitLink(alone, BAUD, alone.clock)
    with pytest.raises(LinkError, match="bytes came from the unit, but no whole frame"):
        link.identify()
    assert alone.clock() < 40


def test_what_is_said_of_silence_is_of_this_question() -> None:
    """Not of what came before it."""
    link, _, _ = connect()
    link.identify()
    link.counts.foreign = 3
    alone = Alone(lambda: b"", every=0.5)
    link._stream, link.clock = alone, alone.clock
    with pytest.raises(LinkError, match="no answer from the unit"):
        link.identify()


def test_answers_to_the_last_repetitions_of_a_question_count() -> None:
    """So many as the link keeps in mind; an answer to an older one is foreign."""
    for late in (OPEN - 1, OPEN):
        link, line, emulator = connect()
        asked: list[bytes] = []

        def keep(data: bytes, asked: list[bytes] = asked) -> bytes:
            asked.append(data)
            return b""

        def answer(_: bytes, asked: list[bytes] = asked, unit: ReadingUnit = emulator.unit, late: int = late) -> bytes:
            return b"".join(unit.receive(asked[-1 - late])) if len(asked) > late else b""

        link._stream = Meddler(line, requests=keep, answers=answer)
        link.timeouts.give_up = lambda _: 1000.0  # type: ignore[assignment, method-assign]
        if late < OPEN:
            assert link.identify().image_length == len(IMAGE)
        else:
            link.timeouts.give_up = lambda _: 60.0  # type: ignore[assignment, method-assign]
            with pytest.raises(LinkError, match="none to what was asked"):
                link.identify()


@pytest.mark.parametrize("babble", [b"", b"\0babble\0"])
@pytest.mark.parametrize("round_trip", [0.0, 0.3, 5.0])
@pytest.mark.parametrize("seen", ["nothing", "identity", "blocks"])
def test_when_it_gives_up(seen: str, round_trip: float, babble: bytes) -> None:
    """The bound of the document, to the tenth of a second, for a unit that falls silent or babbles."""
    link, line = behind(Weather(round_trip))
    pieces: Iterator[bytes] = iter(())
    if seen != "nothing":
        link.identify()
    if seen == "blocks":
        pieces = link.read(0, len(IMAGE))
        found = 0
        while found < 12_000:
            found += len(next(pieces))
    start = line.clock()
    silent = Alone(lambda: babble, every=0.05)
    silent._now = start
    link._stream, link.clock = silent, silent.clock
    limit = GIVE_UP if seen == "nothing" or round_trip < 1 else TRIES * LONGEST_DELAY
    with pytest.raises(LinkError, match=r"for [0-9]+ seconds$"):
        list(pieces) if seen == "blocks" else link.identify()
    taken = silent.clock() - start
    assert taken <= limit + MARGIN * IDENTITY_WIRE * 10 / BAUD + 0.1 if seen != "blocks" else taken < limit + 2
    assert taken >= GIVE_UP
    if round_trip == 5.0 and seen == "blocks":
        assert 6 * 5.0 <= taken < 6 * 5.0 + 12  # by now it is known that answers take 5 s, and no more


def test_retries_back_off() -> None:
    """Each wait is twice the one before, up to two seconds, also where noise comes all the time."""
    for noise in (b"", b"\x55"):
        alone = Alone(lambda noise=noise: noise, every=0.01)  # type: ignore[misc]
        sent: list[float] = []
        alone.send = lambda data, alone=alone, sent=sent: sent.append(alone.clock())  # type: ignore[method-assign, misc]
        link = UnitLink(alone, BAUD, alone.clock)
        with pytest.raises(LinkError):
            link.identify()
        waits = np.diff(sent) - MARGIN * IDENTITY_WIRE * 10 / BAUD
        assert waits == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0, 2.0, 2.0], abs=0.02)


def test_a_silent_line_is_probed_by_one_request_at_a_time() -> None:
    link, line, _ = connect()
    link.identify()
    pieces = link.read(0, len(IMAGE))
    next(pieces)
    silent = Alone(lambda: b"", every=0.05)
    silent._now = line.clock()
    link._stream, link.clock = silent, silent.clock
    before = link.counts.requests
    with pytest.raises(LinkError):
        list(pieces)
    assert link.counts.requests - before <= QUEUE + link.counts.timeouts


def test_a_question_is_repeated_before_its_answer_can_be_there() -> None:
    """Answers take five seconds and most are lost: every other second one is requested."""
    link, line = behind(Weather(5.0))
    link.identify()
    sent: list[float] = []

    def lose(data: bytes) -> bytes:
        sent.append(line.clock())
        return b"" if len(sent) < 5 else data

    link._stream = Meddler(line, requests=lose)
    link.status()
    assert np.diff(sent)[0] > 5.0
    assert np.diff(sent)[1:] == pytest.approx(2.0, abs=0.05)
    assert line.clock() - sent[4] == pytest.approx(5.0, abs=0.05)


def test_a_wrong_baud_rate_costs_time_only() -> None:
    for told in (300, 1_000_000):
        line = NullModem(EmulatedLine(ReadingUnit(IMAGE[:6000], boot=1), 9600, Faults()))
        link = UnitLink(line, told, line.clock)
        assert read_all(link) == IMAGE[:6000]
        assert line.clock() < 12


def test_refusals() -> None:
    link, _, emulator = connect()
    link.identify()
    with pytest.raises(LinkError, match="the unit refuses: the address or the length is out of range"):
        list(link.read(0, len(IMAGE) + 1))
    emulator.unit.image = None
    with pytest.raises(LinkError, match="the unit refuses: there is no readable module in its slot"):
        list(link.read(0, 10))
    with pytest.raises(LinkError, match="there is no readable module in the unit's slot"):
        link.identify()


def answer_with(**changed: int | str) -> tuple[UnitLink, list[Frame]]:
    """A link whose unit identifies itself with some fields changed."""
    link, line, _ = connect()
    scanner, seen = FrameScanner(), []

    def change(data: bytes) -> bytes:
        out = b""
        for frame in scanner.feed(data):
            seen.append(frame)
            fields = parse(IDENTITY, frame.body)
            assert fields is not None
            out += encode(Frame(frame.kind, frame.sequence, IDENTITY.build(dict(fields) | changed)))
        return out

    link._stream = Meddler(line, answers=change)
    return link, seen


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"version": 2}, "the unit speaks version 2 of the protocol, this reader version 1"),
        ({"slot": 2}, "there is no readable module in the unit's slot"),
        ({"slot": 7}, "the unit's answer makes no sense: slot is 7"),
        ({"image_length": 0}, "the unit names a module of 0 bytes"),
        ({"image_length": 2**32 - 1}, "the unit names a module of 4294967295 bytes"),
        ({"queue": 0}, "the unit's answer makes no sense: queue is 0"),
        ({"block_limit": 0}, "the unit's answer makes no sense: block_limit is 0"),
        ({"module_serial": "\x1b[2J"}, "the unit's answer makes no sense: module_serial is '\\x1b[2J'"),
    ],
)
def test_an_identification_that_cannot_be_worked_with(changed: dict[str, int | str], message: str) -> None:
    link, seen = answer_with(**changed)
    with pytest.raises(LinkError, match=re.escape(message)):
        link.identify()
    assert len(seen) == 1


def test_a_module_and_blocks_as_long_as_can_be() -> None:
    link, _ = answer_with(image_length=MAX_IMAGE_LENGTH, block_limit=MAX_BLOCK + 1)
    assert link.identify().image_length == MAX_IMAGE_LENGTH
    assert link.lengths.limit == MAX_BLOCK
    with pytest.raises(LinkError, match=f"a module of {MAX_IMAGE_LENGTH + 1} bytes"):
        answer_with(image_length=MAX_IMAGE_LENGTH + 1)[0].identify()


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        (
            MessageKind.IDENTIFY,
            lambda body: body[:-1],
            "answer to IDENTIFY is malformed: 66 bytes that are not its fields",
        ),
        (
            MessageKind.IDENTIFY,
            lambda body: body + b"\0",
            "answer to IDENTIFY is malformed: 68 bytes that are not its fields",
        ),
        (
            MessageKind.IDENTIFY,
            lambda body: body[:4],
            "answer to IDENTIFY is malformed: 4 bytes that are not its fields",
        ),
        (MessageKind.IDENTIFY, lambda body: b"", "answer to IDENTIFY is malformed: 0 bytes that are not its fields"),
        (
            MessageKind.IDENTIFY,
            lambda body: body[:13] + b"\x02\xff\xfe\0\0",
            "answer to IDENTIFY is malformed: 18 bytes",
        ),
        (MessageKind.IDENTIFY, lambda body: body[:4] + b"\x02new", "the unit speaks version 2 of the protocol"),
        (MessageKind.STATUS, lambda body: body[:-1], "answer to STATUS is malformed: 18 bytes that are not its fields"),
        (MessageKind.STATUS, lambda body: body[:4] + b"\x02new", "answer to STATUS is malformed: 8 bytes that are not"),
        (MessageKind.STATUS, lambda body: body[:4] + b"\x09" + body[5:], "the unit's answer makes no sense: slot is 9"),
    ],
)
def test_a_malformed_answer(kind: MessageKind, body: Callable[[bytes], bytes], message: str) -> None:
    """It is named as that, at once, and not asked for again until the time to give up."""
    link, line, _ = connect()
    link._stream = Meddler(line, answers=each_frame(lambda frame: Frame(frame.kind, frame.sequence, body(frame.body))))
    with pytest.raises(LinkError, match=re.escape(message)):
        link.identify() if kind == MessageKind.IDENTIFY else link.status()
    assert line.clock() < 0.1
    assert link.counts.requests == 1


@given(st.binary(max_size=400))
@settings(max_examples=50)
def test_any_answer_is_survived(body: bytes) -> None:
    for kind in (MessageKind.IDENTIFY | ANSWER, MessageKind.STATUS | ANSWER, MessageKind.READ | ANSWER, REFUSED):
        alone = Alone(lambda kind=kind: encode(Frame(kind, 0, body)), every=1.0)  # type: ignore[misc]
        link = UnitLink(alone, BAUD, alone.clock)
        with pytest.raises(LinkError):
            link.identify()
        with pytest.raises(LinkError):
            list(link.read(0, 10))


def test_an_unknown_reason_is_said_to_be_unknown() -> None:
    link, line, _ = connect()
    refusal = REFUSAL.build({"reason": 99})
    link._stream = Meddler(line, answers=each_frame(lambda frame: Frame(REFUSED, frame.sequence, refusal)))
    with pytest.raises(LinkError, match="it gives a reason that is not known here"):
        link.identify()
    assert 99 not in list(Reason)


def test_what_is_under_way_is_bounded() -> None:
    asked: list[int] = []
    arrived = 0

    def watch(data: bytes) -> bytes:
        for frame in FrameScanner().feed(data):
            fields = parse(READ_REQUEST, frame.body) if frame.kind == MessageKind.READ else None
            if fields is not None:
                asked.append(fields.address)
                assert fields.address <= arrived + READ_AHEAD
        return data

    image = bytes(200_000)
    link, line, _ = connect(Faults(noise=0.002, seed=9), image=image, baud=4_000_000)
    link.identify()
    link._stream = Meddler(line, requests=watch)
    for piece in link.read(0, len(image)):
        arrived += len(piece)
    assert arrived == len(image)
    assert QUEUE * 16 < UNDER_WAY


def test_a_block_that_is_lost_again_and_again_is_not_run_away_from() -> None:
    """Later blocks are kept until it comes, so requests stay within a bound."""
    image = bytes(2 * READ_AHEAD)
    furthest = lost = 0

    def lose(data: bytes) -> bytes:
        nonlocal furthest, lost
        [frame] = FrameScanner().feed(data)
        fields = parse(READ_REQUEST, frame.body)
        assert fields is not None
        furthest = max(furthest, fields.address)
        lost += fields.address == 0 and furthest > READ_AHEAD - 2 * MAX_BLOCK
        return b"" if fields.address == 0 and lost < 4 else data

    link, line, _ = connect(image=image, baud=4_000_000)
    link.identify()
    link._stream = Meddler(line, requests=lose)
    pieces = link.read(0, len(image))
    found = next(pieces)
    assert READ_AHEAD - 2 * MAX_BLOCK < furthest < READ_AHEAD + MAX_BLOCK
    assert found + b"".join(pieces) == image


def test_missing_ranges() -> None:
    missing = Missing(0, 100)
    assert missing.take(40, 1000) == (0, 34)  # three pieces, as even as can be
    assert missing.take(45, 1000) == (34, 66)  # rather one piece than two of 33
    missing.return_addresses(34, 66)
    assert missing.take(45, 50) == (34, 33)
    missing.return_addresses(0, 34)
    assert missing.ranges == [(0, 34), (67, 100)]
    assert missing.remove(10, 10) == [(10, 10)]
    assert missing.ranges == [(0, 10), (20, 34), (67, 100)]
    assert missing.remove(34, 33) == []
    assert missing.remove(30, 40) == [(30, 4), (67, 3)]
    assert missing.ranges == [(0, 10), (20, 30), (70, 100)]
    missing = Missing(0, 100)
    assert missing.remove(10, 10) == [(10, 10)]
    assert missing.remove(34, 33) == [(34, 33)]
    missing.return_addresses(10, 10)
    assert missing.ranges == [(0, 10), (10, 34), (67, 100)]
    assert Missing(5, 5).ranges == []


def test_block_lengths_follow_the_line() -> None:
    lengths = BlockLength(1024)
    assert 100 < lengths.choose() < 300
    for _ in range(100):
        lengths.arrived(1050)
    assert lengths.choose() == 1024
    lengths.lost(1050)
    assert lengths.choose() < 1024
    for _ in range(1000):
        lengths.arrived(60)
        lengths.lost(60)
    assert 16 <= lengths.choose() <= 40
    for _ in range(1000):
        lengths.lost(lengths.choose() + 28)
    assert lengths.choose() == 16
    assert BlockLength(5).choose() == 5


def test_a_block_is_longer_where_the_line_would_stand_idle() -> None:
    lengths = BlockLength(1024)
    assert lengths.choose() < lengths.choose(1000) < 300  # nothing is known yet of the damage
    for _ in range(20):
        lengths.arrived(200)
    assert lengths.choose() < lengths.choose(700) == 700
    assert lengths.choose(50) == lengths.choose()
    for _ in range(60):
        lengths.lost(100)
    assert lengths.choose(700) < 100


def test_the_end_of_a_module_is_asked_for_in_small_blocks() -> None:
    """One long block alone under way would cost a round trip each time that it is damaged."""
    link, line = behind(Weather(5.0), Faults(noise=0.001, seed=1))
    link.identify()
    asked: list[int] = []

    def watch(data: bytes) -> bytes:
        for frame in FrameScanner().feed(data):
            fields = parse(READ_REQUEST, frame.body)
            assert fields is not None
            asked.append(fields.length)
        return data

    link._stream = Meddler(line, requests=watch)
    assert b"".join(link.read(0, len(IMAGE))) == IMAGE
    assert max(asked) > 400
    asked.clear()
    assert b"".join(link.read(0, 800)) == IMAGE[:800]
    assert max(asked) < 200


@given(st.floats(1e-7, 0.5), st.integers(1, 1024))
def test_the_best_length_is_the_best(rate: float, limit: int) -> None:
    best = best_length(rate, limit)
    envelope = 13

    def through(n: int) -> float:
        return n * math.exp(-rate * (n + envelope)) / (n + envelope)

    assert min(16, limit) <= best <= limit
    for other in (best - 1, best + 1):
        if min(16, limit) <= other <= limit:
            assert through(best) >= through(other) * (1 - 1e-3)


def test_timeouts_is_that_of_tcp() -> None:
    """RFC 6298 by hand: samples of 1 s and 2 s beyond the time on the line, K of 4, alpha 1/8, beta 1/4."""
    timeouts = Timeouts(9600)
    line = 96 * 10 / 9600
    timeouts.came(96, 0, 96, line + 1.0)
    assert timeouts.allow(0) == pytest.approx(1 + 4 * 0.5)
    timeouts.came(96, 0, 96, line + 2.0)
    assert timeouts.allow(0) == pytest.approx(1.125 + 4 * (0.375 + 0.25))
    assert timeouts.in_flight() == int(1.125 * 960)


def test_timeouts_with_a_queue_and_with_damage() -> None:
    timeouts = Timeouts(9600)
    timeouts.came(96, 0, 96, 0.1 + 0.5)
    for _ in range(40):  # behind a queue of 1,920 bytes, two seconds: that says nothing of the delay
        timeouts.came(96, 1920, 2016, 2.1)
    assert timeouts.allow(0) == pytest.approx(0.5, abs=0.03)
    assert timeouts.in_flight() == pytest.approx(480, abs=10)
    for _ in range(3):
        timeouts.expire(damaged=True)
    assert timeouts.allow(0) < 0.6
    timeouts.expire(damaged=True)
    assert timeouts.allow(0) == pytest.approx(1.0, abs=0.06)
    timeouts.expire()
    assert timeouts.allow(0) == pytest.approx(2.0, abs=0.1)


def test_every_trouble_listed_is_a_test() -> None:
    listed = re.findall(r"^\* (an? [a-z ]+):", protocol.line.link.__doc__ or "", re.MULTILINE)
    assert len(listed) == 9
    for name in listed:
        assert "test_" + name.replace(" ", "_") in globals()
