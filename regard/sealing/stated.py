"""Figures as a person gives them to be compared with a proof: ``registered=958``, ``inscrits=958``, ``voix:1=12``."""

from __future__ import annotations

from protocol.accents import without_accents
from protocol.quantities import Quantity, quantity_of
from protocol.sealing.leaves import FIGURES, MAX_COUNT
from protocol.words import cited, msg, series
from regard.arguments import Refused

_VOTES = {"votes", Quantity.VOTES.column}
_ALSO = {"votants": Quantity.VOTES_FOUND, "voters": Quantity.VOTES_FOUND}
"""What « votes found » are called where they are published."""


def stated_figure(text: str) -> tuple[str, int]:
    """One figure: a quantity by its name or its column, or the votes of a choice by its name or number.

    Raises:
        Refused: it is none.
    """
    name, equals, number = text.rpartition("=")
    digits = number.strip()
    if not equals or not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(MAX_COUNT)):
        raise Refused(msg("expected a figure as NAME=NUMBER, got {text}", text=cited(text)))
    head, colon, choice = name.strip().partition(":")
    if colon and head.casefold() in _VOTES and choice.strip():
        return f"votes:{choice.strip()}", int(digits)
    plain = without_accents(name.strip()).casefold().replace(" ", "_")
    quantity = _ALSO.get(plain) or quantity_of(plain) or next((each for each in FIGURES if each == plain), None)
    if quantity is None or quantity not in FIGURES:
        known = series(sorted(each.column for each in FIGURES))
        raise Refused(msg("{name} is no figure of a leaf: {known}, or voix:NAME", name=cited(name), known=known))
    return str(quantity), int(digits)
