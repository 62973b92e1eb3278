"""A memory whose power fails at a chosen write."""

from machine.errors import MachineError
from machine.memory import Memory


class PowerCut(MachineError):
    """The power went away. The machine is off, its memory keeps what was written, everything else is lost."""

    def __init__(self, address: int) -> None:
        super().__init__(f"power cut before the write at {address:04X}")


def decay(memory: Memory, address: int, mask: int) -> None:
    """Clear the bits of ``mask`` in one byte: an ageing cell."""
    memory._cells[address] &= ~mask


class FailingMemory(Memory):
    """A memory whose power is cut before a chosen write."""

    def __init__(self, size: int | bytes) -> None:
        super().__init__(size)
        self.left: int | None = None
        self.written = 0

    def cut_after(self, writes: int | None) -> None:
        """Let ``writes`` more bytes through and cut the power before the next one; None for never."""
        self.left = writes

    def write(self, address: int, value: int) -> None:
        """As `Memory.write`.

        Raises:
            PowerCut: the power went away before this byte.
        """
        if self.left is not None:
            if self.left == 0:
                self.left = None
                if self.when_cut is not None:
                    self.when_cut()
                raise PowerCut(address)
            self.left -= 1
        self.written += 1
        super().write(address, value)
