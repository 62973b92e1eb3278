"""The reader's end of the line: asks a reading unit who it is and for its module, over any stream of bytes.

Several requests are under way at a time, so that the line never waits. The unit answers in order; so an answer
that is overtaken by a later one is known to be lost, and its block is asked for again at once. Only when all that
is under way is lost does a deadline have to find out.

What it survives beside damaged bytes (`protocol.frames`); each is a test of its name:

* a stalled unit: after the deadline one request at a time probes the line, and answers that come late still count;
* a resetting unit: what it forgot is asked for again;
* a babbling unit: bytes or frames without end neither fill the memory nor push the deadline back;
* a stale answer: one that repeats no request under way, in sequence, address and length, is dropped;
* an echo: our own requests coming back are no answers;
* a trickle: bytes that come one by one do not push the deadline back.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from protocol.block_length import BlockLength
from protocol.errors import LinkError
from protocol.frames import Frame, FrameScanner, encode, wire_length
from protocol.messages import (
    ANSWER,
    BLOCK,
    IDENTITY,
    MAX_BLOCK,
    MAX_IMAGE_LENGTH,
    REASON_TEXTS,
    REFUSAL,
    REFUSED,
    STATUS,
    VERSION,
    Definition,
    Identity,
    Kind,
    Slot,
    Status,
    nonce_request,
    parse,
    read_request,
)
from protocol.missing import Missing
from protocol.patience import Patience

GIVE_UP = 15.0
"""Seconds without progress after which the reading ends."""
UNDER_WAY = 2048
"""Bytes asked for and not yet there: two of the longest blocks, so that the line never waits for a request."""
READ_AHEAD = 65_536
"""Bytes that may lie beyond the first missing one."""
REQUEST_WIRE = wire_length(6)
"""Bytes on the line of a READ request."""
IDENTITY_WIRE = wire_length(4) + wire_length(128)
"""Bytes on the line of an IDENTIFY and its answer, amply."""


class Stream(Protocol):
    """Where bytes go and come from: a serial port, a socket, a pty, an emulator in the same process.

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
    """What happened on the line so far, for the record of the reading.

    Attributes:
        requests: sent, those for a second time included.
        repeated: blocks asked for again.
        timeouts: how often nothing that was under way came in time.
        damaged: runs of bytes that were no frame.
        foreign: whole frames that answered nothing under way: stale, echoed, doubled.
        sent: bytes.
        received: bytes.
        block_lengths: how many blocks of which length came.
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
        give_up: seconds without progress after which `LinkError` is raised.
    """

    def __init__(
        self,
        stream: Stream,
        baud: int,
        clock: Callable[[], float] = time.monotonic,
        give_up: float = GIVE_UP,
    ) -> None:
        self.counts = LinkCounts()
        self.lengths = BlockLength(MAX_BLOCK)
        self.clock = clock
        self.give_up = give_up
        self.patience = Patience(baud, give_up)
        self.queue = 1
        self._stream = stream
        self._scanner = FrameScanner()
        self._sequence = os.urandom(1)[0]

    def identify(self) -> Identity:
        """Ask who is there.

        Raises:
            LinkError: no answer, or one that this reader cannot work with.
        """
        fields = self._ask(Kind.IDENTIFY, IDENTITY)
        identity = Identity(**{name: fields[name] for name in Identity.__dataclass_fields__})
        if identity.version != VERSION:
            raise LinkError(
                f"the unit speaks version {identity.version} of the protocol, this reader version {VERSION}"
            )
        if identity.slot != Slot.READABLE:
            raise LinkError("there is no readable module in the unit's slot")
        if not 0 < identity.image_length <= MAX_IMAGE_LENGTH:
            raise LinkError(
                f"the unit names a module of {identity.image_length} bytes; 1 to {MAX_IMAGE_LENGTH} can be read"
            )
        texts = (identity.unit, identity.module_serial, identity.machine_serial)
        if not (identity.queue and identity.block_limit and all(text.isprintable() for text in texts)):
            raise LinkError("the unit's identification makes no sense")
        self.queue = identity.queue
        self.lengths.limit = min(identity.block_limit, MAX_BLOCK)
        return identity

    def status(self) -> Status:
        """Ask how the unit fares.

        Raises:
            LinkError: no answer.
        """
        fields = self._ask(Kind.STATUS, STATUS)
        return Status(**{name: fields[name] for name in Status.__dataclass_fields__})

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Read the module from byte ``start`` to before byte ``stop``, in pieces, in order.

        After `identify`, which says how much the unit takes at a time.

        Raises:
            LinkError: the connection broke, the unit refuses, or nothing came for too long. All pieces that came
                before are good.
        """
        return _Reading(self, start, stop).pieces()

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

    def silence(self, received: int, foreign: int) -> LinkError:
        """The error for a unit that makes no progress, by what came since these counts were taken."""
        if self.counts.foreign > foreign:
            what = "answers come from the unit, but none to what was asked"
        elif self.counts.received > received:
            what = f"{self.counts.received - received} bytes came from the unit, but no whole frame"
        else:
            what = "no answer from the unit"
        return LinkError(f"{what}, for {self.give_up:.0f} seconds")

    def _ask(self, kind: Kind, definition: Definition) -> Any:
        """Send a request with a nonce, again until its answer is there, and return the fields of that."""
        received, foreign = self.counts.received, self.counts.foreign
        over = self.clock() + self.give_up
        while True:
            nonce = int.from_bytes(os.urandom(4), "big")
            self.send(nonce_request(kind, self.next_sequence(), nonce))
            before = self.counts.received
            deadline = self.clock() + self.patience.allow(IDENTITY_WIRE)
            while self.clock() < deadline:
                for frame in self.frames(deadline):
                    if frame.kind == REFUSED and frame.sequence == self._sequence:
                        raise refusal(frame)
                    fields = parse(definition, frame.body) if frame.kind == kind | ANSWER else None
                    if fields is not None and fields.nonce == nonce:
                        return fields
                    self.counts.foreign += 1
            self.counts.timeouts += 1
            if self.clock() >= over:
                raise self.silence(received, foreign)
            if self.counts.received == before:
                self.patience.silent()


def refusal(frame: Frame) -> LinkError:
    """The error for a refused request."""
    fields = parse(REFUSAL, frame.body)
    reason = None if fields is None else REASON_TEXTS.get(fields.reason)
    return LinkError(f"the unit refuses: {reason or 'it gives a reason that is not known here'}")


@dataclass(frozen=True, slots=True)
class _Request:
    """A READ under way."""

    sequence: int
    address: int
    length: int
    sent_at: float
    ahead: int
    """Bytes that the line carries until its answer has come, those of the requests before it included."""

    @property
    def wire(self) -> int:
        """Bytes on the line, request and answer."""
        return REQUEST_WIRE + wire_length(4 + self.length)


class _Reading:
    """One pass over a range of addresses."""

    def __init__(self, link: UnitLink, start: int, stop: int) -> None:
        self._link = link
        self._stop = stop
        self._missing = Missing(start, stop)
        self._under_way: list[_Request] = []
        self._late: dict[int, _Request] = {}
        self._here: dict[int, bytes] = {}
        self._next = start
        self._probing = True
        self._progress()

    def pieces(self) -> Iterator[bytes]:
        """The bytes in order, as soon as they are there."""
        link = self._link
        while self._next < self._stop:
            self._send_requests()
            for frame in link.frames(self._deadline()):
                self._take(frame)
            if self._under_way and link.clock() >= self._deadline():
                self._expire()
            while piece := self._here.pop(self._next, b""):
                self._next += len(piece)
                yield piece

    def _send_requests(self) -> None:
        """Keep as much under way as the unit takes and the line needs; one request while the line is in doubt."""
        limit = 1 if self._probing else self._link.queue
        asked = sum(request.length for request in self._under_way)
        ahead = sum(request.wire for request in self._under_way)
        length = self._link.lengths.choose()
        while (
            len(self._under_way) < limit
            and (not self._under_way or asked + length <= UNDER_WAY)
            and self._missing.ranges
            and self._missing.ranges[0][0] < self._next + READ_AHEAD
        ):
            address, taken = self._missing.take(length, self._link.lengths.limit)
            sequence = self._link.next_sequence()
            self._late.pop(sequence, None)
            self._link.send(read_request(sequence, address, taken))
            self._under_way.append(request := _Request(sequence, address, taken, self._link.clock(), ahead))
            ahead += request.wire
            asked += taken

    def _deadline(self) -> float:
        """When all that is under way should be here, counted from the last sign of progress."""
        wire = sum(request.wire for request in self._under_way)
        return max(self._last_answer, self._under_way[0].sent_at) + self._link.patience.allow(wire)

    def _take(self, frame: Frame) -> None:
        """Use an answer to what is under way, or to what was given up too early; count all others."""
        waiting = [request.sequence for request in self._under_way]
        if frame.kind == REFUSED and frame.sequence in waiting:
            raise refusal(frame)
        fields = parse(BLOCK, frame.body) if frame.kind == Kind.READ | ANSWER else None
        if fields is not None and frame.sequence in waiting:
            at = waiting.index(frame.sequence)
            request = self._under_way[at]
            if (request.address, request.length) == (fields.address, len(fields.data)):
                for lost in self._under_way[:at]:
                    self._give_back(lost, damaged=True)
                del self._under_way[: at + 1]
                self._keep(request, fields.data)
                return
        late = self._late.get(frame.sequence)
        if late and fields is not None and (late.address, late.length) == (fields.address, len(fields.data)):
            del self._late[frame.sequence]
            if self._missing.remove(late.address, late.length):
                self._keep(late, fields.data)
                return
        self._link.counts.foreign += 1

    def _keep(self, request: _Request, data: bytes) -> None:
        link = self._link
        link.patience.came(request.ahead + request.wire, link.clock() - request.sent_at, request.ahead > 0)
        self._here[request.address] = data
        self._probing = False
        self._progress()
        link.lengths.arrived(request.wire)
        link.counts.block_lengths[request.length] += 1

    def _give_back(self, request: _Request, damaged: bool) -> None:
        self._missing.put_back(request.address, request.length)
        self._link.counts.repeated += 1
        if damaged:
            self._link.lengths.lost(request.wire)

    def _expire(self) -> None:
        """Nothing came in time. Silence says nothing of damage on the line; bytes that were no answer do."""
        link = self._link
        link.counts.timeouts += 1
        damaged = link.counts.received > self._received
        for request in self._under_way:
            self._give_back(request, damaged)
            self._late[request.sequence] = request
        self._under_way.clear()
        if not damaged:
            self._probing = True
            link.patience.silent()
        if link.clock() > self._last_answer + link.give_up:
            raise link.silence(self._received, self._foreign)

    def _progress(self) -> None:
        """Something came that was asked for: the time to give up starts anew."""
        self._last_answer = self._link.clock()
        self._received = self._link.counts.received
        self._foreign = self._link.counts.foreign
