"""The one way in: regular files only, of bounded size, read once, and nothing that links lead to elsewhere."""

import hashlib
import os
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.errors import InputError
from protocol.opening import FileInParts, TooLargeError, check_inside, holds, open_evidence, read_ends
from tests.sources import new_file

CONTENT = b"insee,bureau\n77001,0001\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "night"
    path.mkdir()
    (path / "pv.csv").write_bytes(CONTENT)
    (tmp_path / "secret.txt").write_bytes(b"of nobody else's business")
    return path


def refusal(path: Path, below: Path | None = None) -> tuple[str, str]:
    with pytest.raises(InputError) as raised:
        open_evidence(path, 1000, below)
    assert raised.value.file == str(path)
    return str(raised.value.expected), str(raised.value.got)


@pytest.mark.parametrize("found", [True, False])
def test_bytes_and_digest_of_a_file(folder: Path, found: bool) -> None:
    opened = open_evidence(folder / "pv.csv", len(CONTENT), folder if found else None)
    (folder / "pv.csv").write_bytes(b"another content")
    assert (opened.data, opened.sha256) == (CONTENT, hashlib.sha256(CONTENT).hexdigest())


def test_a_file_above_the_limit_is_not_read(folder: Path) -> None:
    with (folder / "pv.csv").open("r+b") as file:
        file.truncate(10 * 2**30)
    with pytest.raises(TooLargeError) as raised:
        open_evidence(folder / "pv.csv", 2**20)
    assert (raised.value.size, str(raised.value.expected)) == (10 * 2**30, "at most 1048576 bytes")


@pytest.mark.parametrize("data", [b"", CONTENT[:-1], CONTENT, CONTENT + b"\n", CONTENT[:-1] + b"\r"])
def test_whether_a_file_holds_bytes(folder: Path, data: bytes) -> None:
    assert holds(folder / "pv.csv", data) == (data == CONTENT)


@pytest.fixture(params=["pipe", "socket", "device", "folder"])
def no_file(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Path]]:
    path = tmp_path / "x"
    bound = None
    if request.param == "pipe":
        os.mkfifo(path)
    elif request.param == "socket":
        bound = socket.socket(socket.AF_UNIX)
        monkeypatch.chdir(tmp_path)
        bound.bind(path.name)  # the name of a socket may not be long
    elif request.param == "device":
        path = Path(os.devnull)
    else:
        path.mkdir()
    yield request.param, path
    if bound is not None:
        bound.close()


