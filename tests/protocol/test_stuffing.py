"""Our COBS and the one of the library `cobs`, byte for byte, on every shape of zeros and lengths."""

from cobs import cobs
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.line.frames import stuff, unstuff

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
