"""Media between a reader and an emulated unit: a radio link, a server, a hub. They carry frames in packets, late.

In made-up time under `NullModem`, in real time behind `protocol.line.unit_port.serve`.
"""

import heapq
from dataclasses import dataclass, field

import numpy as np

from protocol.line.emulator import SECOND, EmulatedLine, Faults
from protocol.line.frames import DELIMITER
from protocol.line.reading_unit import ReadingUnit


@dataclass(frozen=True, slots=True)
class Weather:
    """Treatment of packets by a medium.

    Attributes:
        round_trip: seconds that it holds a request and its answer back, together.
        jitter: seconds by which that varies, at most.
        loss: share of the packets that are lost.
        doubled: share of the packets that are carried twice.
        reorder: whether a packet may overtake another; otherwise the order is kept, whatever the jitter.
        reboots: seconds at which the unit restarts.
        seed: of the random part.
    """

    round_trip: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    doubled: float = 0.0
    reorder: bool = False
    reboots: tuple[float, ...] = ()
    seed: int = 0


@dataclass(slots=True)
class _Direction:
    weather: Weather
    rng: np.random.Generator
    packets: list[tuple[int, int, bytes]] = field(default_factory=list)
    last: int = 0
    count: int = 0

    def put(self, data: bytes, now: int) -> None:
        """Take a packet, and draw what becomes of it; the same number of draws whatever that is."""
        lost, doubled, *delays = self.rng.random(4)
        for copy in range(0 if lost < self.weather.loss else 1 + (doubled < self.weather.doubled)):
            late = (self.weather.round_trip + self.weather.jitter * delays[copy]) / 2
            due = now + round(late * SECOND)
            if not self.weather.reorder:
                due = self.last = max(due, self.last)
            self.count += 1
            heapq.heappush(self.packets, (due, self.count, data))

    def next_event(self) -> int | None:
        return self.packets[0][0] if self.packets else None

    def take(self, now: int) -> list[tuple[int, bytes]]:
        taken = []
        while self.packets and self.packets[0][0] <= now:
            due, _, data = heapq.heappop(self.packets)
            taken.append((due, data))
        return taken


class Medium(EmulatedLine):
    """An emulated unit behind a medium."""

    def __init__(self, unit: ReadingUnit, baud: int, faults: Faults, weather: Weather) -> None:
        super().__init__(unit, baud, faults)
        towards, back = np.random.SeedSequence([weather.seed, 1]).spawn(2)
        self._towards = _Direction(weather, np.random.default_rng(towards))
        self._back = _Direction(weather, np.random.default_rng(back))
        self._packet = bytearray()
        self._reboots = [round(at * SECOND) for at in weather.reboots]

    def turn(self, weather: Weather) -> None:
        """From now on it treats packets otherwise."""
        self._towards.weather = self._back.weather = weather

    def arrive(self, data: bytes, now: int) -> None:
        self._towards.put(data, now)

    def next_event(self) -> int | None:
        times = (self._towards.next_event(), super().next_event(), self._back.next_event(), *self._reboots[:1])
        return min((time for time in times if time is not None), default=None)

    def depart(self, now: int) -> bytes:
        if self._reboots and self._reboots[0] <= now:
            del self._reboots[0]
            super().reconnect()
        for due, data in self._towards.take(now):
            super().arrive(data, due)
        self._packet += super().depart(now)
        whole = self._packet.endswith(DELIMITER) and len(self._packet) > len(DELIMITER)
        if self._packet and (whole or super().next_event() is None):
            self._back.put(bytes(self._packet), now)
            self._packet.clear()
        return b"".join(data for _, data in self._back.take(now))

    def reconnect(self) -> None:
        super().reconnect()
        self._packet.clear()
        self._towards.packets.clear()
        self._back.packets.clear()
