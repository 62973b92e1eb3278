"""The application: its routes, what they share, and the server that answers on the loopback address."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from protocol.errors import RegardError
from protocol.words import Text, msg
from regard.serve import (
    bureau_pages,
    case_pages,
    desk_pages,
    election_pages,
    entry_pages,
    file_pages,
    hand_on,
    settle_pages,
)
from regard.serve.case_folder import ChangedMeanwhile
from regard.serve.desk import Desk, switch_language
from regard.serve.examining import describe_bug
from regard.serve.local_server import LocalServer
from regard.serve.security import Guard, Keys, RequestRefused

View = Callable[[Desk, Request], Coroutine[Any, Any, Response]]


async def _progress(desk: Desk, request: Request) -> Response:
    """Progress of the audit, for the script."""
    desk.examiner.look()
    said = desk.pages(request).words.show(desk.examiner.doing())
    return JSONResponse({"busy": desk.examiner.busy, "said": said})


def _routes() -> dict[str, tuple[View, str]]:
    return {
        "/": (desk_pages.show_desk, "GET"),
        "/files": (desk_pages.take_files, "POST"),
        "/file": (file_pages.show_file, "GET"),
        "/election": (election_pages.show_election, "GET"),
        "/election/save": (election_pages.save_election, "POST"),
        "/election/screens": (election_pages.save_screens, "POST"),
        "/columns": (file_pages.save_columns, "POST"),
        "/bureaux": (bureau_pages.show_bureaux, "GET"),
        "/cases": (case_pages.show_cases, "GET"),
        "/cases/{number:int}": (case_pages.show_case, "GET"),
        "/cases/{number:int}/follow": (case_pages.follow_case, "POST"),
        "/indications/{row:int}": (case_pages.show_indication, "GET"),
        "/indications/{row:int}/follow": (case_pages.follow_indication, "POST"),
        "/bureau": (bureau_pages.show_bureau, "GET"),
        "/entries": (entry_pages.show_entries, "GET"),
        "/entry": (entry_pages.show_form, "GET"),
        "/count-sheet": (hand_on.show_sheet, "GET"),
        "/count-sheet.pdf": (hand_on.give_sheet, "GET"),
        "/enter": (entry_pages.save_form, "POST"),
        "/draft": (entry_pages.keep_draft, "POST"),
        "/drop": (entry_pages.drop_draft, "POST"),
        "/remove": (entry_pages.remove_entry, "POST"),
        "/settle": (settle_pages.show_differences, "GET"),
        "/settled": (settle_pages.settle_differences, "POST"),
        "/hand-on": (hand_on.show_hand_on, "GET"),
        "/report.{form}": (hand_on.give_report, "GET"),
        "/letters": (hand_on.give_letters, "GET"),
        "/language": (switch_language, "POST"),
        "/progress": (_progress, "GET"),
    }


def make_app(desk: Desk) -> ASGIApp:
    """The application for a case, behind its guard."""

    def with_desk(view: View) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def answer(request: Request) -> Response:
            # read before what was found: else a page could show what is old, and not that something is coming
            request.state.busy = desk.examiner.is_at_work()
            return await view(desk, request)

        return answer

    def answer_with(status: HTTPStatus, said: Text) -> Callable[[Request, Exception], Response]:
        def answer(request: Request, error: Exception) -> Response:
            return desk.pages(request).show("problem", status, said=said)

        return answer

    def tell(request: Request, error: Exception) -> Response:
        status = HTTPStatus.CONFLICT if isinstance(error, ChangedMeanwhile) else HTTPStatus.BAD_REQUEST
        if isinstance(error, RequestRefused):
            status = error.status
        said = error.message if isinstance(error, RegardError) else str(error)
        return desk.pages(request).show("problem", status, said=said)

    def bug(request: Request, error: Exception) -> Response:
        return desk.pages(request).show("problem", HTTPStatus.INTERNAL_SERVER_ERROR, said=describe_bug(error))

    nothing = answer_with(HTTPStatus.NOT_FOUND, msg("there is nothing at this address"))
    app = Starlette(
        routes=[
            *(Route(path, with_desk(view), methods=[method]) for path, (view, method) in _routes().items()),
        ],
        exception_handlers={HTTPException: nothing, RegardError: tell, OSError: tell, Exception: bug},
    )
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    return Guard(app, desk.keys, desk.refuse)


class PageServer(LocalServer):
    """The pages of a case.

    Args:
        folder: of the case.
        code: the language of pages until another is chosen.
        port: 0 for any that is free.

    Raises:
        RegardError: the port is taken, or reserved.
    """

    def __init__(self, folder: Path, code: str, port: int = 0) -> None:
        def made(keys: Keys) -> ASGIApp:
            self.desk = Desk(folder, code, keys)
            return make_app(self.desk)

        super().__init__(port, made)

    def close(self) -> None:
        """End the looking at the case."""
        self.desk.examiner.close()
