"""Row of a file for each bureau and poll, and its columns in their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from protocol.errors import InputError
from protocol.words import Message, Text
from verify.model.figures import Bools, Ints, once
from verify.model.table_faults import Repeat

Values = TypeVar("Values", Ints, Bools)
_RUNS = 64
"""Runs of rows in the order of the bureaux that are copied one by one; of more, each row is looked up by itself."""


class Rows:
    """The first row that names each unit and poll.

    Args:
        at: for each row, the index of its unit and poll among all of them.
        good: which rows have one.
        shape: ``(units, polls)``.

    Attributes:
        again: the rows that name a unit and poll again, which are not used.
    """

    def __init__(self, at: Ints, good: Bools, shape: tuple[int, int]) -> None:
        self._shape, size = shape, shape[0] * shape[1]
        ends = np.diff(at) != 1
        rows = np.arange(len(at)) if good.all() else np.flatnonzero(good)
        if len(rows) < len(at):
            at = at[rows]
            ends = (at[1:] != at[:-1] + 1) | (rows[1:] != rows[:-1] + 1)
        starts = np.concatenate([np.arange(min(len(at), 1)), np.flatnonzero(ends) + 1])
        self._row_of: Ints | None = None
        self._runs: list[tuple[int, int, int]] = []
        self._nowhere = np.zeros(0, np.int64)
        if len(starts) <= _RUNS:
            lengths = np.diff(starts, append=len(at)).tolist()
            self._runs = list(zip(at[starts].tolist(), rows[starts].tolist(), lengths, strict=True))
            self.again, self._nowhere = self._fitted(size)
        else:
            self._row_of = np.full(size, -1, np.int64)
            self._row_of[at[::-1]] = rows[::-1]  # the one that is written last stays
            self.again = rows[self._row_of[at] != rows]

    def _fitted(self, size: int) -> tuple[Ints, Ints]:
        """Rows of runs that name what a run before them does, and what no run names."""
        taken = np.zeros(size, np.bool_)
        again = [np.zeros(0, np.int64)]
        for place, row, length in self._runs:
            of_run = taken[place : place + length]
            again.append(np.flatnonzero(of_run) + row)
            of_run[:] = True
        return np.concatenate(again), np.flatnonzero(~taken)

    def lined(self, values: Values, none: int) -> Values:
        """The values of a column by unit and poll, ``none`` where there is no row."""
        if self._row_of is not None:
            return np.append(values, values.dtype.type(none))[self._row_of].reshape(self._shape)  # -1 is the last one
        size = self._shape[0] * self._shape[1]
        if self._runs == [(0, 0, size)]:
            return values[:size].reshape(self._shape)
        if values.strides == (0,) and len(values) and values[0] == none:
            return np.broadcast_to(values[0], self._shape)  # takes no room
        lined = np.empty(size, values.dtype)
        lined[self._nowhere] = none
        for place, row, length in reversed(self._runs):  # the first one stays
            lined[place : place + length] = values[row : row + length]
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
