"""One case at work: what its pages share, and how a form without files is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote, unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from protocol.errors import RegardError, cause
from protocol.words import Text, languages, msg
from regard.serve.case_folder import CaseFolder
from regard.serve.entry_journal import EntryJournal, UnfinishedEntries
from regard.serve.examining import Compared, Examiner, describe_bug
from regard.serve.pages import Pages
from regard.serve.security import Guard, Keys, RequestRefused, no_form
from regard.serve.uploads import Upload
from verify.model.evidence import LinedEvidence

MOST_IN_A_FORM = 2**20
"""Bytes of a form without files …"""
MOST_FIELDS = 1000
"""… and its fields."""
LANGUAGE = "regard-language"
"""Name of the cookie with the language that was chosen."""
_LONGEST_ADDRESS = 800
"""Characters of an address that a change of the language leads back to."""


class PageDesk(ABC):
    """State that the pages of one server share.

    Args:
        keys: of this run.
        default: the language of pages until another is chosen.
    """

    problem = "problem"
    """Template of a page that says what went wrong."""

    def __init__(self, keys: Keys, default: str) -> None:
        self.keys, self._default = keys, default

    @abstractmethod
    def pages(self, request: Request) -> Pages:
        """Pages for a request."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what the pages are made of, when nothing is answered any more."""

    def is_at_work(self) -> bool:
        """Check that what the pages show is being made anew."""
        return False

    def language(self, request: Request) -> str:
        """The language that was chosen."""
        chosen = request.cookies.get(LANGUAGE, "")
        return chosen if chosen in languages() else self._default

    def refuse(self, request: Request, refused: RequestRefused) -> Response:
        """A page that says why there is no other."""
        return Pages(self._default).show("refused", refused.status, said=refused.message)


OneDesk = TypeVar("OneDesk", bound=PageDesk)
View = Callable[[OneDesk, Request], Coroutine[Any, Any, Response]]
Routes = Mapping[str, tuple[View[OneDesk], str]]
"""Pages by their addresses, each with its method."""


def application(desk: OneDesk, routes: Routes[OneDesk]) -> ASGIApp:
    """The pages of a server behind its guard."""

    def with_desk(view: View[OneDesk]) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def answer(request: Request) -> Response:
            # read before what was found: else a page could show what is old, and not that something is coming
            request.state.busy = desk.is_at_work()
            return await view(desk, request)

        return answer

    def problem(request: Request, error: Exception) -> Response:
        said: Text = str(error)
        status: HTTPStatus = getattr(error, "status", HTTPStatus.BAD_REQUEST)
        if isinstance(error, HTTPException):
            status, said = HTTPStatus.NOT_FOUND, msg("there is nothing at this address")
        elif isinstance(error, RegardError):
            said = error.message
        elif not isinstance(error, OSError):
            status, said = HTTPStatus.INTERNAL_SERVER_ERROR, describe_bug(error)
        return desk.pages(request).show(desk.problem, status, said=said)

    app = Starlette(
        routes=[Route(path, with_desk(view), methods=[method]) for path, (view, method) in routes.items()],
        exception_handlers=dict.fromkeys((HTTPException, RegardError, OSError, Exception), problem),
    )
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    return Guard(app, desk.keys, desk.refuse)


class Desk(PageDesk):
    """One case, and what its pages share.

    Attributes:
        folder, examiner, journal, drafts: of the case.
        uploads: what became of the files that were sent last.
    """

    def __init__(self, folder: Path, default: str, keys: Keys) -> None:
        super().__init__(keys, default)
        self.folder = CaseFolder(folder)
        self.examiner = Examiner(self.folder)
        self.journal, self.drafts = EntryJournal(self.folder), UnfinishedEntries(self.folder)
        self.uploads: list[Upload] = []
        self._closed = self.folder.closed()

    @property
    def closed(self) -> Text:
        """Why nothing can be saved in the folder; empty where it can be. Where that changes, it is seen."""
        if self._closed or not self.folder.is_open():
            self._closed = self.folder.closed()
        return self._closed

    def close(self) -> None:
        """End the looking at the case."""
        self.examiner.close()

    @property
    def evidence(self) -> LinedEvidence | None:
        """The evidence of the last comparison; None before the first, and where nothing could be read."""
        found = self.examiner.latest().compared
        return None if found is None else found.evidence

    def compared(self) -> Compared:
        """What was found in the folder.

        Raises:
            RequestRefused: nothing was, or not yet.
        """
        found = self.examiner.latest().compared
        if found is None:
            raise RequestRefused(HTTPStatus.NOT_FOUND, msg("Nothing has been compared yet."))
        return found

    def is_at_work(self) -> bool:
        """Check that the case is being examined."""
        return self.examiner.is_at_work()

    def pages(self, request: Request) -> Pages:
        """Pages for a request: in the language that was chosen."""
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Pages(
            self.language(request),
            folder=str(self.folder.path),
            closed=self.closed,
            form_key=self.keys.form,
            here=here if request.method == "GET" and len(here) < _LONGEST_ADDRESS else "/",
            author=author_of(request),
            busy=getattr(request.state, "busy", False),
            section=request.url.path.split("/")[1],
            examiner=self.examiner,
        )


async def read_form(desk: PageDesk, request: Request) -> dict[str, str]:
    """The fields of a form without files, each once; its key is checked.

    Raises:
        RequestRefused: it is too large, no form, or not of this run.
    """
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > MOST_IN_A_FORM:
            raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, msg("there is too much in this form"))
    try:
        fields = parse_qs(data.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise no_form() from error
    form = {name: values[0] for name, values in fields.items()}
    desk.keys.check_form(form.get("key"))
    return form


_AUTHOR = "regard-author"
"""Name of the cookie with whoever entered something last."""


MOST_AUTHOR = 80
"""Characters of a name."""


def author_of(request: Request) -> str:
    """Name of whoever entered something last in this browser; empty before."""
    return unquote(request.cookies.get(_AUTHOR, ""))


def remember_author(response: Response, author: str) -> None:
    """Keep the name for the next form, until the browser is closed."""
    response.set_cookie(_AUTHOR, quote(author), httponly=True, samesite="strict", path="/")


def reason(error: RegardError | OSError) -> Text:
    """Explain a failure to save."""
    return error.message if isinstance(error, RegardError) else msg("it was not saved: {reason}", reason=cause(error))


async def attempt(write: Callable[..., object], *given: object) -> Text:
    """Write something in the folder; why that was not done, empty where it was."""
    try:
        await run_in_threadpool(write, *given)
    except (RegardError, OSError) as error:
        return reason(error)
    return ""


def see(path: str) -> Response:
    """Go on to a page."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def attachment(data: bytes, name: str, kind: str) -> Response:
    """A file to be saved, never shown among the pages: it has styles and scripts of its own."""
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def switch_language(desk: PageDesk, request: Request) -> Response:
    """Choose another language, and go back to the page that it was chosen on."""
    form = await read_form(desk, request)
    back, code = form.get("back", "/"), form.get("language", "")
    response = see(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")
    if code in languages():
        response.set_cookie(LANGUAGE, code, httponly=True, samesite="strict", path="/")
    return response
