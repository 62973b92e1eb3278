"""The fewest readings that push one comparison a given way: exact, since a comparison is a sum over groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify.model.figures import Ints

_NEVER = np.iinfo(np.int64).min // 2


class Pushes:
    """The most that a number of readings adds to a sum, and the readings.

    Args:
        gains: of each group, by option, what it adds; 0 for the first, as the group stands.
        costs: of each group, by option, its readings.
    """

    def __init__(self, gains: Sequence[Ints], costs: Sequence[Ints]) -> None:
        self._groups = len(gains)
        self._most = np.zeros(1, np.int64)
        self._picked: list[tuple[int, Ints, Ints]] = []
        for group, (gain, cost) in enumerate(zip(gains, costs, strict=True)):
            if (gain > 0).any():
                self._add(group, gain, cost)

    def _add(self, group: int, gain: Ints, cost: Ints) -> None:
        most = np.concatenate([self._most, np.full(int(cost.max()), _NEVER)])
        picked = np.zeros(len(most), np.int64)
        for option in np.flatnonzero(gain > 0).tolist():
            start, end = int(cost[option]), int(cost[option]) + len(self._most)
            pushed = self._most + gain[option]
            better = pushed > most[start:end]
            most[start:end][better] = pushed[better]
            picked[start:end][better] = option
        self._most = most
        self._picked.append((group, picked, cost))

    def fewest(self, needed: int) -> tuple[int, ...] | None:
        """The option of each group by which the sum has ``needed`` more with the fewest readings; None for none."""
        enough = np.flatnonzero(self._most >= needed)
        if not len(enough):
            return None
        left, selection = int(enough[0]), [0] * self._groups
        for group, picked, cost in reversed(self._picked):
            selection[group] = int(picked[left]) if left < len(picked) else 0
            left -= int(cost[selection[group]])
        return tuple(selection)

    def furthest(self) -> tuple[int, ...]:
        """The options that push furthest."""
        return self.fewest(int(self._most.max())) or (0,) * self._groups
