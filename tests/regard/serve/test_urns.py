"""Urns read over a serial line on the page: as `regard lab read` reads them, one at a time, into the case's folder."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from serial.tools import list_ports

from protocol.line.emulator import Faults
from protocol.line.serial_port import SerialStream
from protocol.reading_files import STATE_FORMAT, part_path, record_path, state_path
from protocol.urn.image import DTYPE, MAGIC
from regard.serve.urn_reading import WatchedReading
from tests.programs import HANG
from tests.regard.readings import IMAGE, read, served
from tests.regard.serve.running import Client, serving
from tests.verify.night_urn_images import urn_image

SLOW = 115_200
"""Baud at which `IMAGE` takes nearly two seconds, and as long again."""


@contextmanager
def unit(folder: Path, image: bytes = IMAGE, faults: Faults | None = None, baud: int = 2_000_000) -> Iterator[Client]:
    """The page of a case that was started with the port of a reading unit, which is served."""
    with served(faults, image, baud=baud) as (announced, _), serving(folder, units=announced) as client:
        yield client


def begin(client: Client, **fields: str) -> int:
    """Ask for a reading; returns the status of the answer."""
    port = client.server.desk.reader.ports()[0].device
    return client.post("/urns/read", {"port": port, "baud": "2000000", "name": "urn.urn", **fields}).status


def until(client: Client, holds: Callable[[WatchedReading], bool]) -> None:
    """Wait until something holds of the reading."""
    end = time.monotonic() + HANG
    while not ((latest := client.server.desk.reader.latest) is not None and holds(latest)):
        assert time.monotonic() < end, latest
        time.sleep(0.005)


def ended(client: Client) -> str:
    """The words of the page when nothing is read any more."""
    assert client.server.desk.reader.wait(HANG)
    return unescape(client.get("/urns").plain)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def record(folder: Path, name: str = "urn.urn") -> dict[str, Any]:
    content: dict[str, Any] = json.loads(record_path(folder / "modules" / name).read_text("utf-8"))
    return content


def test_an_urn_is_read_and_the_desk_shows_it(folder: Path) -> None:
    image = urn_image()
    with unit(folder, image) as client:
        assert "No serial port" not in client.get("/urns").plain
        assert begin(client) == 303
        page = ended(client)
        assert "The urn was read. Its image is in the folder now." in page
        assert "urn.urn: 65,536 bytes of urn" in page
        assert "read twice, the same; 0 blocks asked for again." in page
        assert record(folder)["sha256"] in page
        assert "images of urns: ● 1 used" in client.get("/").plain
    assert (folder / "modules" / "urn.urn").read_bytes() == image
    assert record(folder)["passes"] == 2
    assert names(folder) == ["modules/urn.urn", "modules/urn.urn.json"]


@pytest.mark.check(5)
def test_what_is_being_read_is_shown_and_survives_a_new_look(folder: Path) -> None:
    with unit(folder, faults=Faults(noise=0.001), baud=SLOW) as client:
        begin(client, baud=str(SLOW))
        until(client, lambda now: now.done > 2000)
        for _ in range(2):
            page = client.get("/urns").plain
            assert "Being read The urn is being read." in page
            assert "of 20,000 bytes" in page
            assert "Read the urn" not in page
        part = client.get("/urns/now").text
        assert 'data-busy="1"' in part
        assert "<html" not in part
        assert 'max="20000"' in part
        until(client, lambda now: now.damaged > 0 and now.asked_again > 0)
        until(client, lambda now: now.step.name == "COMPARE" and now.done > 2000)
        assert "bytes read twice, the same." in client.get("/urns/now").text
        page = ended(client)
        assert 'data-busy="0"' in client.get("/urns/now").text
        session = record(folder)["sessions"][0]
        assert session["damaged_frames"] > 0
        assert f"{session['repeated']} block" in page
    assert (folder / "modules" / "urn.urn").read_bytes() == IMAGE


@pytest.mark.check(3)
def test_a_reading_that_was_stopped_goes_on(folder: Path) -> None:
    with unit(folder, baud=SLOW) as client:
        begin(client, baud=str(SLOW))
        until(client, lambda now: now.done > 2000)
        assert client.post("/urns/stop", {}).status == 303
        page = ended(client)
        assert "The reading was stopped." in page
        assert "go on with urn.urn" in page
        assert "of 20,000 bytes; 0 of them compared" in page
        image = folder / "modules" / "urn.urn"
        kept = part_path(image).read_bytes()
        assert kept == IMAGE[: len(kept)] != b""
        assert "1 error" not in client.get("/").plain
        assert begin(client, baud=str(SLOW), earlier="urn.urn") == 303
        page = ended(client)
        assert "The urn was read." in page
        assert "Unfinished readings" not in page
    assert image.read_bytes() == IMAGE
    assert len(record(folder)["sessions"]) == 2
    assert names(folder) == ["modules/urn.urn", "modules/urn.urn.json"]


def test_page_and_command_go_on_with_one_anothers_readings(folder: Path) -> None:
    (folder / "modules").mkdir()
    image = folder / "modules" / "urn.urn"
    with served(Faults(disconnect_after=9000)) as (announced, _):
        assert read(announced[0], image) == 2
    with unit(folder) as client:
        assert "go on with urn.urn" in client.get("/urns").plain
        begin(client, earlier="urn.urn")
        assert "The urn was read." in ended(client)
    assert image.read_bytes() == IMAGE
    with unit(folder, faults=Faults(disconnect_after=9000)) as client:
        begin(client)
        assert "The reading has not come to its end: the connection to " in ended(client)
    with served() as (announced, _):
        assert read(announced[0], image.with_name("urn (2).urn"), "--resume") == 0
    assert image.with_name("urn (2).urn").read_bytes() == IMAGE


@pytest.mark.parametrize("port", ["/etc/passwd", "socket://127.0.0.1:9", "loop://", "", "../../dev/ttyS0"])
def test_only_a_port_of_the_list_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    opened: list[str] = []
    monkeypatch.setattr(SerialStream, "__init__", lambda self, url, baud: opened.append(url))
    with unit(folder) as client:
        answer = client.post("/urns/read", {"port": port, "baud": "9600", "name": "urn.urn"})
        assert answer.status == 400
        assert "there is no such port any more" in answer.plain
        assert client.server.desk.reader.latest is None
    assert opened == []
    assert names(folder) == []


@pytest.mark.parametrize("fields", [{"key": "wrong"}, {"key": ""}])
def test_an_urn_is_read_and_stopped_by_a_form_of_the_page_only(folder: Path, fields: dict[str, str]) -> None:
    with unit(folder, baud=SLOW) as client:
        assert begin(client, **fields) == 403
        assert client.get("/urns/read").status == client.get("/urns/stop").status == 404
        assert client.server.desk.reader.latest is None
        begin(client, baud=str(SLOW))
        until(client, lambda now: now.done > 0)
        assert client.post("/urns/stop", fields).status == 403
        assert client.post("/urns/stop", {}, {"Origin": "http://evil.example"}).status == 403
        assert "Being read" in client.get("/urns").plain
    assert names(folder) == ["modules/urn.urn.part", "modules/urn.urn.part.json"]  # the end of the page put it away


@pytest.mark.check(3)
def test_one_urn_at_a_time(folder: Path) -> None:
    with unit(folder, baud=SLOW) as client:
        begin(client, baud=str(SLOW))
        until(client, lambda now: now.done > 0)
        port = client.server.desk.reader.ports()[0].device
        answer = client.post("/urns/read", {"port": port, "baud": "9600", "name": "second.urn"})
        assert answer.status == 409
        assert "an urn is being read" in answer.plain
        assert not (folder / "modules" / "second.urn.part").exists()
        with serving(folder, units=[port]) as other:  # another page on the same folder
            assert "go on with urn.urn" in other.get("/urns").plain
            answer = other.post("/urns/read", {"port": port, "baud": "9600", "earlier": "urn.urn"})
            assert answer.status == 400
            assert "another" in answer.plain
        ended(client)
    assert (folder / "modules" / "urn.urn").read_bytes() == IMAGE


@pytest.mark.parametrize("baud", ["", "0", "-1", "115200.5", "10000001", "9" * 400, "abc"])
def test_a_rate_that_is_none_is_refused(folder: Path, baud: str) -> None:
    with unit(folder) as client:
        assert begin(client, baud=baud) == 400
    assert names(folder) == []


def test_nothing_that_is_there_is_replaced_by_a_reading(folder: Path) -> None:
    (folder / "modules").mkdir()
    taken = {"a.urn": b"image", "a (2).urn.json": b"a record", "a (3).urn.part": b"unfinished"}
    for name, data in taken.items():
        (folder / "modules" / name).write_bytes(data)
    with unit(folder) as client:
        begin(client, name="a.urn")
        ended(client)
    for name, data in taken.items():
        assert (folder / "modules" / name).read_bytes() == data
    assert (folder / "modules" / "a (4).urn").read_bytes() == IMAGE


@pytest.mark.check(4)
@pytest.mark.parametrize("name", ["../../x", "/etc/x.urn", "con", "", "\u202egnp.x", "x" * 10_000, "<img src=x>"])
def test_the_image_of_an_urn_has_a_safe_name(folder: Path, name: str) -> None:
    with unit(folder) as client:
        assert begin(client, name=name) == 303
        page = client.get("/urns").text
        ended(client)
        assert "<img" not in page + client.get("/urns").text
    (image,) = (path for path in folder.rglob("*") if path.suffix == ".urn")
    assert image.parent == folder / "modules"
    assert image.read_bytes() == IMAGE


def test_no_image_is_written_where_a_link_leads(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "modules").symlink_to(outside)
    with unit(folder) as client:
        assert begin(client) == 400
    assert list(outside.iterdir()) == []


def test_a_computer_without_ports_is_told_what_to_do(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_ports, "comports", list)
    page = unescape(client.get("/urns").plain)
    assert "No serial port on this computer." in page
    assert "`regard serve FOLDER --unit PORT`" in page
    assert "Read the urn" not in page


def test_a_port_that_cannot_be_opened_is_said(folder: Path) -> None:
    with serving(folder, units=["socket://127.0.0.1:1"]) as client:
        begin(client)
        assert "cannot open the port socket://127.0.0.1:1" in ended(client)
    assert names(folder) == []


def test_readings_that_differ_are_said_and_do_not_go_on(folder: Path) -> None:
    with served(baud=SLOW) as (announced, reading_unit), serving(folder, units=announced) as client:
        begin(client, baud=str(SLOW))
        until(client, lambda now: now.step.name == "COMPARE")
        reading_unit.image = bytes(255 - byte for byte in IMAGE)
        assert "the two passes differ at byte" in ended(client)
        page = client.get("/urns").plain
        assert "the two readings of this urn differ at byte" in page
        assert "go on with" not in page
        assert begin(client, earlier="urn.urn") == 404
    assert not (folder / "modules" / "urn.urn").exists()


def test_a_section_that_fails_its_checksum_is_said(folder: Path) -> None:
    image = np.full(DTYPE.itemsize, 0xFF, np.uint8)
    image[: len(MAGIC)] = list(MAGIC)
    with unit(folder, image.tobytes()) as client:
        begin(client, once="1")
        page = ended(client)
    assert "A section of the urn fails its checksum: " in page
    assert record(folder)["passes"] == 1


@pytest.mark.parametrize(
    "change", [{"module_serial": "<script>alert(1)</script>"}, {"read": 10**30}, {"image_length": "x"}, {"sha256": 5}]
)
def test_an_unfinished_reading_that_somebody_else_made_does_nothing(
    client: Client, folder: Path, change: dict[str, object]
) -> None:
    image = folder / "modules" / "a.urn"
    image.parent.mkdir()
    state = {"format": STATE_FORMAT, "unit": "U", "module_serial": "M", "machine_serial": "", "image_length": 9}
    state |= {"read": 0, "sha256": "", "compared": 0, "differs_at": None, "sessions": [], **change}
    part_path(image).touch()
    state_path(image).write_text(json.dumps(state), "utf-8")
    page = client.get("/urns")
    assert page.status == 200
    assert "a.urn" in page.plain
    assert "<script>alert" not in page.text


@pytest.mark.check(3)
def test_what_grows_while_an_urn_is_read_is_not_compared_anew(folder: Path) -> None:
    with unit(folder, baud=SLOW) as client:
        client.get("/")
        begin(client, baud=str(SLOW))
        until(client, lambda now: now.done > 0)
        before = client.server.desk.folder.mark()
        until(client, lambda now: now.step.name == "COMPARE")
        assert client.server.desk.folder.mark() == before
        ended(client)
        assert client.server.desk.folder.mark() != before
