"""A counter that grows all day in memory that is written once: tally marks, a bit cleared for each count, twice."""

from __future__ import annotations

from machine.errors import UrnFullError
from machine.memory import Memory, WriteOnceError
from protocol.words import msg


class Marks:
    """One counter: two copies of ``size`` bytes, the first filled from its beginning, the second from its end.

    A count is one byte written in each copy, the first copy first: that write is the commit point.

    Attributes:
        count: how many marks there are.
        capacity: how many there can be.
    """

    __slots__ = ("_first", "_last", "_memory", "_size", "capacity", "count")

    def __init__(self, memory: Memory, start: int, size: int) -> None:
        self._memory = memory
        self._first = start
        self._last = start + 2 * size - 1
        self._size = size
        self.capacity = 8 * size
        self.count = 0

    def add(self) -> None:
        """Count one more.

        Raises:
            UrnFullError: there is no mark left.
        """
        count = self.count
        if count >= self.capacity:
            raise UrnFullError(msg("a counter of the electronic urn is full"))
        byte, bit = count >> 3, count & 7
        self._clear(self._first + byte, 0x7F >> bit)
        self._clear(self._last - byte, 0xFE << bit & 0xFF)
        self.count = count + 1

    def load(self, *, repair: bool = True) -> int:
        """Read the counter after the power was away, and complete a mark that the cut left in one copy alone.

        A copy that is not marks one after another (a decayed cell) gives way to the other one, and one that is ahead
        by more than a cut can explain to the one behind.

        Args:
            repair: False to write nothing, as for an urn that is closed.

        Returns:
            How many marks were completed, 0 or 1.
        """
        first, second = self._counts()
        if first is not None and second is not None and first == second + 1:
            self.count = first
            if repair:
                self._clear(self._last - (second >> 3), 0xFE << (second & 7) & 0xFF)
            return int(repair)
        sound = [count for count in (first, second) if count is not None]
        self.count = min(sound) if sound else self._leading()
        return 0

    def _clear(self, address: int, value: int) -> None:
        try:
            self._memory.write(address, value)
        except WriteOnceError as error:  # a cell there decayed: what can be cleared is cleared
            self._memory.write(address, error.held & value)

    def _counts(self) -> tuple[int | None, int | None]:
        first = self._memory.read(self._first, self._first + self._size)
        second = self._memory.read(self._first + self._size, self._last + 1)
        return (
            _well_formed(int.from_bytes(first, "big"), self.capacity),
            _well_formed(_mirror(second), self.capacity),
        )

    def _leading(self) -> int:
        first = int.from_bytes(self._memory.read(self._first, self._first + self._size), "big")
        return self.capacity - first.bit_length()


def _mirror(copy: bytes) -> int:
    """The second copy as the first one would look: its last bit is the first mark."""
    return int(f"{int.from_bytes(copy, 'big'):0{8 * len(copy)}b}"[::-1], 2)


def _well_formed(bits: int, capacity: int) -> int | None:
    """Count the leading cleared bits; None if another bit is cleared behind them."""
    left = bits.bit_length()
    return capacity - left if bits == (1 << left) - 1 else None
