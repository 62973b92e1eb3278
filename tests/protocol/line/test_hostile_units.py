"""Units that mean harm: whatever they send, it ends in their module's bytes or in a `LinkError`, and in time."""

import itertools
import tracemalloc
from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np
import pytest

from protocol.errors import LinkError
from protocol.line.frames import MAX_BODY, Frame, FrameScanner, encode
from protocol.line.link import IDENTITY_WIRE, UnitLink
from protocol.line.messages import ANSWER, BLOCK, IDENTITY, READ_REQUEST, REFUSED, MessageKind, parse
from protocol.line.reading_unit import ReadingUnit
from protocol.line.timeouts import GIVE_UP, LONGEST_DELAY, MARGIN, TRIES

BAUD = 115_200
IMAGE = np.random.default_rng(4).integers(0, 256, 5000, np.uint8).tobytes()
SOUND = ReadingUnit(IMAGE, boot=1)

Answers: TypeAlias = Iterator[tuple[float, bytes]]
"""Bytes, each with the seconds after the request at which they come."""
Unit: TypeAlias = Callable[[Frame], Answers]


class Hostile:
    """A unit that answers what it likes, and sends what it likes in between, in made-up time."""

    def __init__(self, unit: Unit, noise: bytes = b"", every: float = 0.0) -> None:
        self._unit = unit
        self._noise = noise
        self._every = every
        self._next = 0.0
        self._now = 0.0
        self._scanner = FrameScanner()
        self._due: list[tuple[float, bytes]] = []

    def clock(self) -> float:
        return self._now

    def send(self, data: bytes) -> None:
        for frame in self._scanner.feed(data):
            self._due += [(self._now + delay, answer) for delay, answer in self._unit(frame)]
        self._due.sort(key=lambda entry: entry[0])

    def receive(self, timeout: float) -> bytes:
        end = self._now + max(timeout, 1e-6)
        first = self._due[0][0] if self._due else end
        if self._noise and self._next <= min(first, end):
            self._now, self._next = max(self._now, self._next), max(self._now, self._next) + self._every
            return self._noise
        self._now = max(self._now, min(first, end))
        return self._due.pop(0)[1] if self._due and self._due[0][0] <= self._now else b""

    def close(self) -> None:
        pass


def sound(frame: Frame) -> bytes:
    """Answer of a sound unit."""
    (answer,) = SOUND.receive(encode(frame))
    return answer


def opened(frame: Frame) -> Frame:
    """The same, as a frame."""
    (answer,) = FrameScanner().feed(sound(frame))
    return answer


def silent(frame: Frame) -> Answers:
    yield from ()


def echo(frame: Frame) -> Answers:
    yield 0.01, encode(frame)


def identity(**changed: int | str) -> Unit:
    """Identifies itself otherwise, and is sound for the rest."""

    def answer(frame: Frame) -> Answers:
        answered = opened(frame)
        if frame.kind == MessageKind.IDENTIFY:
            fields = parse(IDENTITY, answered.body)
            assert fields is not None
            yield 0.01, encode(Frame(answered.kind, answered.sequence, IDENTITY.build(dict(fields) | changed)))
        else:
            yield 0.01, encode(answered)

    return answer


def blocks(change: Callable[[Frame, int, int], Iterator[Frame]]) -> Unit:
    """Answers READs otherwise."""

    def answer(frame: Frame) -> Answers:
        if frame.kind != MessageKind.READ:
            yield 0.01, sound(frame)
            return
        fields = parse(READ_REQUEST, frame.body)
        assert fields is not None
        for made in change(frame, fields.address, fields.length):
            yield 0.01, encode(made)

    return answer


def block(sequence: int, address: int, data: bytes) -> Frame:
    return Frame(
        MessageKind.READ | ANSWER, sequence & 0xFF, BLOCK.build({"address": address & 0xFFFFFFFF, "data": data})
    )


def refused(body: bytes) -> Unit:
    def answer(frame: Frame) -> Answers:
        yield 0.01, encode(Frame(REFUSED, frame.sequence, body)) if frame.kind == MessageKind.READ else sound(frame)

    return answer


def times(count: int) -> Unit:
    def answer(frame: Frame) -> Answers:
        yield 0.01, sound(frame) * count

    return answer


def every_other(kind: MessageKind) -> Unit:
    turns = itertools.count()

    def answer(frame: Frame) -> Answers:
        if frame.kind != kind or next(turns) % 2:
            yield 0.01, sound(frame)

    return answer


def late(seconds: float) -> Unit:
    def answer(frame: Frame) -> Answers:
        yield seconds, sound(frame)

    return answer


def trickling(frame: Frame) -> Answers:
    for at, byte in enumerate(sound(frame)):
        yield 0.3 * at, bytes((byte,))


def from_the_end(frame: Frame) -> Answers:
    """The later asked, the earlier answered."""
    yield max(0.01, 1.0 - 0.004 * frame.sequence), sound(frame)


def only(*kinds: MessageKind) -> Unit:
    def answer(frame: Frame) -> Answers:
        if frame.kind in kinds:
            yield 0.01, sound(frame)

    return answer


def body(kind: MessageKind, change: Callable[[bytes], bytes]) -> Unit:
    """Answers of one kind with another body."""

    def answer(frame: Frame) -> Answers:
        answered = opened(frame)
        changed = change(answered.body) if frame.kind == kind else answered.body
        yield 0.01, encode(Frame(answered.kind, answered.sequence, changed))

    return answer


def all_sequences(frame: Frame) -> Answers:
    """Answers each request as if it had been any other, too."""
    answered = opened(frame)
    for sequence in range(256):
        yield 0.01, encode(Frame(answered.kind, sequence, answered.body))


