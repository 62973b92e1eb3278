"""A connection to a page: one that is silent is closed, and the number of all is limited.

A process has some 1,000 open files; a program that opens connections and says nothing must not take all of them.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

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
        """Whether it waits for its other end: for a request, or for the rest of one."""
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
