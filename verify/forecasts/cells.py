"""Cells of a table of forecasts: shares, dates of a day, a month or a year, numbers of people, yes and no."""

from __future__ import annotations

import calendar
import datetime
import re
from fractions import Fraction

from protocol.accents import without_accents
from verify.forecasts.model import Span
from verify.model.published import round_of

EMPTY = frozenset(("", "nan", "na", "n/a", "null", "none", "-"))
"""What stands in a cell for nothing."""
MOST_SAMPLE = 10**8
"""People asked, at most."""

_SHARE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,9}))?\s*%?")
_SIGNED = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,9})?\s*%?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?")
_FRENCH = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_YEAR = re.compile(r"([0-9]{4})(?:[^0-9].*)?")
_NUMBERED = re.compile(r"presidentielle[-_ ]([12])(?![0-9])")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_COUNT = re.compile(r"([0-9]{1,9})(?:[.,]0+)?")
_YES = frozenset(("true", "1", "1.0", "yes", "oui", "vrai", "x"))
_NO = frozenset(("false", "0", "0.0", "no", "non", "faux"))
_NOT_SURE = frozenset(
    ("none", "aucune", "aucun", "no", "non", "unsure", "incertaine", "incertain", "unknown", "inconnue")
)


def is_empty(cell: str) -> bool:
    """Whether a cell says nothing."""
    return cell.strip().lower() in EMPTY


def parse_share(cell: str) -> Fraction | None:
    """Points of a hundred, exact: ``24,8 %`` is 124/5. None for what is no share from 0 to 100."""
    found = _SHARE.fullmatch(cell.strip())
    if found is None:
        return None
    share = Fraction(f"{found[1]}.{found[2] or 0}")
    return share if share <= 100 else None


def parse_bound(cell: str) -> Fraction | None:
    """An end of an interval in points: as a share, and below 0 or above 100 where a formula gives that."""
    text = cell.strip()
    return Fraction(text.rstrip("% ").replace(",", ".")) if _SIGNED.fullmatch(text) else None


def parse_sample(cell: str) -> int | None:
    """A number of people, at least one."""
    found = _COUNT.fullmatch(_SPACES.sub("", cell))
    count = int(found[1]) if found is not None else 0
    return count if 0 < count <= MOST_SAMPLE else None


def parse_flag(cell: str) -> bool | None:
    """Yes or no, in either language."""
    word = without_accents(cell.strip())
    return True if word in _YES else False if word in _NO else None


def parse_span(cell: str) -> Span | None:
    """The days that a date can mean: ``2022-04-04`` and ``04/04/2022`` one, ``2012-04`` and ``2021-autumn`` several."""
    text = cell.strip()
    try:
        if found := _ISO.fullmatch(text):
            day = datetime.date(int(found[1]), int(found[2]), int(found[3]))
            return Span(text, day, day)
        if found := _FRENCH.fullmatch(text):
            day = datetime.date(int(found[3]), int(found[2]), int(found[1]))
            return Span(text, day, day)
        if found := _MONTH.fullmatch(text):
            year, month = int(found[1]), int(found[2])
            last = datetime.date(year, month, calendar.monthrange(year, month)[1])
            return Span(text, datetime.date(year, month, 1), last)
        if found := _YEAR.fullmatch(text):
            year = int(found[1])
            return Span(text, datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    except (ValueError, calendar.IllegalMonthError):
        return None
    return None


def round_in(text: str) -> int:
    """The round that the name of an election or a file says, as ``2022-presidentielle-1`` does too; 0 for none."""
    found = _NUMBERED.search(without_accents(text))
    return round_of(text) or (int(found[1]) if found is not None else 0)


def is_unsure(cell: str) -> bool:
    """Whether a cell about a date says that it is not certain at all."""
    return without_accents(cell.strip()) in _NOT_SURE
