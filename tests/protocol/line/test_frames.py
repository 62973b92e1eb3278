"""Frames and their stuffing: each kind of garbage that the docstring of `protocol.line.frames` lists is a test."""

import re

import pytest
from cobs import cobs
from hypothesis import example, given
from hypothesis import strategies as st

import protocol.line.frames
from protocol.line.frames import MAX_BODY, MAX_STUFFED, Frame, FrameScanner, decode, encode, stuff, unstuff, wire_length

FIRST = Frame(0x83, 7, bytes(range(256)) + b"\0\0\0" + b"\xff" * 300)
SECOND = Frame(0x81, 8, b"second")
NOISE = (b"", b"\0", b"noise", b"\0noise", b"noi\0se", b"\0\0noi\0\0se\0\0", b"\xff" * 5000)

bodies = st.binary(max_size=MAX_BODY)
frames = st.builds(Frame, st.integers(0, 255), st.integers(0, 255), bodies)


def scan(data: bytes) -> list[Frame]:
    return FrameScanner().feed(data)


@given(frames)
def test_a_frame_comes_back_as_it_was(frame: Frame) -> None:
    data = encode(frame)
    assert scan(data) == [frame]
    assert data.count(0) == 2
    assert len(data) <= wire_length(len(frame.body))


def test_the_wire_length_is_reached() -> None:
    assert len(encode(Frame(1, 1, b"\x01" * MAX_BODY))) == wire_length(MAX_BODY) == MAX_STUFFED + 2


def test_a_frozen_frame() -> None:
    # READ, sequence 5, address 00010000, length 0400, CRC-32 e0991b99; each 00 of these is the length to the next.
    written = "00 | 03 03 05 | 02 01 | 01 | 02 04 | 05 e0 99 1b 99 | 00"
    frame = Frame(0x03, 0x05, bytes.fromhex("00010000 0400"))
    assert encode(frame) == bytes.fromhex(written.replace("|", ""))


def test_a_body_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(ValueError, match="1029 bytes"):
        encode(Frame(1, 1, bytes(MAX_BODY + 1)))


def test_noise_before() -> None:
    for noise in NOISE:
        assert scan(noise + encode(FIRST)) == [FIRST]


def test_noise_between() -> None:
    for noise in NOISE:
        assert scan(encode(FIRST) + noise + encode(SECOND)) == [FIRST, SECOND]


def test_noise_in() -> None:
    data = encode(FIRST)
    for at in range(1, len(data)):
        for noise in (b"\0", b"\x55", b"\xff\0\xff"):
            assert scan(data[:at] + noise + data[at:] + encode(SECOND)) in ([SECOND], [FIRST, SECOND])
            if at < len(data) - 1 and noise != b"\0":
                assert scan(data[:at] + noise + data[at:] + encode(SECOND))[-1:] == [SECOND]


def test_lost() -> None:
    data = encode(FIRST)
    for at in range(len(data)):
        expected = [FIRST, SECOND] if at in (0, len(data) - 1) else [SECOND]
        assert scan(data[:at] + data[at + 1 :] + encode(SECOND)) == expected


def test_doubled() -> None:
    data = encode(FIRST)
    for at in range(len(data)):
        expected = [FIRST, SECOND] if at in (0, len(data) - 1) else [SECOND]
        assert scan(data[: at + 1] + data[at:] + encode(SECOND)) == expected
    assert scan(data + data) == [FIRST, FIRST]


def test_flipped() -> None:
    data = encode(SECOND)
    for at in range(len(data)):
        for mask in range(1, 256):
            hit = bytearray(data)
            hit[at] ^= mask
            # A flipped delimiter alone may leave a whole frame between two others.
            expected = [FIRST, SECOND, FIRST] if at in (0, len(data) - 1) else [FIRST, FIRST]
            found = scan(encode(FIRST) + bytes(hit) + encode(FIRST))
            assert found in (expected, [FIRST, FIRST])
            assert at in (0, len(data) - 1) or found == expected


def test_babble() -> None:
    scanner = FrameScanner()
    for _ in range(1000):
        assert scanner.feed(b"\x55" * 4096) == []
        assert len(scanner._rest) <= MAX_STUFFED
    assert scanner.feed(b"\0" + encode(FIRST)) == [FIRST]
    assert scanner.damaged == 1


@given(st.lists(frames, max_size=4), st.data())
def test_halves(sent: list[Frame], data: st.DataObject) -> None:
    stream = b"".join(map(encode, sent))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    scanner, found = FrameScanner(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += scanner.feed(stream[start:end])
    assert found == sent
    assert scanner.damaged == 0


@given(st.binary(max_size=3000))
def test_any_bytes_are_survived(data: bytes) -> None:
    assert decode(data) is None or len(data) <= MAX_STUFFED
    scanner = FrameScanner()
    scanner.feed(data)
    assert scanner.feed(b"\0" + encode(FIRST)) == [FIRST]


def test_every_kind_of_garbage_listed_is_a_test() -> None:
    listed = re.findall(r"^\* ([a-z ]+):", protocol.line.frames.__doc__ or "", re.MULTILINE)
    assert len(listed) == 8
    for name in listed:
        assert "test_" + name.replace(" ", "_") in globals()


pieces = st.lists(st.sampled_from([0, 1, 2, 253, 254, 255, 507, 508, 509, 762]), max_size=6)
"""Lengths of the runs between zeros, around those at which a length byte more is needed."""


@given(pieces.map(lambda lengths: b"\0".join(b"\x11" * length for length in lengths)) | st.binary(max_size=1100))
@example(b"")
@example(b"\0")
@example(b"\x01" * 254)
@example(b"\x01" * 254 + b"\0")
def test_stuffs_as_the_library_does(data: bytes) -> None:
    stuffed = stuff(data)
    assert stuffed == cobs.encode(data)
    assert 0 not in stuffed
    assert len(stuffed) <= len(data) + len(data) // 254 + 1
    assert unstuff(stuffed) == data


@given(st.binary(max_size=600) | st.lists(st.sampled_from([0, 1, 2, 3, 254, 255]), max_size=600).map(bytes))
def test_unstuffs_whatever_comes_in_as_the_library_does(data: bytes) -> None:
    try:
        expected = cobs.decode(data)
    except cobs.DecodeError:
        expected = None
    assert unstuff(data) == expected
