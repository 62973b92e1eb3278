"""The application of a live night's page, and its server."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from protocol.errors import RegardError
from protocol.words import Text, msg
from regard.serve.desk import switch_language
from regard.serve.examining import describe_bug
from regard.serve.live_pages import LiveDesk, show_live, show_live_now
from regard.serve.local_server import LocalServer
from regard.serve.security import Guard, Keys

LiveView = Callable[[LiveDesk, Request], Coroutine[Any, Any, Response]]


def make_live_app(desk: LiveDesk) -> ASGIApp:
    """The application for a store, behind its guard."""

    def with_desk(view: LiveView) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def answer(request: Request) -> Response:
            return await view(desk, request)

        return answer

    def problem(request: Request, status: HTTPStatus, said: Text) -> Response:
        return desk.pages(request).show("live_problem", status, said=said)

    def nothing(request: Request, error: Exception) -> Response:
        return problem(request, HTTPStatus.NOT_FOUND, msg("there is nothing at this address"))

    def tell(request: Request, error: Exception) -> Response:
        status = getattr(error, "status", HTTPStatus.BAD_REQUEST)
        return problem(request, status, error.message if isinstance(error, RegardError) else str(error))

    def bug(request: Request, error: Exception) -> Response:
        return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, describe_bug(error))

    app = Starlette(
        routes=[
            Route("/", with_desk(show_live), methods=["GET"]),
            Route("/now", with_desk(show_live_now), methods=["GET"]),
            Route("/language", with_desk(switch_language), methods=["POST"]),
        ],
        exception_handlers={HTTPException: nothing, RegardError: tell, OSError: tell, Exception: bug},
    )
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    return Guard(app, desk.keys, desk.refuse)


class LiveServer(LocalServer):
    """The page of a night that comes in.

    Args:
        store: that is shown; only read.
        code: the language of the page until another is chosen.
        port: 0 for any that is free.

    Raises:
        StoreRefused: there is no such store, or it is damaged.
        RegardError: the port is taken, or reserved.
    """

    def __init__(self, store: Path, code: str, port: int = 0) -> None:
        def made(keys: Keys) -> ASGIApp:
            self.desk = LiveDesk(store, code, keys)
            return make_live_app(self.desk)

        super().__init__(port, made)

    def close(self) -> None:
        """Close the store."""
        self.desk.close()
