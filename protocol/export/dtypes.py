"""From a construct definition to a numpy dtype: the format is stated once and read in two ways.

construct is the reference reader, careful and slow; numpy reads the same bytes at memory speed. The walker below
knows the plain fixed-size constructs and nothing else: whatever needs a decision at run time (checks, conditions,
lengths read from the data) lives outside of the definition.
"""

from __future__ import annotations

from typing import Any

import construct
import numpy as np

# construct writes its numbers with the letters of `struct`, numpy with a letter and a size: L is 4 bytes in one
# and 8 in the other, so the sizes are spelled out.
_NUMBERS = {"B": "u1", "H": "u2", "L": "u4", "Q": "u8", "b": "i1", "h": "i2", "l": "i4", "q": "i8"}


def flatten(kind: np.dtype[Any]) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """The type of the elements of an array, of arrays too, and its whole shape."""
    base, shape = kind.base, kind.shape
    while base.subdtype is not None:
        base, shape = base.base, (*shape, *base.shape)
    return base, shape


def dtype_of(definition: construct.Construct[Any, Any]) -> np.dtype[Any]:
    """The numpy dtype of a fixed-size construct: same size, same offsets, same names.

    Numbers become numbers of the same byte order, ``Bytes`` raw bytes (``V``), ``Array`` a subarray, ``Struct`` a
    structured dtype. Unnamed members (padding) keep their place and get no name.

    Raises:
        TypeError: a construct whose size or meaning depends on the data.
    """
    if isinstance(definition, construct.Renamed):
        return dtype_of(definition.subcon)
    if isinstance(definition, construct.Const):
        return dtype_of(definition.subcon)
    if isinstance(definition, construct.FormatField):
        order, letter = definition.fmtstr[0], definition.fmtstr[1]
        return np.dtype((order if order in "<>" else "=") + _NUMBERS[letter])
    if isinstance(definition, construct.Bytes) and isinstance(definition.length, int):
        return np.dtype((np.void, definition.length))
    if isinstance(definition, construct.Padded) and isinstance(definition.length, int):
        return np.dtype((np.void, definition.length))
    if isinstance(definition, construct.Array) and isinstance(definition.count, int):
        return np.dtype((dtype_of(definition.subcon), (definition.count,)))
    if isinstance(definition, construct.Struct):
        return _struct_dtype(definition)
    raise TypeError(f"no fixed numpy equivalent of {definition!r}")


def _struct_dtype(definition: construct.Struct) -> np.dtype[Any]:
    names: list[str] = []
    formats: list[np.dtype[Any]] = []
    offsets: list[int] = []
    position = 0
    for member in definition.subcons:
        if isinstance(member, construct.Renamed) and member.subcon is construct.Terminated:
            continue
        if member is construct.Terminated:
            continue
        format_ = dtype_of(member)
        if member.name is not None:
            names.append(member.name)
            formats.append(format_)
            offsets.append(position)
        position += format_.itemsize
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": position})