def test_what_is_no_file_is_never_opened(no_file: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    kind, path = no_file
    monkeypatch.setattr(os, "open", None)
    assert refusal(path) == ("a regular file", f"a {kind}")


def test_what_takes_the_place_of_a_file_is_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that nobody writes to, put there after the look and before the opening."""
    true = os.open

    def swapped(path: Path, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return true(path, flags)

    monkeypatch.setattr(os, "open", swapped)
    assert refusal(folder / "pv.csv") == ("a regular file", "a pipe")


@pytest.mark.skipif(not Path("/proc/self/pagemap").exists(), reason="no such files on this system")
@pytest.mark.parametrize("name", ["pagemap", "mem", "environ", "fd/0"])
def test_files_that_the_system_makes_up(tmp_path: Path, name: str) -> None:
    (tmp_path / "pv.csv").symlink_to(f"/proc/self/{name}")
    expected, _ = refusal(tmp_path / "pv.csv")
    assert expected == "a regular file"
    assert refusal(tmp_path / "pv.csv", tmp_path)[1] == "a link that leads out of it, not followed"


@pytest.mark.parametrize("target", ["../secret.txt", "/etc/passwd", "out/secret.txt"])
def test_a_link_out_of_the_folder_is_not_followed(folder: Path, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "out").symlink_to("..")
    link = folder / "publie.txt"
    link.symlink_to(target)
    monkeypatch.setattr(os, "open", None)
    assert refusal(link, folder) == ("a part of this folder", "a link that leads out of it, not followed")
    assert refusal(folder / "out" / "secret.txt", folder)[0] == "a part of this folder"


def test_a_link_within_the_folder_is_followed_and_one_given_by_its_name_too(folder: Path, tmp_path: Path) -> None:
    (folder / "same.csv").symlink_to("pv.csv")
    (folder / "out.csv").symlink_to("../secret.txt")
    (tmp_path / "other").symlink_to("night")
    assert open_evidence(folder / "same.csv", 1000, folder).data == CONTENT
    assert open_evidence(tmp_path / "other" / "same.csv", 1000, tmp_path / "other").data == CONTENT
    assert open_evidence(folder / "out.csv", 1000).data.startswith(b"of nobody")


def test_links_to_nowhere_and_in_a_circle(folder: Path) -> None:
    (folder / "nowhere").symlink_to("gone")
    (folder / "circle").symlink_to("circle")
    for below in (None, folder):
        assert refusal(folder / "nowhere", below) == ("a file", "a link that leads nowhere")
        assert refusal(folder / "circle", below)[0] == "a readable file"
        assert refusal(folder / "gone", below) == ("a file", "nothing")


def test_a_folder_that_is_a_link_out_of_the_one_given(folder: Path) -> None:
    (folder / "exports").symlink_to("..")
    (folder / "modules").mkdir()
    check_inside(folder / "modules", folder)
    with pytest.raises(InputError, match="leads out of it"):
        check_inside(folder / "exports", folder)


@pytest.mark.parametrize("size", [0, 1, len(CONTENT) + 1])
def test_a_file_that_is_written_to_meanwhile(folder: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut or lengthened between the look and the reading: neither half is taken for the whole."""
    true, times = os.fstat, []

    def at_once(descriptor: int) -> os.stat_result:
        found = true(descriptor)
        times.append(found)
        if len(times) == 1:
            os.truncate(folder / "pv.csv", size)
        return found

    monkeypatch.setattr(os, "fstat", at_once)
    assert refusal(folder / "pv.csv")[1] == "one that was being written"


def test_a_file_that_is_written_anew_meanwhile(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With as many bytes as before: only the time of the writing tells."""
    true, times = os.fstat, []

    def written(descriptor: int) -> os.stat_result:
        times.append(descriptor)
        if len(times) == 2:
            os.utime(folder / "pv.csv", ns=(0, 10**18))
        return true(descriptor)

    monkeypatch.setattr(os, "fstat", written)
    assert refusal(folder / "pv.csv")[1] == "one that was being written"


@pytest.mark.parametrize("room", [True, False], ids=["beside", "no room for a thread"])
def test_the_digest_of_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: bool) -> None:
    content = b"insee" * 2**20
    (tmp_path / "pv.csv").write_bytes(content)
    opened = open_evidence(tmp_path / "pv.csv")
    if not room:

        def refuse(thread: threading.Thread) -> None:
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr(threading.Thread, "start", refuse)
    digest = opened.digest
    del opened
    assert digest.hexdigest() == digest.hexdigest() == hashlib.sha256(content).hexdigest()


def test_a_file_in_parts_is_read_once_and_again() -> None:
    path = new_file("a", bytes(range(200)))
    file = FileInParts(path)
    assert file.sha256 == ""  # not all of it was read
    assert [len(file.next(90)) for _ in range(4)] == [90, 90, 20, 0]
    assert file.sha256 == hashlib.sha256(bytes(range(200))).hexdigest()
    assert (file.again(10, 5), file.again(195, 2**40), file.again(500, 5)) == (
        bytes(range(10, 15)),
        b"\xc3\xc4\xc5\xc6\xc7",
        b"",
    )
    file.close()


def test_a_file_in_parts_is_bounded_and_must_not_change(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(200))
    with pytest.raises(TooLargeError):
        FileInParts(path, limit=199)
    file = FileInParts(path, limit=200)
    path.write_bytes(bytes(201))
    with pytest.raises(InputError, match="being written"):
        file.next(10)
    file.close()
    for other in (tmp_path, tmp_path / "absent"):
        with pytest.raises(InputError):
            FileInParts(other)


def test_the_ends_of_a_short_file_take_no_more_room_than_it(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"PAR1 ends")
    tracemalloc.start()
    try:
        assert read_ends(tmp_path / "short", 4, 2**26) == (b"PAR1", b"PAR1 ends")
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
