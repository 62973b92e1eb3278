"""Arrays by what they hold: numbers, truth values, bytes, or rows of a structured type."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
LongWords = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.void]
