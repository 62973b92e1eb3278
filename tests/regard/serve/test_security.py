"""Access to pages of `regard serve`, the headers of every answer (`docs/reference/security.md`), silent connections."""

import base64
import contextlib
import re
import socket
from pathlib import Path

import pytest

from regard.serve import local_server
from regard.serve.security import LOOPBACK, POLICY
from tests.programs import HANG
from tests.regard.serve.running import Client, form_of, serving

PAGES = [
    "/",
    "/bureaux",
    "/cases",
    "/progress",
    "/static/page.css",
    "/static/page.js",
    "/nowhere",
]


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_listens_on_the_loopback_address_only(client: Client) -> None:
    assert client.server._socket.getsockname()[0] == LOOPBACK == "127.0.0.1"
    with socket.socket() as other:  # another address of this computer has the port free
        other.bind(("127.0.0.2", client.keys.port))


def test_token_and_cookie_have_256_bit_and_differ(client: Client, folder: Path) -> None:
    keys = client.keys
    secrets = {keys.token, keys.session, keys.form}
    assert len(secrets) == 3
    assert all(len(base64.urlsafe_b64decode(each + "=")) * 8 == 256 for each in secrets)
    with serving(folder) as again:
        assert secrets.isdisjoint({again.keys.token, again.keys.session, again.keys.form})
    assert not any(each in repr(keys) for each in secrets)


def test_token_is_exchanged_for_a_cookie_and_leaves_the_address(client: Client) -> None:
    answer = client.open()
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    name, *attributes = (part.strip() for part in answer.headers["Set-Cookie"].split(";"))
    assert name == f"regard-{client.keys.port}={client.keys.session}"
    assert {each.lower() for each in attributes} == {"httponly", "path=/", "samesite=strict"}
    assert client.keys.token not in client.get("/").text


@pytest.mark.parametrize("path", [*PAGES, "/?token=", "/?token=wrong", "/?token=%F0%9F%92%A9"])
@pytest.mark.parametrize("cookie", ["", "wrong", "é"])
def test_nothing_is_shown_without_the_cookie(client: Client, path: str, cookie: str) -> None:
    (client.server.desk.folder.path / "secret.csv").write_text("x", "utf-8")
    answer = client.ask(
        "GET", path, headers={"Cookie": f"regard-{client.keys.port}={cookie}".encode().decode("latin-1")}
    )
    assert answer.status == 403
    assert "secret" not in answer.text
    assert str(client.server.desk.folder.path) not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""])
def test_another_host_is_refused(client: Client, host: str) -> None:
    """A name that was made to lead to this computer (DNS rebinding) is not ours, whatever else is right."""
    answer = client.ask("GET", "/", headers={"Host": host.format(port=client.keys.port)})
    assert answer.status == 421


def test_both_names_of_this_computer_will_do(client: Client) -> None:
    for host in client.keys.hosts:
        assert client.ask("GET", "/", headers={"Host": host}).status == 200


@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [
        ("{own}", "same-origin", 303),
        ("{own}", None, 303),
        ("null", "same-origin", 303),
        (None, "same-origin", 303),
        ("{own}", "cross-site", 403),
        ("{own}", "same-site", 403),
        ("{own}", "none", 403),
        ("http://evil.example", "same-origin", 403),
        ("http://127.0.0.1:1", "same-site", 403),
        ("http://127.0.0.1:1", None, 403),
        ("null", None, 403),
        ("null", "cross-site", 403),
        (None, None, 403),
    ],
)
def test_a_form_of_another_site_is_refused(
    client: Client, folder: Path, origin: str | None, site: str | None, status: int
) -> None:
    own = f"http://{client.keys.hosts[0]}"
    headers = {"Origin": origin and origin.format(own=own), "Sec-Fetch-Site": site}
    assert client.give([("pv.csv", b"a")], headers=headers).status == status
    assert files(folder) == (["pv.csv"] if status == 303 else [])
    assert client.post("/language", {"language": "fr"}, headers).status == status


@pytest.mark.parametrize("key", ["", "wrong", "é"])
def test_a_form_without_its_key_is_refused_before_anything_is_written(client: Client, folder: Path, key: str) -> None:
    answer = client.give([("pv.csv", b"a" * 10_000)], key=key)
    assert answer.status == 403
    for path in ("/language", "/columns"):
        assert client.post(path, {"key": key, "language": "fr", "id": "x"}).status == 403
    assert files(folder) == []


