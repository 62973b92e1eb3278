"""SIGTERM and SIGHUP end a command as Ctrl-C does: unfinished work is undone, and no process of it runs on."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading

TYPE_CHECKING = False  # as in typing, which takes longer to load than the help takes to make
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Any

_ENDS = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals that end a process: asked to, its terminal closed, on Windows its console."""

_RESEND_AFTER = 0.01
"""Seconds until a signal whose exception Python dropped is sent again: the code that dropped it has ended by then."""


class Interrupted(KeyboardInterrupt):
    """A signal that ends the work, other than Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def exit_code(interruption: KeyboardInterrupt) -> int:
    """128 and the number of the signal, as a shell has it: 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP."""
    return 128 + _number(interruption)


@contextlib.contextmanager
def ending_on_signals() -> Iterator[None]:
    """Raise `Interrupted` on the signals that end a process, but for those that are ignored, as under nohup.

    A signal during the handling of an earlier one is ignored, so that undoing is not interrupted. One whose exception
    Python drops, as in a destructor or a weak reference's callback, is sent again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return
    before: dict[int, Any] = {}
    again: list[threading.Timer] = []
    report = sys.unraisablehook

    def end(number: int, frame: FrameType | None) -> None:
        if not _is_handled(sys.exception()):
            raise Interrupted(number)

    def resend(dropped: sys.UnraisableHookArgs) -> None:
        if not isinstance(dropped.exc_value, KeyboardInterrupt):
            report(dropped)
            return
        again.append(threading.Timer(_RESEND_AFTER, signal.raise_signal, [_number(dropped.exc_value)]))
        again[-1].start()

    for name in _ENDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, end)
    sys.unraisablehook = resend
    try:
        yield
    finally:
        sys.unraisablehook = report
        for timer in again:
            timer.cancel()
            timer.join()
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_handled(error: BaseException | None) -> bool:
    """Check that an interruption is being handled, or was when an error arose."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _number(interruption: KeyboardInterrupt) -> int:
    return interruption.number if isinstance(interruption, Interrupted) else signal.SIGINT
