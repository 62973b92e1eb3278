"""The order in which people go through bureaux: by the numbers in their codes, 2 before 10."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from verify.model.figures import Ints, Texts

_NUMBER = re.compile(r"[0-9]+")
_DIGITS = 40
"""As many as a code can have."""


@lru_cache(1 << 12)
def by_number(code: str) -> str:
    """A text by which a code is among others where its numbers put it."""
    return _NUMBER.sub(lambda found: found[0].lstrip("0").rjust(_DIGITS, "0"), code)


def in_order(codes: Texts, group: Ints) -> Ints:
    """The indices of codes in the order of their numbers, group by group. Codes of one length stay as they are.

    Args:
        codes: in the order of texts in each group, shape ``(n,)``.
        group: of each code, a number from 0 up, in order, shape ``(n,)``.
    """
    length = np.strings.str_len(codes)
    unlike = (length[1:] != length[:-1]) & (length[:-1] > 0) & (group[1:] == group[:-1])
    order = np.arange(len(codes))
    if not unlike.any():
        return order
    mixed = np.zeros(int(group[-1]) + 1, np.bool_)
    mixed[group[1:][unlike]] = True
    rows = np.flatnonzero(mixed[group])
    numbers = np.array([by_number(code) for code in codes[rows].tolist()])
    order[rows] = rows[np.lexsort((codes[rows], numbers, group[rows]))]
    return order


MANY, FEW = 100, 2
"""Votes by which a case comes first, and up to which it comes last."""


def consequence_of(apart: Ints, weight: Ints) -> Ints:
    """Rank the importance of a difference: 3 if a result could change, 2 from a hundred votes on, 0 for ones and twos.

    Args:
        apart: by how much they differ, shape ``(n,)``.
        weight: 1 where the result of their contest could change, -1 where it cannot be told, else 0; the same shape.
    """
    some = (weight == 0) & ((apart > FEW) | (apart == 0))
    return np.select([weight > 0, (weight == 0) & (apart >= MANY), some], [3, 2, 1], 0)
