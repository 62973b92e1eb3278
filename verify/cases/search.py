"""The cheapest sets of corrections after which the figures of bureaux no longer contradict themselves.

The search goes from the cheapest proposals (`verify.cases.proposals`) to what is still broken with them, best first, of
bounded width and depth, in all bureaux at once; what remains unexplained costs as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from verify.cases.choosing import Searched, chosen
from verify.cases.explanations import Explanation
from verify.cases.proposals import States
from verify.cases.steps import Hinted, Steps, no_moves, steps_from
from verify.explanations.identities import Ties, broken
from verify.explanations.moves import Move
from verify.model.figures import Bools, Ints

WIDTH, DEPTH = 4, 4
_AT_ONCE = 1 << 22
"""Figures that are looked at together, about, where each is corrected once: more are searched part by part."""


def explain(ties: Ties, figures: Ints, hints: Mapping[int, Sequence[Move]]) -> list[Explanation]:
    """The cheapest explanations; those without moves where nothing is better than to leave things open.

    Args:
        ties: of the bureaux.
        figures: of the bureaux, shape ``(n, pieces, columns)``.
        hints: moves that only a look at other bureaux can propose, by the index of the bureau.
    """
    number, pieces, width = figures.shape
    size = max(_AT_ONCE // (pieces * width * width), 1)
    found: list[Explanation] = []
    for start in range(0, number, size):
        some = np.arange(start, min(start + size, number))
        hinted = Hinted({at: hints[start + at] for at in range(len(some)) if start + at in hints})
        search = _Search(ties.of(some), figures[some], hinted)
        found += chosen(search.found())
    return found


class _Search:
    """A search in some bureaux.

    Attributes:
        steps: all of them, one level after the other.
        least: the cost of the cheapest explanation of each bureau.
    """

    def __init__(self, ties: Ties, figures: Ints, hinted: Hinted) -> None:
        self.ties, self.figures, self.hinted = ties, figures, hinted
        every = np.arange(len(figures))
        states = States(every, figures, broken(ties, figures, every))
        self.start = states.broken
        self.least = states.broken.cost.copy()
        self.levels: list[Steps] = []
        self.cheap: list[Bools] = []
        before, rows = no_moves(*figures.shape[:2]), np.full(len(every), -1, np.int64)
        for level in range(DEPTH):
            steps, after = steps_from(ties, states, before, rows, self.hinted, level)
            np.minimum.at(self.least, steps.of, steps.total)
            self.levels.append(steps)
            self.cheap.append(steps.cost <= self.least[steps.of])  # others are never the cheapest
            rows = self._leading_on()
            if not len(rows):
                break
            before = steps.some(rows)
            states = States(after.of[rows], after.figures[rows], after.broken.of(rows))

    def _leading_on(self) -> Ints:
        """The steps of the last level that are gone on from: of each bureau those that cost least with what is left."""
        steps = self.levels[-1]
        open_still = self.cheap[-1] & (steps.total > steps.cost) & (steps.cost < self.least[steps.of])
        if not open_still.any():
            return np.zeros(0, np.int64)
        rows = np.flatnonzero(open_still & self._cheaper_than_known())
        rows = rows[np.lexsort((-steps.pieces[rows], steps.total[rows], steps.of[rows]))]
        of = steps.of[rows]
        rank = np.arange(len(rows)) - np.searchsorted(of, of)
        return rows[rank < WIDTH]

    def _cheaper_than_known(self) -> Bools:
        """Which steps of the last level read nothing as another one that is known and costs as little."""
        keys = np.concatenate([steps.key[cheap] for steps, cheap in zip(self.levels, self.cheap, strict=True)])
        total = np.concatenate([steps.total[cheap] for steps, cheap in zip(self.levels, self.cheap, strict=True)])
        order = np.argsort(keys, kind="stable")
        first = np.append(True, keys[order][1:] != keys[order][:-1])
        group = np.cumsum(first) << 32
        so_far = np.minimum.accumulate(total[order] - group)  # each group's are below those of the one before
        cheaper = np.empty(len(keys), np.bool_)
        cheaper[order] = first | (total[order] - group < np.append(0, so_far[:-1]))
        found: Bools = np.zeros(len(self.levels[-1]), np.bool_)
        found[self.cheap[-1]] = cheaper[-np.count_nonzero(self.cheap[-1]) :]
        return found

    def found(self) -> Searched:
        """What was found."""
        return Searched(
            self.ties, self.figures, self.hinted, self.start, self.least, tuple(self.levels), np.concatenate(self.cheap)
        )
