"""Access to pages: one browser on this computer, which was given the token; and no other site through it.

Every request has to name this server as its host, and to bring the cookie that the token was exchanged for. What
changes something has to come from a page of this server: the browser says so, and the form has its key.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from protocol.errors import RegardError
from protocol.words import Text, msg

BITS = 256
"""Bits of the token, of the cookie and of the key in forms, each drawn anew for every run."""
TOKEN = "token"  # noqa: S105 - the name of a parameter
LOOPBACK = "127.0.0.1"
_READING = frozenset(("GET", "HEAD"))
_OWN_SITE = "same-origin"

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer: nothing from elsewhere, nothing inline, in no frame, kept nowhere."""


class RequestRefused(RegardError):
    """A request that is not answered; ``status`` is that of HTTP."""

    def __init__(self, status: HTTPStatus, message: Text) -> None:
        super().__init__(message)
        self.status = status


def no_form() -> RequestRefused:
    """Refuse what no page of this server sends."""
    return RequestRefused(HTTPStatus.BAD_REQUEST, msg("this is no form of this page"))


def _draw() -> str:
    return secrets.token_urlsafe(BITS // 8)


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one run.

    Attributes:
        port: that the server listens on.
        token: in the address that the terminal shows.
        session: in the cookie that the browser is given for it.
        form: in every form.
    """

    port: int
    token: str = field(default_factory=_draw, repr=False)
    session: str = field(default_factory=_draw, repr=False)
    form: str = field(default_factory=_draw, repr=False)

    @property
    def cookie(self) -> str:
        """Its name: cookies are shared between the ports of a host."""
        return f"regard-{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Hosts that a request may name; a name that was made to lead here is none of them."""
        return f"{LOOPBACK}:{self.port}", f"localhost:{self.port}"

    @property
    def address(self) -> str:
        """The address that opens the page."""
        return f"http://{LOOPBACK}:{self.port}/?{urlencode({TOKEN: self.token})}"

    def check_form(self, given: object) -> None:
        """Make sure that a form came from a page of this run.

        Raises:
            RequestRefused: it did not.
        """
        if not isinstance(given, str) or not _same(given, self.form):
            said = msg("this form is not of this page any more: open the page again, and enter it once more")
            raise RequestRefused(HTTPStatus.FORBIDDEN, said)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


class Guard:
    """Lets through what may be asked; stands before everything else.

    Args:
        app: what answers.
        keys: of this run.
        refuse: makes the answer to what is not let through.
    """

    def __init__(self, app: ASGIApp, keys: Keys, refuse: Callable[[Request, RequestRefused], Response]) -> None:
        self._app, self._keys, self._refuse = app, keys, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_ENCODED]
            await send(message)

        request = Request(scope)
        try:
            answer: ASGIApp = self._admit(request) or self._app
        except RequestRefused as refused:
            answer = self._refuse(request, refused)
        await answer(scope, receive, send_with_headers)

    def _admit(self, request: Request) -> Response | None:
        """None for a request that may be answered; or the cookie, for one that brings the token.

        Raises:
            RequestRefused: it may not.
        """
        keys = self._keys
        if request.headers.get("host") not in keys.hosts:
            said = msg("the address has to begin with {address}", address=f"http://{keys.hosts[0]}/")
            raise RequestRefused(HTTPStatus.MISDIRECTED_REQUEST, said)
        if request.method not in (*_READING, "POST"):
            raise RequestRefused(HTTPStatus.METHOD_NOT_ALLOWED, msg("there is nothing of this kind here"))
        if request.method in _READING and (token := request.query_params.get(TOKEN)) is not None:
            if not _same(token, keys.token):
                raise RequestRefused(HTTPStatus.FORBIDDEN, _CLOSED)
            return self._open()
        if not _same(request.cookies.get(keys.cookie, ""), keys.session):
            raise RequestRefused(HTTPStatus.FORBIDDEN, _CLOSED)
        if request.method == "POST":
            self._check_origin(request)
        return None

    def _open(self) -> Response:
        """Give the cookie, and the address without the token."""
        response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        response.set_cookie(self._keys.cookie, self._keys.session, httponly=True, samesite="strict", path="/")
        return response

    def _check_origin(self, request: Request) -> None:
        """Make sure that another site did not send a form through the browser.

        A page without referrers says ``null`` as its origin; then what the browser says of the site has to be there.

        Raises:
            RequestRefused: one did, or nothing tells.
        """
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
        own = origin in [f"http://{host}" for host in self._keys.hosts]
        if site not in (None, _OWN_SITE) or not (own or (origin in (None, "null") and site == _OWN_SITE)):
            raise RequestRefused(HTTPStatus.FORBIDDEN, msg("this was not sent from a page of regard"))


_CLOSED = msg("open the address that the terminal shows: it has the key to this page")
_ENCODED = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
