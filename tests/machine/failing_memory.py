"""A memory whose power fails at a chosen write."""

from machine.memory import Memory, PowerCut


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
