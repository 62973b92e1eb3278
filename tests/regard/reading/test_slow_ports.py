"""`regard lab read` over ports that take their time: sockets, pseudo-terminals, pyserial's server of RFC 2217."""

import os
import socket
from pathlib import Path

import pytest

from protocol.errors import LinkError
from protocol.line.serial_port import NETWORK_LIMIT, SerialStream
from tests.protocol.line.media import Weather
from tests.regard.reading.readings import IMAGE, read, record_of, served
from tests.regard.reading.rfc2217 import rfc2217_server

needs_pty = pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")
PORTS = [pytest.param("pty", marks=needs_pty), "tcp:0"]
of_pyserial = pytest.mark.filterwarnings("ignore:setDaemon:DeprecationWarning", "ignore:setName:DeprecationWarning")


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("weather", [Weather(0.2, jitter=0.1, seed=1), Weather(1.0)])
def test_a_line_that_takes_its_time(weather: Weather, port: str, tmp_path: Path) -> None:
    output = tmp_path / "m.urn"
    with served(image=IMAGE[:6000], port=port, weather=weather) as (announced, _):
        assert read(announced[0], output) == 0
    assert output.read_bytes() == IMAGE[:6000]
    (session,) = record_of(output)["sessions"]
    assert session["requests"] < 150


@pytest.mark.check(2)
@of_pyserial
@pytest.mark.parametrize("port", PORTS)
def test_pyserials_server(port: str, tmp_path: Path) -> None:
    """One reading after another, as a lab would do that put its unit on a network."""
    with served(port=port) as (announced, _), rfc2217_server(announced[0]) as url:
        for number in range(3):
            assert read(url, tmp_path / f"{number}.urn") == 0
            assert (tmp_path / f"{number}.urn").read_bytes() == IMAGE


@of_pyserial
def test_pyserials_server_in_front_of_a_slow_line(tmp_path: Path) -> None:
    with (
        served(image=IMAGE[:6000], weather=Weather(0.5, jitter=0.2, seed=2)) as (announced, _),
        rfc2217_server(announced[0]) as url,
    ):
        assert read(url, tmp_path / "m.urn") == 0
    assert (tmp_path / "m.urn").read_bytes() == IMAGE[:6000]


@of_pyserial
def test_opening_a_port_far_away_is_waited_for() -> None:
    with served() as (announced, _), rfc2217_server(announced[0]) as url:
        for options, seconds in (("", NETWORK_LIMIT), ("?logging=error", NETWORK_LIMIT), ("?timeout=20", 20)):
            stream = SerialStream(url + options, 9600)
            assert vars(stream._port)["_network_timeout"] == seconds
            stream.close()


@of_pyserial
def test_a_server_that_does_not_answer_is_named_as_it_was_given() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"rfc2217://127.0.0.1:{listener.getsockname()[1]}?timeout=0.2"
        with pytest.raises(LinkError, match="cannot open the port") as raised:
            SerialStream(url, 9600)
        assert url in str(raised.value)
