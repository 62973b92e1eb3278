"""Opens a reading unit's port, by any name that pyserial knows, as a `protocol.line.link.Stream`."""

from __future__ import annotations

import os
import select
import time
from dataclasses import dataclass

import serial
from serial.tools import list_ports

from protocol.errors import LinkError, cause
from protocol.words import msg

CHUNK = 4096
"""Bytes taken from the port at one time, at most."""
SEND_LIMIT = 10.0
"""Seconds that sending a request may take."""
POLL = 0.05
"""Seconds between looks at the clock on ports that cannot be waited for with select."""
NETWORK_LIMIT = 15
"""Seconds that a server of RFC 2217 may take for each step of opening a port; pyserial's 3 are few on a slow line."""


class SerialStream:
    """An open port.

    Where the port has a file descriptor, select waits for it. pyserial's own ``in_waiting`` says at most 1 on a
    socket, and changing its ``timeout`` negotiates all settings anew on ``rfc2217://``; so that is set once. Its
    ``readline`` and ``read_until`` are never used: they do not keep a deadline while bytes trickle in.
    """

    def __init__(self, url: str, baud: int) -> None:
        self._url = url
        kind = url.partition("://")[0] if "://" in url else ""
        if kind == "rfc2217" and "timeout=" not in url:
            url += f"{'&' if '?' in url else '?'}timeout={NETWORK_LIMIT}"
        try:
            self._port = serial.serial_for_url(url, baud, do_not_open=True)
            self._selectable = os.name == "posix" and kind in ("", "socket", "spy")
            self._port.timeout = 0 if self._selectable else POLL
            if kind != "rfc2217":
                self._port.write_timeout = SEND_LIMIT
            if not kind:
                self._port.exclusive = True
            self._port.open()
            if self._selectable:
                self._descriptor = self._port.fileno()
        except (OSError, ValueError, OverflowError) as error:
            raise LinkError(msg("cannot open the port {url}: {error}", url=url, error=cause(error))) from error

    def send(self, data: bytes) -> None:
        """Send all of ``data``.

        Raises:
            LinkError: the connection is gone, or takes nothing.
        """
        try:
            self._port.write(data)
        except (OSError, serial.SerialException) as error:
            raise self._gone(error) from error

    def receive(self, timeout: float) -> bytes:
        """Return the bytes that are there, or wait at most ``timeout`` seconds for the first, or return none.

        Raises:
            LinkError: the connection is gone.
        """
        try:
            if self._selectable:
                ready, _, _ = select.select([self._descriptor], [], [], timeout)
                return self._port.read(CHUNK) if ready else b""
            end = time.monotonic() + timeout
            while True:
                data: bytes = self._port.read(min(CHUNK, self._port.in_waiting or 1))
                if data or time.monotonic() >= end:
                    return data
        except (OSError, serial.SerialException) as error:
            raise self._gone(error) from error

    def close(self) -> None:
        """Let go of the port."""
        # Where the other side has gone, pyserial 3.5 forgets to close its socket.
        peer = getattr(self._port, "_socket", None)
        self._port.close()
        if peer is not None:
            peer.close()

    def _gone(self, error: Exception) -> LinkError:
        return LinkError(msg("the connection to {url} is gone: {error}", url=self._url, error=cause(error)))


@dataclass(frozen=True, slots=True)
class PortDescription:
    """A serial port of this computer.

    Attributes:
        device: what to give as the port.
        description: what the system calls it.
        hardware: its USB ids or the like, empty where unknown.
    """

    device: str
    description: str
    hardware: str


def ports() -> list[PortDescription]:
    """The serial ports of this computer, by name."""
    return [
        PortDescription(port.device, *("" if text == "n/a" else text for text in (port.description, port.hwid)))
        for port in sorted(list_ports.comports(), key=lambda port: port.device)
    ]
