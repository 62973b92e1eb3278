"""The communes of a case as columns: a nation has thirty-five thousand of them, and a page shows a few."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from protocol.insee import departements_of
from verify.model.figures import Ints, Texts
from verify.model.universe import Universe


@dataclass(frozen=True, slots=True)
class PlaceSummary:
    """Some bureaux together.

    Attributes:
        code, name: of the commune or the département.
        counts: of bureaux in each state.
    """

    code: str
    name: str
    counts: tuple[int, ...]

    @property
    def bureaux(self) -> int:
        """How many they are."""
        return sum(self.counts)


class CommuneTable:
    """The communes in the order of their codes.

    Args:
        universe: the bureaux.
        state: of each bureau, shape ``(units,)``.
        states: how many there are.
    """

    def __init__(self, universe: Universe, state: Ints, states: int) -> None:
        self._code, first, of = np.unique(universe.insee, return_index=True, return_inverse=True)
        self._names = [str(name) for name in universe.commune[first].tolist()]
        self._folded = [f"{name} {code}".casefold() for name, code in zip(self._names, self._code, strict=True)]
        self._department = department_codes(universe)[first]
        self._counts = np.zeros((len(self._code), states), np.int64)
        np.add.at(self._counts, (of, state), 1)

    def __len__(self) -> int:
        return len(self._code)

    def find(self, department: str | None = None, place: str = "", state: int | None = None) -> Ints:
        """Indices of the communes that are asked for.

        Args:
            department: that they are in, None for all.
            place: words that are in their name or code.
            state: that one of their bureaux is in, None for all.
        """
        kept = np.ones(len(self), np.bool_) if department is None else self._department == department
        if state is not None:
            kept &= self._counts[:, state] > 0
        for word in place.casefold().split():
            kept &= np.array([word in folded for folded in self._folded], np.bool_)
        return np.flatnonzero(kept)

    def counts(self, indices: Ints) -> tuple[int, ...]:
        """How many of their bureaux are in each state."""
        return tuple(self._counts[indices].sum(axis=0).tolist())

    def summaries(self, indices: Iterable[int]) -> list[PlaceSummary]:
        """What is shown of them."""
        return [PlaceSummary(str(self._code[at]), self._names[at], tuple(self._counts[at].tolist())) for at in indices]


def department_codes(universe: Universe) -> Texts:
    """Of each bureau: by the list, else by the first digits of the INSEE code."""
    insee, listed = universe.insee, universe.department
    return np.asarray(np.where(listed != "", listed, departements_of(insee)))
