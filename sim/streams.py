"""Random streams, each named by what it is for, so that a part of a night equals the same part of the whole."""

from __future__ import annotations

import hashlib
import struct

import numpy as np

_SEPARATOR = "\x1f"


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """The generator for one purpose, for example ``stream(7, "presidentielle-2022", "77513", "0001", "arrivals")``.

    The same seed and purpose give the same numbers whatever was drawn before, on any process.

    Raises:
        ValueError: a negative seed.
    """
    digest = hashlib.sha256(_SEPARATOR.join(map(str, purpose)).encode()).digest()
    words = struct.unpack(">8I", digest)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=words)))
