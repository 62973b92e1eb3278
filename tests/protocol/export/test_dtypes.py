"""From construct to numpy: same size, same offsets, same names, same values."""

import construct
import pytest
from construct import Array, Byte, Bytes, Const, Int8sb, Int16ub, Int16ul, Int32ub, Int64sl, Padding, Struct

from protocol.export.dtypes import dtype_of
from protocol.export.record import DTYPE, MEANING, PLACES, RECORD

MIXED = Struct(
    "magic" / Const(b"AB"),
    "small" / Int8sb,
    Padding(1),
    "big_endian" / Int16ub,
    "little_endian" / Int16ul,
    "array" / Array(3, Int32ub),
    "inner" / Array(2, Struct("x" / Byte, "raw" / Bytes(3), Padding(2))),
    "long" / Int64sl,
    Padding(4),
    construct.Terminated,
)


VALUES = {
    "small": -3,
    "big_endian": 0x0102,
    "little_endian": 0x0304,
    "array": [1, 2**31, 2**32 - 1],
    "inner": [{"x": 7, "raw": b"\0\x01\xff"}, {"x": 255, "raw": b"abc"}],
    "long": -(2**63),
}


def test_offsets_and_sizes_are_those_of_the_definition() -> None:
    dtype = dtype_of(MIXED)
    assert dtype.itemsize == len(MIXED.build(VALUES)) == 44
    assert {name: field[1] for name, field in (dtype.fields or {}).items()} == {
        "magic": 0,
        "small": 2,
        "big_endian": 4,
        "little_endian": 6,
        "array": 8,
        "inner": 20,
        "long": 32,
    }


@pytest.mark.parametrize(
    "definition",
    [
        construct.GreedyBytes,
        construct.VarInt,
        Bytes(construct.this.length),
        Array(construct.this.count, Byte),
        construct.If(construct.this.flag, Byte),
        Struct("a" / Byte, "b" / construct.PascalString(Byte, "ascii")),
        construct.Checksum(Int32ub, len, construct.this.data),
    ],
    ids=str,
)
def test_what_depends_on_the_data_has_no_dtype(definition: construct.Construct) -> None:  # type: ignore[type-arg]
    with pytest.raises(TypeError, match="no fixed numpy equivalent"):
        dtype_of(definition)


def test_the_record_is_aligned_and_without_gaps() -> None:
    assert DTYPE.itemsize == sum(part.sizeof() for part in RECORD.subcons[:-1]) == 576
    assert RECORD.subcons[-1] is construct.Terminated
    end = 0
    for name, (offset, size) in PLACES.items():
        alignment = 1 if DTYPE[name].base.kind == "V" else DTYPE[name].base.itemsize
        assert offset == end, name
        assert offset % alignment == 0, name
        end = offset + size
    assert end == 576
    assert list(MEANING) == list(DTYPE.names or ())