def test_the_key_comes_before_the_files(client: Client, folder: Path) -> None:
    late = form_of([("pv.csv", b"a")], "").removesuffix(b"--\r\n") + b"\r\n" + form_of([], client.keys.form)
    kind = {"Content-Type": "multipart/form-data; boundary=a-boundary-of-a-form"}
    assert client.ask("POST", "/files", late, {**kind, **client.own}).status == 403
    assert files(folder) == []


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_headers(client: Client, path: str) -> None:
    for answer in (client.get(path), client.ask("GET", path, headers={"Cookie": None})):
        headers = answer.headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Server"] is None
        assert headers["Access-Control-Allow-Origin"] is None
    directives = dict(each.split(" ", 1) for each in POLICY.split("; "))
    assert directives["default-src"] == directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert set(directives.values()) == {"'none'", "'self'"}


@pytest.mark.parametrize("path", ["/", "/bureaux", "/bureaux?commune=77001", "/cases", "/cases/1", "/urns", "/nowhere"])
def test_no_page_has_anything_inline_or_from_elsewhere(with_pv: Client, path: str) -> None:
    text = with_pv.get(path).text
    assert not re.search(r"<style|style=|\son\w+=|javascript:", text)
    assert re.findall(r"<script[^>]*>[^<]*", text) == ['<script src="/static/page.js" defer>']
    assert not re.search(r'(src|href|action)="(?!/|#)', text)
    assert not re.search(r'(src|href|action)="//', text)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert client.ask(method, "/", headers=client.own).status == 405


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "http://evil.example", "evil", ""])
def test_a_form_leads_back_to_a_page_of_this_case_only(client: Client, back: str) -> None:
    answer = client.post("/language", {"language": "fr", "back": back})
    assert (answer.status, answer.headers["Location"]) == (303, "/")


def test_a_form_that_is_too_large_is_refused(client: Client) -> None:
    assert client.post("/language", {"language": "fr", "back": "x" * 2**20}).status == 413
    assert client.post("/language", {f"field-{number}": "" for number in range(1001)}).status == 400


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/..%2fapp.py"]
)
def test_static_files_are_those_of_the_page(client: Client, path: str) -> None:
    answer = client.get(f"/static/{path}")
    assert answer.status == 404
    assert "import" not in answer.text


def test_the_review_names_tests_that_are_there() -> None:
    """In both languages, the same ones."""
    root = Path(__file__).resolve().parents[3]
    there = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    named = [
        set(re.findall(r"`(test_\w+)`", (root / "docs" / "reference" / name).read_text("utf-8")))
        for name in ("security.md", "securite.md")
    ]
    assert len(named[0]) > 20
    assert named[0] == named[1]
    assert named[0] <= there


def connect(client: Client, said: bytes = b"") -> socket.socket:
    """A connection that says no more than this."""
    opened = socket.create_connection((LOOPBACK, client.keys.port), timeout=HANG)
    opened.sendall(said)
    return opened


def is_closed(opened: socket.socket) -> bool:
    """Wait for the other end to close it."""
    try:
        return opened.recv(1) == b""
    except ConnectionResetError:
        return True


def begun(client: Client) -> bytes:
    """A form that is never sent to its end, of somebody who may send it."""
    form = ["Content-Type: multipart/form-data; boundary=x", "Content-Length: 99", "", "--x"]
    lines = ["POST /files HTTP/1.1", f"Host: {client.keys.hosts[0]}", f"Cookie: {client.cookie}"]
    lines += [f"{name}: {value}" for name, value in client.own.items()]
    return "\r\n".join([*lines, *form]).encode()


def test_of_too_many_the_longest_waiting_are_closed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_server, "MOST", 20)
    with serving(folder) as client, contextlib.ExitStack() as stack:
        silent = [stack.enter_context(connect(client)) for _ in range(60)]
        assert client.get("/").status == 200
        assert all(map(is_closed, silent[:40]))


def test_a_silent_connection_is_closed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_server, "SILENT", 0.2)
    with serving(folder) as client:
        for said in (b"", b"GET / HTTP/1.1\r\nHost:", begun(client)):
            with connect(client, said) as silent:
                assert is_closed(silent), said
        assert client.get("/").status == 200
