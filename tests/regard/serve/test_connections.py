"""Connections that say nothing: closed after a while, the longest waiting ones before, and the page answers others."""

import contextlib
import socket
from pathlib import Path

import pytest

from regard.serve import local_server
from regard.serve.security import LOOPBACK
from tests.programs import HANG
from tests.regard.serve.running import Client, serving


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
