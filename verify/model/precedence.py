"""Precedence of findings: those that yield to another one, by the rulebook, are left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from verify.model.figures import Bools, Ints, Texts
from verify.rulebook.catalogue import rule

_POLLS = 64
"""More than the polls of a day, so that a place and a poll make one whole number."""


def yielding(
    labels: Sequence[tuple[str, str]], label: Ints, place: Ints, poll: Ints, figures: Callable[[Ints, str], Texts]
) -> Bools:
    """Find findings that yield to another one, which may yield as well. All arrays of shape ``(n,)``.

    Args:
        labels: code and case of the findings that there are.
        label: index into them.
        place: numbers of places.
        poll: numbers of polls, 0 for none.
        figures: gives the figures of some findings on one side, ``left`` or ``right``, with their places.
    """

    def beside(rows: Ints, others: Ints) -> Bools:
        """Find findings of the bureau and poll of another one; without a poll, of any poll of the bureau."""
        there, of_poll = place[others], poll[others]
        found = np.isin(place[rows] * _POLLS + poll[rows], there * _POLLS + of_poll)
        found |= np.isin(place[rows], there[of_poll == 0])
        found |= (poll[rows] == 0) & np.isin(place[rows], there)
        return np.asarray(found, np.bool_)

    def show_figures(rows: Ints, others: Ints) -> Bools:
        """Find findings whose first figure others show, first or second: the same value in the same place."""
        shown = np.unique(np.concatenate([figures(others, side) for side in ("left", "right")]))
        return np.asarray(np.isin(figures(rows, "left"), shown), np.bool_)

    gone = np.zeros(len(label), np.bool_)
    rows_of = {each: rows for index, each in enumerate(labels) if len(rows := np.flatnonzero(label == index))}
    for (code, _), rows in rows_of.items():
        for each in rule(code).yields:
            wanted = [other for other in rows_of if other[0] == each.code and each.case in ("", other[1])]
            if wanted:
                others = np.concatenate([rows_of[other] for other in wanted])
                gone[rows] |= show_figures(rows, others) if each.figure else beside(rows, others)
    return gone
