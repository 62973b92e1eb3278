"""Row of a file for each bureau and poll, and its columns in their order."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from protocol.errors import InputError
from protocol.words import Message, Text
from verify.model.figures import Bools, Ints, once
from verify.model.table_faults import Repeat

Values = TypeVar("Values", Ints, Bools)


class Rows:
    """The first row that names each unit and poll.

    Args:
        at: for each row, the index of its unit and poll (and choice) among all of them.
        rows: those that have one, in the order in which they count.
        shape: ``(units, polls)``, or with the choices.

    Attributes:
        again: the rows that name a unit and poll again, which are not used.
    """

    def __init__(self, at: Ints, rows: Ints, shape: tuple[int, ...]) -> None:
        first, later = once(at[rows])
        self._shape, self._rows, self._at, self._every = shape, rows[first], at[rows[first]], (at, rows)
        self.again = rows[later]

    def named_before(self, piece: Ints) -> Bools:
        """Mark those of `again` that their own piece names before; ``piece`` is that of each row."""
        at, rows = self._every
        again = np.zeros(len(at), np.bool_)
        again[rows[once(piece[rows] * (int(at.max(initial=0)) + 1) + at[rows])[1]]] = True
        return again[self.again]

    def lined(self, values: Values, none: int) -> Values:
        """The values of a column by unit and poll, ``none`` where there is no row."""
        lined = np.full(math.prod(self._shape), none, values.dtype)
        lined[self._at] = values[self._rows]
        return lined.reshape(self._shape)


_NAMED = 9
"""So many of them are named."""


def repeat(
    file: str,
    column: str,
    expected: Message,
    rows: Ints,
    got: Callable[[int], Text],
    told: Bools | None = None,
    of: Ints | None = None,
) -> Repeat:
    """Report such rows of a file.

    Args:
        file: name of the file as it is shown.
        column: that names the same again.
        expected: what should be there once.
        rows: their numbers, shape ``(n,)``.
        got: what one of them names, by its index.
        told: of which of them another finding says both figures, shape ``(n,)``; by default of none.
        of: what each is of, shape ``(n,)``: of several that are of the same, only the first is named.
    """
    left = np.arange(len(rows)) if told is None else np.flatnonzero(~told)
    named = left if of is None else left[once(of[left])[0]]
    problems = tuple(InputError(file, int(rows[at]), column, expected, got(at)) for at in named[:_NAMED].tolist())
    return Repeat(file, rows, problems, len(left))
