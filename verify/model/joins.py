"""Finding rows again: repeated ones, and the few different texts of a long column. Quick where a file is in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from verify.model.figures import Bools, Ints, Texts, unlike_first

_ROOM = 8
"""An array over all values that numbers may have can be so many times as long as there are numbers."""


def once(numbers: Ints) -> tuple[Ints, Ints]:
    """Indices of the first occurrence of every number, and of all later ones; both ascending."""
    count = len(numbers)
    if count < 2 or bool((numbers[1:] > numbers[:-1]).all()):
        return np.arange(count), np.zeros(0, np.int64)
    lowest = int(numbers.min())
    if int(numbers.max()) - lowest > _ROOM * count:
        _, first = np.unique(numbers, return_index=True)
        is_first = np.zeros(count, np.bool_)
        is_first[first] = True
    else:
        rows = np.arange(count)
        first = np.zeros(int(numbers.max()) - lowest + 1, np.int64)
        first[numbers[::-1] - lowest] = rows[::-1]  # of several rows the one that is written last stays: the first
        is_first = first[numbers - lowest] == rows
    return np.flatnonzero(is_first), np.flatnonzero(~is_first)


def among(numbers: Ints, others: Ints) -> Bools:
    """Find numbers that are in others, shape of ``numbers``; quick if both are nearly in order."""
    if not len(others):
        return np.zeros(len(numbers), np.bool_)
    in_order = np.sort(others)
    at = np.minimum(np.searchsorted(in_order, numbers), len(in_order) - 1)
    return np.asarray(in_order[at] == numbers, np.bool_)


def encode(texts: Texts) -> tuple[tuple[str, ...], Ints]:
    """The different texts of a column, the first one first, and for each row the index of its own, shape ``(n,)``."""
    if not len(texts):
        return (), np.zeros(0, np.int64)
    code = np.zeros(len(texts), np.int64)
    others = unlike_first(texts)  # most often few, or none
    if not len(others):
        return (str(texts[0]),), code
    different, of_others = np.unique(texts[others], return_inverse=True)
    code[others] = of_others + 1
    return (str(texts[0]), *different.tolist()), code


def below(one: Any, other: Any, at: Sequence[int] = ()) -> Any:
    """One column below another; with places, in order, each row of the other before the one at its place."""
    if one.strides == (0,) and len(one) and (other == one[0]).all():
        return np.broadcast_to(one[0], len(one) + len(other))  # takes no room
    if not at:
        return np.concatenate([one, other])
    parts, start = [], 0
    for row, place in enumerate(at):
        parts += [one[start:place], other[row : row + 1]]
        start = place
    return np.concatenate([*parts, one[start:]])
