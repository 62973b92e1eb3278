"""The reader's end of the line: asks a reading unit who it is and for its module, over any stream of bytes.

Several requests are under way at a time, so that the line never waits. The unit answers in order; so an answer
that is overtaken by a later one is taken for lost, and its block is asked for again at once. Only when all that
is under way is lost does a deadline have to find out.

What it survives beside damaged bytes (`protocol.line.frames`); each is a test of its name:

* a stalled unit: after the deadline one request at a time probes the line, and answers that come late still count;
* a slow line: answers count however late they come, whatever was asked again meanwhile, and the deadlines follow;
* a resetting unit: what it forgot is asked for again;
* a babbling unit: bytes or frames without end neither fill the memory nor push the deadline back;
* a stale answer: one that repeats no request under way, in sequence, address and length, is dropped;
* an answer out of order: it counts, and what was asked for again because of it is not waited for;
* a malformed answer: one with the number of a request and fields that make no sense ends the reading at once;
* an echo: our own requests coming back are no answers;
* a trickle: bytes that come one by one do not push the deadline back.
"""

from __future__ import annotations

import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from protocol.errors import LinkError
from protocol.line.block_reading import BlockReading
from protocol.line.frames import Frame, FrameScanner, encode, wire_length
from protocol.line.messages import (
    ANSWER,
    IDENTITY,
    MAX_BLOCK,
    MAX_IMAGE_LENGTH,
    NONCE,
    REFUSED,
    STATUS,
    VERSION,
    Definition,
    Identity,
    MessageKind,
    Slot,
    Status,
    nonce_request,
    parse,
    refusal,
)
from protocol.words import msg

BITS = 10
"""Bits on the line for a byte in 8N1."""
FIRST_DELAY = 0.1
"""Seconds that an answer may take beyond its time on the line before anything is known of it."""
LEAST_VARIATION = 0.02
"""Least variation in seconds, for scheduling delays of a busy computer."""
LONGEST_DELAY = 15.0
"""Seconds that an answer may take beyond its time on the line, whatever has been seen."""
VARIATIONS = 4
"""Variations by which a delay may exceed its average (K of RFC 6298)."""
MARGIN = 1.5
"""Factor by which a byte may be slower than expected."""
BACKOFF = 2.0
"""Each time-out in a row is so many times the one before, where nothing came at all..."""
DAMAGED = 4
"""...every so many of them, where bytes came: then the line is damaged, more likely than slow..."""
LONGEST_PAUSE = 2.0
"""...up to so many seconds."""
GIVE_UP = 15.0
"""Seconds without progress after which nothing more is expected of the line..."""
TRIES = 6
"""...or so many times what an answer may take, where that is more."""
ROUND_TRIP = 5.0
"""Seconds of round trip up to which readings are tested, with as much jitter again."""
FORGET = 1 / 64
"""Share of a lowered time of a byte that each answer raises again."""


