"""The figures of a night on their way up: what the bureaux state, and what each step changes in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from protocol.arrays import Ints
from protocol.quantities import VOTERS, column_of
from protocol.transmission import StepUp
from sim.bureaux import Bureau
from sim.evidence import PaperFigures
from sim.faults.model import Effect

NOTHING = -1
"""A cell that was left blank, and a choice that a bureau does not have."""
VOTES = len(VOTERS)
"""The first choice's column."""


@dataclass(frozen=True, slots=True)
class RecordedCorrection:
    """A correction that a document states: its step, bureau, column, and the figure before and after."""

    step: StepUp
    unit: int
    column: int
    before: int
    after: int


@dataclass(slots=True)
class Ascent:
    """A night's figures on their way.

    Attributes:
        bureaux: in the order of the rows.
        start: what the way begins with, shape ``(n, columns)``: the counts of `VOTERS`, then votes by panel.
        changes: by step, the cells that it has otherwise than the step it copies: bureau, column, figure.
        lost, doubled: bureaux that the préfecture's entry lacks, or has twice.
        late: bureaux whose row in the night edition was written when the call back was over.
        corrections: what documents state.
        sums: by step and place, the bureau that its stated sum leaves out (-1) or has twice (1).
        feed: by commune, the bureau that its figures in the feed lack.
        struck: bureaux that have a fault of the way already.
        truth: bureau, name of the fault and what it did.
    """

    bureaux: Sequence[Bureau]
    start: Ints
    changes: dict[StepUp, list[tuple[int, int, int]]] = field(default_factory=lambda: {step: [] for step in StepUp})
    lost: set[int] = field(default_factory=set)
    doubled: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    corrections: list[RecordedCorrection] = field(default_factory=list)
    sums: dict[tuple[StepUp, str], tuple[int, int]] = field(default_factory=dict)
    feed: dict[str, int] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)
    truth: list[tuple[int, str, Effect]] = field(default_factory=list)

    def tables(self) -> dict[StepUp, Ints]:
        """The figures of every step, ``(bureaux, columns)``, each copied from the one before it."""
        found: dict[StepUp, Ints] = {}
        for step in StepUp:
            before = found[step.parent] if step.parent else self.start
            if self.changes[step]:
                unit, column, value = np.array(self.changes[step], np.int64).T
                before = before.copy()
                before[unit, column] = value
            found[step] = before
        return found


def beginning(bureaux: Sequence[Bureau], figures: Iterable[PaperFigures]) -> Ascent:
    """The way of some bureaux, by what the way begins with."""
    rows = [[NOTHING if value is None else value for value in (*each.counts, *each.votes)] for each in figures]
    width = max(map(len, rows), default=VOTES)
    start = np.full((len(rows), width), NOTHING, np.int64)
    for row, values in zip(start, rows, strict=True):
        row[: len(values)] = values
    return Ascent(bureaux, start)


def column_name(column: int) -> str:
    """The header of a column: ``blancs``, ``voix_3``."""
    return column_of(VOTERS[column]) if column < VOTES else f"voix_{column - VOTES + 1}"
