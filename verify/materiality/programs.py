"""The fewest readings that bring comparisons to given signs, as an integer program: HiGHS, the extra ``outcomes``.

Integers go in and come out. A solution counts only once it satisfies every row in integer arithmetic, and a bound only
where every sum of a row is exact in floating point and the gap to the solution is below one half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise

import numpy as np

from verify.model.figures import Ints

EXACT = 2**53
"""Below it every integer is exact in floating point."""
MOST_NODES = 2_000
"""Nodes of one program's search tree at most."""


class NotProvenError(Exception):
    """A program that ended without a proof, or whose numbers are too large for one."""


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """``low`` <= ``options`` @ picks + ``changes`` @ changes <= ``high``; None for no limit."""

    low: int | None
    high: int | None
    options: Ints
    changes: Ints

    def holds(self, value: int) -> bool:
        """Tell that a value is within the limits."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class ReadingProgram:
    """Options that may be picked, at most one of each group, and changes of votes.

    Attributes:
        costs: readings of each option, shape ``(n,)``.
        groups: the group of each option, ascending, shape ``(n,)``.
        least, most: what the votes of a choice can change by, shape ``(k,)`` each.
        rows: what always holds.
    """

    costs: Ints
    groups: Ints
    least: Ints
    most: Ints
    rows: tuple[ProgramRow, ...]

    def solve(self, more: Sequence[ProgramRow]) -> tuple[Ints, Ints] | None:
        """Picks (0 or 1, shape ``(n,)``) and changes (shape ``(k,)``) with the fewest readings, None where none exist.

        Raises:
            NotProvenError: there may be some with fewer, or some at all.
        """
        import highspy
        from highspy._core import _Highs

        rows = [*self._one_of_each(), *self.rows, *more]
        ends = (
            np.concatenate([np.zeros_like(self.costs), self.least]),
            np.concatenate([np.ones_like(self.costs), self.most]),
        )
        matrix = [np.concatenate([row.options, row.changes]) for row in rows]
        largest = np.maximum(*map(abs, ends)).astype(np.float64)
        sums = [float(np.abs(each.astype(np.float64)) @ largest) for each in matrix]
        if any(abs(end or 0) >= EXACT for row in rows for end in (row.low, row.high)) or max(sums, default=0) >= EXACT:
            raise NotProvenError
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(largest), len(rows)
        model.col_cost_ = np.concatenate([self.costs, np.zeros_like(self.least)]).astype(np.float64)
        model.col_lower_, model.col_upper_ = (each.astype(np.float64) for each in ends)
        model.row_lower_ = np.array([-np.inf if row.low is None else row.low for row in rows])
        model.row_upper_ = np.array([np.inf if row.high is None else row.high for row in rows])
        places = [np.flatnonzero(each) for each in matrix]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *map(len, places)]).astype(np.int32)
        model.a_matrix_.index_ = np.concatenate([np.zeros(0, np.int32), *places]).astype(np.int32)
        model.a_matrix_.value_ = np.concatenate(
            [np.zeros(0), *(each[at] for each, at in zip(matrix, places, strict=True))]
        )
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(largest)
        solver = _Highs()  # highspy.Highs writes its licence to the standard output
        for name, value in _OPTIONS.items():
            solver.setOptionValue(name, value)
        solver.passModel(model)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotProvenError
        found = np.rint(np.array(solver.getSolution().col_value)).astype(np.int64)
        picks, changes = found[: len(self.costs)], found[len(self.costs) :]
        holds = all(row.holds(int(each @ found)) for row, each in zip(rows, matrix, strict=True))
        inside = bool((found >= ends[0]).all() and (found <= ends[1]).all())
        if not holds or not inside or int(self.costs @ picks) - solver.getInfo().mip_dual_bound >= 0.5:
            raise NotProvenError
        return picks, changes

    def _one_of_each(self) -> list[ProgramRow]:
        """At most one option of each group; of a single option its bounds say so."""
        nothing = np.zeros_like(self.least)
        ends = [0, *(np.flatnonzero(np.diff(self.groups)) + 1).tolist(), len(self.groups)]
        return [
            ProgramRow(
                0,
                1,
                ((np.arange(len(self.groups)) >= start) & (np.arange(len(self.groups)) < end)).astype(np.int64),
                nothing,
            )
            for start, end in pairwise(ends)
            if end - start > 1
        ]


_OPTIONS: dict[str, bool | int | float] = {
    "output_flag": False,
    "threads": 1,
    "mip_max_nodes": MOST_NODES,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.49,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
}


def is_solver_there() -> bool:
    """Tell that HiGHS is installed."""
    return find_spec("highspy") is not None
