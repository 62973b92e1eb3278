"""The way up: figures of bureaux added up to communes, départements and the nation."""

from __future__ import annotations

import numpy as np

from verify.figures import Figures, Ints, Texts
from verify.universe import Universe


def communes(universe: Universe) -> tuple[Texts, Ints]:
    """INSEE codes of the communes in the order of the list, and the index of the first bureau of each."""
    return _groups(universe.insee)


def departments(universe: Universe) -> tuple[Texts, Ints]:
    """Codes of the départements, by the first figures of the INSEE code, and the index of the first bureau of each."""
    communes, first = _groups(universe.insee)
    codes = communes.astype("U3")
    letters = codes.view(np.uint32).reshape(len(codes), 3)
    overseas = (letters[:, 0] == ord("9")) & ((letters[:, 1] == ord("7")) | (letters[:, 1] == ord("8")))
    letters[~overseas, 2] = 0
    departments, of = _groups(codes)
    return departments, first[of]


def sums(figures: Figures, first: Ints) -> tuple[Ints, Ints]:
    """Exact sums of each group of neighbouring bureaux.

    Args:
        figures: of shape ``(units, polls)``.
        first: index of the first bureau of each group, shape ``(groups,)``.

    Returns:
        The sums of what is known and the numbers of bureaux that are known, both of shape ``(groups, polls)``. Where
        fewer are known than the group has, the sum is not that of the group.
    """
    if not len(first):
        none = np.zeros((0, figures.values.shape[1]), np.int64)
        return none, none
    known = figures.known
    if bool(known.all()):
        sizes = np.diff(first, append=len(known))
        return np.add.reduceat(figures.values, first, axis=0), np.broadcast_to(
            sizes[:, None], (len(first), known.shape[1])
        )
    values = np.where(known, figures.values, 0)
    return np.add.reduceat(values, first, axis=0), np.add.reduceat(known.astype(np.int64), first, axis=0)


def _groups(codes: Texts) -> tuple[Texts, Ints]:
    starts = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]])) if len(codes) else np.zeros(0, np.int64)
    return codes[starts], np.asarray(starts, np.int64)
