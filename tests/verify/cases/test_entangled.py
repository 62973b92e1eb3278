"""Corrections that hold by themselves, and those that hold with another one only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.verify.night_builder import Night, small_night
from verify.cases.entangled import entangled
from verify.cases.explanations import Explanation
from verify.explanations.identities import ties_of
from verify.explanations.moves import Move
from verify.explanations.side_by_side import BLANK, FOUND, LIST, NULL, RECORD, SIGNATURES, lay_out

Wrong = tuple[str, int, int]
"""A piece, a column of it, and by how much it is too high."""
COLUMNS = {SIGNATURES: "emargements", FOUND: "votes_trouves", BLANK: "blancs", NULL: "nuls"}
BOTH: list[list[Wrong]] = [[(RECORD, FOUND, 10), (RECORD, BLANK, 10)]]
EACH: list[list[Wrong]] = [[(RECORD, FOUND, 10)], [(RECORD, BLANK, 10)]]
APART: list[list[Wrong]] = [[(LIST, SIGNATURES, 10)], [(RECORD, BLANK, 10)]]
HALVES: list[list[Wrong]] = [[(RECORD, BLANK, 5)], [(RECORD, NULL, 7)]]


def changed(wrong: list[list[Wrong]]) -> Night:
    night = small_night()
    for piece, column, by in (each for move in wrong for each in move):
        night.add("pv.csv" if piece == RECORD else "emargements.csv", "0002", COLUMNS[column], by)
    return night


@pytest.mark.parametrize(("wrong", "found"), [(BOTH, False), (EACH, True), (APART, False), (HALVES, True)])
def test_corrections_hold_alone_or_together(tmp_path: Path, wrong: list[list[Wrong]], found: bool) -> None:
    """What adds up no longer with one of two corrections, or only with both, is entangled."""
    grid = lay_out(changed(wrong).load(tmp_path), np.array([0, 1]), np.array([0, 0]))
    kinds = [piece.kind for piece in grid.pieces]
    moves = []
    for each in wrong:
        piece = kinds.index(each[0][0])
        changes = tuple((column, int(grid.figures[1, piece, column]) - by) for _, column, by in each)
        moves.append(Move("figure-wrong", piece, changes, (), 5))
    explained = Explanation(tuple(moves), {}, {}, 0, -1, 10, alike=True)
    nothing = Explanation((), {}, {}, 0, -1, 0, alike=True)
    assert entangled(ties_of(grid), grid.figures, [nothing, explained]).tolist() == [False, found]
