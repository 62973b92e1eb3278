"""Rules that result exports and module images share: limits of texts and dates, and CRC-32 as in zlib.

It is that of isal where that is installed (the extra `fast`).
"""

from __future__ import annotations

import numpy as np

from protocol.arrays import Bools, Bytes, Ints

try:
    from isal.isal_zlib import crc32
except ImportError:
    from zlib import crc32

__all__ = ["DATE_RULE", "TEXT_RULE", "crc32", "dates_good", "texts_good"]

TEXT_RULE = (
    "printable ASCII (`20` to `7E`), then zeros up to the end of the field; all zeros is empty text. Nothing but zeros "
    "follows a zero. A text that fills the field has no zero. Nothing is cut to fit, no space is dropped, and `0004` "
    "is not `4`"
)
DATE_RULE = "the decimal number YYYYMMDD, a date of the calendar from 20000101 to 99991231"
"""`texts_good` and `dates_good` in the words of the formats' documents."""


def texts_good(raw: Bytes, starts: Ints) -> Bools:
    """Check rows of text fields side by side: printable ASCII (20 to 7E), then zeros only; shape ``(n, fields)``.

    Args:
        raw: bytes, shape ``(n, size)``.
        starts: where in a row each field begins, the first at 0.
    """
    shifted = raw - np.uint8(0x20)  # wraps on purpose: zero becomes 0xE0, control characters lie above it
    good = (shifted <= 0x5E) | (shifted == 0xE0)
    some = raw != 0
    resumed = some[:, 1:] > some[:, :-1]  # text after a zero: right only where a field starts
    resumed[:, starts[1:] - 1] = False
    if good.all() and not resumed.any():
        return np.ones((len(raw), len(starts)), np.bool_)
    good[:, 1:] &= ~resumed
    return np.logical_and.reduceat(good, starts, axis=1)


def dates_good(dates: Ints) -> Bools:
    """Check that numbers are dates of the calendar as YYYYMMDD, from 2000 on."""
    year, month, day = dates // 10_000, dates // 100 % 100, dates % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    in_range = (year >= 2000) & (year <= 9999) & (month >= 1) & (month <= 12)
    last = days[np.where(in_range, month, 0)] + (leap & (month == 2))
    return np.asarray(in_range & (day >= 1) & (day <= last), np.bool_)
