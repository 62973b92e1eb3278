"""Rows that sum up others, by what stands where the name of a commune or the code of a bureau should be."""

from __future__ import annotations

import re

_TOTAL = re.compile(
    r"\W*((grand|sous)[- ]?)?(tota(l|ux)\b|(ensemble|somme|cumul)( (de|des|du|d|la|commune|ville)\b|\W*$))",
    re.IGNORECASE,
)


def names_total(*texts: str) -> bool:
    """Whether one of the texts that should name a commune or a bureau says that its row sums up others.

    Only from its first word on: Bray-sur-Somme is a commune.
    """
    return any(_TOTAL.match(line) for text in texts for line in text.splitlines())
