"""CRC-32, whichever library it comes from."""

import zlib

from hypothesis import given
from hypothesis import strategies as st

from protocol.limits import crc32


def test_the_check_value_of_the_catalogues() -> None:
    assert crc32(b"123456789") == 0xCBF43926
    assert crc32(b"") == 0


@given(st.binary(max_size=3000))
def test_it_is_that_of_the_standard_library(data: bytes) -> None:
    assert crc32(data) == zlib.crc32(data)
    assert crc32(memoryview(data)) == zlib.crc32(data)
