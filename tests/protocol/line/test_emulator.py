"""The emulated unit: its pace, its faults, what it refuses, and how it serves over a pty and over TCP."""

import os
import socket
import sys
import threading
import time
from contextlib import AbstractContextManager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.errors import LinkError
from protocol.line.emulator import BUFFER, SECOND, EmulatedLine, Faults, Wire, line_time
from protocol.line.frames import Frame, FrameScanner, encode
from protocol.line.link import UnitLink
from protocol.line.messages import ANSWER, MAX_BLOCK, MAX_IMAGE_LENGTH, REFUSED, MessageKind, Reason, read_request
from protocol.line.reading_unit import QUEUE, ReadingUnit, Serials, serials_of
from protocol.line.serial_port import SerialStream, ports
from protocol.line.trace import TracedStream, rows
from protocol.line.unit_port import serve
from protocol.urn.image import DTYPE, IMAGE_SIZE
from tests.programs import HANG
from tests.protocol.line.null_modem import NullModem
from tests.protocol.line.served_units import served_from_a_thread

IMAGE = np.random.default_rng(2).integers(0, 256, 30_000, np.uint8).tobytes()
needs_pty = pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")


def wire(baud: int = 9600, faults: Faults | None = None) -> Wire:
    return Wire(baud, faults or Faults(), np.random.default_rng(5))


def emulated(baud: int = 9600, **faults: float) -> EmulatedLine:
    """A unit with the image in its slot, at the end of a line with these faults."""
    return EmulatedLine(ReadingUnit(IMAGE, 1), baud, Faults(**faults))  # type: ignore[arg-type]


def answers(unit: ReadingUnit, request: Frame) -> list[Frame]:
    return FrameScanner().feed(b"".join(unit.receive(encode(request))))


def test_bytes_take_their_time() -> None:
    line = wire()
    line.put(b"abc\0", 1000)
    assert line.next_event() == 1000 + line_time(4, 9600)
    assert line_time(96, 960) == SECOND
    for count in range(1, 4):
        assert line.take(1000 + line_time(count, 9600) - 1) == b""
        assert len(line.take(1000 + line_time(count, 9600))) == 1
    assert line.take(1000 + SECOND) == b"\0"
    assert line.next_event() is None


def test_the_pace_does_not_drift() -> None:
    """Fed and emptied at odd moments for an hour, the line carries what an hour holds, to the byte."""
    line, rng = wire(115_200), np.random.default_rng(1)
    now = carried = 0
    line.put(bytes(20_000), now)
    while now < 3600 * SECOND:
        now += int(rng.integers(1, SECOND))
        carried += len(line.take(now))
        line.put(bytes(20_000 - len(line)), now)
    assert carried == now * 115_200 // (10 * SECOND)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=20))
@settings(max_examples=20)
def test_faults_do_not_depend_on_the_pieces(steps: list[int]) -> None:
    faults = Faults(noise=0.05, drop=0.05)
    data = bytes(range(200))
    whole, pieces = wire(9600, faults), wire(9600, faults)
    whole.put(data, 0)
    pieces.put(data, 0)
    now, found = 0, b""
    for step in steps:
        now += step * 100_000
        found += pieces.take(now)
    assert found + pieces.take(SECOND) == whole.take(SECOND)


def test_the_rates_are_kept_to() -> None:
    line = wire(9600, Faults(noise=0.02, drop=0.01))
    data = bytes(100_000)
    line.put(data, 0)
    received = line.take(1000 * SECOND)
    assert abs(len(data) - len(received) - 1000) < 150
    assert abs(np.count_nonzero(np.frombuffer(received, np.uint8)) - 2000) < 200


