"""Times as a voting machine keeps them: whole seconds of local civil time, without a time zone.

A time is the number of seconds since 1 January 2000, 00:00, on the wall clock: the quotient by 86,400 is the day
number, the remainder the second of the day. A closing after midnight is simply a larger number.
"""

from __future__ import annotations

import datetime

from protocol.words import Text, msg

EPOCH = datetime.date(2000, 1, 1)
DAY = 86_400
"""Seconds in a civil day; clock changes take place at night, outside of voting hours, and are not modelled."""

NEVER = 0xFFFF_FFFF
"""On the wire: this has not happened (erased memory reads as all ones)."""

LATEST = 0x7FFF_FFFF
"""The latest time that the format takes (in 2068), so that a time is never negative as a signed number."""


def seconds(day: datetime.date, hour: int, minute: int = 0, second: int = 0) -> int:
    """Seconds since 1 January 2000 of a wall-clock time; ``hour`` may be 24 or more for the night that follows."""
    return (day - EPOCH).days * DAY + hour * 3600 + minute * 60 + second


def number_of(date: datetime.date) -> int:
    """The decimal number YYYYMMDD of a date."""
    return date.year * 10_000 + date.month * 100 + date.day


def date_of(number: int) -> datetime.date:
    """The date of a decimal number YYYYMMDD.

    Raises:
        ValueError: it is none of the calendar.
    """
    return datetime.date(number // 10_000, number // 100 % 100, number % 100)


def text(moment: int) -> Text:
    """A time in seconds as `write` gives it; the word never for a negative number and for NEVER."""
    if 0 <= moment <= LATEST:
        return write(moment)
    return msg("never") if moment < 0 or moment == NEVER else msg("{moment} (out of range)", moment=moment)


def write(moment: int) -> str:
    """``2022-04-10 19:00:00`` for a time in seconds, 0 to LATEST."""
    day, rest = divmod(moment, DAY)
    hour, rest = divmod(rest, 3600)
    minute, second = divmod(rest, 60)
    return f"{EPOCH + datetime.timedelta(days=day)} {hour:02}:{minute:02}:{second:02}"
