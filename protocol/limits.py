"""Limits of texts and dates in result exports and module images: for one value, and for many at once."""

from __future__ import annotations

import datetime

import numpy as np
import numpy.typing as npt

EARLIEST_DATE = 2000_01_01
TEXT_RULE = (
    "printable ASCII (`20` to `7E`), then zeros up to the end of the field; all zeros is empty text. Nothing but zeros "
    "follows a zero. A text that fills the field has no zero. Nothing is cut to fit, no space is dropped, and `0004` "
    "is not `4`"
)
DATE_RULE = "the decimal number YYYYMMDD, a date of the calendar from 20000101 to 99991231"
"""`is_text` and `is_date` in the words of the formats' documents."""


def is_text(raw: bytes) -> bool:
    """Check that a text field holds printable ASCII (20 to 7E), and then zeros only."""
    return all(0x20 <= byte <= 0x7E for byte in raw.rstrip(b"\0"))


def texts_good(raw: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """`is_text` for many rows of text fields side by side; shape ``(n, fields)``.

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


def is_date(number: int) -> bool:
    """Check that a number is a calendar date as YYYYMMDD, from 2000 on."""
    try:
        datetime.date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return False
    return number >= EARLIEST_DATE


def dates_good(dates: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """`is_date` for many numbers."""
    year, month, day = dates // 10_000, dates // 100 % 100, dates % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    in_range = (year >= 2000) & (year <= 9999) & (month >= 1) & (month <= 12)
    last = days[np.where(in_range, month, 0)] + (leap & (month == 2))
    return np.asarray(in_range & (day >= 1) & (day <= last), np.bool_)