def test_the_same_seed_makes_the_same_line() -> None:
    def traffic(seed: int) -> tuple[float, int]:
        line = NullModem(EmulatedLine(ReadingUnit(IMAGE[:5000], boot=1), 115_200, Faults(noise=0.01, seed=seed)))
        requests = b"".join(encode(read_request(n, 100 * n, 100)) for n in range(8))
        line.send(requests)
        received = b""
        while piece := line.receive(1.0):
            received += piece
        return line.clock(), hash(received)

    assert traffic(1) == traffic(1)
    assert traffic(1) != traffic(2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"noise": 1.1},
        {"noise": -0.1},
        {"drop": float("nan")},
        {"stall": -1.0},
        {"stall": float("inf")},
        {"disconnect_after": 0},
    ],
)
def test_faults_out_of_range(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Faults(**wrong)  # type: ignore[arg-type]


def test_no_baud_rate_of_nothing() -> None:
    with pytest.raises(ValueError, match="baud is a positive number"):
        EmulatedLine(ReadingUnit(b"x", 1), 0, Faults())


def test_no_command_writes() -> None:
    """Every kind of frame, with every kind of body: the three known ones answer, and the image stays as it was."""
    unit = ReadingUnit(IMAGE, boot=1)
    bodies = (b"", bytes(4), bytes.fromhex("00000000 0010"), bytes.fromhex("00000000") + b"\xff" * 200)
    for kind in range(256):
        for body in bodies:
            (answer,) = answers(unit, Frame(kind, 9, body))
            assert answer.sequence == 9
            if kind not in list(MessageKind):
                assert (answer.kind, answer.body) == (REFUSED, bytes((Reason.UNKNOWN_COMMAND,)))
    assert unit.image == IMAGE
    assert [kind.name for kind in MessageKind] == ["IDENTIFY", "STATUS", "READ"]


def test_what_a_unit_refuses_and_why() -> None:
    end = len(IMAGE)
    beyond = ((0, 0), (0, MAX_BLOCK + 1), (end, 1), (end - 1, 2), (2**32 - 1, 0xFFFF))
    for image, request, reason in (
        *((IMAGE, read_request(1, *place), Reason.OUT_OF_RANGE) for place in beyond),
        *((IMAGE, Frame(kind, 1, bytes(size)), Reason.MALFORMED) for kind in MessageKind for size in (0, 3, 7)),
        (None, read_request(1, 0, 1), Reason.NO_URN),
    ):
        (answer,) = answers(ReadingUnit(image, 1), request)
        assert (answer.kind, answer.body) == (REFUSED, bytes((reason,)))


def test_a_module_put_into_an_empty_slot_is_read() -> None:
    unit = ReadingUnit(None, 1)
    unit.insert(b"new")
    assert answers(unit, read_request(2, 0, 3))[0].body[4:] == b"new"


def test_the_ends_of_the_image() -> None:
    for address, length in ((0, MAX_BLOCK), (len(IMAGE) - 1, 1)):
        (answer,) = answers(ReadingUnit(IMAGE, 1), read_request(1, address, length))
        assert answer.kind == MessageKind.READ | ANSWER
        assert answer.body[4:] == IMAGE[address : address + length]


def test_an_image_that_is_too_large() -> None:
    with pytest.raises(ValueError, match="at most"):
        ReadingUnit(bytes(MAX_IMAGE_LENGTH + 1), 1)


def test_serials_of_a_module_image() -> None:
    image = np.zeros((), DTYPE)
    image["configuration"]["module_serial"] = b"YMC00001"
    image["configuration"]["machine_serial"] = b"YMD00007"
    assert serials_of(image.tobytes()) == Serials("YMC00001", "YMD00007")
    image["configuration"]["module_serial"] = b"\x1b[2J"
    assert serials_of(image.tobytes()).urn.startswith("sha256:")
    for other in (b"\xff" * IMAGE_SIZE, bytes(IMAGE_SIZE), b"short", b""):
        assert serials_of(other).urn.startswith("sha256:")


def test_the_queue_is_bounded() -> None:
    emulator = emulated()
    emulator.arrive(b"".join(encode(read_request(n, 0, MAX_BLOCK)) for n in range(30)), 0)
    received = emulator.depart(SECOND) + emulator.depart(1000 * SECOND)
    assert [frame.sequence for frame in FrameScanner().feed(received)] == list(range(QUEUE))
    emulator.arrive(b"x" * 10 * BUFFER, 1000 * SECOND)
    assert emulator.next_event() == 1000 * SECOND + line_time(BUFFER, 9600)


def test_a_disconnect_after_so_many_bytes_and_only_once() -> None:
    emulator = emulated(9600, disconnect_after=500)
    request = encode(read_request(1, 0, 1000))
    emulator.arrive(request, 0)
    emulator.depart(SECOND)
    assert len(emulator.depart(100 * SECOND)) == 500
    assert emulator.hung_up
    emulator.reconnect()
    assert (emulator.hung_up, emulator.next_event(), emulator.unit.boot) == (False, None, 2)
    emulator.arrive(request, 200 * SECOND)
    emulator.depart(201 * SECOND)
    assert len(emulator.depart(300 * SECOND)) == len(ReadingUnit(IMAGE, 1).receive(request)[0])
    assert not emulator.hung_up


def test_a_stall_holds_answers_back() -> None:
    late = 0
    emulator = emulated(115_200, stall=5.0, seed=1)
    for n in range(400):
        now = n * 10 * SECOND
        emulator.arrive(encode(read_request(n % 256, 0, 10)), now)
        emulator.depart(now + SECOND)
        if emulator.next_event():
            stalled = not emulator.depart(now + 4 * SECOND)
            assert bool(emulator.depart(now + 7 * SECOND)) == stalled
            late += stalled
    assert 2 <= late <= 8


def served(port: str, baud: int = 2_000_000, **faults: float) -> AbstractContextManager[list[str]]:
    """An emulator in a thread; gives the ports that it announces."""
    return served_from_a_thread(emulated(baud, **faults), port)


def read_over(port: str) -> bytes:
    stream = SerialStream(port, 2_000_000)
    try:
        link = UnitLink(stream, 2_000_000)
        return b"".join(link.read(0, link.identify().image_length))
    finally:
        stream.close()


@pytest.mark.parametrize("port", [pytest.param("pty", marks=needs_pty), "tcp:0"])
def test_it_serves_again_after_a_disconnect(port: str) -> None:
    with served(port, disconnect_after=10_000) as announced:
        with pytest.raises(LinkError, match=r"the connection to .* is gone"):
            read_over(announced[-1])
        end = time.monotonic() + HANG
        while True:
            try:
                assert read_over(announced[-1]) == IMAGE
                break
            except LinkError:
                assert time.monotonic() < end
                time.sleep(0.1)


@needs_pty
def test_the_real_pace() -> None:
    with served("pty", baud=115_200) as announced:
        stream = SerialStream(announced[-1], 115_200)
        link = UnitLink(stream, 115_200)
        link.identify()
        start = time.monotonic()
        assert b"".join(link.read(0, 10_000)) == IMAGE[:10_000]
        assert time.monotonic() - start > 10_000 * 10 / 115_200
        stream.close()


def test_only_the_loopback_listens() -> None:
    with served("tcp:0") as announced:
        assert announced[0].startswith("socket://127.0.0.1:")
        number = announced[0].rpartition(":")[2]
        with pytest.raises(LinkError, match=f"cannot listen on 127.0.0.1:{number}"):
            serve(emulated(), f"tcp:{number}", threading.Event(), print)


@pytest.mark.parametrize("port", ["", "tcp", "tcp:", "tcp:65536", "tcp:-1", "tcp:٣", "pty:1", "udp:1"])
def test_a_port_that_there_is_not(port: str) -> None:
    with pytest.raises(LinkError, match="expected pty, or tcp:PORT"):
        serve(emulated(), port, threading.Event(), print)


def test_a_system_without_pseudo_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "openpty", raising=False)
    with pytest.raises(LinkError, match="this system has no pseudo-terminals, use tcp:PORT"):
        serve(emulated(), "pty", threading.Event(), print)


