"""Rows of one file that name again what another row of it names: which are there, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from protocol.errors import InputError
from protocol.words import Message, Text
from verify.model.amiss import Repeat
from verify.model.figures import Bools, Ints
from verify.model.joins import once

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
    """What is wrong with such rows of a file.

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
