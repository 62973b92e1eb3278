"""Memory that is written once, as flash is: erased bytes are FF, and a write can only clear bits.

Each write of a byte is atomic: a power cut comes before it or after it.
"""

from __future__ import annotations

from collections.abc import Callable

from machine.errors import MachineError
from protocol.urn.image import ERASED
from protocol.words import msg


class WriteOnceError(MachineError):
    """A write that would set a bit. Raised, for example, when a stored vote is to be replaced by another.

    Attributes:
        address: where.
        held: the byte that stands there.
        wanted: the byte that was to be written.
    """

    def __init__(self, address: int, held: int, wanted: int) -> None:
        super().__init__(
            msg(
                "write of {wanted:02X} at {address:04X} refused: {held:02X} stands there, and bits are only cleared",
                wanted=wanted,
                address=address,
                held=held,
            )
        )
        self.address = address
        self.held = held
        self.wanted = wanted


class Memory:
    """The write-once memory of one module.

    Args:
        size: bytes, all erased, or
        size: the bytes of a memory that was written before.
    """

    def __init__(self, size: int | bytes) -> None:
        self._cells = bytearray(size) if isinstance(size, bytes) else bytearray([ERASED]) * size
        self.when_cut: Callable[[], None] | None = None

    def __len__(self) -> int:
        return len(self._cells)

    def write(self, address: int, value: int) -> None:
        """Write one byte, at once or not at all.

        Raises:
            WriteOnceError: the byte there has a zero where ``value`` has a one.
        """
        cells = self._cells
        if value & ~cells[address]:
            raise WriteOnceError(address, cells[address], value)
        cells[address] = value

    def write_bytes(self, address: int, data: bytes) -> None:
        """Write bytes in ascending order, one after another; those that already stand there are not written again."""
        cells, write = self._cells, self.write
        for place, value in enumerate(data, start=address):
            if cells[place] != value:
                write(place, value)

    def program(self, address: int, data: bytes) -> None:
        """Write many bytes at once, as the town hall's unit does before the module is put into the machine.

        Raises:
            WriteOnceError: a byte there is not erased.
        """
        end = address + len(data)
        if self._cells.count(ERASED, address, end) != len(data):
            place = next(place for place in range(address, end) if self._cells[place] != ERASED)
            raise WriteOnceError(place, self._cells[place], data[place - address])
        self._cells[address:end] = data

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` up to ``end``."""
        return bytes(self._cells[start:end])

    def erased(self, start: int, end: int) -> bool:
        """Check that nothing was ever written there."""
        return self._cells.count(ERASED, start, end) == end - start
