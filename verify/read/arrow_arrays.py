"""Numbers of Arrow's arrays as numpy's, by the buffers that they stand in. pyarrow has no types.

Arrow's own ways (`to_numpy`, `numpy.asarray`, `fill_null`) first import pandas wherever it is installed, which takes a
quarter of a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from verify.model.figures import Bools, Ints


def numbers_of(array: Any) -> npt.NDArray[Any]:
    """Numbers or times as they are in memory, shape ``(n,)``, not to be written to; anything where there is none."""
    return np.frombuffer(array.buffers()[1] or b"", _dtype(array.type))[array.offset : array.offset + len(array)]


def fill(array: Any, instead: float) -> npt.NDArray[Any]:
    """The numbers with another one in place of each that is not there; nothing is copied where all are."""
    absent = absent_in(array)
    if absent is None:
        return numbers_of(array)
    found = numbers_of(array).copy()
    found[absent] = instead
    return found


def absent_in(array: Any) -> Bools | None:
    """Mark the missing values, shape ``(n,)``; None where there are none."""
    if not array.null_count:
        return None
    end = array.offset + len(array)
    bits = np.unpackbits(np.frombuffer(array.buffers()[0] or b"", np.uint8), count=end, bitorder="little")
    return ~bits[array.offset :].view(np.bool_)


def array_of(values: Ints) -> Any:
    """Numbers as an array of Arrow's, which shares their memory."""
    import pyarrow as pa

    whole = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.int64(), len(whole), [None, pa.py_buffer(whole)])


def _dtype(kind: Any) -> np.dtype[Any]:
    found = _DTYPES.get(kind.id)
    if found is None:
        import pyarrow as pa

        letter = "f" if pa.types.is_floating(kind) else "u" if pa.types.is_unsigned_integer(kind) else "i"
        found = _DTYPES[kind.id] = np.dtype(f"{letter}{kind.bit_width // 8}")
    return found


_DTYPES: dict[int, np.dtype[Any]] = {}
"""By Arrow's number of a type; a column may come in many arrays."""
