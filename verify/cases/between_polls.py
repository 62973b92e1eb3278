"""Counts of two polls of one day that differ because a figure of one of them is wrong: part of that figure's case."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from protocol.quantities import Quantity
from verify.cases.wide.operations import CaseDesk
from verify.explanations.moves import Move
from verify.explanations.side_by_side import COLUMNS, SideBySide
from verify.model.figures import Ints
from verify.model.findings import Finding

CODE = "R221"


def rows_by_bureau(desk: CaseDesk, grid: SideBySide, of: Ints) -> dict[int, list[int]]:
    """The findings of each bureau in a poll, by its index, and those on a difference between its polls.

    Args:
        desk: with the findings.
        grid: bureaux and their figures.
        of: for each finding the index of its bureau, -1 for none.
    """
    findings: dict[int, list[int]] = {}
    for row in np.flatnonzero(of >= 0).tolist():
        findings.setdefault(int(of[row]), []).append(row)
    of_unit: dict[int, list[int]] = {}
    for row in np.flatnonzero(desk.free(CODE)).tolist():
        of_unit.setdefault(int(desk.places.unit[row]), []).append(row)
    for at, unit in enumerate(grid.unit.tolist() if of_unit else ()):
        findings.setdefault(at, []).extend(of_unit.get(unit, ()))
    return findings


def ended_by(moves: Sequence[Move], rows: Sequence[Sequence[int]], finding: Finding) -> int:
    """The move that makes the two counts equal, as it corrects one of them; -1 for none.

    Args:
        moves: what is read otherwise.
        rows: of each piece, the figures as they are.
        finding: on the difference.
    """
    counts = {finding.left.value, finding.right.value}
    name = Quantity.VOTES_FOUND if finding.field == "cast" else finding.field
    column = COLUMNS.index(name) if name in COLUMNS else -1
    for index, move in enumerate(moves):
        for piece, changed, value in move.cells():
            if changed == column and {rows[piece][column], value} == counts:
                return index
    return -1
