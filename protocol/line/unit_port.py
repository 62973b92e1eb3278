"""Puts an emulated reading unit where a reader can reach it: on a pseudo-terminal, or on TCP on the loopback."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from functools import partial

from protocol.errors import LinkError, cause
from protocol.line.emulator import SECOND, EmulatedLine
from protocol.words import msg

LOOPBACK = "127.0.0.1"
"""The only address that is ever listened on: who needs the unit from elsewhere has to forward it on purpose."""
IDLE = 0.1
"""Seconds between looks at whether to stop."""
NAP = 0.001
"""Seconds; sleeping for less costs more than it brings."""
CHUNK = 4096
BACKLOG = 65_536
"""Bytes kept for a slow reader; further bytes are lost, as on a line."""
SAME_PTY = 3.0
"""Seconds for the reader to let go of a broken pseudo-terminal, so that the next one has the same name."""


class _Connection:
    """A reader at the other end, none of whose calls block.

    Attributes:
        handle: to wait on.
        receive: the bytes that have come, at most `CHUNK`; none where the reader has gone.
        send: takes some of the bytes, and says how many.
    """

    def __init__(
        self, handle: socket.socket | int, receive: Callable[[int], bytes], send: Callable[[bytes], int]
    ) -> None:
        self.handle, self.receive, self.send = handle, receive, send


def serve(emulator: EmulatedLine, port: str, stop: threading.Event, announce: Callable[[str], None]) -> None:
    """Serve readers, one at a time and one after the other, until ``stop`` is set.

    Args:
        emulator: who answers.
        port: ``pty``, or ``tcp:`` and the number of a port on the loopback, 0 for any free one.
        stop: looked at ten times a second.
        announce: called with what a reader has to give as its port: at the start, and when that changes.

    Raises:
        LinkError: there is no such port, or it is taken.
    """
    kind, _, number = port.partition(":")
    if port == "pty":
        _serve_pty(emulator, stop, announce)
    elif kind == "tcp" and number.isascii() and number.isdecimal() and int(number) < 1 << 16:
        _serve_tcp(emulator, int(number), stop, announce)
    else:
        raise LinkError(msg("cannot listen on {port}: expected pty, or tcp:PORT with PORT from 0 to 65535", port=port))


def _converse(emulator: EmulatedLine, connection: _Connection, stop: threading.Event) -> None:
    """Carry bytes between a reader and the emulator until one of them has gone.

    Raises:
        OSError: the reader has gone.
    """
    outbox = bytearray()
    while not stop.is_set():
        now = time.monotonic_ns()
        outbox += emulator.depart(now)[: max(0, BACKLOG - len(outbox))]
        with contextlib.suppress(BlockingIOError):
            del outbox[: connection.send(bytes(outbox)) if outbox else 0]
        if emulator.hung_up:
            return
        due = emulator.next_event()
        wait = IDLE if due is None else min(IDLE, max(NAP, (due - now) / SECOND))
        readable, _, _ = select.select([connection.handle], [], [], wait)
        if readable:
            data = connection.receive(CHUNK)
            if not data:
                return
            emulator.arrive(data, time.monotonic_ns())


def _serve_tcp(emulator: EmulatedLine, number: int, stop: threading.Event, announce: Callable[[str], None]) -> None:
    with socket.socket() as listener:
        if os.name == "posix":
            # On Windows this option would let another program take the port over.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, number))
            listener.listen()
        except OSError as error:
            raise LinkError(
                msg("cannot listen on {place}: {error}", place=f"{LOOPBACK}:{number}", error=cause(error))
            ) from error
        announce(f"socket://{LOOPBACK}:{listener.getsockname()[1]}")
        while not stop.is_set():
            readable, _, _ = select.select([listener], [], [], IDLE)
            if readable:
                peer, _ = listener.accept()
                with peer, contextlib.suppress(OSError):
                    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    peer.setblocking(False)
                    _converse(emulator, _Connection(peer, peer.recv, peer.send), stop)
                emulator.reconnect()


class _PtyConnection(_Connection):
    """The controlling end of a pseudo-terminal.

    The other end is held open as well: readers may come and go, as at the far end of a cable, without the unit
    noticing.
    """

    def __init__(self) -> None:
        import tty

        try:
            controlling, self._other = os.openpty()
        except OSError as error:
            raise LinkError(msg("cannot open a pseudo-terminal: {error}", error=cause(error))) from error
        super().__init__(controlling, partial(os.read, controlling), partial(os.write, controlling))
        self._controlling = controlling
        tty.setraw(self._other)
        os.set_blocking(controlling, False)
        self.path = os.ttyname(self._other)

    def close(self) -> None:
        os.close(self._controlling)
        os.close(self._other)


def _serve_pty(emulator: EmulatedLine, stop: threading.Event, announce: Callable[[str], None]) -> None:
    if not hasattr(os, "openpty"):
        raise LinkError(msg("cannot listen on pty: this system has no pseudo-terminals, use tcp:PORT"))
    connection = _PtyConnection()
    announce(connection.path)
    while True:
        try:
            with contextlib.suppress(OSError):
                _converse(emulator, connection, stop)
        finally:
            connection.close()
        if stop.is_set():
            return
        emulator.reconnect()
        path, connection = connection.path, _pty_again(connection.path, stop)
        if connection.path != path:
            announce(connection.path)


def _pty_again(path: str, stop: threading.Event) -> _PtyConnection:
    """A new pseudo-terminal, under the name of the old one if the reader lets go of that in time."""
    end = time.monotonic() + SAME_PTY
    while True:
        connection = _PtyConnection()
        if connection.path == path or time.monotonic() > end or stop.is_set():
            return connection
        connection.close()
        stop.wait(IDLE / 10)
