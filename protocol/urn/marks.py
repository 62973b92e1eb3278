"""The tally marks of many urns read at once: how far each counter has come, and whether its copies say the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.arrays import Bools, Bytes, Ints
from protocol.export.record import MAX_POLLS
from protocol.urn.image import CANCELLATION_BYTES, MARK_BYTES, SPANS, Section

COUNTERS = (
    "enablings",
    *(f"voters {poll}" for poll in range(1, MAX_POLLS + 1)),
    *(f"cancellations {poll}" for poll in range(1, MAX_POLLS + 1)),
)
"""The counters in the order of the map."""


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters of ``n`` urns.

    Attributes:
        counts: shape ``(n, 11)``, int64, in the order of `COUNTERS`. Where the copies differ: the copy that is marks
            one after another; where both are, the smaller count, or the first copy's where it is one ahead: a power cut
            may have kept a mark from the second.
        consistent: shape ``(n, 11)``: both copies are marks one after another and show the same count.
    """

    counts: Ints
    consistent: Bools


def count_marks(images: Bytes) -> Counters:
    """Read all counters of urns: ``images`` of shape ``(n, 65536)``, uint8, each row contiguous."""
    start, end = SPANS[Section.MARKS]
    long = images[:, start : start + 2 * MARK_BYTES * (1 + MAX_POLLS)]
    short = images[:, start + 2 * MARK_BYTES * (1 + MAX_POLLS) : end]
    parts = [_count(long, 1 + MAX_POLLS, MARK_BYTES), _count(short, MAX_POLLS, CANCELLATION_BYTES)]
    counts, consistent = (np.concatenate(part, axis=1) for part in zip(*parts, strict=True))
    return Counters(counts, consistent)


def _count(area: Bytes, counters: int, size: int) -> tuple[Ints, Bools]:
    """Counters of ``size`` bytes a copy in a contiguous part of the map, shapes ``(n, counters)``."""
    words = area.view(np.uint64).reshape(len(area), counters, 2, size // 8)
    counts = 8 * size - np.bitwise_count(words).sum(axis=3, dtype=np.int64)
    first, second = counts[..., 0], counts[..., 1]
    consistent = first == second
    used = np.nonzero(consistent & (first > 0))
    copies = words[used].view(np.uint8)
    good = (copies == _patterns(size)[first[used]]).all(axis=(1, 2))
    consistent[used] = good
    result = first.copy()
    for place in zip(*np.nonzero(~consistent), strict=True):
        result[place] = _settle(words[place].view(np.uint8), size)
    return result, consistent


def _settle(copies: Bytes, size: int) -> int:
    """The count of a counter whose copies do not agree."""
    patterns = _patterns(size)
    counts = [8 * size - int(np.bitwise_count(copy).sum()) for copy in copies]
    sound = [count for side, count in enumerate(counts) if (patterns[count, side] == copies[side]).all()]
    if len(sound) == 2 and counts[0] == counts[1] + 1:
        return counts[0]
    return min(sound or counts)


def _patterns(size: int) -> Bytes:
    """Both copies for every count: shape ``(8 * size + 1, 2, size)``."""
    if size not in _PATTERNS:
        marks = np.arange(8 * size) >= np.arange(8 * size + 1)[:, None]
        first = np.packbits(marks, axis=1)
        second = np.packbits(marks[:, ::-1], axis=1)
        _PATTERNS[size] = np.stack([first, second], axis=1)
    return _PATTERNS[size]


_PATTERNS: dict[int, Bytes] = {}
