"""Figures and short words of forecasts, as people read them."""

from __future__ import annotations

import re
from fractions import Fraction

from protocol.words import Language, Text, nmsg
from verify.forecasts.measures import FirstPlaces, root_hundredths
from verify.forecasts.scores import CandidateError

NOTHING = "–"
"""In place of a figure that there is not."""
_NAME = 22
"""Letters of a candidate's name that are shown."""


def decimals(words: Language, value: Fraction, digits: int = 2) -> str:
    """An exact figure with some decimals, half up in size."""
    scale = 10**digits
    size = (2 * scale * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(size, scale)
    fraction = f"{words.point}{rest:0{digits}}" if digits else ""
    return f"{'−' if value < 0 and size else ''}{whole}{fraction}"


def with_sign(words: Language, value: Fraction, digits: int = 2) -> str:
    """The same with its sign."""
    shown = decimals(words, value, digits)
    return f"+{shown}" if value > 0 and any(digit in "123456789" for digit in shown) else shown


def inexact(words: Language, value: float | None, digits: int = 3) -> str:
    """A figure that is no fraction, or that there is not."""
    return NOTHING if value is None else words.decimal(value, digits).replace("-", "−")


def root(words: Language, square: Fraction) -> str:
    """The root of an exact square with two decimals."""
    return decimals(words, Fraction(root_hundredths(square), 100))


def tau(words: Language, value: Fraction | None) -> str:
    """Kendall's tau with two decimals."""
    return NOTHING if value is None else decimals(words, value)


def family(name: str) -> str:
    """The family name of a candidate where capitals tell it, else the whole name; as short as it is shown."""
    capitals = [word for word in name.split() if len(re.sub(r"\W", "", word)) > 1 and word.isupper()]
    shown = " ".join(capitals) or " ".join(name.split())
    shown = "-".join(" ".join(part.capitalize() for part in piece.split(" ")) for piece in shown.split("-"))
    return shown if len(shown) <= _NAME else f"{shown[: _NAME - 1]}…"


def places(found: tuple[FirstPlaces, int] | None, of: int) -> str:
    """How many of the first places are right; ``≠`` where only their order is not."""
    if found is None:
        return NOTHING
    how, right = found
    return f"{right}/{of}" + (" ≠" if how is FirstPlaces.SET else "")


def largest(words: Language, names: tuple[str, ...], each: CandidateError) -> str:
    """The largest error with its candidate."""
    return f"{family(names[each.candidate])} {with_sign(words, each.error)}"


def days(count: int | None) -> Text:
    """Days before the vote."""
    return NOTHING if count is None else str(count)


def candidates(count: int, who: Text) -> Text:
    """Caption of a table: how many candidates it is over, and which."""
    return nmsg("{count:n} candidate: {who}", "{count:n} candidates: {who}", count, who=who)
