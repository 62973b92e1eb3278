"""The server that answers on the loopback address, whatever the pages are."""

from __future__ import annotations

import errno
import os
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from protocol.errors import RegardError, cause
from protocol.words import Message, Text, msg
from regard.serve.connections import PageConnection
from regard.serve.security import LOOPBACK, Keys

_BACKLOG = 32
"""Connections that are taken at once, before the first of them is looked at."""


class LocalServer(ABC):
    """Answers on the loopback address until it is stopped.

    Args:
        port: 0 for any that is free.
        make: makes what answers, for the keys of this run.

    Raises:
        RegardError: the port is taken, or reserved.
    """

    def __init__(self, port: int, make: Callable[[Keys], ASGIApp]) -> None:
        self._socket = _listen(port)
        self.keys = Keys(self._socket.getsockname()[1])
        try:
            self._server = _server_of(make(self.keys))
        except BaseException:
            self._socket.close()
            raise
        self.address = self.keys.address

    def run(self) -> None:
        """Answer until `stop`, or until a signal ends the process."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self.close()
            self._socket.close()

    def stop(self) -> None:
        """Let what is being answered end, and return from `run`."""
        self._server.should_exit = True

    @abstractmethod
    def close(self) -> None:
        """Let go of what the pages are made of, when nothing is answered any more."""


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
    """What the system says, without the address that Python adds to it."""
    return Message(os.strerror(error.errno)) if error.errno else cause(error)


def _server_of(app: ASGIApp) -> uvicorn.Server:
    """What answers for an application, once it is run with a socket."""
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
