"""Rows that sum up others, by what stands where the name of a commune or the code of a bureau should be."""

from __future__ import annotations

import re

from protocol.words import Text, msg

_TOTAL = re.compile(
    r"\W*((grand|sous)[- ]?)?(tota(l|ux)\b|(ensemble|somme|cumul)( (de|des|du|d|la|commune|ville)\b|\W*$))",
    re.IGNORECASE,
)

_OF = re.compile(r"(?:\W|\b(?:g[eé]n[eé]ral|de|des|du|d|la|le|les|l|pour|commune|ville)\b)*", re.IGNORECASE)


def names_total(*texts: str) -> bool:
    """Whether one of the texts that should name a commune or a bureau says that its row sums up others.

    Only from its first word on: Bray-sur-Somme is a commune.
    """
    return any(_TOTAL.match(line) for text in texts for line in text.splitlines())


BY_FIGURES = "total, by its figures"
"""What stands for the name of a total that has none."""


def name_of_total(named: str) -> Text:
    """What a total calls itself, for people."""
    return msg("no name, told by its figures") if named == BY_FIGURES else named


def without_total(text: str) -> str:
    """What a total is of, by what it calls itself: « Total de Bray-sur-Somme » is of Bray-sur-Somme."""
    found = _TOTAL.match(text)
    rest = text if found is None else text[found.end() :]
    start = _OF.match(rest)
    return rest[start.end() if start else 0 :]
