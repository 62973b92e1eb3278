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

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from protocol.errors import LinkError
from protocol.line.block_length import BlockLength
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
from protocol.line.timeouts import Timeouts
from protocol.words import msg

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
        block_lengths: number of pieces kept, by their length.
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