def test_a_reader_that_takes_nothing_does_not_stop_the_unit() -> None:
    with served("tcp:0", baud=4_000_000) as announced:
        host, number = announced[0].removeprefix("socket://").split(":")
        with socket.create_connection((host, int(number))) as peer:
            for n in range(200):
                peer.sendall(encode(read_request(n, 0, MAX_BLOCK)))
        assert read_over(announced[0]) == IMAGE


@pytest.mark.parametrize(
    "url",
    ["/dev/there-is-none", "socket://127.0.0.1:1", "rfc2217://127.0.0.1:1", "nothing://x", "socket://127.0.0.1"],
)
def test_a_port_that_cannot_be_opened(url: str) -> None:
    with pytest.raises(LinkError, match="cannot open the port"):
        SerialStream(url, 9600)


def test_a_port_without_a_descriptor() -> None:
    stream = SerialStream("loop://", 9600)
    stream.send(b"echo")
    assert stream.receive(1.0) == b"echo"
    start = time.monotonic()
    assert stream.receive(0.1) == b""
    assert time.monotonic() - start >= 0.1
    stream.close()


@needs_pty
@pytest.mark.skipif(sys.platform == "win32", reason="locks of another kind")
def test_a_port_in_use_is_not_shared() -> None:
    with served("pty") as announced:
        stream = SerialStream(announced[0], 9600)
        with pytest.raises(LinkError, match="cannot open the port"):
            SerialStream(announced[0], 9600)
        stream.close()


def test_the_ports_of_this_computer_are_in_order() -> None:
    devices = [port.device for port in ports()]
    assert devices == sorted(devices)


class _Log(list[str]):
    def write(self, text: str) -> int:
        self.append(text)
        return len(text)


def test_a_trace_holds_every_byte() -> None:
    line = NullModem(emulated(115_200))
    log = _Log()
    stream = TracedStream(line, log, line.clock)  # type: ignore[arg-type]
    link = UnitLink(stream, 115_200, line.clock)
    assert b"".join(link.read(0, link.identify().image_length)) == IMAGE
    stream.close()
    logged = {"TX": 0, "RX": 0}
    times = []
    for entry in log:
        moment, direction, rest = entry.split(maxsplit=2)
        logged[direction] += len(bytes.fromhex(rest[6:53]))
        times.append(float(moment))
    assert logged == {"TX": link.counts.sent, "RX": link.counts.received}
    assert times == sorted(times)
    assert list(rows(b"A\0" * 9)) == [
        "0000  41 00 41 00 41 00 41 00 41 00 41 00 41 00 41 00  A.A.A.A.A.A.A.A.",
        "0010  41 00                                            A.",
    ]
