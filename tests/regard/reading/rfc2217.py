"""A server of RFC 2217 as pyserial's own example is one: its `PortManager` between a port and whoever connects."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import serial
import serial.rfc2217

from tests.programs import HANG

POLL = 0.1
"""Seconds between looks at whether to stop."""


class _Writer:
    """Output of the manager, from both directions' threads."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._lock = threading.Lock()

    def write(self, data: bytes) -> None:
        with self._lock:
            self._peer.sendall(data)


class _Port(serial.Serial):
    """A port without modem lines, as a pseudo-terminal is one."""

    cts = dsr = True
    ri = cd = False
    dtr = rts = True


@contextlib.contextmanager
def rfc2217_server(device: str) -> Iterator[str]:
    """Offer a port to one client after another; yields the name under which it is to be opened."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(POLL)
        thread = threading.Thread(target=_serve, args=(listener, device, stop))
        thread.start()
        try:
            yield f"rfc2217://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            stop.set()
            thread.join(HANG)
    assert not thread.is_alive()


def _serve(listener: socket.socket, device: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            peer, _ = listener.accept()
        except TimeoutError:
            continue
        with peer, _open(device) as port:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer.settimeout(POLL)
            _redirect(peer, port, stop)


def _open(device: str) -> Any:
    if "://" in device:
        return serial.serial_for_url(device, timeout=POLL)
    return _Port(device, timeout=POLL)


def _redirect(peer: socket.socket, port: Any, stop: threading.Event) -> None:
    """Carry bytes both ways until the client has gone; from a socket one by one, for pyserial sees no more waiting."""
    over = threading.Event()
    writer: Any = _Writer(peer)
    manager = serial.rfc2217.PortManager(port, writer)

    def towards_client() -> None:
        writer.write(b"".join(manager.escape(port.read(port.in_waiting or 1))))

    def towards_port() -> None:
        with contextlib.suppress(TimeoutError):
            data = peer.recv(1024)
            if not data:
                raise OSError("gone")
            port.write(b"".join(manager.filter(data)))

    def repeat(step: Callable[[], None]) -> None:
        with contextlib.suppress(OSError):
            while not (stop.is_set() or over.is_set()):
                step()
        over.set()

    thread = threading.Thread(target=repeat, args=(towards_client,))
    thread.start()
    repeat(towards_port)
    thread.join(HANG)