class Timeouts:
    """Estimate of the line's speed and delay.

    Args:
        baud: what the line is set to.
    """

    def __init__(self, baud: int) -> None:
        self._nominal = self._byte_time = BITS / baud
        self._delay: float | None = None
        self._variation = 0.0
        self._in_vain = 0.0

    def allow(self, wire: int) -> float:
        """Seconds within which ``wire`` bytes should have come."""
        limit = self._limit()
        return MARGIN * wire * self._byte_time + max(limit, self._pause(limit))

    def repeat(self, wire: int) -> float:
        """Seconds after which a question of ``wire`` bytes is asked again that was in vain before.

        Less than an answer takes where that is long: any answer counts, so asking costs little, and many times are
        needed where much is lost.
        """
        return MARGIN * wire * self._byte_time + self._pause(self._limit())

    def give_up(self, wire: int) -> float:
        """Seconds without progress, ``wire`` bytes being expected, after which there is no point in going on."""
        return MARGIN * wire * self._byte_time + max(GIVE_UP, TRIES * self._limit())

    def in_flight(self) -> int:
        """Bytes that the line carries in the delay of an answer: so many have to be under way to keep it busy."""
        return int((self._delay or 0.0) / max(self._byte_time, 1e-9))

    def came(self, wire: int, ahead: int, received: int, seconds: float) -> None:
        """Learn from an answer.

        Args:
            wire: bytes on the line of the request and its answer.
            ahead: bytes on the line of what was under way when the request was sent.
            received: bytes that came since then, whatever they were.
            seconds: how long that took.
        """
        self._byte_time += (self._nominal - self._byte_time) * FORGET
        self._byte_time = min(self._byte_time, seconds / received)
        delay = max(0.0, seconds - wire * self._byte_time)
        if self._delay is None:
            self._delay, self._variation = delay, delay / 2
        else:
            if delay <= MARGIN * ahead * self._byte_time:
                delay = min(delay, self._delay)  # it waited for what was ahead of it, which says no more than this
            self._variation += (abs(delay - self._delay) - self._variation) / 4
            self._delay += (delay - self._delay) / 8
        self._in_vain = 0.0

    def expire(self, damaged: bool = False) -> None:
        """No answer came in time: wait longer from now on, until one does.

        Args:
            damaged: bytes came.
        """
        if self._limit() * BACKOFF**self._in_vain < LONGEST_PAUSE:
            self._in_vain += 1 / DAMAGED if damaged else 1

    def _pause(self, limit: float) -> float:
        """Seconds to wait after so many time-outs in a row."""
        return min(limit * BACKOFF ** int(self._in_vain), LONGEST_PAUSE)

    def _limit(self) -> float:
        """Seconds that an answer may take beyond its time on the line."""
        if self._delay is None:
            return FIRST_DELAY
        return min(LONGEST_DELAY, self._delay + max(LEAST_VARIATION, VARIATIONS * self._variation))


ENVELOPE = wire_length(4)
"""Bytes on the line of an answer with no data in it."""
SHORTEST = 16
"""Bytes; below this, an answer is mostly envelope."""
MEMORY = 32_768
"""Bytes on the line after which experience has faded to 1/e."""
PRIOR_LOSSES = 0.2
PRIOR_BYTES = 512.0
"""As if a fifth of a loss had been seen in 512 bytes: a start of 176 bytes, open to both sides."""


def best_length(rate: float, limit: int) -> int:
    """The best block length, in bytes up to ``limit``, for a rate of damage for each byte on the line."""
    best = (math.sqrt(ENVELOPE**2 + 4 * ENVELOPE / rate) - ENVELOPE) / 2
    return max(min(SHORTEST, limit), min(limit, round(best)))


