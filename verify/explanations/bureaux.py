"""Every bureau laid out with its cheapest explanation, and the corrections that it comes to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.explanations.certainty import Supported, support
from verify.explanations.rows import Reading, with_copies
from verify.explanations.search import BureauPapers, explain
from verify.explanations.side_by_side import BLANK, EXPORT, FOUND, RECORD, VALID, VOTES, SideBySide
from verify.explanations.slips import cost_of

_LEAST_ALIKE = 2
"""Figures of a PV that have to be those of some machines of its bureau."""


def explain_bureaux(grid: SideBySide) -> list[list[Supported]]:
    """The corrections of each bureau laid out that its explanation comes to; none where there is no explanation."""
    kinds = tuple(piece.kind for piece in grid.pieces)
    columns = (grid.sizes.tolist(), grid.strange.tolist(), grid.mentioned.tolist(), grid.by_machine.tolist())
    found = []
    for at, (size, strange, mentioned, by_machine) in enumerate(zip(*columns, strict=True)):
        readings = list(_part_left_out(grid, at)) if grid.apart[at] else []
        bureau = BureauPapers(kinds, grid.rows(at), size, strange, bool(mentioned), bool(by_machine), readings)
        explanation = explain(bureau)
        found.append([] if explanation is None else support(bureau, explanation))
    return found


def _part_left_out(grid: SideBySide, at: int) -> Iterator[Reading]:
    """The PV of a bureau with several machines as it should read if it has the counts of some of them only."""
    exports, kinds = grid.evidence.exports, [piece.kind for piece in grid.pieces]
    if exports is None or RECORD not in kinds or EXPORT not in kinds:
        return
    rows, piece = grid.rows(at), kinds.index(RECORD)
    row, whole = rows[piece], rows[kinds.index(EXPORT)]
    here = exports.used & (exports.unit == grid.unit[at]) & (exports.poll == grid.poll[at])
    for machine in np.flatnonzero(here).tolist():
        part = {FOUND: int(exports.columns["cast"][machine]), BLANK: int(exports.columns["blank"][machine])}
        part |= {VOTES + of: int(exports.columns["tallies"][machine, of]) for of in range(int(grid.sizes[at]))}
        known = [column for column in part if row[column] >= 0]
        if len(known) >= _LEAST_ALIKE and all(
            row[column] in (part[column], whole[column] - part[column]) for column in known
        ):
            right = {column: whole[column] for column in known if 0 <= whole[column] != row[column]}
            right |= {VALID: whole[FOUND] - whole[BLANK]} if row[VALID] >= 0 <= whole[BLANK] else {}
            yield Reading("part-left-out", piece, with_copies(kinds, rows, piece, right), cost_of("part-left-out"))
