"""Days on which offices are closed in all of France: Saturdays, Sundays, and the holidays of the Code du travail."""

from __future__ import annotations

import datetime

from protocol.words import Message, msg

_FIXED: dict[tuple[int, int], Message] = {
    (1, 1): msg("New Year's Day"),
    (5, 1): msg("Labour Day"),
    (5, 8): msg("Victory Day"),
    (7, 14): msg("Bastille Day"),
    (8, 15): msg("Assumption Day"),
    (11, 1): msg("All Saints' Day"),
    (11, 11): msg("Armistice Day"),
    (12, 25): msg("Christmas Day"),
}
_AFTER_EASTER: dict[int, Message] = {1: msg("Easter Monday"), 39: msg("Ascension Day"), 50: msg("Whit Monday")}
_SATURDAY, _SUNDAY = 5, 6


def closed_on(day: datetime.date) -> Message | None:
    """Why offices are closed on a day; None on a working day. Holidays of some départements only are none."""
    if day.weekday() in (_SATURDAY, _SUNDAY):
        return msg("a Saturday") if day.weekday() == _SATURDAY else msg("a Sunday")
    name = _FIXED.get((day.month, day.day)) or _AFTER_EASTER.get((day - easter(day.year)).days)
    return None if name is None else msg("a holiday ({name})", name=name)


def working_day_before(day: datetime.date) -> datetime.date:
    """The last day before it on which offices are open."""
    day -= datetime.timedelta(days=1)
    while closed_on(day) is not None:
        day -= datetime.timedelta(days=1)
    return day


def easter(year: int) -> datetime.date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, over = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    quarter, odd = divmod(rest, 4)
    weekday = (32 + 2 * over + 2 * quarter - epact - odd) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return datetime.date(year, month, day + 1)
