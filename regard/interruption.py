"""SIGTERM and SIGHUP end a command as Ctrl-C does: what was begun is put back, and nothing goes on behind its back."""

from __future__ import annotations

import contextlib
import signal
import threading

TYPE_CHECKING = False  # as in typing, which takes longer to load than the help takes to make
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Any

_ENDS = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""What a system sends to a process that is to end: asked to, its terminal closed, on Windows its console."""


class Interrupted(KeyboardInterrupt):
    """A signal that ends the work, other than Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def exit_code(interruption: KeyboardInterrupt) -> int:
    """128 and the number of the signal, as a shell has it: 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP."""
    return 128 + (interruption.number if isinstance(interruption, Interrupted) else signal.SIGINT)


@contextlib.contextmanager
def ending_on_signals() -> Iterator[None]:
    """Raise `Interrupted` on the signals that end a process, but for those that are ignored, as under nohup."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return
    before: dict[int, Any] = {}

    def end(number: int, frame: FrameType | None) -> None:
        for other in before:
            signal.signal(other, signal.SIG_IGN)  # what is being put back is not interrupted a second time
        raise Interrupted(number)

    for name in _ENDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
