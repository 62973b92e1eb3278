"""One case at work: what its pages share, and how a form without files is read."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from protocol.errors import RegardError, cause
from protocol.words import Text, languages, msg
from regard.serve.case_folder import CaseFolder
from regard.serve.entry_journal import EntryJournal, UnfinishedEntries
from regard.serve.examining import Examiner
from regard.serve.pages import Pages
from regard.serve.security import Keys, RequestRefused
from regard.serve.uploads import Upload

MOST_IN_A_FORM = 2**20
"""Bytes of a form without files …"""
MOST_FIELDS = 1000
"""… and its fields."""
LANGUAGE = "regard-language"
"""Name of the cookie with the language that was chosen."""
_LONGEST_ADDRESS = 800
"""Characters of an address that a change of the language leads back to."""


class HasKeys(Protocol):
    """Keys that forms are checked with."""

    @property
    def keys(self) -> Keys:
        """Those of this run."""


class Desk:
    """One case, and what its pages share.

    Attributes:
        folder, examiner, journal, drafts: of the case.
        keys: of this run.
        default: the language of pages until another is chosen.
        uploads: what became of the files that were sent last.
    """

    def __init__(self, folder: Path, default: str, keys: Keys) -> None:
        self.folder = CaseFolder(folder)
        self.examiner = Examiner(self.folder)
        self.journal, self.drafts = EntryJournal(self.folder), UnfinishedEntries(self.folder)
        self.keys, self.default = keys, default
        self.uploads: list[Upload] = []
        self._closed = self.folder.closed()

    @property
    def closed(self) -> Text:
        """Why nothing can be saved in the folder; empty where it can be. Where that changes, it is seen."""
        if self._closed or not self.folder.is_open():
            self._closed = self.folder.closed()
        return self._closed

    def pages(self, request: Request) -> Pages:
        """Pages for a request: in the language that was chosen."""
        chosen = request.cookies.get(LANGUAGE, "")
        code = chosen if chosen in languages() else self.default
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Pages(
            code,
            folder=str(self.folder.path),
            closed=self.closed,
            form_key=self.keys.form,
            here=here if request.method == "GET" and len(here) < _LONGEST_ADDRESS else "/",
            author=author_of(request),
            busy=getattr(request.state, "busy", False),
            section=request.url.path.split("/")[1],
            examiner=self.examiner,
        )

    def refuse(self, request: Request, refused: RequestRefused) -> Response:
        """A page that says why there is no other."""
        pages = Pages(self.default)
        return pages.show("refused", refused.status, said=refused.message)


async def read_form(desk: HasKeys, request: Request) -> dict[str, str]:
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
        raise RequestRefused(HTTPStatus.BAD_REQUEST, msg("this is no form of this page")) from error
    form = {name: values[0] for name, values in fields.items()}
    desk.keys.check_form(form.get("key"))
    return form


_AUTHOR = "regard-author"
"""Name of the cookie with whoever entered something last."""


def author_of(request: Request) -> str:
    """Name of whoever entered something last in this browser; empty before."""
    return unquote(request.cookies.get(_AUTHOR, ""))


def remember_author(response: Response, author: str) -> None:
    """Keep the name for the next form, until the browser is closed."""
    response.set_cookie(_AUTHOR, quote(author), httponly=True, samesite="strict", path="/")


def reason(error: RegardError | OSError) -> Text:
    """Explain a failure to save."""
    return error.message if isinstance(error, RegardError) else msg("it was not saved: {reason}", reason=cause(error))


def see(path: str) -> Response:
    """Go on to a page."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def attachment(data: bytes, name: str, kind: str) -> Response:
    """A file to be saved, never shown among the pages: it has styles and scripts of its own."""
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def switch_language(desk: HasKeys, request: Request) -> Response:
    """Choose another language, and go back to the page that it was chosen on."""
    form = await read_form(desk, request)
    back, code = form.get("back", "/"), form.get("language", "")
    response = see(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")
    if code in languages():
        response.set_cookie(LANGUAGE, code, httponly=True, samesite="strict", path="/")
    return response
