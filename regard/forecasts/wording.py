"""Figures and short words of forecasts, as people read them."""

from __future__ import annotations

import re
from fractions import Fraction

from protocol.words import Language

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


def family(name: str) -> str:
    """The family name of a candidate where capitals tell it, else the whole name; as short as it is shown."""
    capitals = [word for word in name.split() if len(re.sub(r"\W", "", word)) > 1 and word.isupper()]
    shown = " ".join(capitals) or " ".join(name.split())
    shown = "-".join(" ".join(part.capitalize() for part in piece.split(" ")) for piece in shown.split("-"))
    return shown if len(shown) <= _NAME else f"{shown[: _NAME - 1]}…"
