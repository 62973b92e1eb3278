"""Keys of findings, as columns: their rules, places and polls; and selections of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify.model.figures import Bools, Ints
from verify.model.finding_parts import FoundPlaces
from verify.model.findings import Finding, Hits
from verify.model.holds import Named


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive findings of the table: the rows of each part, and their positions in the block."""

    size: int
    parts: tuple[tuple[Hits | Sequence[Finding], Ints, Ints], ...]


@dataclass(frozen=True, slots=True)
class FindingKeys:
    """Keys of findings, in the order of the table; ``n`` of them.

    Attributes:
        code, case: index of the rule and of its case in ``codes`` and ``cases``, shape ``(n,)``.
        severity, poll: shape ``(n,)``.
        apart: by how much the two figures differ, 0 where they are no counts, shape ``(n,)``.
        place: index into ``places``, shape ``(n,)``.
        places: INSEE code and bureau of each place.
        commune: number of the commune of each of ``places``, in the order of their codes.
    """

    codes: tuple[str, ...]
    cases: tuple[str, ...]
    code: Ints
    case: Ints
    severity: Ints
    poll: Ints
    apart: Ints
    place: Ints
    places: FoundPlaces
    commune: Ints

    def named(self, place: int, poll: int) -> Named:
        """A place and a poll as findings name them."""
        return Named(*self.places[place], poll)

    def of(self, *codes: str) -> Bools:
        """Select the findings of some rules."""
        if not len(self.code):
            return np.zeros(0, np.bool_)
        return np.array([code in codes for code in self.codes], np.bool_)[self.code]
