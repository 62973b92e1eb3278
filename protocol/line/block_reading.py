"""Reads a range of a module's bytes over a `UnitLink`: the blocks still missing, in order, with repeats."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocol.line.frames import Frame, wire_length
from protocol.line.messages import ANSWER, BLOCK, REFUSED, MessageKind, parse, read_request, refusal

if TYPE_CHECKING:
    from protocol.line.link import UnitLink


class Missing:
    """Disjoint ranges of addresses, lowest first.

    Attributes:
        ranges: (first, end) of each, without the end.
    """

    def __init__(self, start: int, stop: int) -> None:
        self.ranges: list[tuple[int, int]] = [(start, stop)] if start < stop else []

    def take(self, wanted: int, most: int) -> tuple[int, int]:
        """Take the lowest addresses out, about ``wanted`` and at most ``most``, and return (address, length).

        A range is taken in pieces as even as can be, because a last one of a few bytes would be all envelope; and in
        one piece up to half above what is wanted, because that may have fallen by a byte since it was first asked for.
        """
        first, end = self.ranges[0]
        pieces = max(-(-(end - first) // most), (end - first + wanted // 2) // wanted, 1)
        length = -(-(end - first) // pieces)
        if first + length == end:
            del self.ranges[0]
        else:
            self.ranges[0] = (first + length, end)
        return first, length

    def return_addresses(self, address: int, length: int) -> None:
        """Put addresses back that were taken out, and join them to the range that follows."""
        insort(self.ranges, (address, address + length))
        at = self.ranges.index((address, address + length))
        if at + 1 < len(self.ranges) and self.ranges[at + 1][0] == address + length:
            self.ranges[at : at + 2] = [(address, self.ranges[at + 1][1])]

    def remove(self, address: int, length: int) -> list[tuple[int, int]]:
        """Take out what is here of these addresses, and return it as (address, length), lowest first."""
        end, taken, left = address + length, [], []
        for first, stop in self.ranges:
            low, high = max(first, address), min(stop, end)
            if low < high:
                taken.append((low, high - low))
            parts = ((first, min(stop, address)), (max(first, end), stop)) if low < high else ((first, stop),)
            left += [part for part in parts if part[0] < part[1]]
        self.ranges = left
        return taken


UNDER_WAY = 2048
"""Bytes asked for and not yet there, beside those in flight: two of the longest blocks, so that no line ever waits."""
MOST_UNDER_WAY = 128
"""Requests under way, whatever the unit can hold: half of all sequence numbers, so that none stands for two."""
READ_AHEAD = 65_536
"""Bytes that may lie beyond the first missing one."""
REQUEST_WIRE = wire_length(6)
"""Bytes on the line of a READ request."""


@dataclass(frozen=True, slots=True)
class _Request:
    """A READ that was sent.

    Attributes:
        sent_at: when.
        received: bytes that had come by then.
        ahead: bytes on the line of those that were under way by then.
    """

    sequence: int
    address: int
    length: int
    sent_at: float
    received: int
    ahead: int

    @property
    def wire(self) -> int:
        """Bytes on the line, request and answer."""
        return REQUEST_WIRE + wire_length(4 + self.length)

    def is_for(self, sequence: int, address: int, length: int) -> bool:
        """Check that an answer belongs to this request."""
        return (self.sequence, self.address, self.length) == (sequence, address, length)


class BlockReading:
    """One pass over a range of addresses."""

    def __init__(self, link: UnitLink, start: int, stop: int) -> None:
        self._link = link
        self._stop = stop
        self._missing = Missing(start, stop)
        self._under_way: list[_Request] = []
        self._had: set[int] = set()
        """Sequence numbers of those under way whose bytes came with the answer to an earlier request."""
        self._late: dict[int, _Request] = {}
        self._here: dict[int, bytes] = {}
        self._next = start
        self._probing = False
        self._last_answer = 0.0
        self._received = self._heard = self._foreign = 0
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
        link = self._link
        most = 1 if self._probing else min(link.queue, MOST_UNDER_WAY)
        in_flight = link.timeouts.in_flight()
        missing = sum(end - first for first, end in self._missing.ranges)
        length = link.lengths.choose(min(2 * in_flight, missing) // most)
        asked = sum(request.length for request in self._under_way)
        while (
            len(self._under_way) < most
            and (not self._under_way or asked + length <= UNDER_WAY + in_flight)
            and self._missing.ranges
            and self._missing.ranges[0][0] < self._next + READ_AHEAD
        ):
            address, taken = self._missing.take(length, link.lengths.limit)
            sequence = link.next_sequence()
            self._late.pop(sequence, None)
            request = _Request(sequence, address, taken, link.clock(), link.counts.received, self._wire())
            link.send(read_request(sequence, address, taken))
            self._under_way.append(request)
            asked += taken

    def _deadline(self) -> float:
        """When all that is under way should be here, counted from the last sign of progress."""
        allowed = self._link.timeouts.allow(self._wire())
        return min(max(self._last_answer, self._under_way[0].sent_at) + allowed, self._over())

    def _over(self) -> float:
        """When there is no point in going on."""
        return self._last_answer + self._link.timeouts.give_up(self._wire())

    def _wire(self) -> int:
        return sum(request.wire for request in self._under_way)

    def _take(self, frame: Frame) -> None:
        """Use an answer to what is under way, or to what was given up too early; count all others."""
        link = self._link
        known = frame.sequence in self._late or frame.sequence in (request.sequence for request in self._under_way)
        if frame.kind == REFUSED and known:
            raise refusal(frame)
        fields = parse(BLOCK, frame.body) if frame.kind == MessageKind.READ | ANSWER and known else None
        if fields is None or not self._use(frame.sequence, fields.address, fields.data):
            link.counts.foreign += 1

    def _use(self, sequence: int, address: int, data: bytes) -> bool:
        """Use an answer to a request, and say whether it is one and brings anything that is still wanted."""
        link = self._link
        request = self._find(sequence, address, len(data))
        if request is None:
            return False
        received, seconds = link.counts.received - request.received, link.clock() - request.sent_at
        link.timeouts.came(request.wire, request.ahead, received, seconds)
        return self._keep(request, data)

    def _find(self, sequence: int, address: int, length: int) -> _Request | None:
        """The request that an answer is for, which is no longer waited for; those before it are lost."""
        for at, request in enumerate(self._under_way):
            if request.is_for(sequence, address, length):
                for lost in self._under_way[:at]:
                    self._give_back(lost, damaged=True)
                del self._under_way[: at + 1]
                if request.sequence not in self._had:
                    self._missing.return_addresses(address, length)
                self._had.discard(request.sequence)
                return request
        late = self._late.get(sequence)
        if late is None or not late.is_for(sequence, address, length):
            return None
        return self._late.pop(sequence)

    def _keep(self, request: _Request, data: bytes) -> bool:
        """Keep what is still wanted of an answer's bytes, and say whether anything is."""
        link = self._link
        wanted = self._missing.remove(request.address, request.length)
        end = request.address + request.length
        for other in self._under_way:
            inside = request.address <= other.address and other.address + other.length <= end
            if inside and other.sequence not in self._had:
                self._had.add(other.sequence)
                wanted.append((other.address, other.length))
        for address, length in wanted:
            at = address - request.address
            self._here[address] = data[at : at + length]
            link.counts.block_lengths[length] += 1
        if wanted:
            self._probing = False
            self._progress()
            link.lengths.arrived(request.wire)
        return bool(wanted)

    def _give_back(self, request: _Request, damaged: bool) -> None:
        """Ask for a block again; its answer still counts when it comes after all."""
        link = self._link
        self._late[request.sequence] = request
        if request.sequence in self._had:
            self._had.discard(request.sequence)
            return
        self._missing.return_addresses(request.address, request.length)
        link.counts.repeated += 1
        if damaged:
            link.lengths.lost(request.wire)

    def _expire(self) -> None:
        """Nothing came in time. Silence says nothing of damage on the line; bytes that were no answer do."""
        link = self._link
        link.counts.timeouts += 1
        if link.clock() >= self._over():
            raise link.silence(self._received, self._foreign, self._last_answer)
        damaged = link.counts.received > self._heard
        self._heard = link.counts.received
        for request in self._under_way:
            self._give_back(request, damaged)
        self._under_way.clear()
        self._probing = not damaged
        link.timeouts.expire(damaged)

    def _progress(self) -> None:
        """Something came that was asked for: the time to give up starts anew."""
        self._last_answer = self._link.clock()
        self._received = self._heard = self._link.counts.received
        self._foreign = self._link.counts.foreign
