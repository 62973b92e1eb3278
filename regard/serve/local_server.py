"""The server of the pages, on this computer only: silent connections are closed, and their number is limited.

A process has some 1,000 open files; a program that opens connections and says nothing must not take all of them.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from typing import Any, Generic

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from protocol.errors import RegardError, cause
from protocol.words import Message, Text, msg
from regard.serve.desk import OneDesk, Routes, application
from regard.serve.security import LOOPBACK, Keys

SILENT = 20.0
"""Seconds for which a connection may say nothing while its request is awaited."""
MOST = 100
"""Connections at a time; a browser opens six to a server."""


class PageConnection(H11Protocol):
    """A connection that ends when its request does not come, or when there are too many and it waited longest."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._begun = self.loop.time()
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request; of too many connections, close the one that has waited longest."""
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > MOST:
            waiting = [each for each in self.connections if isinstance(each, PageConnection) and each.is_waiting()]
            min(waiting or [self], key=lambda each: each._begun).transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request."""
        self._wait()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def is_waiting(self) -> bool:
        """Check that it waits for its other end: for a request, or for the rest of one."""
        if self.cycle is None or self.cycle.response_complete:
            return True
        return self.cycle.more_body and not self.flow.read_paused

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(SILENT, self._end)

    def _end(self) -> None:
        if self.is_waiting():
            self.transport.abort()
        else:
            self._wait()


_BACKLOG = 32
"""Connections that are taken at once, before the first of them is looked at."""


class LocalServer(Generic[OneDesk]):
    """Answers on the loopback address until it is stopped.

    Args:
        port: 0 for any that is free.
        make: makes what the pages share, for the keys of this run.
        routes: the pages by their addresses, each with its method.

    Raises:
        RegardError: the port is taken, or reserved.
    """

    def __init__(self, port: int, make: Callable[[Keys], OneDesk], routes: Routes[OneDesk]) -> None:
        self._socket = _listen(port)
        self.keys = Keys(self._socket.getsockname()[1])
        try:
            self.desk = make(self.keys)
            self._server = _server_of(application(self.desk, routes))
        except BaseException:
            self._socket.close()
            raise
        self.address = self.keys.address

    def run(self) -> None:
        """Answer until `stop`, or until a signal ends the process."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self.desk.close()
            self._socket.close()

    def stop(self) -> None:
        """Let what is being answered end, and return from `run`."""
        self._server.should_exit = True


def _listen(port: int) -> socket.socket:
    """A socket on the loopback address.

    Raises:
        RegardError: the port is taken, or reserved.
    """
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise RegardError(
                msg("port {port} is taken already: choose another, or leave --port out", port=str(port))
            ) from error
        place = f"{LOOPBACK}:{port}"
        raise RegardError(msg("cannot listen on {place}: {error}", place=place, error=_reason(error))) from error


def _reason(error: OSError) -> Text:
    """Error of the system, without the address that Python adds to it."""
    return Message(os.strerror(error.errno)) if error.errno else cause(error)


def _server_of(app: ASGIApp) -> uvicorn.Server:
    """Make the server of an application, to be run with a socket."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=PageConnection,
            backlog=_BACKLOG,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
    )
