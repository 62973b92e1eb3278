"""Names of communes above a line of bureaux."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from verify.model.figures import Ints

_NAMED = 7
"""Letters that there must be room for above a commune's bureaux to name it there."""


def names_above(
    communes: Ints, name_of: Callable[[int], str], left: int, cell: int, y: int
) -> list[tuple[int, int, str]]:
    """Place and name of the communes that have room for it.

    Args:
        communes: the number of each bureau's commune, in the order of the line.
        name_of: the name of a commune.
        left: where the line begins.
        cell: the width of a bureau.
        y: where names stand.
    """
    starts = np.flatnonzero(np.append(True, communes[1:] != communes[:-1])).tolist()
    found = []
    for begin, end in zip(starts, [*starts[1:], len(communes)], strict=True):
        name, room = name_of(int(communes[begin])), (end - begin) * cell // 6
        if room >= _NAMED:
            found.append((left + cell * begin, y, name if len(name) <= room else f"{name[: max(room - 1, 1)]}…"))
    return found