GOOD = (
    ("each answer a hundred times", times(100)),
    ("texts as long as texts may be", identity(unit="u" * 255, module_serial="m" * 255, machine_serial="é" * 127)),
    ("a queue of 255", identity(queue=255)),
    ("a queue of one", identity(queue=1)),
    ("blocks of one byte", identity(block_limit=1, image_length=300)),
    ("blocks of 65,535 bytes, it says", identity(block_limit=65_535)),
    ("every other IDENTIFY is left out", every_other(MessageKind.IDENTIFY)),
    ("every other STATUS is left out", every_other(MessageKind.STATUS)),
    ("every other READ is left out", every_other(MessageKind.READ)),
    ("each answer after 14 seconds", late(14.0)),
    ("from the end", from_the_end),
    ("as if any had been asked", all_sequences),
    (
        "a wrong block before each right one",
        blocks(lambda f, a, n: iter((block(f.sequence, a + 1, IMAGE[:n]), opened(f)))),
    ),
    ("a block too long before it", blocks(lambda f, a, n: iter((block(f.sequence, a, bytes(n + 1)), opened(f))))),
    ("a block of none before it", blocks(lambda f, a, n: iter((block(f.sequence, a, b""), opened(f))))),
    ("a block that was not asked for", blocks(lambda f, a, n: iter((block(f.sequence + 9, a, bytes(n)), opened(f))))),
)
BAD = (  # answers that are malformed or make no sense are those of `test_link`, with what is said of each
    ("silent", silent),
    ("echo", echo),
    ("IDENTIFY only", only(MessageKind.IDENTIFY)),
    ("IDENTIFY and STATUS only", only(MessageKind.IDENTIFY, MessageKind.STATUS)),
    ("READ only", only(MessageKind.READ)),
    ("each byte a third of a second after the other", trickling),
    ("each answer after 16 seconds", late(16.0)),
    ("a module larger than it is", identity(image_length=len(IMAGE) + 1)),
    ("a name from right to left", identity(module_serial="\u202eabc")),
    ("another's identity", body(MessageKind.IDENTIFY, lambda b: bytes(4) + b[4:])),
    ("another's status", body(MessageKind.STATUS, lambda b: bytes(4) + b[4:])),
    ("blocks that are empty", body(MessageKind.READ, lambda b: b[:4])),
    ("blocks without an address", body(MessageKind.READ, lambda b: b[:3])),
    ("blocks one byte short", body(MessageKind.READ, lambda b: b[:-1])),
    ("blocks one byte long", body(MessageKind.READ, lambda b: b[:1000] + b"\0")),
    ("blocks of the next address", body(MessageKind.READ, lambda b: b[:3] + bytes((b[3] ^ 1,)) + b[4:])),
    ("blocks of the sequence before", blocks(lambda f, a, n: iter((block(f.sequence - 1, a, IMAGE[a : a + n]),)))),
    ("refusals without a reason", refused(b"")),
    ("refusals with many reasons", refused(b"\1\2\3\4")),
    ("no first byte ever", blocks(lambda f, a, n: iter(() if a == 0 else (opened(f),)))),
)
NOISES = (
    (b"", 0.0),
    (b"\x55" * 4096, 0.2),
    (b"\0" * 4096, 0.2),
    (b"\x55\0" * 256, 0.2),
    (encode(Frame(MessageKind.READ | ANSWER, 3, bytes(MAX_BODY))) * 4, 0.2),
    (encode(Frame(REFUSED, 0, b"\1"))[:-2], 0.2),
)
BOUND = 3 * (TRIES * LONGEST_DELAY + MARGIN * IDENTITY_WIRE * 10 / BAUD)
"""An IDENTIFY and a STATUS may take as long as each may, and then a READ."""


def converse(unit: Unit, noise: tuple[bytes, float]) -> tuple[bytes | None, float]:
    """A whole conversation: the bytes that it brings, or None where it ends in a `LinkError`, and when it ends."""
    line = Hostile(unit, *noise)
    link = UnitLink(line, BAUD, line.clock)
    found = None
    try:
        length = link.identify().image_length
        link.status()
        found = b"".join(link.read(0, length))
    except LinkError:
        pass
    return found, line.clock()


@pytest.mark.parametrize(("name", "unit"), GOOD, ids=[name for name, _ in GOOD])
def test_the_bytes_come_all_the_same(name: str, unit: Unit) -> None:
    found, _ = converse(unit, NOISES[0])
    assert found is not None
    assert found == IMAGE[: len(found)]


@pytest.mark.parametrize(("name", "unit"), BAD, ids=[name for name, _ in BAD])
def test_it_ends_in_time(name: str, unit: Unit) -> None:
    found, taken = converse(unit, NOISES[0])
    assert found is None
    assert taken < (
        GIVE_UP + 1 if name not in ("READ only", "each byte a third of a second after the other") else BOUND
    )


@pytest.mark.parametrize("noise", NOISES[1:], ids=["babble", "zeros", "no frames", "answers", "halves"])
def test_all_of_it_amid_noise(noise: tuple[bytes, float]) -> None:
    """Noise between frames keeps nothing from its end, and brings no other bytes."""
    for name, unit in GOOD[::3] + BAD[::6]:
        found, taken = converse(unit, noise)
        assert found is None or found == IMAGE[: len(found)], name
        assert taken < BOUND + 60, name


def test_a_flood_fills_no_memory() -> None:
    tracemalloc.start()
    try:
        for flood in (
            b"\x55" * 2**16,
            b"\0" * 2**16,
            encode(Frame(MessageKind.READ | ANSWER, 3, bytes(MAX_BODY))) * 60,
        ):
            assert converse(silent, (flood, 3.0))[0] is None
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()