class BlockLength:
    """The best block length on this line, as far as experience tells.

    Attributes:
        limit: bytes of the longest block that the unit sends.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._losses = PRIOR_LOSSES
        self._bytes = PRIOR_BYTES

    @property
    def rate(self) -> float:
        """Estimated damage for each byte on the line."""
        return self._losses / self._bytes

    def choose(self, room: int = 0) -> int:
        """Choose the length of the next block, in bytes from `SHORTEST` (or the unit's limit, if less) to the limit.

        Args:
            room: bytes that the line can carry for each request while answers are awaited. A longer block costs no
                time up to there; with one loss more than was seen, half the length at which one in e is lost is taken.
        """
        careful = int(0.5 * self._bytes / (self._losses + 1))
        return max(best_length(self.rate, self.limit), min(room, careful, self.limit))

    def arrived(self, wire: int) -> None:
        """A request and its answer, ``wire`` bytes together, came through."""
        self._fade(wire)
        self._bytes += wire

    def lost(self, wire: int) -> None:
        """A request or its answer, ``wire`` bytes together, was damaged; bytes after the damage are not counted."""
        rate = self.rate
        spoilt = math.expm1(min(rate * wire, 50.0))
        undamaged = 1 / rate - wire / spoilt if spoilt > 1e-9 else wire / 2
        self._fade(wire)
        self._losses += 1
        self._bytes += undamaged

    def _fade(self, wire: int) -> None:
        kept = math.exp(-wire / MEMORY)
        self._losses *= kept
        self._bytes *= kept
        # The prior never fades, so that a long clean stretch leaves a rate above zero.
        self._losses += PRIOR_LOSSES * (1 - kept)
        self._bytes += PRIOR_BYTES * (1 - kept)


IDENTITY_WIRE = wire_length(NONCE) + wire_length(128)
"""Bytes on the line of an IDENTIFY and its answer, amply."""
OPEN = 16
"""Repetitions of one question whose answers still count."""


class Stream(Protocol):
    """Byte stream: a serial port, a socket, a pty, an emulator in the same process.

    ``send`` and ``receive`` raise `LinkError` when there is no connection any more.
    """

    def send(self, data: bytes) -> None:
        """Send all of ``data``."""

    def receive(self, timeout: float) -> bytes:
        """Return the bytes that are there, or wait at most ``timeout`` seconds for the first, or return none."""

    def close(self) -> None:
        """Let go of the connection."""


@dataclass(slots=True)
class LinkCounts:
    """Traffic on the line so far, for the record of the reading.

    Attributes:
        requests: sent, those for a second time included.
        repeated: blocks asked for again.
        timeouts: how often nothing that was under way came in time.
        damaged: runs of bytes that were no frame.
        foreign: whole frames that answered nothing under way: stale, echoed, doubled.
        sent: bytes.
        received: bytes.
        block_lengths: how many pieces of which length came and were kept.
    """

    requests: int = 0
    repeated: int = 0
    timeouts: int = 0
    damaged: int = 0
    foreign: int = 0
    sent: int = 0
    received: int = 0
    block_lengths: Counter[int] = field(default_factory=Counter)


class UnitLink:
    """A conversation with a reading unit.

    Args:
        stream: the connection.
        baud: of the line, for the deadlines; a wrong one costs time and nothing else.
        clock: seconds that only go forward.
    """

    def __init__(self, stream: Stream, baud: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.counts = LinkCounts()
        self.lengths = BlockLength(MAX_BLOCK)
        self.clock = clock
        self.timeouts = Timeouts(baud)
        self.queue = 1
        self._stream = stream
        self._scanner = FrameScanner()
        self._sequence = os.urandom(1)[0]

    def identify(self) -> Identity:
        """Ask who is there.

        Raises:
            LinkError: no answer, or one that this reader cannot work with.
        """
        fields = self._ask(MessageKind.IDENTIFY, IDENTITY)
        identity = Identity(**{name: fields[name] for name in Identity.__dataclass_fields__})
        _check_version(identity.version)
        _check_slot(identity.slot)
        for name in ("queue", "block_limit"):
            if not fields[name]:
                raise _nonsense(name, 0)
        for name in ("unit", "module_serial", "machine_serial"):
            if not fields[name].isprintable():
                raise _nonsense(name, ascii(fields[name]))
        if identity.slot != Slot.READABLE:
            raise LinkError(msg("there is no readable module in the unit's slot"))
        if not 0 < identity.image_length <= MAX_IMAGE_LENGTH:
            raise LinkError(
                msg(
                    "the unit names a module of {image_length} bytes; 1 to {max_image_length} can be read",
                    image_length=identity.image_length,
                    max_image_length=MAX_IMAGE_LENGTH,
                )
            )
        self.queue = identity.queue
        self.lengths.limit = min(identity.block_limit, MAX_BLOCK)
        return identity

    def status(self) -> Status:
        """Ask how the unit fares.

        Raises:
            LinkError: no answer, or one that makes no sense.
        """
        fields = self._ask(MessageKind.STATUS, STATUS)
        _check_slot(fields.slot)
        return Status(**{name: fields[name] for name in Status.__dataclass_fields__})

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Read the module from byte ``start`` to before byte ``stop``, in pieces, in order.

        After `identify`, which says how much the unit takes at a time.

        Raises:
            LinkError: the connection broke, the unit refuses, or nothing came for too long. All pieces that came
                before are good.
        """
        return BlockReading(self, start, stop).pieces()

    def next_sequence(self) -> int:
        """The sequence number of the next request."""
        self._sequence = (self._sequence + 1) & 0xFF
        return self._sequence

    def send(self, request: Frame) -> None:
        """Send a request."""
        data = encode(request)
        self._stream.send(data)
        self.counts.requests += 1
        self.counts.sent += len(data)

    def frames(self, deadline: float) -> list[Frame]:
        """The next whole frames, or none when the clock has passed the deadline, whatever trickles in."""
        while True:
            data = self._stream.receive(max(0.0, deadline - self.clock()))
            frames = self._scanner.feed(data)
            self.counts.received += len(data)
            self.counts.damaged = self._scanner.damaged
            if frames or self.clock() >= deadline:
                return frames

    def silence(self, received: int, foreign: int, since: float) -> LinkError:
        """Make the error for a unit without progress from the bytes and frames that arrived since a time."""
        seconds = round(self.clock() - since)
        came = self.counts.received - received
        if self.counts.foreign > foreign:
            return LinkError(
                msg("answers come from the unit, but none to what was asked, for {seconds} seconds", seconds=seconds)
            )
        if came > 0:
            return LinkError(
                msg(
                    "{came} bytes came from the unit, but no whole frame, for {seconds} seconds",
                    came=came,
                    seconds=seconds,
                )
            )
        return LinkError(msg("no answer from the unit, for {seconds} seconds", seconds=seconds))

    def _ask(self, kind: MessageKind, definition: Definition) -> Any:
        """Send a request with a nonce, again until an answer to any of them is there, and return its fields.

        Raises:
            LinkError: nothing came that answers, or what does is malformed or a refusal.
        """
        received, foreign, since = self.counts.received, self.counts.foreign, self.clock()
        over = since + self.timeouts.give_up(IDENTITY_WIRE)
        asked: dict[bytes, _Question] = {}
        wait = self.timeouts.allow(IDENTITY_WIRE)
        while True:
            nonce = os.urandom(NONCE)
            asked[nonce] = _Question(self.next_sequence(), self.clock(), self.counts.received)
            if len(asked) > OPEN:
                del asked[next(iter(asked))]
            self.send(nonce_request(kind, self._sequence, nonce))
            deadline = min(over, self.clock() + wait)
            while self.clock() < deadline:
                for frame in self.frames(deadline):
                    fields = self._understand(frame, kind, definition, asked)
                    if fields is not None:
                        return fields
            self.counts.timeouts += 1
            if self.clock() >= over:
                raise self.silence(received, foreign, since)
            self.timeouts.expire()
            wait = self.timeouts.repeat(IDENTITY_WIRE)

    def _understand(
        self, frame: Frame, kind: MessageKind, definition: Definition, asked: Mapping[bytes, _Question]
    ) -> Any:
        """The fields of an answer to one of these questions, or None for any other frame.

        Raises:
            LinkError: it answers, and refuses or is malformed.
        """
        known = frame.sequence in (question.sequence for question in asked.values())
        if frame.kind == REFUSED and known:
            raise refusal(frame)
        question = asked.get(frame.body[:NONCE])
        if frame.kind != kind | ANSWER or (question is None and not (known and len(frame.body) < NONCE)):
            self.counts.foreign += 1
            return None
        fields = parse(definition, frame.body)
        if fields is None or question is None:
            raise _malformed(kind, frame.body)
        wire, received = wire_length(NONCE) + wire_length(len(frame.body)), self.counts.received - question.received
        self.timeouts.came(wire, 0, received, self.clock() - question.sent_at)
        return fields


@dataclass(frozen=True, slots=True)
class _Question:
    """An IDENTIFY or a STATUS that was sent, when, and how many bytes had come by then."""

    sequence: int
    sent_at: float
    received: int


def _check_version(version: int) -> None:
    if version != VERSION:
        raise LinkError(
            msg(
                "the unit speaks version {version} of the protocol, this reader version {ours}",
                version=version,
                ours=VERSION,
            )
        )


def _check_slot(slot: int) -> None:
    if slot not in list(Slot):
        raise _nonsense("slot", slot)


def _nonsense(name: str, value: object) -> LinkError:
    """The error for a field that holds an impossible value."""
    return LinkError(msg("the unit's answer makes no sense: {name} is {value}", name=name, value=value))


def _malformed(kind: MessageKind, body: bytes) -> LinkError:
    """The error for an answer whose fields cannot be told apart."""
    if kind == MessageKind.IDENTIFY and len(body) > NONCE:
        _check_version(body[NONCE])
    return LinkError(
        msg(
            "the unit's answer to {name} is malformed: {body} bytes that are not its fields",
            name=kind.name,
            body=len(body),
        )
    )
