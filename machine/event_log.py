"""The urn's event log: opening, closing, incidents and the hourly public counter, and nothing for any one voter."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from machine.errors import MachineError
from machine.memory import Memory
from protocol.urn.image import EVENT_SIZE, EventKind, event_crc
from protocol.words import msg

_HEAD = struct.Struct(">BBHII")
_KINDS = frozenset(EventKind)
_ERASED = b"\xff" * EVENT_SIZE
_BURNT = bytes(EVENT_SIZE)
RESERVED = 8
"""Entries kept for opening and closing: incidents and hours that come when only these are left are not logged."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. ``at`` in seconds of local civil time; ``poll`` 0 where it concerns the whole machine."""

    kind: EventKind
    poll: int
    at: int
    value: int


class EventLog:
    """The log in its section of the memory: entries one after another, each with its own checksum.

    An entry counts from its last byte on. One that a power cut tore is cleared to zeros and passed over.
    """

    def __init__(self, memory: Memory, start: int, entries: int, module_serial: bytes) -> None:
        self._memory = memory
        self._start = start
        self._entries = entries
        self._serial = module_serial
        self._next = 0
        self.events: list[Event] = []

    def append(self, kind: EventKind, at: int, value: int, poll: int = 0) -> None:
        """Write an entry. Hours and incidents are left out when the log is all but full.

        Raises:
            MachineError: not even the opening or the closing has room.
        """
        essential = kind in (EventKind.OPENING, EventKind.CLOSING)
        if self._next >= self._entries - (0 if essential else RESERVED):
            if essential:
                raise MachineError(msg("the event log is full"))
            return
        head = _HEAD.pack(kind, poll, self._next, at, value)
        entry = head + event_crc(self._serial, head).to_bytes(4, "big")
        self._memory.write_bytes(self._start + self._next * EVENT_SIZE, entry)
        self._next += 1
        self.events.append(Event(kind, poll, at, value))

    def load(self, *, repair: bool = True) -> None:
        """Read the log after the power was away, and clear the entry that a cut tore: only the last can be torn.

        Args:
            repair: False to write nothing, as for an urn that is closed.
        """
        self.events.clear()
        self._next = 0
        torn: int | None = None
        for index in range(self._entries):
            place = self._start + index * EVENT_SIZE
            entry = self._memory.read(place, place + EVENT_SIZE)
            if entry == _ERASED:
                continue
            self._next = index + 1
            event = self._event(index, entry)
            if event is not None:
                self.events.append(event)
                torn = None
            elif entry != _BURNT:
                torn = place
        if torn is not None and repair:
            self._memory.write_bytes(torn, _BURNT)

    def last(self, kind: EventKind) -> Event | None:
        """The last entry of that kind."""
        return next((event for event in reversed(self.events) if event.kind == kind), None)

    def _event(self, index: int, entry: bytes) -> Event | None:
        kind, poll, sequence, at, value = _HEAD.unpack(entry[: _HEAD.size])
        if kind not in _KINDS:
            return None
        sound = event_crc(self._serial, entry[: _HEAD.size]) == int.from_bytes(entry[_HEAD.size :], "big")
        return Event(EventKind(kind), poll, at, value) if sound and sequence == index else None
