"""Figures as a person gives them to be compared with a proof: ``registered=958``, ``inscrits=958``, ``voix:1=12``."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from protocol.errors import RegardError
from protocol.quantities import Quantity, quantity_of
from protocol.sealing.leaves import FIGURES, MAX_COUNT, Leaf
from protocol.words import cited, msg, series, without_accents
from regard.arguments import Refused

_VOTES = {"votes", Quantity.VOTES.column}
_ALSO = {"votants": Quantity.VOTES_FOUND, "voters": Quantity.VOTES_FOUND}
"""Name of « votes found » in published results."""
_LEAST, _LONGEST, _MOST = 3, 60, 3
"""Characters that are looked for within names and compared with them, and how many names are said."""


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
        said = msg("{name} is no figure of a leaf: {known}, or voix:NAME", name=cited(name), known=known)
        near = _near(without_accents(head).replace("_", " "), choice.strip())
        raise Refused(msg("{said}; near: {near}", said=said, near=cited(near)) if near else said)
    return str(quantity), int(digits)


def stated_figures(figures: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Figures by name.

    Raises:
        RegardError: one is given twice.
    """
    found = dict(figures)
    if len(found) < len(figures):
        names = [name for name, _ in figures]
        twice = next(name for name in names if names.count(name) > 1)
        raise RegardError(msg("{name} is given twice: give each figure once", name=cited(twice)))
    return found


def _near(head: str, choice: str) -> str:
    """The name that was probably meant; empty where none is near."""
    if choice:
        known = {each: f"{each}:{choice}" for each in sorted(_VOTES)}
    else:
        names = [*_ALSO, *(name for each in sorted(FIGURES) for name in (each.column, each.value))]
        known = {name.replace("_", " "): name for name in names}
    found = get_close_matches(head[:_LONGEST], known, 1, 0.6)
    return known[found[0]] if found else ""


def near_choices(leaf: Leaf, choice: str) -> list[str]:
    """Names of choices of a leaf that were probably meant: those that have what was given in them, else the nearest."""
    names = {without_accents(each.name): each.name for each in leaf.votes if each.name}
    wanted = without_accents(choice)[:_LONGEST]
    bare = wanted.replace(" ", "")
    found = [name for name in names if len(bare) >= _LEAST and bare in name.replace(" ", "")]
    return [names[name] for name in found[:_MOST] or get_close_matches(wanted, names, _MOST, 0.6)]
