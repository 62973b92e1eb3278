"""Random streams, each named by what it is for, so that a part of a night equals the same part of the whole."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_SEPARATOR = "\x1f"
T = TypeVar("T")


class RandomStream(np.random.Generator):
    """Random numbers for one purpose."""

    def number(self, low: int, high: int | None = None) -> int:
        """A whole number, drawn as ``integers`` draws it."""
        return int(self.integers(low, high))

    def one_of(self, items: Sequence[T]) -> T:
        """One of some things, all alike likely."""
        return items[self.number(len(items))]


def stream(seed: int, *purpose: str | int) -> RandomStream:
    """The generator for one purpose, for example ``stream(7, "presidentielle-2022", "77513", "0001", "arrivals")``.

    The same seed and purpose give the same numbers whatever was drawn before, on any process.

    Raises:
        ValueError: a negative seed.
    """
    digest = hashlib.sha256(_SEPARATOR.join(map(str, purpose)).encode()).digest()
    words = struct.unpack(">8I", digest)
    return RandomStream(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=words)))
