"""A unit served from a thread, as `regard lab emulate` serves one."""

import contextlib
import threading
from collections.abc import Iterator

from protocol.line.emulator import EmulatedLine
from protocol.line.unit_port import serve
from tests.programs import HANG


@contextlib.contextmanager
def served_from_a_thread(emulator: EmulatedLine, port: str) -> Iterator[list[str]]:
    """Serve until the block ends; yields the ports that are announced, of which there is one at least."""
    stop, ready, announced = threading.Event(), threading.Event(), list[str]()

    def announce(name: str) -> None:
        announced.append(name)
        ready.set()

    thread = threading.Thread(target=serve, args=(emulator, port, stop, announce))
    thread.start()
    try:
        assert ready.wait(HANG)
        yield announced
    finally:
        stop.set()
        thread.join(HANG)
    assert not thread.is_alive()
