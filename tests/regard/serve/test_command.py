"""`regard serve` as a command: what it prints, where it listens, how it ends, and what it refuses."""

import contextlib
import errno
import http.client
import importlib.util
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from regard.cli import main
from tests.programs import HANG, finish, run


@contextlib.contextmanager
def started(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and the address that it prints."""
    command = [sys.executable, "-m", "regard", "serve", *map(str, arguments), "--lang", "en"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        assert lines[0].startswith("The case in "), (lines, process.stderr and process.poll())
        yield process, lines[1].strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_at_its_address_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "new" / "case"
    with started(folder) as (process, address):
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/\?token=[\w-]{43})", address)
        assert found, address
        assert folder.is_dir()
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=HANG)
        with contextlib.closing(connection):
            connection.request("GET", found[2])
            assert connection.getresponse().status == 303
        process.send_signal(number)
        out, err = finish(process, 128 + number)
        assert (out, err) == ("", "")


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        _, err = run([sys.executable, "-m", "regard", "serve", tmp_path, "--port", str(port), "--lang", "en"], 2)
    assert err == f"regard serve: port {port} is taken already: choose another, or leave --port out\n"
    with socket.create_server(("127.0.0.1", port)):
        _, err = run([sys.executable, "-m", "regard", "serve", tmp_path, "--port", str(port), "--lang", "fr"], 2)
    assert err == f"regard serve : le port {port} est déjà pris : en choisir un autre, ou laisser --port de côté\n"


def test_the_port_that_was_asked_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with started(tmp_path, "--port", str(port)) as (_, address):
        assert address.startswith(f"http://127.0.0.1:{port}/")


def test_a_file_is_no_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pv.csv"
    path.write_text("a", "utf-8")
    assert main(["serve", str(path), "--lang", "en"]) == 2
    assert capsys.readouterr().err == f"regard serve: {path}: is not a folder\n"


@pytest.mark.parametrize("names", [["starlette"], ["starlette", "uvicorn", "python_multipart"]], ids=len)
def test_all_missing_packages_are_named_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], names: list[str]
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr("protocol.extras.find_spec", lambda asked: None if asked in names else found(asked))
    assert main(["serve", str(tmp_path / "case"), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    packages = ", ".join(sorted(names)).replace("_", "-")
    assert f"not installed here: {packages}. To install: " in " ".join(said.split())
    assert not (tmp_path / "case").exists()


def test_other_commands_load_none_of_it() -> None:
    code = (
        "import sys; from regard.cli import main; main(['ports']); print([m for m in sys.modules if 'starlette' in m])"
    )
    assert run([sys.executable, "-c", code])[0].endswith("[]\n")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "regard serve: nothing can be saved in {folder} (Permission denied): no file is taken in there"),
        ("fr", "regard serve : rien ne peut être enregistré dans {folder} (accès refusé) : "),
    ],
)
def test_a_folder_that_cannot_be_written_is_said_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: str, said: str
) -> None:
    def refuse(path: str | Path, *_: int) -> int:
        raise OSError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    monkeypatch.setattr("protocol.locked_files.os.open", refuse)
    assert main(["serve", str(tmp_path), "--lang", code]) == 0
    shown = capsys.readouterr()
    assert shown.err.startswith(said.format(folder=tmp_path))
    assert "http://127.0.0.1:" in shown.out
    monkeypatch.undo()
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    assert main(["serve", str(tmp_path), "--lang", code]) == 0
    assert capsys.readouterr().err == ""
    assert list(tmp_path.iterdir()) == []
