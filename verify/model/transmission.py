"""The documents of the way up, lined up with bureaux and polls: a table for each step, sums, and what was corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocol.quantities import VOTERS
from protocol.transmission import StepUp
from verify.model.figures import Ints, Texts

if TYPE_CHECKING:
    from verify.model.evidence import Counted


VOTES = len(VOTERS)
"""The first choice's column, behind the counts."""


@dataclass(frozen=True, slots=True)
class StatedSums:
    """The sums that one step states, ``n`` of them.

    Attributes:
        file: their table.
        departement, insee: codes of the places, shape ``(n,)``; without a commune the département, without both all.
        poll: index, shape ``(n,)``.
        values: counts, then votes by panel, absences included, shape ``(n, columns)``.
        row: in the file, shape ``(n,)``.
    """

    file: str
    departement: Texts
    insee: Texts
    poll: Ints
    values: Ints
    row: Ints

    def place(self, at: int) -> str:
        """Place of a sum."""
        return f"{self.file}:{self.row[at]}"


@dataclass(frozen=True, slots=True)
class StatedCorrections:
    """Corrections stated by documents, ``n`` of them; all of shape ``(n,)``.

    Attributes:
        file: their table.
        step: index of the step in its order.
        unit, poll, column: indices of what was corrected.
        before, after: both figures.
        hour: when, in minutes since midnight of the polling day; an absence where nothing says it.
        document: what says it.
        row: in the file.
    """

    file: str
    step: Ints
    unit: Ints
    poll: Ints
    column: Ints
    before: Ints
    after: Ints
    hour: Ints
    document: Texts
    row: Ints

    def place(self, at: int) -> str:
        """Place of a correction."""
        return f"{self.file}:{self.row[at]}"


@dataclass(frozen=True, slots=True)
class WayUp:
    """All of it.

    Attributes:
        steps: the tables that there are.
        sums: the tables of sums that there are.
        corrections: None where no table of them was given.
        columns: counts and votes of the widest table.
        missing: names of the tables that there are not.
    """

    steps: Mapping[StepUp, Counted]
    sums: Mapping[StepUp, StatedSums]
    corrections: StatedCorrections | None
    columns: int
    missing: tuple[str, ...]
