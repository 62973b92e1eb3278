"""A case served in a thread, and a plain client of it: requests as they are, with every header chosen."""

import contextlib
import http.client
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from regard.serve.app import PageServer
from regard.serve.entry_journal import Entered
from regard.serve.security import LOOPBACK, Keys
from regard.terminal import without_start
from tests.programs import HANG
from verify.model.findings import shown_source


def place_said(source: str) -> str:
    """A place of a figure as a page says it in English."""
    return without_start(str(shown_source(source)))


BOUNDARY = "a-boundary-of-a-form"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode()

    @property
    def plain(self) -> str:
        """The words of a page, without its tags."""
        return " ".join(re.sub(r"<[^>]*>", "", re.sub(r"</t[dh]>", " ", self.text)).split())


class Client:
    """Asks a server; with its cookie, once it was opened."""

    def __init__(self, server: PageServer) -> None:
        self.server = server
        self.keys: Keys = server.desk.keys
        self.cookie = ""

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str | None] | None = None
    ) -> Answer:
        """One request; a header that is None is left out."""
        sent: dict[str, str | None] = {"Host": self.keys.hosts[0], "Cookie": self.cookie or None, **(headers or {})}
        connection = http.client.HTTPConnection(LOOPBACK, self.keys.port, timeout=HANG)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            got = connection.getresponse()
            return Answer(got.status, got.headers, got.read())

    def open(self) -> Answer:
        """Exchange the token for the cookie, as a browser does."""
        answer = self.ask(
            "GET", "/" + self.server.address.partition("/?")[1][1:] + self.server.address.partition("/?")[2]
        )
        self.cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        return answer

    def get(self, path: str) -> Answer:
        """A page, when nothing is left to be compared."""
        self.server.desk.examiner.look()
        assert self.server.desk.examiner.wait(HANG)
        return self.ask("GET", path)

    def changed(self) -> None:
        """Say that files of the case were written."""
        self.server.desk.examiner.changed()

    def entered(self) -> Entered:
        """What the journal holds."""
        return self.server.desk.journal.entered()

    @property
    def own(self) -> dict[str, str]:
        """Headers of a browser that submits a form of this page."""
        return {"Origin": f"http://{self.keys.hosts[0]}", "Sec-Fetch-Site": "same-origin"}

    def post(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str | None] | None = None) -> Answer:
        """A form without files; its key is added unless it has one."""
        body = urlencode({"key": self.keys.form, **fields}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, {**kind, **self.own, **(headers or {})})

    def give(
        self,
        files: Sequence[tuple[str, bytes]],
        key: str | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Upload files as a browser does, by the names that it says."""
        body = form_of(files, self.keys.form if key is None else key)
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.ask("POST", "/files", body, {**kind, **self.own, **(headers or {})})


def form_of(files: Sequence[tuple[str, bytes]], key: str) -> bytes:
    """The bytes of a form with a key and files."""
    parts = [f'Content-Disposition: form-data; name="key"\r\n\r\n{key}'.encode()] if key else []
    for name, data in files:
        shown = name.replace('"', "%22").encode()
        parts.append(b'Content-Disposition: form-data; name="files"; filename="' + shown + b'"\r\n\r\n' + data)
    line = f"--{BOUNDARY}".encode()
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


@contextlib.contextmanager
def serving(folder: Path, code: str = "en") -> Iterator[Client]:
    """A server for a case, and a client that has its cookie."""
    server = PageServer(folder, code)
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    try:
        client = Client(server)
        client.open()
        yield client
    finally:
        server.stop()
        thread.join(HANG)
        assert not thread.is_alive()
